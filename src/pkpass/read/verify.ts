/**
 * Verifies the signature of a .pkpass, using only the file: a detached CMS SignedData over the bytes of manifest.json,
 * with a signing time. It must contain the certificate of the signer and the intermediate that issued it.
 *
 * It does not prove that the intermediate is Apple's: the file contains no root, and nothing is fetched. SHA-1 is
 * accepted, since Wallet accepts it and many tools sign with it. Follows RFC 5652 (CMS), RFC 5754 (SHA-2 in CMS) and Apple's
 * "Building a Pass".
 */
import {
  ContentInfo,
  id_contentType,
  id_messageDigest,
  id_signedData,
  id_signingTime,
  SignedData,
  type SignerInfo,
} from "@peculiar/asn1-cms";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { type Certificate, type Name, SubjectKeyIdentifier, Time } from "@peculiar/asn1-x509";
import { encodeSetOf } from "../build/der.ts";
import { error, type Finding } from "../finding.ts";
import { findDigest, isSignedBy } from "./algorithms.ts";
import { checkCertificates, formatDay, sameBytes, sameName, toMs } from "./certificates.ts";

export interface VerifiedSignature {
  readonly findings: readonly Finding[];
  /** From the subject of the signer's certificate; undefined if there is no certificate. */
  readonly certificate:
    | { readonly passTypeIdentifier: string | undefined; readonly teamIdentifier: string | undefined }
    | undefined;
}

const POINTER = "/signature";
/** A signature with three certificates takes a few KB. */
const MAX_BYTES = 100_000;
/** Apple puts the pass type identifier into UID (RFC 4519 §2.39) and the team identifier into OU (§2.20). */
const UID = "0.9.2342.19200300.100.1.1";
const OU = "2.5.4.11";
const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";

const SIGN_WITH_ITS_KEY = "Sign with the private key that belongs to the certificate.";
const SIGN_AGAIN = "Sign manifest.json exactly as it is in the .pkpass, byte for byte.";
const HOW_TO_SIGN =
  "Sign with: openssl smime -binary -sign -certfile wwdr.pem -signer pass.pem -inkey key.pem -in manifest.json -out signature -outform DER";

/**
 * @param signature the bytes of `signature`
 * @param manifest the bytes of manifest.json
 * @param now milliseconds: the certificates must be valid at this time
 */
export async function verifySignature(
  signature: Uint8Array | undefined,
  manifest: Uint8Array | undefined,
  now: number,
): Promise<VerifiedSignature> {
  if (signature === undefined)
    return rejected(error("missing_signature", POINTER, "The file signature is missing.", HOW_TO_SIGN));
  try {
    return await verify(signature, manifest, now);
  } catch {
    // The library decodes parts of a structure only when they are used, and throws then.
    return rejected(malformed("Parts of the signature cannot be decoded.", HOW_TO_SIGN));
  }
}

async function verify(
  signature: Uint8Array,
  manifest: Uint8Array | undefined,
  now: number,
): Promise<VerifiedSignature> {
  const signed = signature.length > MAX_BYTES ? undefined : parse(signature);
  if (signed === undefined)
    return rejected(malformed("The signature is not a CMS SignedData in DER.", HOW_TO_SIGN));
  const [info] = signed.signerInfos;
  if (info === undefined) return rejected(malformed("The signature has no signerInfo.", HOW_TO_SIGN));
  const certificates = [...(signed.certificates ?? [])].flatMap(({ certificate }) => certificate ?? []);
  const signer = certificates.find((certificate) => isSigner(certificate, info));
  if (signer === undefined) {
    const message = "The signature does not contain the certificate of its signer.";
    return rejected(error("signer_missing", POINTER, message, HOW_TO_SIGN));
  }
  const attached =
    signed.encapContentInfo.eContent === undefined
      ? []
      : [malformed("The signature contains the signed data, but must be detached.", HOW_TO_SIGN)];
  const { subject } = signer.tbsCertificate;
  return {
    findings: [
      ...attached,
      ...(manifest === undefined ? [] : await checkValue(info, signer, manifest)),
      ...checkSigningTime(info, signer),
      ...(await checkCertificates(signer, certificates, now)),
    ],
    certificate: { passTypeIdentifier: findInName(subject, UID), teamIdentifier: findInName(subject, OU) },
  };
}

function rejected(finding: Finding): VerifiedSignature {
  return { findings: [finding], certificate: undefined };
}

function malformed(message: string, cure: string): Finding {
  return error("signature_malformed", POINTER, message, cure);
}

