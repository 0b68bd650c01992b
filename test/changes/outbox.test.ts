/**
 * The outbox: phones are notified of each change, even if its job was lost. A change soon after another one waits, so that no phone
 * is pushed twice. Also the cron triggers.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sweepOutbox } from "../../src/changes/sweep.ts";
import { openDatabase } from "../../src/db/client.ts";
import { apnsKeys, changes, objects } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { counted, forwarding } from "../counting.ts";
import { admin, apple, iphone, TEAM } from "../harness.ts";
import { callWithQueue, consume, db, pushJob, type SpyQueue, spyQueue } from "../push/consume.ts";
import { changesOf as changesOfTarget, insertRows, rowsOf, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.outbox";
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
let templateId: number;
let start: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

beforeEach(async () => {
  await setRows(changes, {}, { dispatchedAt: 1 }); // changes of other tests
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const broken = {
  send: () => Promise.reject(new Error("the queue is down")),
  sendBatch: () => Promise.reject(new Error("the queue is down")),
};

let points = 0;
async function change(
  passId: number,
  queue: Pick<SpyQueue, "send" | "sendBatch">,
  at = Date.now(),
): Promise<void> {
  points += 1;
  vi.setSystemTime(at);
  const { status } = await callWithQueue(queue, "PATCH", `/passes/${passId}`, {
    values: { points: `${points}` },
  });
  expect(status).toBe(200);
}

/** The changes of a pass after its issue, oldest first. */
async function changesOf(passId: number) {
  const all = await changesOfTarget({ passId });
  return all
    .filter(({ kind }) => kind !== "issued")
    .map(({ id, pushAt, queuedAt, dispatchedAt }) => ({ id, pushAt, queuedAt, dispatchedAt }));
}

/** Changes of this many passes, made now, whose jobs were never queued. */
async function loseJobs(count: number): Promise<void> {
  const lost = {
    passTypeIdentifier: PASS_TYPE,
    kind: "changed" as const,
    actor: "test",
    at: 0,
    pushAt: start,
  };
  await insertRows(
    changes,
    Array.from({ length: count }, (_, n) => ({ ...lost, passId: 1_000_000 + n })),
  );
}

/** What the minute trigger sends to the queue at this time, as ids of changes. */
async function sweep(at: number): Promise<number[]> {
  const queue = spyQueue();
  await trigger("* * * * *", at, { PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) });
  return queue.sent.map(({ message }) => (message.kind === "change" ? message.changeId : 0));
}

async function trigger(cron: string, at: number, bindings: Partial<typeof env> = {}): Promise<void> {
  vi.setSystemTime(at);
  const controller = createScheduledController({ cron, scheduledTime: new Date(at) });
  await worker.scheduled(controller, { ...env, ...bindings });
}

test("a change whose job cannot be sent gets the usual response, and stays in the outbox", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  const pass = await admin.issue(templateId);
  await change(pass.id, broken);
  expect(await changesOf(pass.id)).toEqual([
    { id: expect.any(Number), pushAt: start, queuedAt: null, dispatchedAt: null },
  ]);
  expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
    {
      event: "outbox_send_failed",
      changeId: expect.any(Number),
      error: expect.stringContaining("the queue is down"),
    },
  ]);
});

test("the sweep sends a job that could not be sent after half a minute, and not earlier", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const pass = await admin.issue(templateId);
  await change(pass.id, broken);
  const [row] = await changesOf(pass.id);
  expect(await sweep(start + 30 * SECOND_MS - 1)).toEqual([]);
  expect(await sweep(start + 30 * SECOND_MS)).toEqual([row?.id]);
  expect((await changesOf(pass.id))[0]).toMatchObject({
    queuedAt: start + 30 * SECOND_MS,
    dispatchedAt: null,
  });
  expect(await sweep(start + 90 * SECOND_MS)).toEqual([]);
});

test("a lost job is sent again every ten minutes until it is finished", async () => {
  const pass = await admin.issue(templateId);
  await change(pass.id, spyQueue());
  const [row] = await changesOf(pass.id);
  expect(row).toMatchObject({ queuedAt: start, dispatchedAt: null });
  expect(await sweep(start + 10 * MINUTE_MS - 1)).toEqual([]);
  expect(await sweep(start + 10 * MINUTE_MS)).toEqual([row?.id]);
  expect(await sweep(start + 20 * MINUTE_MS)).toEqual([row?.id]);
  await consume([{ kind: "change", changeId: row?.id ?? 0 }]);
  expect(await sweep(start + 30 * MINUTE_MS)).toEqual([]);
});

test("a sweep sends a hundred jobs at a time, with two queries for each thousand", async () => {
  await loseJobs(1250);
  const counters = counted(env);
  const asked: number[] = [];
  const take = async (jobs: readonly object[]) => void asked.push(jobs.length);
  expect(await sweepOutbox(openDatabase(counters.env.DB), take, start + MINUTE_MS)).toBe(1250);
  expect(asked).toEqual([...Array(12).fill(100), 50]);
  expect(counters.spent()).toMatchObject({ trips: 4, statements: 4 });
});

/** Inserts changes that were never queued, or that were queued at this time. Each thousand of them have the same pushAt. */
async function fillOutbox(count: number, queuedAt: number | null): Promise<void> {
  await db.run(sql`WITH RECURSIVE n(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT ${count})
    INSERT INTO changes (pass_type_identifier, kind, pass_id, actor, at, push_at, queued_at)
    SELECT ${PASS_TYPE}, 'changed', 1000000 + value, 'test', 0, ${start} - max(0, value - 1000), ${queuedAt} FROM n`);
}

