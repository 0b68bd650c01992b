/**
 * Verifies the signature of a .pkpass as far as the file itself allows: a detached CMS SignedData over the bytes of
 * manifest.json, with a signing time, by a certificate that is in it, issued by an intermediate that is in it too.
 *
 * It does not prove that the intermediate is Apple's: a file holds no root, and nothing is fetched here. SHA-1 is taken,
 * since Wallet takes it and many tools sign with it. Follows RFC 5652 (CMS), RFC 5754 (SHA-2 in CMS) and Apple's
 * "Building a Pass".
 */
import {
  type Attribute,
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
import { error, type Finding } from "../finding.ts";
import { digestOf, isSignedBy } from "./algorithms.ts";
import { certificateFindings, day, isSameName, msOf, sameBytes } from "./certificates.ts";

export interface VerifiedSignature {
  readonly findings: readonly Finding[];
  /** Whom the signer's certificate is for; undefined if there is none. */
  readonly certificate:
    | { readonly passTypeIdentifier: string | undefined; readonly teamIdentifier: string | undefined }
    | undefined;
}

const POINTER = "/signature";
/** A signature with three certificates has some KB. */
const MOST_BYTES = 100_000;
/** Apple puts the pass type identifier there (RFC 4519 §2.39), and the team into OU (§2.20). */
const UID = "0.9.2342.19200300.100.1.1";
const OU = "2.5.4.11";
const SUBJECT_KEY_IDENTIFIER = "2.5.29.14";

const SIGN_WITH_ITS_KEY = "Sign with the private key that belongs to the certificate.";
const SIGN_ANEW = "Sign manifest.json as it stands in the bundle, byte for byte.";
const HOW_TO_SIGN =
  "Sign with: openssl smime -binary -sign -certfile wwdr.pem -signer pass.pem -inkey key.pem -in manifest.json -out signature -outform DER";

/**
 * @param signature the bytes of `signature`
 * @param manifest the bytes of manifest.json
 * @param now milliseconds: when the certificates have to be valid
 */
export async function verifySignature(
  signature: Uint8Array | undefined,
  manifest: Uint8Array | undefined,
  now: number,
): Promise<VerifiedSignature> {
  if (signature === undefined)
    return refused(error("missing_signature", POINTER, "There is no file named signature.", HOW_TO_SIGN));
  try {
    return await judge(signature, manifest, now);
  } catch {
    // The library reads parts of a structure when they are asked for, and stumbles over them only there.
    return refused(malformed("The signature has parts that cannot be read.", HOW_TO_SIGN));
  }
}

async function judge(
  signature: Uint8Array,
  manifest: Uint8Array | undefined,
  now: number,
): Promise<VerifiedSignature> {
  const signed = signature.length > MOST_BYTES ? undefined : parse(signature);
  if (signed === undefined)
    return refused(malformed("The signature is no CMS SignedData in DER.", HOW_TO_SIGN));
  const [info] = signed.signerInfos;
  if (info === undefined) return refused(malformed("The signature has no signer in it.", HOW_TO_SIGN));
  const certificates = [...(signed.certificates ?? [])].flatMap(({ certificate }) => certificate ?? []);
  const signer = certificates.find((certificate) => isSigner(certificate, info));
  if (signer === undefined) {
    const message = "The signature does not hold the certificate that it was made with.";
    return refused(error("signer_missing", POINTER, message, HOW_TO_SIGN));
  }
  const attached =
    signed.encapContentInfo.eContent === undefined
      ? []
      : [malformed("The signature holds what it signs, and has to be detached.", HOW_TO_SIGN)];
  const { subject } = signer.tbsCertificate;
  return {
    findings: [
      ...attached,
      ...(manifest === undefined ? [] : await ofValue(info, signer, manifest)),
      ...ofTime(info, signer),
      ...(await certificateFindings(signer, certificates, now)),
    ],
    certificate: { passTypeIdentifier: partOf(subject, UID), teamIdentifier: partOf(subject, OU) },
  };
}

function refused(finding: Finding): VerifiedSignature {
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
      isSameName(tbsCertificate.issuer, named.issuer) &&
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

/** Whether the value is the signer's, over this manifest. */
async function ofValue(info: SignerInfo, signer: Certificate, manifest: Uint8Array): Promise<Finding[]> {
  const digest = digestOf(info.digestAlgorithm.algorithm);
  if (digest === undefined) return [unsupported(info.digestAlgorithm.algorithm)];
  let covered = manifest;
  if (info.signedAttrs !== undefined) {
    const stated = attribute(info, id_messageDigest, (value) => AsnConvert.parse(value, OctetString).buffer);
    const actual = await crypto.subtle.digest(digest, Uint8Array.from(manifest));
    if (stated === undefined) return [malformed("The signature lacks the digest.", HOW_TO_SIGN)];
    if (!sameBytes(stated, actual))
      return [mismatch("The signature is over another manifest.json than the one in the bundle.", SIGN_ANEW)];
    if (info.signedAttrs.every(({ attrType }) => attrType !== id_contentType))
      return [malformed("The signature lacks the attribute contentType.", HOW_TO_SIGN)];
    covered = setOf(info.signedAttrs);
  }
  const { subjectPublicKeyInfo } = signer.tbsCertificate;
  const value = new Uint8Array(info.signature.buffer);
  const verdict = await isSignedBy(subjectPublicKeyInfo, info.signatureAlgorithm, digest, value, covered);
  switch (verdict) {
    case "signed":
      return [];
    case "not_signed":
      return [mismatch("The signature was not made with the key of its certificate.", SIGN_WITH_ITS_KEY)];
    case "unsupported":
      return [unsupported(info.signatureAlgorithm.algorithm)];
  }
}

/**
 * What the signature covers: the attributes as a SET OF, not as the [0] that is sent (RFC 5652 §5.4). In the order in
 * which they stand: not all tools sort them, and Wallet takes those too.
 */
function setOf(attributes: readonly Attribute[]): Uint8Array {
  const members = attributes.map((attribute) => new Uint8Array(AsnConvert.serialize(attribute)));
  const length = members.reduce((sum, member) => sum + member.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const header = length < 0x80 ? [length] : [0x80 + digits.length, ...digits];
  return Uint8Array.from([0x31, ...header, ...members.flatMap((member) => [...member])]);
}

function mismatch(message: string, cure: string): Finding {
  return error("signature_mismatch", POINTER, message, cure);
}

function unsupported(algorithm: string): Finding {
  const message = `The signature is made with an algorithm (${algorithm}) that Wallet does not take.`;
  return error("signature_unsupported", POINTER, message, "Sign with RSA and SHA-256.");
}

function ofTime(info: SignerInfo, { tbsCertificate }: Certificate): Finding[] {
  const signedAt = attribute(info, id_signingTime, (value) => msOf(AsnConvert.parse(value, Time)));
  if (signedAt === undefined) {
    const message = "The signature says no signing time, and Wallet asks for it.";
    return [error("signing_time_missing", POINTER, message, HOW_TO_SIGN)];
  }
  const { notBefore, notAfter } = tbsCertificate.validity;
  if (msOf(notBefore) <= signedAt && signedAt <= msOf(notAfter)) return [];
  const message = `The signing time, ${day(signedAt)}, is not within the validity of the certificate.`;
  return [error("signing_time_unfit", POINTER, message, "Correct the clock, and sign anew.")];
}

/** The value of a signed attribute; undefined if it is absent or cannot be read. */
function attribute<Value>(
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

function partOf(name: Name, type: string): string | undefined {
  return [...name]
    .flatMap((part) => [...part])
    .find((part) => part.type === type)
    ?.value.toString();
}
