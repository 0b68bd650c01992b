/**
 * The text of an API key: `epkey_{entry of MASTER_SECRET}_{id}_{random}_{MAC}`. The MAC is HMAC-SHA-256 over [id, random] under a
 * subkey of MASTER_SECRET, so a made-up key is refused without a query.
 *
 * It does not begin like the tokens of passes (passes/token.ts: `ep` and digits).
 */
import type { KeyId, Secrets } from "../secrets/secrets.ts";

const PURPOSE = "apiKey";
const RANDOM_BYTES = 16;
const FORMAT = /^epkey_(\d{1,6})_([1-9]\d{0,14})_([0-9a-f]{32})_([0-9a-f]{64})$/;

/** A key that this deployment has made. It may be revoked or expired. */
export interface ReadKey {
  readonly id: number;
  /** The hash of its random part, as in the column. */
  readonly hash: string;
}

export function randomPart(): string {
  return crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).toHex();
}

export async function hashOfRandom(random: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(random));
  return new Uint8Array(digest).toHex();
}

/** The text of a key with this id. */
export async function writeKey(
  secrets: Secrets,
  masterKeyId: KeyId,
  id: number,
  random: string,
): Promise<string> {
  const code = await secrets.mac(masterKeyId, PURPOSE, message(id, random));
  return `epkey_${masterKeyId}_${id}_${random}_${code.toHex()}`;
}

/** @returns undefined if this deployment has not made the key, or MASTER_SECRET no longer has its entry */
export async function readKey(secrets: Secrets, text: string): Promise<ReadKey | undefined> {
  const [, masterKeyId = "", digits = "", random = "", code = ""] = FORMAT.exec(text) ?? [];
  const id = Number(digits);
  if (!(await secrets.verify(masterKeyId, PURPOSE, message(id, random), Uint8Array.fromHex(code))))
    return undefined;
  return { id, hash: await hashOfRandom(random) };
}

function message(id: number, random: string): string {
  return JSON.stringify([id, random]);
}
