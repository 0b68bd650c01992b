/**
 * The code of a scan, as it is stored: a part of an HMAC under a key that is derived from MASTER_SECRET. A code may be a name or an
 * address, and anyone who has it has the ticket. The hash only shows whether a repeated scan has the same code.
 */
import type { Secrets } from "../secrets/secrets.ts";

const PURPOSE = "code of a scan";
const HASH_BYTES = 16;

/** The id of the entry of MASTER_SECRET, and the hash: `1.0f3c…`. */
export async function hashOfCode(
  secrets: Secrets,
  code: string,
  keyId = secrets.newestKeyId,
): Promise<string> {
  const mac = await secrets.mac(keyId, PURPOSE, code);
  return `${keyId}.${mac.subarray(0, HASH_BYTES).toHex()}`;
}

/** Whether the hash is that of the code. False if MASTER_SECRET no longer has the entry. */
export async function isHashOf(secrets: Secrets, hash: string, code: string): Promise<boolean> {
  const keyId = hash.slice(0, hash.indexOf("."));
  return secrets.keyIds.includes(keyId) && (await hashOfCode(secrets, code, keyId)) === hash;
}
