/**
 * Verifies the `signature` of a pass over its manifest, as Wallet does: a detached CMS SignedData with signed
 * attributes, whose certificates lead through an intermediate inside the signature to one given root. It shares no code
 * with the signer under test. It does not check revocation or Apple's own certificate extensions.
 *
 * Follows RFC 5652 (CMS), RFC 5280 6.1 (paths), RFC 5754 (SHA-2 in CMS) and Apple's "Building a Pass". Wallet still
 * accepts SHA-1 digests. A new signer has no reason to use them, so they are refused here.
 */
import "reflect-metadata";
import { ContentInfo, id_data, id_signedData, SignedData, type SignerInfo } from "@peculiar/asn1-cms";
import { ECDSASigValue } from "@peculiar/asn1-ecc";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { Time } from "@peculiar/asn1-x509";
import { BasicConstraintsExtension, SubjectKeyIdentifierExtension, X509Certificate } from "@peculiar/x509";
import { demand, hex, InvalidPass } from "./iphone-invalid-pass.ts";

const SHA256 = "2.16.840.1.101.3.4.2.1";
/** pkcs-9 attributes, RFC 5652 11.1 to 11.3. */
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
/** rsaEncryption, sha256WithRSAEncryption (RFC 5754 3.2) and ecdsa-with-SHA256 (RFC 5754 3.3). */
const SIGNATURE_ALGORITHMS: Record<string, "RSA" | "ECDSA"> = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.11": "RSA",
  "1.2.840.10045.4.3.2": "ECDSA",
};
/** Attribute types of the signer's subject: RFC 4519 2.39 (uid) and 2.20 (ou). */
const UID = "0.9.2342.19200300.100.1.1";
const OU = "2.5.4.11";
const LONGEST_CHAIN = 4;

/** The signer: UID and OU of the certificate (the pass type and the team), the time and the algorithm. */
export interface VerifiedSignature {
  passTypeIdentifier: string | undefined;
  teamIdentifier: string | undefined;
  signingTime: Date;
  signatureAlgorithm: "RSA" | "ECDSA";
}

/**
 * Verifies `signature` (DER) over `manifest`. `rootPem` is the trusted root as PEM text or DER bytes; `at` is the time
 * at which every certificate of the chain has to be valid.
 * @throws InvalidPass
 */
export async function verifySignature(
  signature: Uint8Array,
  manifest: Uint8Array,
  rootPem: string | Uint8Array,
  at: Date,
): Promise<VerifiedSignature> {
  const root = typeof rootPem === "string" ? rootOf(rootPem) : new X509Certificate(Uint8Array.from(rootPem));
  try {
    return await verify(signature, manifest, root, at);
  } catch (error) {
    if (error instanceof InvalidPass) throw error;
    throw new InvalidPass(`signature can't be read: ${String(error)}`);
  }
}

const roots = new Map<string, X509Certificate>();

/** The certificate in this PEM text, which is read once: all passes that a phone gets have the same root. */
function rootOf(pem: string): X509Certificate {
  const root = roots.get(pem) ?? new X509Certificate(pem);
  roots.set(pem, root);
  return root;
}

async function verify(
  signature: Uint8Array,
  manifest: Uint8Array,
  root: X509Certificate,
  at: Date,
): Promise<VerifiedSignature> {
  const signedData = parseSignedData(signature);
  demand(signedData.signerInfos.length === 1, "the signature must have exactly one SignerInfo");
  const signerInfo = signedData.signerInfos[0];
  demand(signerInfo, "the signature has no SignerInfo");

  const certificates = [...(signedData.certificates ?? [])].flatMap(({ certificate }) =>
    certificate ? [new X509Certificate(certificate)] : [],
  );
  const signer = certificates.find((certificate) => isSigner(certificate, signerInfo));
  demand(signer, "the signature does not contain the signer's certificate");
  await verifyChain(signer, certificates, root, at);

  const { signedAttributes, signingTime } = await readSignedAttributes(signerInfo, manifest);
  demand(
    signer.notBefore <= signingTime && signingTime <= signer.notAfter,
    `the signing date ${signingTime.toISOString()} is outside the validity of the signer's certificate`,
  );
  const signatureAlgorithm = await verifyValue(signerInfo, signer, signedAttributes);
  return {
    passTypeIdentifier: signer.subjectName.getField(UID)[0],
    teamIdentifier: signer.subjectName.getField(OU)[0],
    signingTime,
    signatureAlgorithm,
  };
}

