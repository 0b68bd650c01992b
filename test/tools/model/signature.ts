/**
 * The signature check of the model's phones. One in sixty-four signatures is verified as Wallet does
 * (iphone-signature.ts). For the others, only the digest of the manifest is checked, because reading certificates would
 * take most of the model's time. Follows RFC 5652 §11.2 and §11.3.
 */

import { demand } from "../../apple/iphone-invalid-pass.ts";
import { type VerifiedSignature, verifySignature as verifyWhole } from "../../apple/iphone-signature.ts";

/** DER of the object identifier signingTime, and of a SET with one UTCTime. */
const SIGNING_TIME = Buffer.from("06092a864886f70d010905310f170d", "hex");
const seen = new Map<string, VerifiedSignature>();

/**
 * Replaces the function of the same name.
 * @throws InvalidPass
 */
export async function verifySignature(
  signature: Uint8Array,
  manifest: Uint8Array,
  rootPem: string | Uint8Array,
  at: Date,
): Promise<VerifiedSignature> {
  const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Uint8Array.from(manifest)));
  const der = Buffer.from(signature);
  const timeAt = der.indexOf(SIGNING_TIME) + SIGNING_TIME.length;
  // The bytes before the signed attributes, with the certificates, which identify the signer.
  const identity = der.subarray(0, timeAt).toString("latin1", 8);
  const known = seen.get(identity);
  if (known === undefined || (digest[0] ?? 0) < 4) {
    const verified = await verifyWhole(signature, manifest, rootPem, at);
    seen.set(identity, verified);
    return verified;
  }
  demand(der.includes(digest), "the signed digest is not that of manifest.json");
  const time = der.toString("latin1", timeAt, timeAt + 12).replace(/../g, " $&");
  const [year, month = 1, ...rest] = time.trim().split(" ").map(Number);
  return { ...known, signingTime: new Date(Date.UTC(2000 + (year ?? 0), month - 1, ...rest)) };
}
