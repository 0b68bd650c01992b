/**
 * Recognises what somebody pasted where a key or a certificate goes: PEM (with bag attributes around it, or with `\n`
 * written out as it is in environment variables), bare base64, or DER.
 *
 * It says what a thing is; whether it is the right thing is certificate.ts's matter. Pure but for WebCrypto's import.
 * Follows RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC1), RFC 7292 (PKCS#12).
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
  /** DER; a private key is always PKCS#8 here, whatever it came as. */
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
  "Convert it with: openssl pkcs12 -legacy -in file.p12 -nodes -out file.pem (then give the certificate and the private key of file.pem)";

/** A structure that DER can be here, and how it becomes PKCS#8 if it is a bare key. */
interface Structure {
  readonly kind: Kind;
  readonly schema: new () => unknown;
  readonly wrap?: (der: Uint8Array) => Uint8Array;
}

/** The order matters: the stricter structures come first. */
const STRUCTURES: readonly Structure[] = [
  { kind: "certificate", schema: Certificate },
  { kind: "csr", schema: CertificationRequest },
  { kind: "pkcs12", schema: PFX },
  { kind: "private-key", schema: PrivateKeyInfo },
  { kind: "private-key", schema: RSAPrivateKey, wrap: (der) => wrap(der, RSA_OID, null) },
  { kind: "private-key", schema: ECPrivateKey, wrap: (der) => wrap(der, EC_OID, P256_OID) },
  { kind: "encrypted-key", schema: EncryptedPrivateKeyInfo },
];

/** Every certificate in what was pasted. @throws ApiError that names what it is instead. */
export function readCertificates(input: string | Uint8Array, pointer: string): X509Certificate[] {
  const pieces = recognise(input);
  const certificates = pieces.filter((piece) => piece.kind === "certificate");
  if (certificates.length > 0) {
    try {
      return certificates.map((piece) => openCertificate(piece.der));
    } catch {
      throw new ApiError("certificate_malformed", "This certificate has parts that cannot be read.", {
        pointer,
      });
    }
  }
  switch (pieces[0]?.kind) {
    case "private-key":
    case "encrypted-key":
      throw new ApiError(
        "key_given_as_certificate",
        "Give the certificate that Apple's portal made (pass.cer), as PEM or DER.",
        { pointer },
      );
    case "csr":
      throw new ApiError(
        "csr_given_as_certificate",
        "This is the request that goes to Apple's portal. Give the certificate that the portal answers with.",
        { pointer },
      );
    case "pkcs12":
      throw new ApiError("pkcs12_given", P12_CURE, { pointer });
    default:
      throw new ApiError(
        "certificate_malformed",
        "No certificate can be read from this. Give the file from Apple's portal, as PEM (-----BEGIN CERTIFICATE-----) or DER.",
        { pointer },
      );
  }
}

/**
 * A certificate, with all that is asked of it read once: the library reads on demand, and what it stumbles over is to
 * be known here, where it is the sender's fault. @throws Error
 */
export function openCertificate(der: Uint8Array): X509Certificate {
  const certificate = new X509Certificate(der);
  for (const part of ["subject", "issuer", "notBefore", "notAfter", "publicKey", "extensions"]) {
    Reflect.get(certificate, part);
  }
  return certificate;
}

/** The private key in what was pasted, checked by importing it. @throws ApiError that names what it is instead. */
export async function readPrivateKey(input: string | Uint8Array, pointer: string): Promise<ImportedKey> {
  const pieces = recognise(input);
  const key = pieces.find((piece) => piece.kind === "private-key");
  if (key !== undefined) return importKey(key.der, pointer);
  switch (pieces[0]?.kind) {
    case "certificate":
      throw new ApiError(
        "certificate_given_as_key",
        "Give the private key that the certificate was requested with (-----BEGIN PRIVATE KEY-----).",
        { pointer },
      );
    case "encrypted-key":
      throw new ApiError(
        "encrypted_key_given",
        "Unlock it with: openssl pkey -in key.pem -out unlocked.pem",
        {
          pointer,
        },
      );
    case "pkcs12":
      throw new ApiError("pkcs12_given", P12_CURE, { pointer });
    default:
      throw new ApiError(
        "key_malformed",
        "No private key can be read from this. Give PEM (PKCS#8, PKCS#1 or SEC1) or DER.",
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
    throw refusal; // another curve, or numbers that are no key
  }
  const { kty, n, e, crv, x, y } = jwk;
  if (algorithm === "RSA" && bits(n ?? "") < MIN_RSA_BITS) throw refusal;
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

/** All that can be read from the text or the bytes, in their order. */
function recognise(input: string | Uint8Array): Piece[] {
  if (typeof input !== "string") {
    const piece = recogniseDer(input);
    if (piece !== undefined) return [piece];
    return recognise(new TextDecoder().decode(input));
  }
  const text = input.replaceAll("\\r", "").replaceAll("\\n", "\n");
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
  if (blocks.length === 0) {
    const der = fromBase64(text);
    const piece = der === undefined ? undefined : recogniseDer(der);
    return piece === undefined ? [] : [piece];
  }
  return blocks.flatMap(([, label = "", body = ""]) => {
    // PKCS#1's own encryption keeps its parameters in header lines (RFC 1421).
    const der = body.includes("ENCRYPTED") ? undefined : fromBase64(body);
    if (der === undefined)
      return label.endsWith("PRIVATE KEY") ? [{ kind: "encrypted-key" as const, der: new Uint8Array() }] : [];
    const piece = recogniseDer(der);
    return piece === undefined ? [] : [piece];
  });
}

function recogniseDer(der: Uint8Array): Piece | undefined {
  for (const { kind, schema, wrap } of STRUCTURES) {
    try {
      AsnConvert.parse(der, schema);
      return { kind, der: wrap?.(der) ?? der };
    } catch {
      // Not this structure; the next one may fit.
    }
  }
  return undefined;
}

/** PKCS#8 around a bare PKCS#1 or SEC1 key. */
function wrap(key: Uint8Array, algorithm: string, parameters: Uint8Array | null): Uint8Array {
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

function bits(base64url: string): number {
  return Math.floor((base64url.length * 6) / 8) * 8;
}
