/**
 * Verifies a callback of Google: somebody has saved a pass, or removed it. Pure: no I/O, no clock.
 *
 * Anyone can send one, so it is believed only if one of Google's root keys has signed the intermediate key, and that one the
 * message, for the issuer whose pass it is about. The texts are verified as they were received.
 * Follows https://developers.google.com/wallet/generic/use-cases/use-callbacks-for-saves-and-deletions (ECv2SigningOnly).
 */
import { isObject, type JsonObject, measureJson, parseRounded } from "../json.ts";
import { hasSigned } from "./callback-signature.ts";

const SENDER = "GooglePayPasses";
export const CALLBACK_PROTOCOL = "ECv2SigningOnly";
/** Google has signed with one key. Each signature is verified with each root key. */
export const MAX_SIGNATURES = 5;
const MAX_VALUES = 100;
const MAX_NONCE = 500;
/** The issuer's id, a point, and what the issuer has chosen. */
const RESOURCE_ID = /^(\d{1,20})\../s;
const WHOLE_NUMBER = /^\d{1,15}$/;

/** The body of a callback. `signedKey` and `signedMessage` are JSON in texts. */
export interface SignedCallback {
  readonly signature: string;
  readonly protocolVersion: string;
  readonly intermediateSigningKey: { readonly signedKey: string; readonly signatures: readonly string[] };
  readonly signedMessage: string;
}

/** A key that Google publishes. */
export interface RootKey {
  readonly keyValue: string;
  /** Milliseconds. */
  readonly expiresAt: number;
}

export interface CallbackMessage {
  readonly issuerId: string;
  readonly classId: string;
  readonly objectId: string;
  readonly eventType: "save" | "del";
  /** When the callback ends, in milliseconds. Google does not say when the event was. */
  readonly expiresAt: number;
  readonly nonce: string;
}

export const CALLBACK_FAULTS = {
  intermediate_not_signed: "None of Google's root keys has signed the intermediate key.",
  intermediate_expired: "The intermediate key has expired.",
  message_malformed:
    'signedMessage must be JSON with classId, objectId, eventType ("save" or "del"), expTimeMillis and nonce.',
  message_not_signed: "The intermediate key has not signed this message for this issuer.",
  message_expired: "The callback has expired.",
  other_issuer: "The class and the object are of different issuers.",
} as const;
export type CallbackFault = keyof typeof CALLBACK_FAULTS;

export type VerifiedCallback =
  | { readonly ok: true; readonly message: CallbackMessage }
  | {
      readonly ok: false;
      readonly fault: CallbackFault;
      /** Whether Google has signed it: then it is not from a stranger. */
      readonly isSigned: boolean;
    };

/**
 * The checks are in Google's order. Whether the issuer is one of this service, and the nonce is new, only the database knows
 * (installs.ts).
 */
export async function verifyCallback(
  callback: SignedCallback,
  roots: readonly RootKey[],
  now: number,
): Promise<VerifiedCallback> {
  const { signedKey, signatures } = callback.intermediateSigningKey;
  const usable = roots.filter(({ expiresAt }) => expiresAt > now);
  if (!(await isSignedByAny(usable, signatures, [SENDER, CALLBACK_PROTOCOL, signedKey])))
    return refused("intermediate_not_signed");
  const intermediate = readKey(readMembers(signedKey));
  if (intermediate === undefined || intermediate.expiresAt <= now) return refused("intermediate_expired");
  const { signature, signedMessage } = callback;
  const message = readMessage(readMembers(signedMessage));
  if (message === undefined) return refused("message_malformed");
  const texts = [SENDER, message.issuerId, CALLBACK_PROTOCOL, signedMessage];
  if (!(await hasSigned(intermediate.keyValue, signature, texts))) return refused("message_not_signed");
  if (message.expiresAt <= now) return refused("message_expired", true);
  if (!message.objectId.startsWith(`${message.issuerId}.`)) return refused("other_issuer", true);
  return { ok: true, message };
}

function refused(fault: CallbackFault, isSigned = false): VerifiedCallback {
  return { ok: false, fault, isSigned };
}

async function isSignedByAny(
  roots: readonly RootKey[],
  signatures: readonly string[],
  texts: readonly string[],
): Promise<boolean> {
  if (signatures.length > MAX_SIGNATURES) return false;
  for (const { keyValue } of roots)
    for (const signature of signatures) if (await hasSigned(keyValue, signature, texts)) return true;
  return false;
}

/** The keys that Google publishes for this protocol, without those that have expired. Undefined if it is another answer. */
export function readRootKeys(answer: unknown, now: number): readonly RootKey[] | undefined {
  const listed = isObject(answer) ? answer.keys : undefined;
  if (!Array.isArray(listed)) return undefined;
  return listed.slice(0, MAX_VALUES).flatMap((item) => {
    if (!isObject(item) || item.protocolVersion !== CALLBACK_PROTOCOL) return [];
    const key = readKey(item);
    return key === undefined || key.expiresAt <= now ? [] : [key];
  });
}

function readKey(members: JsonObject | undefined): RootKey | undefined {
  const expiresAt = readNumber(members?.keyExpiration);
  const keyValue = members?.keyValue;
  return typeof keyValue !== "string" || expiresAt === undefined ? undefined : { keyValue, expiresAt };
}

function readMessage(members: JsonObject | undefined): CallbackMessage | undefined {
  const { classId, objectId, eventType, expTimeMillis, nonce } = members ?? {};
  const expiresAt = readNumber(expTimeMillis);
  if (typeof classId !== "string" || typeof objectId !== "string" || typeof nonce !== "string")
    return undefined;
  const issuerId = RESOURCE_ID.exec(classId)?.[1];
  if (issuerId === undefined || expiresAt === undefined) return undefined;
  if (nonce === "" || nonce.length > MAX_NONCE) return undefined;
  if (eventType !== "save" && eventType !== "del") return undefined;
  return { issuerId, classId, objectId, eventType, expiresAt, nonce };
}

/**
 * The members of a JSON text. A text with half a surrogate pair is refused: UTF-8 cannot have it, so what is signed would be another
 * text than what is read.
 */
function readMembers(text: string): JsonObject | undefined {
  const size = measureJson(new TextEncoder().encode(text), { values: MAX_VALUES, depth: 4 });
  if (!text.isWellFormed() || size.values > MAX_VALUES || size.depth > 4) return undefined;
  try {
    const json = parseRounded(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds: Google writes some as a number, and some as a text. */
function readNumber(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && WHOLE_NUMBER.test(text) ? Number(text) : undefined;
}
