/**
 * WebCrypto that announces every call first, so that a scheduler can stop the task there. The most frequent operations
 * are computed on this thread. Node's own WebCrypto does the others, and the scheduler waits for it before it
 * continues. Random values come from the seed.
 *
 * An ECDSA signature contains random numbers. Here the same key and bytes give the same signature, so that signing
 * twice gives the same result within a process. Follows W3C's "Web Cryptography Level 2".
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  KeyObject,
  sign,
  timingSafeEqual,
  verify,
  webcrypto,
} from "node:crypto";
import type { Random } from "./random.ts";

/** Stops the task, then runs the work. */
export type Announce = <Value>(label: string, work: () => Value | Promise<Value>) => Promise<Value>;

type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;
type Named = string | { name: string; hash?: string | { name: string } };
type NodeSubtle = (typeof webcrypto)["subtle"];
type Key = webcrypto.CryptoKey;
type Imported = Parameters<KeyObject["toCryptoKey"]>;

const NATIVE = [
  "decrypt",
  "deriveBits",
  "encrypt",
  "exportKey",
  "generateKey",
] as const satisfies (keyof NodeSubtle)[];

const keys = new WeakMap<object, { object: KeyObject; name: string }>();
const signatures = new Map<string, ArrayBuffer>();
const KEPT_SIGNATURES = 20_000;

/** The replacement for `crypto`. */
export function createCrypto(random: Random, announce: Announce) {
  const { subtle } = webcrypto;
  const native = Object.fromEntries(
    NATIVE.map((name) => {
      const method = subtle[name] as (...values: unknown[]) => Promise<unknown>;
      return [name, (...values: unknown[]) => announce(`crypto ${name}`, () => method.apply(subtle, values))];
    }),
  );
  return {
    getRandomValues: <View extends ArrayBufferView>(view: View) => random.fill(view),
    randomUUID: () => random.uuid(),
    subtle: {
      ...native,
      digest: (algorithm: Named, data: Bytes) =>
        announce("crypto digest", () => buffer(createHash(hashName(algorithm)).update(bytes(data)).digest())),
      importKey: (format: string, data: Bytes, ...how: Imported) =>
        announce("crypto importKey", () => imported(subtle, format, data, how)),
      deriveKey: (from: HkdfParams, base: Key, to: { name: string; length: number }, ...how: unknown[]) =>
        announce("crypto deriveKey", () => {
          const { object } = opened(base);
          const secret = hkdfSync(hashName(from), object, bytes(from.salt), bytes(from.info), to.length / 8);
          return kept(createSecretKey(new Uint8Array(secret)), [to, ...how] as unknown as Imported);
        }),
      sign: (algorithm: Named, key: Key, data: Bytes) =>
        announce("crypto sign", () => signed(subtle, algorithm, key, bytes(data))),
      verify: (algorithm: Named, key: Key, signature: Bytes, data: Bytes) =>
        announce("crypto verify", () => verified(algorithm, key, bytes(signature), bytes(data))),
      timingSafeEqual: (a: Bytes, b: Bytes) => timingSafeEqual(bytes(a), bytes(b)),
    },
  };
}

interface HkdfParams {
  readonly name: string;
  readonly hash: string;
  readonly salt: Bytes;
  readonly info: Bytes;
}

function imported(subtle: NodeSubtle, format: string, data: Bytes, how: Imported): Key | Promise<Key> {
  switch (format) {
    case "raw":
      return kept(createSecretKey(bytes(data)), how);
    case "pkcs8":
      return kept(createPrivateKey({ key: Buffer.from(bytes(data)), format: "der", type: "pkcs8" }), how);
    case "spki":
      return kept(createPublicKey({ key: Buffer.from(bytes(data)), format: "der", type: "spki" }), how);
    default:
      return subtle.importKey(format as "jwk", data as never, ...how);
  }
}

function kept(object: KeyObject, how: Imported): Key {
  const key = object.toCryptoKey(...how);
  keys.set(key, { object, name: nameOf(object) });
  return key;
}

function signed(
  subtle: NodeSubtle,
  algorithm: Named,
  key: Key,
  data: Uint8Array<ArrayBuffer>,
): ArrayBuffer | Promise<ArrayBuffer> {
  switch (key.algorithm.name) {
    case "HMAC":
      return buffer(hmac(key, data));
    case "ECDSA": {
      const { object, name } = opened(key);
      const place = `${name} ${Buffer.from(data).toString("base64")}`;
      const known = signatures.get(place);
      if (known !== undefined) return known.slice(0);
      if (signatures.size >= KEPT_SIGNATURES) signatures.clear();
      // With the length in DER that src/ accepts, which would ask again and get the same signature.
      let made: ArrayBuffer;
      do made = buffer(sign(hashName(algorithm), data, { key: object, dsaEncoding: "ieee-p1363" }));
      while (derBytes(made, 0) + derBytes(made, made.byteLength / 2) !== 65);
      signatures.set(place, made);
      return made.slice(0);
    }
    default:
      return subtle.sign(algorithm, key, data);
  }
}

/** How many bytes of DER the 32 bytes at this offset take as a number, without leading zeros. */
function derBytes(signature: ArrayBuffer, at: number): number {
  const [first = 0] = new Uint8Array(signature, at, 1);
  return first === 0 ? 0 : first < 0x80 ? 32 : 33;
}

function verified(
  algorithm: Named,
  key: Key,
  signature: Uint8Array<ArrayBuffer>,
  data: Uint8Array<ArrayBuffer>,
): boolean {
  const { hash = algorithm } = key.algorithm as { hash?: Named };
  switch (key.algorithm.name) {
    case "HMAC": {
      const code = hmac(key, data);
      return code.length === signature.length && timingSafeEqual(code, signature);
    }
    case "ECDSA":
      return verify(
        hashName(algorithm),
        data,
        { key: opened(key).object, dsaEncoding: "ieee-p1363" },
        signature,
      );
    default:
      return verify(hashName(hash), data, opened(key).object, signature);
  }
}

function hmac(key: Key, data: Uint8Array): Buffer {
  const { hash = "SHA-256" } = key.algorithm as { hash?: Named };
  return createHmac(hashName(hash), opened(key).object).update(data).digest();
}

function opened(key: Key): { object: KeyObject; name: string } {
  let known = keys.get(key);
  if (known === undefined) {
    const object = KeyObject.from(key);
    known = { object, name: nameOf(object) };
    keys.set(key, known);
  }
  return known;
}

/** Each isolate imports the same key again, so the name is derived from its content. */
function nameOf(object: KeyObject): string {
  return object.type === "private" ? (object.export({ format: "jwk" }).d ?? "") : "";
}

/** `{ name: "ECDSA", hash: "SHA-256" }` and "SHA-256", both with OpenSSL's name. */
function hashName(algorithm: Named): string {
  const hash = typeof algorithm === "string" ? algorithm : (algorithm.hash ?? algorithm.name);
  return (typeof hash === "string" ? hash : hash.name).replace("-", "").toLowerCase();
}

function bytes(data: Bytes): Uint8Array<ArrayBuffer> {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function buffer(data: Buffer): ArrayBuffer {
  return new Uint8Array(data).buffer;
}
