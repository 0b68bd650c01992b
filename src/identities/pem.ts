/**
 * Recognises the format of a text or file that was sent as a key or a certificate: PEM (also with bag attributes around
 * it, or with the characters `\n` in place of line breaks, as in environment variables), base64 alone, or DER.
 *
 * It reports what the input is. certificate.ts checks whether it is the right certificate. Pure, except for WebCrypto's
 * import. Follows RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC1), RFC 7292 (PKCS#12).
 */
import "reflect-metadata";
import { CertificationRequest } from "@peculiar/asn1-csr";
import { ECPrivateKey } from "@peculiar/asn1-ecc";
import { PFX } from "@peculiar/asn1-pfx";
import { EncryptedPrivateKeyInfo, PrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { RSAPrivateKey } from "@peculiar/asn1-rsa";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, Certificate } from "@peculiar/asn1-x509";
import { X509Certificate } from "@peculiar/x509";
import { ApiError } from "../errors.ts";
import type { KeyAlgorithm } from "../pkpass/build/cms.ts";

type Kind = "certificate" | "private-key" | "encrypted-key" | "csr" | "pkcs12";

interface Piece {
  readonly kind: Kind;
  /** DER. A private key is PKCS#8, whatever its format was. */
  readonly der: Uint8Array;
}

export interface ImportedKey {
  readonly algorithm: KeyAlgorithm;
  readonly pkcs8: Uint8Array;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo. */
  readonly publicKeyHash: string;
}

const P256_OID = new Uint8Array([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
const RSA_OID = "1.2.840.113549.1.1.1";
const EC_OID = "1.2.840.10045.2.1";
const MIN_RSA_BITS = 2048;

const P12_CURE =
  "Convert it with: openssl pkcs12 -legacy -in file.p12 -nodes -out file.pem (then send the certificate and the private key of file.pem)";

/** An ASN.1 structure that the DER may have, and how a key in this structure is converted to PKCS#8. */
interface Structure {
  readonly kind: Kind;
  readonly schema: new () => unknown;
  readonly toPkcs8?: (der: Uint8Array) => Uint8Array;
}

/** In this order: the stricter structures first. */
const STRUCTURES: readonly Structure[] = [
  { kind: "certificate", schema: Certificate },
  { kind: "csr", schema: CertificationRequest },
  { kind: "pkcs12", schema: PFX },
  { kind: "private-key", schema: PrivateKeyInfo },
  { kind: "private-key", schema: RSAPrivateKey, toPkcs8: (der) => wrapInPkcs8(der, RSA_OID, null) },
  { kind: "private-key", schema: ECPrivateKey, toPkcs8: (der) => wrapInPkcs8(der, EC_OID, P256_OID) },
  { kind: "encrypted-key", schema: EncryptedPrivateKeyInfo },
];

/** All certificates in the input. @throws ApiError that says what the input is, if it has none */
export function readCertificates(input: string | Uint8Array, pointer: string): X509Certificate[] {
  const pieces = recognise(input);
  const certificates = pieces.filter((piece) => piece.kind === "certificate");
  if (certificates.length > 0) {
    try {
      return certificates.map((piece) => parseCertificate(piece.der));
    } catch {
      throw new ApiError("certificate_malformed", "This certificate has parts that cannot be parsed.", {
        pointer,
      });
    }
  }
  switch (pieces[0]?.kind) {
    case "private-key":
    case "encrypted-key":
      throw new ApiError(
        "key_instead_of_certificate",
        "Send the certificate that Apple's portal issued (pass.cer), as PEM or DER.",
        { pointer },
      );
    case "csr":
      throw new ApiError(
        "csr_instead_of_certificate",
        "This is the request that you upload to Apple's portal. Send the certificate that the portal returns.",
        { pointer },
      );
    case "pkcs12":
      throw new ApiError("pkcs12_unsupported", P12_CURE, { pointer });
    default:
      throw new ApiError(
        "certificate_malformed",
        "This contains no readable certificate. Send the file from Apple's portal, as PEM (-----BEGIN CERTIFICATE-----) or DER.",
        { pointer },
      );
  }
}

/**
 * Parses a certificate completely. The library parses each part on first use; parsing all parts here makes a malformed
 * part an error of this request and not a later failure.
 * @throws Error
 */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const certificate = new X509Certificate(der);
  for (const part of ["subject", "issuer", "notBefore", "notAfter", "publicKey", "extensions"]) {
    Reflect.get(certificate, part);
  }
  return certificate;
}

/** The private key in the input, checked by importing it. @throws ApiError that says what the input is, if it has none */
export async function readPrivateKey(input: string | Uint8Array, pointer: string): Promise<ImportedKey> {
  const pieces = recognise(input);
  const key = pieces.find((piece) => piece.kind === "private-key");
  if (key !== undefined) return importKey(key.der, pointer);
  switch (pieces[0]?.kind) {
    case "certificate":
      throw new ApiError(
        "certificate_instead_of_key",
        "Send the private key that the certificate was requested with (-----BEGIN PRIVATE KEY-----).",
        { pointer },
      );
    case "encrypted-key":
      throw new ApiError("key_encrypted", "Decrypt it with: openssl pkey -in key.pem -out decrypted.pem", {
        pointer,
      });
    case "csr":
      throw new ApiError(
        "csr_instead_of_key",
        "This is a certificate signing request. Send the private key that it was made with (-----BEGIN PRIVATE KEY-----).",
        { pointer },
      );
    case "pkcs12":
      throw new ApiError("pkcs12_unsupported", P12_CURE, { pointer });
    default:
      throw new ApiError(
        "key_malformed",
        "This contains no readable private key. Send it as PEM (PKCS#8, PKCS#1 or SEC1) or DER.",
        { pointer },
      );
  }
}

/** SHA-256 (hex) of a SubjectPublicKeyInfo or a certificate. */
export async function sha256(der: ArrayBuffer | Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", der)).toHex();
}

export const WEBCRYPTO_IMPORT = {
  RSA: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  "P-256": { name: "ECDSA", namedCurve: "P-256" },
} as const;

async function importKey(pkcs8: Uint8Array, pointer: string): Promise<ImportedKey> {
  const oid = AsnConvert.parse(pkcs8, PrivateKeyInfo).privateKeyAlgorithm.algorithm;
  const algorithm: KeyAlgorithm | undefined = oid === RSA_OID ? "RSA" : oid === EC_OID ? "P-256" : undefined;
  const refusal = new ApiError("unsupported_key", "Use an RSA key of at least 2048 bits, or a P-256 key.", {
    pointer,
  });
  if (algorithm === undefined) throw refusal;
  const parameters = WEBCRYPTO_IMPORT[algorithm];
  let jwk: JsonWebKey;
  try {
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, parameters, true, ["sign"]);
    jwk = (await crypto.subtle.exportKey("jwk", key)) as JsonWebKey;
  } catch {
    throw refusal; // another curve, or not a valid key
  }
  const { kty, n, e, crv, x, y } = jwk;
  if (algorithm === "RSA" && bitLength(n ?? "") < MIN_RSA_BITS) throw refusal;
  const publicKey = await crypto.subtle.importKey(
    "jwk",
    { kty, n, e, crv, x, y } as JsonWebKey,
    parameters,
    true,
    ["verify"],
  );
  const spki = (await crypto.subtle.exportKey("spki", publicKey)) as ArrayBuffer;
  return { algorithm, pkcs8, publicKeyHash: await sha256(spki) };
}

