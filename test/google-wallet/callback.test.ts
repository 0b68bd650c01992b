/**
 * Verifying Google's callbacks: what the stand-in's signer signs is accepted, and what is forged, expired or malformed in any part is
 * not.
 */
import { expect, test } from "vitest";
import {
  type CallbackFault,
  readRootKeys,
  type SignedCallback,
  verifyCallback,
} from "../../src/google-wallet/callback.ts";
import { type CallbackEvent, createCallbackSigner } from "../google/stand-in/callbacks.ts";

const NOW = Date.UTC(2026, 10, 29);
const DAY_MS = 86_400_000;
const signer = createCallbackSigner();
const roots = readRootKeys(signer.rootKeys(NOW), NOW) ?? [];
const event: CallbackEvent = { eventType: "save", classId: "3388.t1-generic", objectId: "3388.p1-generic" };
const signed = (more: Partial<CallbackEvent> = {}, now = NOW) => signer.sign({ ...event, ...more }, now);

async function faultOf(callback: SignedCallback, keys = roots, now = NOW): Promise<CallbackFault | "none"> {
  const verified = await verifyCallback(callback, keys, now);
  return verified.ok ? "none" : verified.fault;
}

test("what Google's keys have signed is accepted, also with letters beyond ASCII", async () => {
  const given = { ...event, classId: "3388.größe-😀", objectId: "3388.é", nonce: "n\n1" };
  const verified = await verifyCallback(signed(given), roots, NOW);
  expect(verified).toEqual({
    ok: true,
    message: {
      issuerId: "3388",
      classId: given.classId,
      objectId: given.objectId,
      eventType: "save",
      expiresAt: NOW + 3_600_000,
      nonce: "n\n1",
    },
  });
});

test("of the published keys, only those of this protocol that have not expired are used", () => {
  expect(signer.rootKeys(NOW).keys).toHaveLength(3);
  expect(roots).toHaveLength(1);
  expect(readRootKeys({ keys: [{}, null, { protocolVersion: "ECv2SigningOnly" }] }, NOW)).toEqual([]);
  expect(readRootKeys({}, NOW)).toBeUndefined();
  expect(readRootKeys(signer.rootKeys(NOW), NOW + 31 * DAY_MS)).toEqual([]);
});

test("each step refuses its own fault", async () => {
  const faults: [CallbackFault, Partial<CallbackEvent>][] = [
    ["intermediate_not_signed", { flaw: "stranger" }],
    ["intermediate_expired", { flaw: "intermediate-expired" }],
    ["message_malformed", { classId: "without-an-issuer" }],
    ["message_malformed", { nonce: "" }],
    ["message_not_signed", { flaw: "signature" }],
    ["message_not_signed", { flaw: "other-issuer" }],
    ["message_expired", { expTimeMillis: NOW }],
    ["other_issuer", { objectId: "33880.p1-generic" }],
  ];
  for (const [fault, more] of faults) expect([more, await faultOf(signed(more))]).toEqual([more, fault]);
});

test("only what Google has signed counts as Google's, also if it is refused", async () => {
  const isSigned = async (more: Partial<CallbackEvent>) => {
    const verified = await verifyCallback(signed(more), roots, NOW);
    return !verified.ok && verified.isSigned;
  };
  expect(await isSigned({ expTimeMillis: NOW - 1 })).toBe(true);
  expect(await isSigned({ objectId: "1.p1-generic" })).toBe(true);
  expect(await isSigned({ flaw: "signature", expTimeMillis: NOW - 1 })).toBe(false);
});

test("without root keys, with those of others, and with one that has expired since, nothing is accepted", async () => {
  const others = readRootKeys(createCallbackSigner().rootKeys(NOW), NOW) ?? [];
  expect(await faultOf(signed(), [])).toBe("intermediate_not_signed");
  expect(await faultOf(signed(), others)).toBe("intermediate_not_signed");
  expect(await faultOf(signed(), [...others, ...roots])).toBe("none");
  const later = NOW + 31 * DAY_MS;
  expect(await faultOf(signed({}, later), roots, later)).toBe("intermediate_not_signed");
});