function parse(signature: Uint8Array): SignedData | undefined {
  try {
    const { contentType, content } = AsnConvert.parse(signature, ContentInfo);
    return contentType === id_signedData ? AsnConvert.parse(content, SignedData) : undefined;
  } catch {
    return undefined;
  }
}

function isSigner({ tbsCertificate }: Certificate, { sid }: SignerInfo): boolean {
  const { issuerAndSerialNumber: named, subjectKeyIdentifier } = sid;
  if (named !== undefined)
    return (
      sameName(tbsCertificate.issuer, named.issuer) &&
      sameBytes(tbsCertificate.serialNumber, named.serialNumber)
    );
  const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === SUBJECT_KEY_IDENTIFIER);
  if (extension === undefined || subjectKeyIdentifier === undefined) return false;
  try {
    const own = AsnConvert.parse(extension.extnValue, SubjectKeyIdentifier);
    return sameBytes(own.buffer, subjectKeyIdentifier.buffer);
  } catch {
    return false;
  }
}

/** Checks that the signature value was made with the signer's key and covers this manifest. */
async function checkValue(info: SignerInfo, signer: Certificate, manifest: Uint8Array): Promise<Finding[]> {
  const digest = findDigest(info.digestAlgorithm.algorithm);
  if (digest === undefined) return [unsupported(info.digestAlgorithm.algorithm)];
  let covered = manifest;
  if (info.signedAttrs !== undefined) {
    const declared = readAttribute(
      info,
      id_messageDigest,
      (value) => AsnConvert.parse(value, OctetString).buffer,
    );
    const actual = await crypto.subtle.digest(digest, Uint8Array.from(manifest));
    if (declared === undefined)
      return [malformed("The signature has no messageDigest attribute.", HOW_TO_SIGN)];
    if (!sameBytes(declared, actual))
      return [
        mismatch("The signature covers a different manifest.json than the one in the .pkpass.", SIGN_AGAIN),
      ];
    if (info.signedAttrs.every(({ attrType }) => attrType !== id_contentType))
      return [malformed("The signature has no contentType attribute.", HOW_TO_SIGN)];
    covered = encodeSetOf(info.signedAttrs);
  }
  const { subjectPublicKeyInfo } = signer.tbsCertificate;
  const value = new Uint8Array(info.signature.buffer);
  const verdict = await isSignedBy(subjectPublicKeyInfo, info.signatureAlgorithm, digest, value, covered);
  switch (verdict) {
    case "signed":
      return [];
    case "not_signed":
      return [
        mismatch("The signature was not made with the private key of its certificate.", SIGN_WITH_ITS_KEY),
      ];
    case "unsupported":
      return [unsupported(info.signatureAlgorithm.algorithm)];
  }
}

function mismatch(message: string, cure: string): Finding {
  return error("signature_mismatch", POINTER, message, cure);
}

function unsupported(algorithm: string): Finding {
  const message = `The signature uses an algorithm (${algorithm}) that Wallet does not support.`;
  return error("signature_unsupported", POINTER, message, "Sign with RSA and SHA-256.");
}

function checkSigningTime(info: SignerInfo, { tbsCertificate }: Certificate): Finding[] {
  const signedAt = readAttribute(info, id_signingTime, (value) => toMs(AsnConvert.parse(value, Time)));
  if (signedAt === undefined) {
    const message = "The signature has no signingTime attribute; Wallet requires it.";
    return [error("signing_time_missing", POINTER, message, HOW_TO_SIGN)];
  }
  const { notBefore, notAfter } = tbsCertificate.validity;
  if (toMs(notBefore) <= signedAt && signedAt <= toMs(notAfter)) return [];
  const message = `The signing time, ${formatDay(signedAt)}, is outside the validity period of the certificate.`;
  return [error("signing_time_outside_validity", POINTER, message, "Correct the clock, and sign again.")];
}

/** The value of a signed attribute; undefined if it is absent or cannot be decoded. */
function readAttribute<Value>(
  { signedAttrs = [] }: SignerInfo,
  type: string,
  read: (value: ArrayBuffer) => Value,
): Value | undefined {
  const value = signedAttrs.find(({ attrType }) => attrType === type)?.attrValues[0];
  if (value === undefined) return undefined;
  try {
    return read(value);
  } catch {
    return undefined;
  }
}

function findInName(name: Name, type: string): string | undefined {
  return [...name]
    .flatMap((part) => [...part])
    .find((part) => part.type === type)
    ?.value.toString();
}