/** Everything recognised in the text or the bytes, in order. */
function recognise(input: string | Uint8Array): Piece[] {
  if (typeof input !== "string") {
    const piece = recogniseDer(input);
    if (piece !== undefined) return [piece];
    return recognise(new TextDecoder().decode(input));
  }
  const text = input.replaceAll("\\r", "").replaceAll("\\n", "\n");
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
  if (blocks.length === 0) {
    const der = fromBase64(text) ?? fromLatin1(text);
    const piece = der === undefined ? undefined : recogniseDer(der);
    return piece === undefined ? [] : [piece];
  }
  return blocks.flatMap(([, label = "", body = ""]) => {
    // An encrypted PKCS#1 key has the parameters in header lines (RFC 1421).
    const der = body.includes("ENCRYPTED") ? undefined : fromBase64(body);
    if (der === undefined)
      return label.endsWith("PRIVATE KEY") ? [{ kind: "encrypted-key" as const, der: new Uint8Array() }] : [];
    const piece = recogniseDer(der);
    return piece === undefined ? [] : [piece];
  });
}

function recogniseDer(der: Uint8Array): Piece | undefined {
  for (const { kind, schema, toPkcs8 } of STRUCTURES) {
    try {
      AsnConvert.parse(der, schema);
      return { kind, der: toPkcs8?.(der) ?? der };
    } catch {
      // It is not this structure; the next one may match.
    }
  }
  return undefined;
}

/** Wraps a PKCS#1 or SEC1 key in PKCS#8. */
function wrapInPkcs8(key: Uint8Array, algorithm: string, parameters: Uint8Array | null): Uint8Array {
  const info = new PrivateKeyInfo({
    privateKeyAlgorithm: new AlgorithmIdentifier({
      algorithm,
      parameters: parameters === null ? null : (parameters.slice().buffer as ArrayBuffer),
    }),
    privateKey: new OctetString(key),
  });
  return new Uint8Array(AsnConvert.serialize(info));
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text.replace(/\s+/g, ""));
    return bytes.length > 0 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of a binary file that a program has read as Latin-1. */
function fromLatin1(text: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return bytes.length > 0 && [...text].every((character) => character <= "\u00ff") ? bytes : undefined;
}

function bitLength(base64url: string): number {
  return Math.floor((base64url.length * 6) / 8) * 8;
}