function parseSignedData(signature: Uint8Array): SignedData {
  demand(isWholeDer(signature), "signature is not DER");
  const contentInfo = AsnConvert.parse(Uint8Array.from(signature), ContentInfo);
  demand(contentInfo.contentType === id_signedData, "signature is not CMS SignedData");
  const signedData = AsnConvert.parse(contentInfo.content, SignedData);
  const { eContentType, eContent } = signedData.encapContentInfo;
  demand(eContentType === id_data, "the signature is not over plain data");
  demand(eContent === undefined, "the signature is not detached: it contains the manifest");
  return signedData;
}

/**
 * One SEQUENCE of definite length that fills the bytes. `openssl … -stream` writes BER of indefinite length.
 */
function isWholeDer(bytes: Uint8Array): boolean {
  const [tag, first = 0] = bytes;
  if (tag !== 0x30 || first === 0x80) return false;
  if (first < 0x80) return bytes.length === 2 + first;
  const lengthBytes = bytes.subarray(2, 2 + (first & 0x7f));
  return bytes.length === 2 + lengthBytes.length + lengthBytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function isSigner(certificate: X509Certificate, { sid }: SignerInfo): boolean {
  if (sid.issuerAndSerialNumber) {
    const { issuer, serialNumber } = sid.issuerAndSerialNumber;
    return (
      hex(new Uint8Array(AsnConvert.serialize(issuer))) ===
        hex(new Uint8Array(certificate.issuerName.toArrayBuffer())) &&
      withoutLeadingZeros(hex(new Uint8Array(serialNumber))) === withoutLeadingZeros(certificate.serialNumber)
    );
  }
  const keyIdentifier = certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  return keyIdentifier !== undefined && keyIdentifier === hexOf(sid.subjectKeyIdentifier);
}

const withoutLeadingZeros = (digits: string): string => digits.toLowerCase().replace(/^(?:00)+/, "");

function hexOf(octets: OctetString | undefined): string | undefined {
  return octets && hex(new Uint8Array(octets.buffer));
}

/**
 * The chain: signer, intermediates in the signature, root. At least one intermediate has to be in the signature: a
 * device does not fetch it, and a missing WWDR certificate is one of the common errors that Apple lists.
 */
async function verifyChain(
  signer: X509Certificate,
  certificates: X509Certificate[],
  root: X509Certificate,
  at: Date,
): Promise<void> {
  demandValidAt(signer, "the signer's certificate", at);
  demandValidAt(root, "the root certificate", at);
  let current = signer;
  for (let depth = 1; depth < LONGEST_CHAIN; depth++) {
    if (depth > 1 && current.issuer === root.subject) {
      demand(await isSignedBy(current, root), "the chain does not end at the trusted root");
      return;
    }
    const { issuer } = current;
    const namesakes = certificates.filter((certificate) => certificate.subject === issuer);
    demand(namesakes.length > 0, `the signature does not contain the intermediate certificate "${issuer}"`);
    const isIssuer = await Promise.all(namesakes.map((namesake) => isSignedBy(current, namesake)));
    const above = namesakes.find((_, index) => isIssuer[index]);
    demand(above, `"${current.subject}" is not signed by the "${issuer}" that the signature contains`);
    demand(above.subject !== above.issuer, "the chain does not end at the trusted root");
    demandValidAt(above, "the intermediate certificate", at);
    demand(
      above.getExtension(BasicConstraintsExtension)?.ca,
      "the intermediate certificate is not an authority",
    );
    current = above;
  }
  throw new InvalidPass("the chain does not end at the trusted root");
}

function demandValidAt(certificate: X509Certificate, what: string, at: Date): void {
  demand(at >= certificate.notBefore, `${what} is not valid before ${certificate.notBefore.toISOString()}`);
  demand(at <= certificate.notAfter, `${what} expired at ${certificate.notAfter.toISOString()}`);
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): Promise<boolean> {
  return certificate.verify({ publicKey: issuer, signatureOnly: true }, crypto);
}

/** The signature covers the DER of the attributes with the universal SET tag instead of [0] (RFC 5652 5.4). */
async function readSignedAttributes(
  { signedAttrs = [], digestAlgorithm }: SignerInfo,
  manifest: Uint8Array,
): Promise<{ signedAttributes: Uint8Array<ArrayBuffer>; signingTime: Date }> {
  const value = (type: string): ArrayBuffer | undefined => {
    const found = signedAttrs.filter(({ attrType }) => attrType === type);
    demand(
      found.length <= 1 && (found[0]?.attrValues.length ?? 1) === 1,
      `signed attribute ${type} must have one value`,
    );
    return found[0]?.attrValues[0];
  };
  const signingTime = value(SIGNING_TIME);
  demand(signingTime, "Signature must contain a signing date");
  const contentType = value(CONTENT_TYPE);
  demand(contentType, "the signature lacks the signed attribute contentType");
  demand(
    hex(new Uint8Array(contentType)) === "06092a864886f70d010701",
    "the signed contentType is not plain data",
  );
  const messageDigest = value(MESSAGE_DIGEST);
  demand(messageDigest, "the signature lacks the signed attribute messageDigest");
  demand(digestAlgorithm.algorithm === SHA256, "the digest of the signature is not SHA-256");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(manifest)));
  demand(
    hexOf(AsnConvert.parse(messageDigest, OctetString)) === hex(digest),
    "the signed digest is not that of manifest.json",
  );
  const encoded = signedAttrs.map((attribute) => hex(new Uint8Array(AsnConvert.serialize(attribute))));
  demand(
    encoded.every((item, index) => index === 0 || (encoded[index - 1] ?? "") <= item),
    "the signed attributes are not in DER order",
  );
  return {
    signedAttributes: derSet(encoded.join("")),
    signingTime: AsnConvert.parse(signingTime, Time).getTime(),
  };
}

