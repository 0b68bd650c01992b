/**
 * The secret part of a pass's links: 40 hexadecimal digits, which are 12 random bytes and 8 bytes of an HMAC over them. So a
 * link that this service made is recognized without a database query, and is never limited because a stranger guesses
 * links from the same network (http/misses.ts). It is stored, so links keep working when MASTER_SECRET is rotated.
 *
 * Without MASTER_SECRET all 160 bits are unknown. With it, 96 are.
 */
import { type KeyId, type Secrets, sameSecret } from "../secrets/secrets.ts";

const PURPOSE = "link of a pass";
const FORMAT = /^([0-9a-f]{24})([0-9a-f]{16})$/;
const RANDOM_BYTES = 12;
const CODE_BYTES = 8;

export async function createWebToken(secrets: Secrets): Promise<string> {
  return completeWebToken(secrets, secrets.newestKeyId, crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
}

/**
 * The token with these bytes.
 * @param secret bytes that nobody can guess; the first 12 are used
 */
export async function completeWebToken(secrets: Secrets, keyId: KeyId, secret: Uint8Array): Promise<string> {
  const random = secret.subarray(0, RANDOM_BYTES).toHex();
  return random + (await codeOf(secrets, keyId, random));
}

/**
 * Whether this service made the token. Tokens of older versions are 20 random bytes, and entries of MASTER_SECRET may have
 * been removed: so false does not mean that there is no such link.
 */
export async function isOwnWebToken(secrets: Secrets, webToken: string): Promise<boolean> {
  const [, random, code] = FORMAT.exec(webToken) ?? [];
  if (random === undefined || code === undefined) return false;
  for (const keyId of secrets.keyIds) {
    if (await sameSecret(code, await codeOf(secrets, keyId, random))) return true;
  }
  return false;
}

async function codeOf(secrets: Secrets, keyId: KeyId, random: string): Promise<string> {
  return (await secrets.mac(keyId, PURPOSE, random)).subarray(0, CODE_BYTES).toHex();
}
