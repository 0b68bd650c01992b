/**
 * Signs a pass: a detached CMS SignedData in DER (RFC 5652) over the bytes of manifest.json, with SHA-256. It contains
 * the certificates of the signer and of the WWDR intermediate, and contentType, messageDigest and signingTime as signed
 * attributes (Wallet refuses a signature without a signing time).
 *
 * Only three parts differ between passes: the digest, the time and the signature value. So the library writes the
 * structure once, and each signature is made by patching a copy. All signatures of a key have the same length, so that the
 * length of a pass is known before it is signed. ECDSA values have several lengths, because their INTEGERs drop leading zeros
 * (RFC 3279 §2.2.3): half of them have 71 bytes. So with a P-256 key, a value of another length is discarded, and a new one
 * is made: each has another random nonce (FIPS 186-5 §6.3), and so its own length.
 *
 * Pure: it reads no clock (the signing time is an argument) and has no keys of its own.
 */

import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_contentType,
  id_data,
  id_messageDigest,
  id_signedData,
  id_signingTime,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from "@peculiar/asn1-cms";
import { ECDSASigValue } from "@peculiar/asn1-ecc";
import {
  AsnConvert,
  AsnObjectIdentifierConverter,
  AsnUTCTimeConverter,
  OctetString,
} from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, Certificate } from "@peculiar/asn1-x509";
import { encodeSetOf } from "./der.ts";

export type KeyAlgorithm = "RSA" | "P-256";

export interface SigningIdentity {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: CryptoKey;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER. */
  readonly intermediate: Uint8Array;
}

export interface ManifestSigner {
  /** Makes a detached signature over the manifest. `signingTime` is in milliseconds, and rounded down to seconds. */
  (manifest: Uint8Array, signingTime: number): Promise<Uint8Array>;
  /** The length of each of its signatures. */
  readonly signatureBytes: number;
}

const SHA_256 = "2.16.840.1.101.3.4.2.1";
const SIGNATURE_ALGORITHMS = {
  RSA: new AlgorithmIdentifier({ algorithm: "1.2.840.113549.1.1.1", parameters: null }), // rsaEncryption, RFC 3370
  "P-256": new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" }), // ecdsa-with-SHA256, RFC 5758
} as const;
const WEBCRYPTO = {
  RSA: { name: "RSASSA-PKCS1-v1_5" },
  "P-256": { name: "ECDSA", hash: "SHA-256" },
} as const;

const DIGEST_BYTES = 32;
const ENCODED_TIME_BYTES = 13;
/** A SEQUENCE of an INTEGER of 32 bytes and one of 33. */
const ECDSA_VALUE_BYTES = 71;
/** Tag and a one-byte length: the three attributes take 110 bytes. */
const SET_HEADER_BYTES = 2;

/** Prepares signing with this identity. It takes a few milliseconds, so cache the result. */
export function compileSigner(identity: SigningIdentity): ManifestSigner {
  const attributes = signedAttributes(
    new Uint8Array(DIGEST_BYTES).fill(0xa5),
    Date.UTC(2049, 11, 31, 23, 59, 59),
  );
  const set = encodeSetOf(attributes);
  const digestAt = lastIndexOf(set, new Uint8Array(DIGEST_BYTES).fill(0xa5));
  const timeAt = lastIndexOf(set, new TextEncoder().encode("491231235959Z"));

  const der = signedData(identity, attributes, new Uint8Array(valueBytes(identity)));
  const attributesAt = lastIndexOf(der, set.subarray(SET_HEADER_BYTES));

  const sign = async (manifest: Uint8Array, signingTime: number) => {
    // RFC 5652 §5.4: the signature covers the attributes as a SET OF, not as the [0] that is in the file.
    const patched = set.slice();
    patched.set(new Uint8Array(await crypto.subtle.digest("SHA-256", manifest)), digestAt);
    writeUtcTime(patched, timeAt, signingTime);
    const value = await signValue(identity, patched);
    const out = der.slice();
    out.set(patched.subarray(SET_HEADER_BYTES), attributesAt);
    out.set(value, der.length - value.length);
    return out;
  };
  return Object.assign(sign, { signatureBytes: der.length });
}

