/** The callbacks of the stand-in Google: a reader that follows Google's description accepts them, and each flaw is found. */
import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { closeHttp, listen } from "../../apple/listen.ts";
import type { CallbackEvent, SignedCallback } from "./callbacks.ts";
import { clientOf, examples } from "./client.ts";
import { googleControl } from "./control.ts";
import { startGoogle } from "./server.ts";

const google = await startGoogle();
afterAll(() => google.close());
const control = googleControl(google.origin);
const event: CallbackEvent = { eventType: "save", classId: "3388.ä-class", objectId: "3388.object" };

/** Each text after its length in bytes, as four bytes from the lowest on. */
function lengthAndText(...texts: string[]): Uint8Array {
  const bytes = texts.flatMap((text) => {
    const encoded = [...new TextEncoder().encode(text)];
    return [encoded.length & 255, encoded.length >> 8, 0, 0, ...encoded];
  });
  return Uint8Array.from(bytes);
}

function isSigned(keyValue: string, signature: string, bytes: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.from(keyValue, "base64"), format: "der", type: "spki" });
  return verify("sha256", bytes, key, Buffer.from(signature, "base64"));
}

async function faultOf(callback: SignedCallback, issuerId: string): Promise<string | undefined> {
  const response = await fetch(`${google.origin}/gp/m/issuer/keys`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  const roots = keys.filter(
    ({ protocolVersion, keyExpiration }) =>
      protocolVersion === "ECv2SigningOnly" && Number(keyExpiration) > Date.now(),
  );
  const { signedKey, signatures } = callback.intermediateSigningKey;
  const keyBytes = lengthAndText("GooglePayPasses", "ECv2SigningOnly", signedKey);
  const isTrusted = roots.some(({ keyValue = "" }) =>
    signatures.some((signature) => isSigned(keyValue, signature, keyBytes)),
  );
  if (!isTrusted) return "intermediate key";
  const { keyValue, keyExpiration } = JSON.parse(signedKey);
  if (Number(keyExpiration) < Date.now()) return "expiry";
  const { signature, signedMessage } = callback;
  const bytes = lengthAndText("GooglePayPasses", issuerId, "ECv2SigningOnly", signedMessage);
  return isSigned(keyValue, signature, bytes) ? undefined : "signature";
}

test("a callback is signed by the intermediate key, and that by a root key that is published", async () => {
  const callback = await control.signCallback(event);
  expect(await faultOf(callback, "3388")).toBeUndefined();
  expect(await faultOf(callback, "3389")).toBe("signature");
  const message = JSON.parse(callback.signedMessage);
  expect(message).toMatchObject({ ...event, count: 1 });
  expect(message.expTimeMillis).toBeGreaterThan(Date.now());
  expect(message.nonce).not.toBe(JSON.parse((await control.signCallback(event)).signedMessage).nonce);
});

test("each flaw that a test can ask for is one", async () => {
  const flaws = ["stranger", "intermediate-expired", "signature", "other-issuer"] as const;
  const found = await Promise.all(
    flaws.map(async (flaw) => faultOf(await control.signCallback({ ...event, flaw }), "3388")),
  );
  expect(found).toEqual(["intermediate key", "expiry", "signature", "signature"]);
});

test("with an address for callbacks, a save and a removal are sent there, and an address that does not answer stops nothing", async () => {
  const heard: SignedCallback[] = [];
  const server = createServer(async (request, response) => {
    heard.push((await json(request)) as SignedCallback);
    response.writeHead(503).end();
  });
  const callbackUrl = `http://127.0.0.1:${await listen(server, 0)}/`;
  const sending = await startGoogle({ callbackUrl });
  const { issuerId, key } = await googleControl(sending.origin).makeIssuer();
  const { text: _, ...example } = examples(issuerId);
  const client = clientOf(sending.origin, key);
  const [owner, object] = [example.class("loyalty"), example.object("loyalty")];
  const jwt = await client.link({ loyaltyClasses: [owner], loyaltyObjects: [object] });
  expect((await client.open(jwt)).status).toBe(200);
  await googleControl(sending.origin).remove(object.id);
  await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(2);
  await closeHttp(server);
  expect((await client.open(jwt)).status).toBe(200);
  await sending.close();
  const said = heard.map(({ signedMessage }) => JSON.parse(signedMessage));
  expect(said.map(({ eventType, objectId }) => [eventType, objectId]).toSorted()).toEqual([
    ["del", object.id],
    ["save", object.id],
  ]);
});
