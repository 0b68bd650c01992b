/**
 * Verifies the signatures of passes and certificates.
 *
 * RSA with PKCS #1 v1.5 and ECDSA, over SHA-1 and SHA-2. Follows RFC 3279 §2.2, RFC 5754 and RFC 5758.
 */
import { ECDSASigValue, ECParameters } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import type { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

export type Digest = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
export type Verdict = "signed" | "not_signed" | "unsupported";

const DIGESTS: Readonly<Record<string, Digest>> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";

/** Signature algorithm → kind of key, and the digest if the algorithm implies one. */
const SIGNATURES: Readonly<Record<string, readonly [key: typeof RSA | typeof EC, digest?: Digest]>> = {
  [RSA]: [RSA],
  "1.2.840.113549.1.1.5": [RSA, "SHA-1"],
  "1.2.840.113549.1.1.11": [RSA, "SHA-256"],
  "1.2.840.113549.1.1.12": [RSA, "SHA-384"],
  "1.2.840.113549.1.1.13": [RSA, "SHA-512"],
  [EC]: [EC],
  "1.2.840.10045.4.1": [EC, "SHA-1"],
  "1.2.840.10045.4.3.2": [EC, "SHA-256"],
  "1.2.840.10045.4.3.3": [EC, "SHA-384"],
  "1.2.840.10045.4.3.4": [EC, "SHA-512"],
};

/** Curve → its name in WebCrypto, and the length of r and s. */
const CURVES: Readonly<Record<string, readonly [name: string, bytes: number]>> = {
  "1.2.840.10045.3.1.7": ["P-256", 32],
  "1.3.132.0.34": ["P-384", 48],
  "1.3.132.0.35": ["P-521", 66],
};

/** The digest of an algorithm identifier; undefined if it is not supported. */
export function findDigest(algorithm: string): Digest | undefined {
  return DIGESTS[algorithm];
}

/**
 * Whether `value` is this key's signature over `covered`.
 * @param defaultDigest for signature algorithms that imply none
 */
export async function isSignedBy(
  key: SubjectPublicKeyInfo,
  { algorithm }: AlgorithmIdentifier,
  defaultDigest: Digest | undefined,
  value: Uint8Array,
  covered: Uint8Array,
): Promise<Verdict> {
  const [kind, hash = defaultDigest] = SIGNATURES[algorithm] ?? [];
  if (kind === undefined || hash === undefined) return "unsupported";
  if (key.algorithm.algorithm !== kind) return "not_signed";
  try {
    const spki = AsnConvert.serialize(key);
    const bytes = Uint8Array.from(covered);
    if (kind === RSA) {
      const rsa = { name: "RSASSA-PKCS1-v1_5", hash };
      const publicKey = await crypto.subtle.importKey("spki", spki, rsa, false, ["verify"]);
      return verdict(await crypto.subtle.verify(rsa, publicKey, Uint8Array.from(value), bytes));
    }
    const { namedCurve: curve } = AsnConvert.parse(
      key.algorithm.parameters ?? new ArrayBuffer(0),
      ECParameters,
    );
    const [namedCurve, half] = CURVES[curve ?? ""] ?? [];
    if (namedCurve === undefined || half === undefined) return "unsupported";
    const { r, s } = AsnConvert.parse(value, ECDSASigValue);
    const raw = new Uint8Array([...pad(r, half), ...pad(s, half)]);
    const publicKey = await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve }, false, [
      "verify",
    ]);
    return verdict(await crypto.subtle.verify({ name: "ECDSA", hash }, publicKey, raw, bytes));
  } catch {
    return "not_signed"; // WebCrypto cannot parse the key or the value
  }
}

function verdict(isValid: boolean): Verdict {
  return isValid ? "signed" : "not_signed";
}

/** Pads an INTEGER to an unsigned number of this length. @throws RangeError if it is longer */
function pad(integer: ArrayBuffer, length: number): Uint8Array {
  const digits = new Uint8Array(integer);
  const start = Math.max(
    0,
    digits.findIndex((byte) => byte !== 0),
  );
  const number = new Uint8Array(length);
  number.set(digits.subarray(start), length - (digits.length - start));
  return number;
}
