/**
 * A pause during a batch, which takes effect within seconds, and what a pause costs. The push control itself is tested in
 * control.test.ts.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import worker from "../../src/index.ts";
import { setPushControl } from "../../src/push/control.ts";
import { counted, forwarding } from "../counting.ts";
import { admin, randomPushToken, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, consume, db, pushJob, spyQueue } from "./consume.ts";
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
        await setPushControl({ db, actor: "admin", now }, { paused: true });
      }
      return new Response(null);
    },
    (at) => Math.max(at, now),
  );
  await line.call("PATCH", `/templates/${templateId}`, { pass: { ...storeCard, logoText: "new" } });
  await line.runUntil(start + MINUTE_MS);
  expect([line.pushes.length > 0, late]).toEqual([true, 0]);
  await line.call("PUT", "/push", { paused: false });
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

test("a pause costs nothing, however many changes wait: no message, no query and no row after the change itself", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const counters = counted(env);
  const queue = spyQueue();
  const change = async (points: number) => {
    await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { values: { points } }, counters.env);
    return counters.spent();
  };
  const usual = await change(0);
  expect(queue.sent.splice(0)).toHaveLength(1);
  await setPushControl({ db, actor: "admin", now: start }, { paused: true });
  for (let n = 1; n <= 20; n++) {
    const { trips, rowsWritten } = await change(n);
    // Without a pause, the mark "queued" is one row.
    expect([trips, rowsWritten]).toEqual([usual.trips, usual.rowsWritten - 1]);
  }
  expect(queue.sent).toEqual([]);
  const controller = createScheduledController({ cron: "* * * * *", scheduledTime: new Date(start) });
  await worker.scheduled(controller, { ...counters.env, PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) });
  // The heartbeat, and the look at the push control.
  expect(counters.spent()).toMatchObject({ trips: 2, rowsWritten: 1 });
  expect(queue.sent).toEqual([]);
  await setPushControl({ db, actor: "admin", now: start }, { paused: false });
});

test("if D1 fails before the job of a change is sent, the job is still sent", async () => {
  const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const queue = spyQueue();
  const isMark = (sql: string) => /^update "changes" set "queued_at"/i.test(sql);
  const DB = forwarding(env.DB, {
    prepare(sql: string) {
      if (isMark(sql)) throw new Error("D1 is down");
      return env.DB.prepare(sql);
    },
  });
  await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { values: { points: "x" } }, { ...env, DB });
  expect(queue.sent).toHaveLength(1);
});