test("one sweep sends 100,000 waiting changes, each once, with a few hundred queries", async () => {
  await fillOutbox(100_000, null);
  const counters = counted(env);
  const sent = new Set<number>();
  const take = async (jobs: readonly { changeId: number }[]) => {
    for (const { changeId } of jobs) sent.add(changeId);
  };
  const swept = () => sweepOutbox(openDatabase(counters.env.DB), take, start + MINUTE_MS);
  expect([await swept(), sent.size]).toEqual([100_000, 100_000]);
  // Each row is read by a few pages only, and not by all of them.
  const { statements, rowsRead } = counters.spent();
  expect([statements <= 202, rowsRead < 10 * 100_000]).toEqual([true, true]);
  expect(await swept()).toBe(0);
});

test("a sweep sends 10,000 jobs that were queued and not finished, because they may be in a long queue", async () => {
  await fillOutbox(12_000, start - 10 * MINUTE_MS);
  const swept = () => sweepOutbox(db, async () => {}, start + MINUTE_MS);
  expect([await swept(), await swept(), await swept()]).toEqual([10_000, 2000, 0]);
});

test("if the queue fails in the middle of a sweep, the next sweep sends only the remaining jobs", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  await loseJobs(150);
  const taken: number[] = [];
  const onlyOnce = async (jobs: readonly { changeId: number }[]) => {
    if (taken.length > 0) throw new Error("the queue is down");
    taken.push(...jobs.map(({ changeId }) => changeId));
  };
  expect(await sweepOutbox(openDatabase(env.DB), onlyOnce, start + MINUTE_MS)).toBe(100);
  expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
    { event: "outbox_sweep_failed", error: expect.stringContaining("the queue is down") },
  ]);
  const rest = await sweep(start + MINUTE_MS);
  expect(rest).toHaveLength(50);
  expect(new Set([...taken, ...rest]).size).toBe(150);
});

test("a second change within a minute waits for the next push, and a third one shares that push", async () => {
  const pass = await admin.issue(templateId);
  const queue = spyQueue();
  for (const seconds of [0, 10, 25]) await change(pass.id, queue, start + seconds * SECOND_MS);
  expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 50, 35]);
  expect((await changesOf(pass.id)).map((row) => [row.pushAt, row.queuedAt])).toEqual([
    [start, start],
    [start + MINUTE_MS, start + MINUTE_MS],
    [start + MINUTE_MS, start + MINUTE_MS],
  ]);
  expect(await sweep(start + MINUTE_MS)).toEqual([]); // the delayed jobs are not lost
});

test("one fan-out covers all changes with the same pushAt, and the jobs of the others do nothing", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const queue = spyQueue();
  for (const seconds of [0, 10, 25]) await change(pass.id, queue, start + seconds * SECOND_MS);
  const [first, ...waiting] = queue.sent.map(({ message }) => message);
  if (first === undefined) throw new Error("no job was sent");
  const later = { now: () => start + MINUTE_MS };
  const fanOut = await consume(waiting, later);
  const throughId = (await changesOf(pass.id)).at(-1)?.id ?? 0;
  expect(fanOut.sent.map(({ message }) => message)).toEqual([
    pushJob(PASS_TYPE, [phone.pushToken], 1, throughId),
  ]);
  expect((await consume([first], later)).sent).toEqual([]);
  expect((await changesOf(pass.id)).map((row) => row.dispatchedAt)).toEqual(Array(3).fill(start + MINUTE_MS));
});

test("a change is pushed immediately if the last push was at least a minute ago, and otherwise later", async () => {
  const [soon, late] = [await admin.issue(templateId), await admin.issue(templateId)];
  const queue = spyQueue();
  await change(soon.id, queue, start);
  await change(soon.id, queue, start + MINUTE_MS - 1);
  await change(late.id, queue, start);
  await change(late.id, queue, start + MINUTE_MS);
  expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 1, 0, 0]);
});

test("the minute trigger notifies the phone of a lost change", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  await change(pass.id, broken, start - MINUTE_MS);
  await trigger("* * * * *", start);
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await apple.history(phone.pushToken)).toHaveLength(1), 10_000);
  const { updated } = await phone.receivePush(PASS_TYPE);
  expect(updated).toHaveLength(1);
  await vi.waitFor(
    async () => expect((await changesOf(pass.id))[0]?.dispatchedAt).toBeGreaterThan(0),
    10_000,
  );
  expect(phone.complaints).toEqual([]);
});

// The last test of this file: from then on nothing can be opened without the newer entry.
test("an hourly step that fails does not stop the others, and the trigger fails after all steps", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const sealed = async () => (await rowsOf(apnsKeys))[0]?.privateKey;
  const before = await sealed();
  const MASTER_SECRET = `2:${"b".repeat(44)},${env.MASTER_SECRET}`;
  await insertRows(objects, [{ key: "packs/unused", since: 0 }]);
  const BUCKET = forwarding(env.BUCKET, { delete: () => Promise.reject(new Error("R2 is down")) });
  await expect(trigger("17 * * * *", start, { BUCKET, MASTER_SECRET })).rejects.toThrow(
    "failed: deleteUnusedObjects; see hourly_step_failed in the log",
  );
  expect(await sealed()).not.toBe(before);
  const steps = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(steps).toContainEqual(
    expect.objectContaining({ event: "hourly_step_failed", error: expect.stringContaining("R2 is down") }),
  );
});