/** The length of the signature value, which comes last in the structure. */
function valueBytes({ algorithm, privateKey }: SigningIdentity): number {
  switch (algorithm) {
    case "RSA":
      return (privateKey.algorithm as CryptoKeyRsaKeyAlgorithm).modulusLength / 8;
    case "P-256":
      return ECDSA_VALUE_BYTES;
  }
}

/** A signature value over the attributes. It has the length of `valueBytes`. */
async function signValue({ algorithm, privateKey }: SigningIdentity, attributes: Uint8Array) {
  while (true) {
    const raw = new Uint8Array(await crypto.subtle.sign(WEBCRYPTO[algorithm], privateKey, attributes));
    if (algorithm === "RSA") return raw;
    const value = encodeEcdsaValue(raw);
    if (value.length === ECDSA_VALUE_BYTES) return value;
  }
}

/** WebCrypto concatenates r and s; CMS needs them as the DER of RFC 3279 §2.2.3. */
function encodeEcdsaValue(raw: Uint8Array): Uint8Array {
  const value = new ECDSASigValue({ r: toInteger(raw.subarray(0, 32)), s: toInteger(raw.subarray(32)) });
  return new Uint8Array(AsnConvert.serialize(value));
}

/** The three signed attributes in the order that DER demands of a SET OF: by encoding, here the shortest first. */
function signedAttributes(digest: Uint8Array, signingTime: number): Attribute[] {
  const time = AsnUTCTimeConverter.toASN(new Date(signingTime - (signingTime % 1000))).toBER();
  return [
    new Attribute({
      attrType: id_contentType,
      attrValues: [AsnObjectIdentifierConverter.toASN(id_data).toBER()],
    }),
    new Attribute({ attrType: id_signingTime, attrValues: [time] }),
    new Attribute({
      attrType: id_messageDigest,
      attrValues: [AsnConvert.serialize(new OctetString(digest))],
    }),
  ];
}

function signedData(identity: SigningIdentity, attributes: Attribute[], signature: Uint8Array) {
  const certificate = AsnConvert.parse(identity.certificate, Certificate);
  const intermediate = AsnConvert.parse(identity.intermediate, Certificate);
  const sha256 = new AlgorithmIdentifier({ algorithm: SHA_256 });
  const signed = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([sha256]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_data }), // no content, because the signature is detached
    certificates: new CertificateSet([
      new CertificateChoices({ certificate }),
      new CertificateChoices({ certificate: intermediate }),
    ]),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: CMSVersion.v1,
        sid: new SignerIdentifier({
          issuerAndSerialNumber: new IssuerAndSerialNumber({
            issuer: certificate.tbsCertificate.issuer,
            serialNumber: certificate.tbsCertificate.serialNumber,
          }),
        }),
        digestAlgorithm: sha256,
        signedAttrs: attributes,
        signatureAlgorithm: SIGNATURE_ALGORITHMS[identity.algorithm],
        signature: new OctetString(signature),
      }),
    ]),
  });
  const content = AsnConvert.serialize(signed);
  const der = new Uint8Array(AsnConvert.serialize(new ContentInfo({ contentType: id_signedData, content })));
  // The library decodes and encodes the certificates. Check that the output contains them unchanged, because their
  // signatures are valid only for unchanged bytes.
  lastIndexOf(der, identity.certificate);
  lastIndexOf(der, identity.intermediate);
  return der;
}

/** UTCTime `YYMMDDhhmmssZ`, which RFC 5652 §11.3 demands until 2049. */
function writeUtcTime(out: Uint8Array, offset: number, time: number): void {
  const text = `${new Date(time).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`;
  for (let i = 0; i < ENCODED_TIME_BYTES; i++) out[offset + i] = text.charCodeAt(i);
}

/** The content octets of an INTEGER: without leading zeros, except the one that keeps it positive (X.690 §8.3). */
function toInteger(bytes: Uint8Array): ArrayBuffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.subarray(start);
  return new Uint8Array((digits[0] ?? 0) & 0x80 ? [0, ...digits] : digits).buffer;
}

/** @throws Error if the bytes are not found: then the library changed its output, and nothing may be signed. */
function lastIndexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let start = bytes.length - part.length; start >= 0; start--) {
    let i = 0;
    while (i < part.length && bytes[start + i] === part[i]) i++;
    if (i === part.length) return start;
  }
  throw new Error("The CMS structure does not contain the expected bytes");
}