/** A DER SET of these members, given in hex. */
function derSet(members: string): Uint8Array<ArrayBuffer> {
  const length = members.length / 2;
  const digits = length.toString(16);
  const evenDigits = digits.padStart(digits.length + (digits.length % 2), "0");
  const longForm = (0x80 + evenDigits.length / 2).toString(16) + evenDigits;
  return fromHex(`31${length < 0x80 ? evenDigits : longForm}${members}`);
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

async function verifyValue(
  { signatureAlgorithm, signature }: SignerInfo,
  signer: X509Certificate,
  signedAttributes: Uint8Array<ArrayBuffer>,
): Promise<"RSA" | "ECDSA"> {
  const name = SIGNATURE_ALGORITHMS[signatureAlgorithm.algorithm];
  demand(name, `the signature algorithm ${signatureAlgorithm.algorithm} is not known to Wallet`);
  const algorithm = { name: name === "RSA" ? "RSASSA-PKCS1-v1_5" : "ECDSA", hash: "SHA-256" };
  const value = name === "RSA" ? signature.buffer : rawEcdsaSignature(signature.buffer);
  let isGood: boolean;
  try {
    const keyAlgorithm = name === "RSA" ? algorithm : { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("spki", signer.publicKey.rawData, keyAlgorithm, false, [
      "verify",
    ]);
    isGood = await crypto.subtle.verify(algorithm, key, value, signedAttributes);
  } catch {
    throw new InvalidPass("the signer's key does not fit the signature algorithm");
  }
  demand(isGood, "the signature does not verify");
  return name;
}

/** WebCrypto expects r and s as two 32-byte numbers; CMS contains a DER SEQUENCE of INTEGERs (RFC 3279 2.2.3). */
function rawEcdsaSignature(der: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const { r, s } = AsnConvert.parse(der, ECDSASigValue);
  const numbers = [r, s].map((integer) =>
    withoutLeadingZeros(hex(new Uint8Array(integer))).padStart(64, "0"),
  );
  demand(
    numbers.every(({ length }) => length === 64),
    "the signature is not of P-256",
  );
  return fromHex(numbers.join(""));
}
