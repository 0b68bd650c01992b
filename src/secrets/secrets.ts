/**
 * Functions with keys that are derived from MASTER_SECRET: encryption of columns in D1 ("sealing"), and message
 * authentication codes.
 *
 * It does no I/O. MASTER_SECRET is one secret or, during a rotation, a list `2:secret, 1:older`: the first entry seals and
 * signs, every entry opens and verifies. HKDF is RFC 5869, AES-GCM SP 800-38D.
 */
import type { Sealed, SealedColumnName } from "../db/sealed.ts";
import { ApiError } from "../errors.ts";
import { SEALED_COLUMNS, type SealedKeys } from "./sealed-columns.ts";

/** The number of an entry of MASTER_SECRET: "2" in `2:secret`, and "1" for an entry without a number. */
export type KeyId = string;

export interface Secrets {
  /** The entry that seals and signs. */
  readonly newestKeyId: KeyId;
  /** All entries, the newest first. */
  readonly keyIds: readonly KeyId[];
  /**
   * Encrypts a value of this column, with AES-256-GCM under a subkey of the newest entry.
   * @param key identifies the row; it is authenticated, not encrypted
   */
  seal<Name extends SealedColumnName>(
    column: Name,
    key: SealedKeys[Name],
    plain: Uint8Array,
  ): Promise<Sealed<Name>>;
  /**
   * Decrypts it.
   * @throws ApiError not_configured if MASTER_SECRET no longer has its entry
   * @throws Error if it was changed, or sealed for another row or column
   */
  open<Name extends SealedColumnName>(
    column: Name,
    key: SealedKeys[Name],
    sealed: Sealed<Name>,
  ): Promise<Uint8Array>;
  /** HMAC-SHA-256 under the subkey of `purpose`. @throws for an unknown key id. */
  mac(keyId: KeyId, purpose: string, message: string): Promise<Uint8Array>;
  /** Constant-time check of such a code; false for an unknown key id. */
  verify(keyId: KeyId, purpose: string, message: string, code: Uint8Array): Promise<boolean>;
}

const encoder = new TextEncoder();
const IV_BYTES = 12;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

/** @param text MASTER_SECRET @throws Error with the cure, if the text is neither a secret nor a list of secrets */
export function createSecrets(text: string): Secrets {
  const entries = parseEntries(text);
  const newest = entries[0];
  if (newest === undefined) throw new Error("contains no secret");
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
          `MASTER_SECRET has no entry with the id ${keyId}, but stored data needs it. Put the old entry after the new one: 2:new,${keyId}:old.`,
        );
      }
      key = deriveSubkey(bytes, purpose, algorithm);
      derived.set(name, key);
    }
    return key;
  }

  const sealingKey = (keyId: KeyId) => subkey(keyId, "seal", "AES-GCM");

  return {
    newestKeyId: newest.keyId,
    keyIds: entries.map((entry) => entry.keyId),

    async seal<Name extends SealedColumnName>(column: Name, key: SealedKeys[Name], plain: Uint8Array) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: "AES-GCM", iv, additionalData: additionalData(newest.keyId, column, key) };
      const box = await crypto.subtle.encrypt(algorithm, await sealingKey(newest.keyId), plain);
      const texts = [iv, new Uint8Array(box)].map((bytes) => bytes.toBase64(BASE64URL));
      return [newest.keyId, ...texts].join(".") as Sealed<Name>;
    },

    async open(column, key, sealed) {
      const [keyId = "", iv = "", box = ""] = sealed.split(".");
      const algorithm = {
        name: "AES-GCM",
        iv: Uint8Array.fromBase64(iv, BASE64URL),
        additionalData: additionalData(keyId, column, key),
      };
      const bytes = Uint8Array.fromBase64(box, BASE64URL);
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, await sealingKey(keyId), bytes));
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

function additionalData<Name extends SealedColumnName>(keyId: KeyId, column: Name, key: SealedKeys[Name]) {
  const associatedData = SEALED_COLUMNS[column].associatedData(key);
  return encoder.encode(JSON.stringify([keyId, ...associatedData]));
}

/** Compares two secrets in constant time, by their digests: these have the same length. */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const digest = (text: string) => crypto.subtle.digest("SHA-256", encoder.encode(text));
  const [first, second] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(first, second);
}

function parseEntries(text: string): { keyId: KeyId; bytes: Uint8Array }[] {
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

async function deriveSubkey(secret: Uint8Array, purpose: string, algorithm: "AES-GCM" | "HMAC") {
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
