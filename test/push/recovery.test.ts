/**
 * What the operator gets over: an APNs key that lost its MASTER_SECRET entry, and dead letters that pile up.
 */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { deadLetters } from "../../src/db/schema.ts";
import { countRecentDeadLetters, keepDeadLetter, sweepDeadLetters } from "../../src/push/dead-letters.ts";
import { counted } from "../counting.ts";
import { admin, apple, call, randomPushToken } from "../harness.ts";
import { consume, pushJob } from "./consume.ts";

const MINUTE_MS = 60_000;

test("an APNs key that no longer opens is replaced by sending the same .p8 again, and pushes go on", async () => {
  const passTypeIdentifier = "pass.test.recovery";
  const teamIdentifier = "TEAM00LOST";
  await admin.makePassType(passTypeIdentifier, teamIdentifier, "P-256");
  const key = await apple.makeKey({ keyId: "LOSTKEY123", teamIdentifier });
  expect((await call("POST", "/apns-keys", key)).status).toBe(201);
  await consume([pushJob(passTypeIdentifier, [randomPushToken()])]);
  for (const statement of [
    "UPDATE apns_keys SET private_key = replace(private_key, '1.', '9.') WHERE key_id = 'LOSTKEY123'",
    "UPDATE provider_tokens SET token = replace(token, '1.', '9.') WHERE key_id = 'LOSTKEY123'",
  ]) {
    await env.DB.prepare(statement).run();
  }
  expect((await call("POST", "/apns-keys", key)).status).toBe(201);
  const token = randomPushToken();
  await consume([pushJob(passTypeIdentifier, [token])]);
  // APNs throttles a second token within 20 minutes: it was asked with one that is signed rightly.
  expect(await apple.history(token)).toMatchObject([{ reason: "TooManyProviderTokenUpdates" }]);
});

test("dead letters are counted and removed along the index of their times, however many lie there", async () => {
  const counters = counted(env);
  const db = openDatabase(counters.env.DB);
  const now = Date.now();
  await countRecentDeadLetters(db, now);
  await sweepDeadLetters(db, now);
  for (const { sql, values } of counters.asked) {
    const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
    const steps = (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
    expect(steps).toEqual([
      expect.stringMatching(/^SEARCH dead_letters USING .*INDEX dead_letters_received_at/),
    ]);
  }
  expect(counters.asked).toHaveLength(2);
});

test("dead letters older than a month go, and health speaks of those of the last week", async () => {
  const DAY_MS = 24 * 60 * MINUTE_MS;
  const db = openDatabase(env.DB);
  await db.delete(deadLetters);
  const now = Date.now();
  for (const days of [0, 8, 31])
    await keepDeadLetter(db, `${days}`, { kind: "change", changeId: days }, now - days * DAY_MS);
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
