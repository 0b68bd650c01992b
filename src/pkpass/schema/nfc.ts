/**
 * The NFC payload of a pass, for issuers with an NFC certificate from Apple.
 *
 * Follows Apple's "Pass.NFC", RFC 5280 §4.1.2.7 (SubjectPublicKeyInfo) and RFC 5480 §2 (elliptic curve keys).
 */
import * as z from "zod";
import { flag, since } from "./primitives.ts";

const MAX_MESSAGE_BYTES = 64;

/** The first bytes and the length of a SubjectPublicKeyInfo with ecPublicKey and prime256v1. Only the point varies. */
const P256_KEYS = [
  { start: /^3059301306072a8648ce3d020106082a8648ce3d03010703420004/, bytes: 91 },
  { start: /^3039301306072a8648ce3d020106082a8648ce3d0301070322000[23]/, bytes: 59 },
];

const utf8 = new TextEncoder();

function isP256Key(base64: string): boolean {
  try {
    const der = Uint8Array.fromBase64(base64);
    const hex = der.toHex();
    return P256_KEYS.some(({ start, bytes }) => der.length === bytes && start.test(hex));
  } catch {
    return false;
  }
}

export const nfc = z
  .looseObject({
    message: z.string().refine((message) => utf8.encode(message).length <= MAX_MESSAGE_BYTES, {
      error: `must be at most ${MAX_MESSAGE_BYTES} bytes long in UTF-8`,
      params: { cure: `Shorten it to ${MAX_MESSAGE_BYTES} bytes in UTF-8.` },
    }),
    encryptionPublicKey: z.string().refine(isP256Key, {
      error:
        "must be the base64 of an X.509 SubjectPublicKeyInfo with a P-256 key (ecPublicKey, prime256v1): 91 bytes, or 59 with a compressed point",
      params: {
        cure: "Write the reader's public key as base64 of its DER: openssl ec -in key.pem -pubout -outform DER | base64.",
      },
    }),
    requiresAuthentication: since("13.1", flag),
  })
  .meta({ id: "NFC" });
