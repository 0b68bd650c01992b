/**
 * ECDSA signatures as Google's callbacks have them: P-256 with SHA-256 over texts with their lengths, the signature in DER, keys as
 * SubjectPublicKeyInfo, all in base64. Pure.
 *
 * Follows ECv2SigningOnly of Google's Tink (apps/paymentmethodtoken), RFC 3279 §2.2.3 (Ecdsa-Sig-Value) and RFC 4648 §4.
 */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
/** r and s have 32 bytes each. */
const NUMBER_BYTES = 32;
const [SEQUENCE, INTEGER] = [0x30, 0x02];
/** A P-256 key has 91 bytes, and a signature at most 72. */
const MAX_BASE64 = 512;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Whether the key has signed these texts. What is malformed has signed nothing.
 * @param keyValue SubjectPublicKeyInfo in base64
 * @param signature DER in base64
 */
export async function hasSigned(
  keyValue: string,
  signature: string,
  texts: readonly string[],
): Promise<boolean> {
  const der = decodeBase64(signature);
  const numbers = der && rawSignature(der);
  const spki = decodeBase64(keyValue);
  if (numbers === undefined || spki === undefined) return false;
  try {
    const key = await crypto.subtle.importKey("spki", spki, ALGORITHM, false, ["verify"]);
    return await crypto.subtle.verify(ALGORITHM, key, numbers, signedBytes(texts));
  } catch {
    return false; // not a key of this curve
  }
}

/** What is signed: each text in UTF-8, after the number of its bytes as four bytes from the lowest on. */
function signedBytes(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Only the one way to write these bytes: with its padding, without white space and unused bits. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length > MAX_BASE64 || !BASE64.test(text)) return undefined;
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

/** r and s, as WebCrypto takes them; undefined if the DER is not exactly a sequence of two positive integers. */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const [tag, length, ...rest] = der;
  if (tag !== SEQUENCE || length !== rest.length) return undefined;
  const raw = new Uint8Array(2 * NUMBER_BYTES);
  let at = 2;
  for (const end of [NUMBER_BYTES, 2 * NUMBER_BYTES]) {
    const size = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + size);
    if (der[at] !== INTEGER || number.length !== size) return undefined;
    const digits = unsigned(number);
    if (digits === undefined) return undefined;
    raw.set(digits, end - digits.length);
    at += 2 + size;
  }
  return at === der.length ? raw : undefined;
}

/** The bytes of a positive integer of DER without the byte of its sign. It is written as short as possible. */
function unsigned(number: Uint8Array): Uint8Array | undefined {
  const [first, second = 0] = number;
  if (first === undefined || first >= 0x80) return undefined;
  if (first === 0 && second < 0x80) return undefined;
  const digits = first === 0 ? number.subarray(1) : number;
  return digits.length > NUMBER_BYTES ? undefined : digits;
}
