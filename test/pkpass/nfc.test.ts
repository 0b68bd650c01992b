/**
 * The NFC payload: the length of the message, and the public key of the reader.
 *
 * Follows Apple's "Pass.NFC", RFC 5280 §4.1.2.7 and RFC 5480 §2.
 */
import { expect, test } from "vitest";
import { schemaFindings } from "../../src/pkpass/lint/schema-findings.ts";
import { templatePass } from "../../src/pkpass/schema/schema.ts";
import { P256_KEY, SMALLEST } from "./every-key.ts";

const found = (more: object) =>
  schemaFindings(
    { ...SMALLEST, nfc: { message: "1", encryptionPublicKey: P256_KEY, ...more } },
    templatePass,
  );

test("the message is limited to 64 bytes in UTF-8, not to a number of characters", () => {
  expect(found({ message: "x".repeat(64) })).toEqual([]);
  const refused = [{ code: "invalid_value", pointer: "/pass/nfc/message" }];
  expect(found({ message: "x".repeat(65) })).toMatchObject(refused);
  expect(found({ message: "é".repeat(33) })).toMatchObject(refused);
  expect(found({ message: "🎟".repeat(17) })).toMatchObject(refused);
});

const spkiOf = async (namedCurve: string) => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve }, true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new Error("not a pair");
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  if (!(spki instanceof ArrayBuffer)) throw new Error("not DER");
  return new Uint8Array(spki);
};
const compressed = (spki: Uint8Array) =>
  Uint8Array.of(
    ...Uint8Array.fromHex("3039301306072a8648ce3d020106082a8648ce3d030107032200"),
    2 + ((spki.at(-1) ?? 0) % 2),
    ...spki.slice(27, 59),
  );

test("any P-256 key is accepted, with a compressed or uncompressed point", async () => {
  for (let n = 0; n < 8; n++) {
    const spki = await spkiOf("P-256");
    expect(found({ encryptionPublicKey: spki.toBase64() })).toEqual([]);
    expect(found({ encryptionPublicKey: compressed(spki).toBase64() })).toEqual([]);
  }
});

test("every other key is rejected with a message about the expected one", async () => {
  const spki = await spkiOf("P-256");
  const others = {
    "a P-384 key": (await spkiOf("P-384")).toBase64(),
    "a key of another curve, as long": spki.with(22, 8).toBase64(),
    "a compressed point in the clothes of a whole one": spki.with(26, 2).toBase64(),
    "a key cut short": spki.slice(0, -1).toBase64(),
    "a key with more to it": Uint8Array.of(...spki, 0).toBase64(),
    "the bare point": spki.slice(26).toBase64(),
    PEM: `-----BEGIN PUBLIC KEY-----\n${spki.toBase64()}\n-----END PUBLIC KEY-----`,
    "base64url with its own letters": "-_-_",
    nothing: "",
  };
  for (const [what, encryptionPublicKey] of Object.entries(others)) {
    const [first, ...more] = found({ encryptionPublicKey });
    expect(more, what).toEqual([]);
    expect(first, what).toMatchObject({ code: "invalid_value", pointer: "/pass/nfc/encryptionPublicKey" });
    expect(first?.message, what).toMatch(/SubjectPublicKeyInfo.*P-256/);
  }
});
