/**
 * A pause during a batch: it takes effect within seconds. The push control itself is tested in control.test.ts.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { setPushControl } from "../../src/push/control.ts";
import { forwarding } from "../counting.ts";
import { admin, randomPushToken, storeCard, TEAM } from "../harness.ts";
import { consume, db, pushJob } from "./consume.ts";
import { registerTokens, timeline } from "./timeline.ts";

const PASS_TYPE = "pass.test.pause";
const MINUTE_MS = 60_000;
let start: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
});

beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

test("a pause during large messages takes effect within a few seconds", async () => {
  const tokens = tokensOf(1100);
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  await registerTokens(await admin.issue(templateId), tokens);
  let pausedAt = Number.POSITIVE_INFINITY;
  let late = 0;
  let now = start;
  const line = timeline(
    start,
    async () => {
      now += 100; // the duration of a push
      if (now > pausedAt + 6000) late++;
      if (pausedAt === Number.POSITIVE_INFINITY) {
        pausedAt = now;
        await setPushControl({ db, now }, { paused: true });
      }
      return new Response(null);
    },
    (at) => Math.max(at, now),
  );
  await line.call("PATCH", `/templates/${templateId}`, { pass: { ...storeCard, logoText: "new" } });
  await line.runUntil(start + MINUTE_MS);
  expect([line.pushes.length > 0, late]).toEqual([true, 0]);
  await setPushControl({ db, now: start }, { paused: false });
  await line.drain();
  expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
});

test("if the push control cannot be read again, a batch continues as it started", async () => {
  let now = start;
  let reads = 0;
  const once = openDatabase(
    forwarding(env.DB, {
      prepare(sql: string) {
        if (sql.includes("push_control") && reads++ > 0) throw new Error("D1 is down");
        return env.DB.prepare(sql);
      },
    }),
  );
  const fetch = vi.fn(async () => {
    now += 1100;
    return new Response(null);
  });
  const { sent, acked } = await consume([pushJob(PASS_TYPE, tokensOf(12))], {
    db: once,
    fetch,
    now: () => now,
  });
  expect([sent, acked, reads > 1]).toEqual([[], [0], true]);
  expect(fetch).toHaveBeenCalledTimes(12);
});
