/**
 * Recovery from mistakes: an APNs key that is wrong or lost its MASTER_SECRET entry, a wrong setting, a version that is
 * older than its queue, and many dead letters.
 */
import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { decodeProtectedHeader } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { apnsKeys, deadLetters, providerTokens } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { countRecentDeadLetters, storeDeadLetter, sweepDeadLetters } from "../../src/push/dead-letters.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { explain } from "../cost.ts";
import { counted } from "../counting.ts";
import { admin, apple, call, randomPushToken } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import { DELIVERED, watchLog } from "./timeline.ts";

const MINUTE_MS = 60_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a wrong key is corrected by sending the right one again, which is then used with its own provider token", async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  const teamIdentifier = "TEAMWRONG1";
  const passTypeIdentifier = "pass.test.recovery.wrong";
  await admin.makePassType(passTypeIdentifier, teamIdentifier, "P-256");
  const [good, bad] = [
    await apple.makeKey({ keyId: "GOODKEY001", teamIdentifier }),
    await apple.makeKey({ keyId: "WRONGKEY01", teamIdentifier }),
  ];
  const asked: { kid: unknown; authorization: string }[] = [];
  for (const [hour, key] of [good, bad, good].entries()) {
    vi.setSystemTime(start + hour * 60 * MINUTE_MS);
    expect((await call("POST", "/apns-keys", key)).status).toBe(201);
    await consume([pushJob(passTypeIdentifier, [randomPushToken()])], {
      fetch: async (_url, init) => {
        const authorization = new Headers(init.headers).get("authorization") ?? "";
        asked.push({ kid: decodeProtectedHeader(authorization.replace("bearer ", "")).kid, authorization });
        return DELIVERED();
      },
    });
  }
  expect(asked.map(({ kid }) => kid)).toEqual(["GOODKEY001", "WRONGKEY01", "GOODKEY001"]);
  expect(asked[2]?.authorization).not.toBe(asked[0]?.authorization);
  const { body } = await call<{ items: { keyId: string }[] }>("GET", "/apns-keys");
  expect(body.items[0]?.keyId).toBe("GOODKEY001");
});

test("while a setting is wrong, a batch is retried an hour later, ten times, and the log names the setting", async () => {
  const log = watchLog();
  const batch = createMessageBatch<PushMessage>("edgepass-push", [
    { id: "1", timestamp: new Date(), attempts: 1, body: pushJob("pass.x", ["aa"]) },
  ]);
  const retryAll = vi.spyOn(batch, "retryAll");
  await worker.queue(batch, { ...env, TOKENS_PER_MESSAGE: "wrong-0815" });
  expect(retryAll.mock.calls).toEqual([[{ delaySeconds: 3600 }]]);
  expect(await getQueueResult(batch, createExecutionContext())).toMatchObject({ ackAll: false });
  expect(log()).toEqual([expect.objectContaining({ code: "not_configured" })]);
  expect(JSON.stringify(log())).toContain("TOKENS_PER_MESSAGE");
  expect(JSON.stringify(log())).not.toContain("0815");
});

test("a message of an unknown kind is retried, and does not delay the others", async () => {
  const log = watchLog();
  await admin.makeApnsKey();
  await admin.makePassType("pass.test.recovery.kind", undefined, "P-256");
  const unknown = JSON.parse('{"kind":"of tomorrow"}');
  const known = pushJob("pass.test.recovery.kind", [randomPushToken()]);
  const { acked, retried } = await consume([unknown, known], { fetch: async () => DELIVERED() });
  expect([acked, retried]).toEqual([[1], [0]]);
  expect(log()).toEqual([expect.objectContaining({ event: "queue_message_failed", kind: "of tomorrow" })]);
});

test("an APNs key that can no longer be opened is replaced by sending the same .p8 again, and pushes continue", async () => {
  const passTypeIdentifier = "pass.test.recovery";
  const teamIdentifier = "TEAM00LOST";
  await admin.makePassType(passTypeIdentifier, teamIdentifier, "P-256");
  const key = await apple.makeKey({ keyId: "LOSTKEY123", teamIdentifier });
  expect((await call("POST", "/apns-keys", key)).status).toBe(201);
  await consume([pushJob(passTypeIdentifier, [randomPushToken()])]);
  // Both are sealed with an entry of MASTER_SECRET that is lost.
  const { keyId } = key;
  const lost = <Text extends string>(text: Text) => text.replace("1.", "9.") as Text;
  const { privateKey } = await rowOf(apnsKeys, { keyId });
  const { token: sealedToken } = await rowOf(providerTokens, { keyId });
  await setRows(apnsKeys, { keyId }, { privateKey: lost(privateKey) });
  await setRows(providerTokens, { keyId }, { token: lost(sealedToken) });
  expect((await call("POST", "/apns-keys", key)).status).toBe(201);
  const token = randomPushToken();
  await consume([pushJob(passTypeIdentifier, [token])]);
  // APNs throttles a second token within 20 minutes: the correctly signed one is used.
  expect(await apple.history(token)).toMatchObject([{ reason: "TooManyProviderTokenUpdates" }]);
});

test("dead letters are counted and removed by the index of their times, however many there are", async () => {
  const counters = counted(env);
  const db = openDatabase(counters.env.DB);
  const now = Date.now();
  await countRecentDeadLetters(db, now);
  await sweepDeadLetters(db, now);
  for (const asked of counters.asked) {
    expect((await explain([asked])).map(({ step }) => step)).toEqual([
      expect.stringMatching(/^SEARCH dead_letters USING .*INDEX dead_letters_received_at/),
    ]);
  }
  expect(counters.asked).toHaveLength(2);
});

test("dead letters older than a month are removed, and health reports those of the last week", async () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;
  const db = openDatabase(env.DB);
  await db.delete(deadLetters);
  const now = Date.now();
  for (const days of [0, 8, 31])
    await storeDeadLetter(db, `${days}`, { kind: "change", changeId: days }, now - days * DAY_MS);
  expect(await countRecentDeadLetters(db, now)).toBe(1);
  await sweepDeadLetters(db, now);
  const { body } = await call<{ items: { message: { changeId: number } }[]; nextCursor: string | null }>(
    "GET",
    "/dead-letters?limit=1",
  );
  expect([body.items.map(({ message }) => message.changeId), body.nextCursor]).toEqual([
    [8],
    expect.any(String),
  ]);
  const second = await call<typeof body>("GET", `/dead-letters?limit=1&cursor=${body.nextCursor}`);
  expect([second.body.items.map(({ message }) => message.changeId), second.body.nextCursor]).toEqual([
    [0],
    null,
  ]);
});
