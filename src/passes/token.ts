/**
 * The authenticationToken of a pass: derived and not stored, so a forged token is refused without a database query.
 *
 * `ep` + key id + `_` + HMAC-SHA-256 over the JSON of [passTypeIdentifier, serialNumber], in base64url: 43 characters
 * (Apple requires at least 16). It never changes during the life of a pass, because the pass's row contains the key id.
 */
import type { KeyId, Secrets } from "../secrets/secrets.ts";

const PURPOSE = "authenticationToken";
const FORMAT = /^ep(\d{1,6})_([A-Za-z0-9_-]{43})$/;

/** The token of this pass for pass.json. @throws ApiError not_configured if MASTER_SECRET lacks the entry */
export async function authenticationToken(
  secrets: Secrets,
  keyId: KeyId,
  passTypeIdentifier: string,
  serialNumber: string,
): Promise<string> {
  const code = await secrets.mac(keyId, PURPOSE, message(passTypeIdentifier, serialNumber));
  return `ep${keyId}_${code.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/**
 * Verifies a token in constant time.
 * @returns the key id that it was derived with, which the caller compares with the row's; undefined for an invalid
 * token
 */
export async function verifyAuthenticationToken(
  secrets: Secrets,
  token: string,
  passTypeIdentifier: string,
  serialNumber: string,
): Promise<KeyId | undefined> {
  const [, keyId, code] = FORMAT.exec(token) ?? [];
  if (keyId === undefined || code === undefined) return undefined;
  const given = Uint8Array.fromBase64(code, { alphabet: "base64url" });
  return (await secrets.verify(keyId, PURPOSE, message(passTypeIdentifier, serialNumber), given))
    ? keyId
    : undefined;
}

function message(passTypeIdentifier: string, serialNumber: string): string {
  return JSON.stringify([passTypeIdentifier, serialNumber]);
}
