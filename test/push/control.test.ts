/**
 * The operator's control over all pushes: its API, and a pause that loses nothing, whenever it starts. The pace of campaigns
 * is tested in fan-out-pace.test.ts.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sweepOutbox } from "../../src/changes/outbox.ts";
import { openDatabase } from "../../src/db/client.ts";
import { changes } from "../../src/db/schema.ts";
import { setPushControl } from "../../src/push/control.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { forwarding } from "../counting.ts";
import { admin, call, iphone, randomPushToken, refused, TEAM } from "../harness.ts";
import { changeRow, countRows } from "../rows.ts";
import { audience, endCampaigns, newTexts, newValues, tokensOf } from "./campaign.ts";
import { callWithQueue, consume, db, pushJob, spyQueue } from "./consume.ts";
import { timeline, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.control";
const MINUTE_MS = 60_000;
let start: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
});

beforeEach(async () => {
  await endCampaigns();
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const queuedAt = async (changeId: number) => (await changeRow(changeId)).queuedAt;

describe("the push control", () => {
  const get = async () => (await call("GET", "/push")).body;
  const put = async (body: object) => (await call("PUT", "/push", body)).body;

  test("at first pushes are neither paused nor limited", async () => {
    expect(await get()).toEqual({ paused: false, pausedAt: null, pushesPerSecond: null });
  });

  test("an absent member stays unchanged, and pausing again keeps the time of the first pause", async () => {
    const pausedAt = new Date(start).toISOString();
    expect(await put({ paused: true })).toEqual({ paused: true, pausedAt, pushesPerSecond: null });
    vi.setSystemTime(start + MINUTE_MS);
    expect(await put({ pushesPerSecond: 50 })).toEqual({ paused: true, pausedAt, pushesPerSecond: 50 });
    expect(await put({ paused: true })).toEqual({ paused: true, pausedAt, pushesPerSecond: 50 });
    expect(await put({})).toEqual({ paused: true, pausedAt, pushesPerSecond: 50 });
    expect(await put({ paused: false })).toEqual({ paused: false, pausedAt: null, pushesPerSecond: 50 });
    expect(await put({ pushesPerSecond: null })).toEqual({
      paused: false,
      pausedAt: null,
      pushesPerSecond: null,
    });
    expect(await get()).toEqual({ paused: false, pausedAt: null, pushesPerSecond: null });
  });

  test("two operators at the same time do not undo each other's change", async () => {
    await setPushControl({ db, now: start }, { paused: false, pushesPerSecond: null });
    await Promise.all([
      setPushControl({ db, now: start }, { paused: true }),
      setPushControl({ db, now: start }, { pushesPerSecond: 7 }),
    ]);
    expect(await get()).toMatchObject({ paused: true, pushesPerSecond: 7 });
  });

  test.each([
    [{ pushesPerSecond: 0 }, "/pushesPerSecond"],
    [{ pushesPerSecond: 1.5 }, "/pushesPerSecond"],
    [{ pushesPerSecond: 100_001 }, "/pushesPerSecond"],
    [{ paused: "yes" }, "/paused"],
    [{ pause: true }, "/pause"],
  ])("%j is refused, and changes nothing", async (body, pointer) => {
    await refused(["PUT", "/push", body], { status: 400, code: "invalid_body", pointer });
  });

  test("health says that pushes are paused", async () => {
    const codes = async () =>
      (await call<{ findings: { code: string }[] }>("GET", "/health")).body.findings.map(({ code }) => code);
    expect(await codes()).not.toContain("push_paused");
    await put({ paused: true });
    expect(await codes()).toContain("push_paused");
  });

  test("if it cannot be read, each message of the batch is retried separately", async () => {
    const log = watchLog();
    const down = openDatabase(
      forwarding(env.DB, {
        prepare() {
          throw new Error("D1 is down");
        },
      }),
    );
    const jobs: PushMessage[] = [pushJob(PASS_TYPE, [randomPushToken()]), { kind: "change", changeId: 1 }];
    const { acked, retried } = await consume(jobs, { db: down });
    expect([acked, retried]).toEqual([[], [0, 1]]);
    expect(log().map(({ event }) => event)).toEqual(["queue_message_failed", "queue_message_failed"]);
  });
});

describe("while pushes are paused", () => {
  test("a message of tokens is sent again unchanged with five minutes' delay, and nothing is pushed", async () => {
    await setPushControl({ db, now: start }, { paused: true });
    const message = pushJob(PASS_TYPE, tokensOf(3), 4, 7);
    const fetch = vi.fn();
    const { sent, acked } = await consume([message], { fetch });
    expect([sent, acked]).toEqual([[{ message, delaySeconds: 300 }], [0]]);
    expect(fetch).not.toHaveBeenCalled();
  });

  test("the job of a change is sent again with five minutes' delay and its page, and counts as in progress until then", async () => {
    const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
    const jobs = spyQueue();
    await callWithQueue(jobs, "PATCH", `/templates/${templateId}`, newTexts());
    const [first] = jobs.sent.map(({ message }) => message);
    const { sent } = await consume(first === undefined ? [] : [first]);
    const pages = [first, sent.at(-1)?.message].flatMap((job) => (job?.kind === "change" ? [job] : []));
    expect(pages.map(({ afterListener }) => afterListener)).toEqual([undefined, expect.any(Object)]);
    await setPushControl({ db, now: start }, { paused: true });
    for (const job of pages) {
      const held = await consume([job]);
      expect([held.sent, held.acked]).toEqual([[{ message: job, delaySeconds: 300 }], [0]]);
      expect(await queuedAt(job.changeId)).toBe(start + 5 * MINUTE_MS);
    }
  });

  test("the job still counts as in progress if the request that made the change marks it after the job was delayed", async () => {
    const { pass } = await audience(PASS_TYPE, tokensOf(1));
    await setPushControl({ db, now: start }, { paused: true });
    const held = spyQueue();
    const atOnce = { ...held, send: (job: PushMessage) => consume([job], { queue: held }) };
    await callWithQueue(atOnce, "PATCH", `/passes/${pass.id}`, newValues());
    const [job] = held.sent.map(({ message }) => message);
    expect(job).toMatchObject({ kind: "change" });
    expect(await queuedAt(job?.kind === "change" ? job.changeId : 0)).toBe(start + 5 * MINUTE_MS);
  });

  test("there is one job for each change, the sweep adds none, and all phones are pushed within five minutes after the pause", async () => {
    const tokens = tokensOf(2);
    const { pass } = await audience(PASS_TYPE, tokens);
    const line = timeline(start);
    await line.call("PUT", "/push", { paused: true });
    await line.call("PATCH", `/passes/${pass.id}`, newValues());
    await line.call("PATCH", `/passes/${pass.id}`, newValues()); // a minute later, with a pushAt of its own
    // As in an isolate that read the push control just before.
    const sweep = () => sweepOutbox(db, async () => {}, line.now());
    for (let minute = 1; minute <= 120; minute++) {
      await line.runUntil(start + minute * MINUTE_MS);
      await line.sweep();
      expect([line.waiting.length, await sweep()]).toEqual([2, 0]);
    }
    expect(line.pushes).toEqual([]);
    await line.call("PUT", "/push", { paused: false });
    await line.drain();
    expect(line.now()).toBeLessThanOrEqual(start + 125 * MINUTE_MS);
    expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    await line.runUntil(line.now() + 11 * MINUTE_MS);
    await line.sweep();
    expect(line.waiting).toEqual([]);
  });

  test("a job whose change is dispatched or does not exist ends", async () => {
    const { pass } = await audience(PASS_TYPE, []);
    const line = timeline(start);
    await line.call("PATCH", `/passes/${pass.id}`, newValues());
    const [dispatched] = line.waiting.map(({ message }) => message);
    await line.drain();
    await setPushControl({ db, now: start }, { paused: true });
    for (const job of [dispatched ?? pushJob("", []), { kind: "change", changeId: 10 ** 9 } as const]) {
      const { sent, acked } = await consume([job]);
      expect([sent, acked]).toEqual([[], [0]]);
    }
    await line.runUntil(start + 20 * MINUTE_MS);
    await setPushControl({ db, now: start }, { paused: false });
    await line.sweep();
    expect(line.waiting).toEqual([]);
  });

  test("changes that share a push also share it after the pause", async () => {
    const tokens = tokensOf(2);
    const { pass } = await audience(PASS_TYPE, tokens);
    const line = timeline(start);
    for (let n = 0; n < 3; n++) await line.call("PATCH", `/passes/${pass.id}`, newValues());
    await line.call("PUT", "/push", { paused: true });
    await line.runUntil(start + 30 * MINUTE_MS);
    await line.call("PUT", "/push", { paused: false });
    await line.drain();
    expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    expect(await countRows(changes, { dispatchedAt: null })).toBe(0);
  });

  test("if the queue accepts nothing, the message is retried, and the sweep still sends lost jobs", async () => {
    watchLog();
    const tokens = tokensOf(1);
    const { pass } = await audience(PASS_TYPE, tokens);
    const jobs = spyQueue();
    await callWithQueue(jobs, "PATCH", `/passes/${pass.id}`, newValues());
    const [job = pushJob("", [])] = jobs.sent.map(({ message }) => message);
    await setPushControl({ db, now: start }, { paused: true });
    const down = { ...spyQueue(), send: () => Promise.reject(new Error("the queue is down")) };
    const { acked, retried } = await consume([job, pushJob(PASS_TYPE, tokens)], { queue: down });
    expect([acked, retried]).toEqual([[], [0, 1]]);
    await setPushControl({ db, now: start }, { paused: false });
    const line = timeline(start);
    await line.runUntil(start + 16 * MINUTE_MS);
    await line.sweep();
    await line.drain();
    expect(line.pushes.map(({ token }) => token)).toEqual(tokens);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "in the middle of a fan-out of two pages, before push %i00, no push is lost: each phone is pushed once",
    async (hundreds) => {
      const tokens = tokensOf(PAGE_LISTENERS + 100);
      const { templateId } = await audience(PASS_TYPE, tokens);
      let started = 0;
      const line = timeline(start, async () => {
        if (started++ === hundreds * 100) await setPushControl({ db, now: line.now() }, { paused: true });
        return new Response(null);
      });
      await line.call("PATCH", `/templates/${templateId}`, newTexts());
      await line.runUntil(start + 20 * MINUTE_MS);
      expect(line.pushes.length).toBeLessThan(tokens.length);
      await line.call("PUT", "/push", { paused: false });
      await line.drain();
      expect(line.now()).toBeLessThanOrEqual(start + 25 * MINUTE_MS);
      expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    },
  );

  test("phones get the usual responses", async () => {
    const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await setPushControl({ db, now: start }, { paused: true });
    await admin.change(pass.id, newValues());
    expect((await phone.receivePush(PASS_TYPE)).updated).toHaveLength(1);
  });
});
