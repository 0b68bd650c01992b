/**
 * What is derived from MASTER_SECRET: sealing of what rests in D1, and message authentication codes.
 *
 * It stores nothing and knows no table. MASTER_SECRET is one secret, or a list `2:secret, 1:older` while it
 * rotates: the first entry seals and signs, every entry opens and verifies. HKDF is RFC 5869, AES-GCM SP 800-38D.
 */
import { base64url } from "jose";
import { ApiError } from "../errors.ts";

export type KeyId = string;

export interface Secrets {
  /** The entry that new things are sealed and signed with. */
  readonly newestKeyId: KeyId;
  /** All entries, the newest first. */
  readonly keyIds: readonly KeyId[];
  /** AES-256-GCM under a subkey of the newest entry. `place` (table, row, column) is authenticated with it. */
  seal(plain: Uint8Array, place: readonly string[]): Promise<string>;
  /** @throws if `sealed` was not sealed for this place, or under an entry that is gone. */
  open(sealed: string, place: readonly string[]): Promise<Uint8Array>;
  /** HMAC-SHA-256 under the subkey of `purpose`. @throws for an unknown key id. */
  mac(keyId: KeyId, purpose: string, message: string): Promise<Uint8Array>;
  /** Constant-time check of such a code; false for an unknown key id. */
  verify(keyId: KeyId, purpose: string, message: string, code: Uint8Array): Promise<boolean>;
}

const encoder = new TextEncoder();
const IV_BYTES = 12;

/** @throws Error with the cure, if the text is not a secret or a list of them. */
export function createSecrets(text: string): Secrets {
  const entries = parse(text);
  const newest = entries[0];
  if (newest === undefined) throw new Error("holds no secret");
  const byId = new Map(entries.map((entry) => [entry.keyId, entry.bytes]));
  const derived = new Map<string, Promise<CryptoKey>>();

  function subkey(keyId: KeyId, purpose: string, algorithm: "AES-GCM" | "HMAC"): Promise<CryptoKey> {
    const name = JSON.stringify([keyId, purpose, algorithm]);
    let key = derived.get(name);
    if (key === undefined) {
      const bytes = byId.get(keyId);
      if (bytes === undefined) {
        throw new ApiError(
          "not_configured",
          `MASTER_SECRET has no entry with the id ${keyId}, and something was made with it. Put the old entry behind the new one: 2:new,${keyId}:old.`,
        );
      }
      key = derive(bytes, purpose, algorithm);
      derived.set(name, key);
    }
    return key;
  }

  return {
    newestKeyId: newest.keyId,
    keyIds: entries.map((entry) => entry.keyId),

    async seal(plain, place) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const key = await subkey(newest.keyId, "seal", "AES-GCM");
      const additionalData = encoder.encode(JSON.stringify([newest.keyId, ...place]));
      const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
      return `${newest.keyId}.${base64url.encode(iv)}.${base64url.encode(new Uint8Array(box))}`;
    },

    async open(sealed, place) {
      const [keyId = "", iv = "", box = ""] = sealed.split(".");
      const key = await subkey(keyId, "seal", "AES-GCM");
      const additionalData = encoder.encode(JSON.stringify([keyId, ...place]));
      const algorithm = { name: "AES-GCM", iv: new Uint8Array(base64url.decode(iv)), additionalData };
      return new Uint8Array(
        await crypto.subtle.decrypt(algorithm, key, new Uint8Array(base64url.decode(box))),
      );
    },

    async mac(keyId, purpose, message) {
      const key = await subkey(keyId, purpose, "HMAC");
      return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(message)));
    },

    async verify(keyId, purpose, message, code) {
      if (!byId.has(keyId)) return false;
      // subtle.verify compares in constant time.
      return crypto.subtle.verify(
        "HMAC",
        await subkey(keyId, purpose, "HMAC"),
        code,
        encoder.encode(message),
      );
    },
  };
}

/** Compares two secrets by their digests, which have one length, without telling by its time how far they agree. */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", encoder.encode(text));
  const [first, second] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

function parse(text: string): { keyId: KeyId; bytes: Uint8Array }[] {
  const entries = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, keyId = "1", secret = part] = /^([0-9]{1,6}):(.*)$/.exec(part) ?? [];
      if (secret.length < 32) throw new Error("must have at least 32 characters in each entry");
      return { keyId, bytes: encoder.encode(secret) };
    });
  if (new Set(entries.map((entry) => entry.keyId)).size !== entries.length) {
    throw new Error("has two entries with the same id: number them, the newest first (2:new,1:old)");
  }
  return entries;
}

async function derive(secret: Uint8Array, purpose: string, algorithm: "AES-GCM" | "HMAC") {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const hkdf = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: encoder.encode(`edgepass ${purpose}`),
  };
  return algorithm === "AES-GCM"
    ? crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
    : crypto.subtle.deriveKey(hkdf, base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
        "sign",
        "verify",
      ]);
}