test("a callback of which any part was changed is not accepted", async () => {
  const callback = signed();
  const { intermediateSigningKey: key, signature, signedMessage } = callback;
  const [keySignature = ""] = key.signatures;
  const withKey = (part: Partial<typeof key>) => ({
    ...callback,
    intermediateSigningKey: { ...key, ...part },
  });
  const ownKey = createCallbackSigner().sign(event, NOW).intermediateSigningKey.signedKey;
  const changed: [string, SignedCallback][] = [
    ["a space in the message", { ...callback, signedMessage: `${signedMessage} ` }],
    ["another event", { ...callback, signedMessage: signedMessage.replace('"save"', '"del"') }],
    ["another message", { ...callback, signedMessage: signed().signedMessage }],
    ["another signature", { ...callback, signature: signed().signature }],
    ["another key", withKey({ signedKey: ownKey })],
    ["a space in the key", withKey({ signedKey: ` ${key.signedKey}` })],
    ["no signature of the key", withKey({ signatures: [] })],
    ["the signature of the message for that of the key", withKey({ signatures: [signature] })],
    ["too many signatures", withKey({ signatures: Array.from({ length: 6 }, () => keySignature) })],
  ];
  for (const [what, one] of changed) expect([what, await faultOf(one)]).not.toEqual([what, "none"]);
  // One of several is enough: Google may sign with an old and a new root key.
  const two = withKey({ signatures: [signature, keySignature] });
  expect(await faultOf(two)).toBe("none");
});

test("a signature in another form of base64 or DER is not accepted", async () => {
  const callback = signed();
  const der = Uint8Array.fromBase64(callback.signature);
  const [r, s] = numbersOf(der);
  const forms: [string, string][] = [
    ["a line break", `${callback.signature.slice(0, 20)}\n${callback.signature.slice(20)}`],
    [
      "the alphabet for URLs",
      callback.signature.replaceAll("+", "-").replaceAll("/", "_").replace(/^M/, "M-"),
    ],
    ["more padding", `${callback.signature}=`],
    ["nothing", ""],
    ["a very long text", "A".repeat(100_000)],
    ["bytes behind the end", Uint8Array.of(...der, 0).toBase64()],
    ["r and s without DER", Uint8Array.of(...r, ...s).toBase64()],
    ["a negative number", sequence(integer([0x80, ...r.slice(1)]), integer(s))],
    ["a needless zero", sequence(integer([0, 0, ...r]), integer(s))],
    ["a long form of the length", Uint8Array.of(0x30, 0x81, ...der.subarray(1)).toBase64()],
    ["one number", sequence(integer(r))],
    ["three numbers", sequence(integer(r), integer(s), integer(s))],
    ["an empty number", sequence(integer([]), integer(s))],
    ["a number that is too long", sequence(integer([1, ...r, ...r]), integer(s))],
    ["an octet string", sequence([4, ...integer(r).slice(1)], integer(s))],
  ];
  for (const [what, signature] of forms)
    expect([what, await faultOf({ ...callback, signature })]).toEqual([what, "message_not_signed"]);
  expect(await faultOf(callback)).toBe("none");
});

test("signatures whose numbers are short, or need the byte of the sign, are accepted", async () => {
  const lengths = new Set<number>();
  for (let at = 0; at < 200; at++) {
    const callback = signed();
    lengths.add(Uint8Array.fromBase64(callback.signature).length);
    expect(await faultOf(callback)).toBe("none");
  }
  expect(lengths.size).toBeGreaterThan(2);
});

test("a message that Google has signed and that is not as described is malformed", async () => {
  const message = { ...event, expTimeMillis: NOW + 1000, nonce: "1" };
  const texts = [
    "",
    "null",
    "[]",
    "{",
    JSON.stringify({ ...message, eventType: "saved" }),
    JSON.stringify({ ...message, expTimeMillis: 1.5e300 }),
    JSON.stringify({ ...message, expTimeMillis: "soon" }),
    JSON.stringify({ ...message, nonce: 1 }),
    JSON.stringify({ ...message, nonce: "n".repeat(501) }),
    JSON.stringify({ ...message, classId: ".t1" }),
    // JSON.stringify would write half a pair of surrogates as an escape.
    JSON.stringify(message).replace('"nonce":"1"', '"nonce":"\ud800"'),
    `${JSON.stringify(message).slice(0, -1)},"deep":[[[[[]]]]]}`,
  ];
  for (const signedMessage of texts)
    expect([signedMessage, await faultOf({ ...signed(), signedMessage })]).toEqual([
      signedMessage,
      "message_malformed",
    ]);
  const asText = JSON.stringify({ ...message, expTimeMillis: String(NOW + 1000), more: {} });
  expect(await faultOf({ ...signed(), signedMessage: asText })).toBe("message_not_signed");
});

/** The two numbers of a signature in DER, each with 32 bytes. */
function numbersOf(der: Uint8Array): [number[], number[]] {
  const length = der[3] ?? 0;
  const numbers = [der.slice(4, 4 + length), der.slice(6 + length)];
  const [r = [], s = []] = numbers.map((bytes) =>
    [...Array.from({ length: 32 }, () => 0), ...bytes].slice(-32),
  );
  return [r, s];
}

function integer(bytes: readonly number[]): number[] {
  return [2, bytes.length, ...bytes];
}

function sequence(...parts: readonly (readonly number[])[]): string {
  const bytes = parts.flat();
  return Uint8Array.of(0x30, bytes.length, ...bytes).toBase64();
}
