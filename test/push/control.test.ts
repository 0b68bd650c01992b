/**
 * The operator's control over all pushes: its API, and a pause that loses nothing, whenever it starts. The pace of campaigns
 * is tested in fan-out-pace.test.ts.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { changes, deadLetters } from "../../src/db/schema.ts";
import { setPushControl } from "../../src/push/control.ts";
import { countRecentDeadLetters, replayHealedByTime, sweepDeadLetters } from "../../src/push/dead-letters.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import { holdMessage } from "../../src/push/held.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { forwarding } from "../counting.ts";
import { admin, call, iphone, randomPushToken, refused, TEAM } from "../harness.ts";
import { changeRow, countRows, rowOf } from "../rows.ts";
import { audience, endCampaigns, heldMessages, newTexts, newValues, tokensOf } from "./campaign.ts";
import { callWithQueue, consume, db, doubted, pushJob, spyQueue } from "./consume.ts";
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
    await setPushControl({ db, actor: "admin", now: start }, { paused: false, pushesPerSecond: null });
    await Promise.all([
      setPushControl({ db, actor: "admin", now: start }, { paused: true }),
      setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 7 }),
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
  test("a message of tokens is stored once, nothing is pushed, and it returns unchanged when the pause ends", async () => {
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    const messages = [pushJob(PASS_TYPE, tokensOf(3), 4, 7), doubted(pushJob(PASS_TYPE, tokensOf(1)))];
    const fetch = vi.fn();
    const { sent, acked } = await consume(messages, { fetch });
    expect([sent, acked]).toEqual([[], [0, 1]]);
    expect(fetch).not.toHaveBeenCalled();
    expect(await heldMessages()).toEqual(messages);
    const queue = spyQueue();
    await callWithQueue(queue, "PUT", "/push", { paused: false });
    const returned = queue.sent.map(({ message }) => message);
    expect(returned).toHaveLength(2);
    expect(returned).toEqual(expect.arrayContaining(messages));
    expect(await heldMessages()).toEqual([]);
  });

  test("a message that the queue delivers twice is held once", async () => {
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    for (const _ of [1, 2]) await holdMessage(db, "twice", pushJob(PASS_TYPE, tokensOf(1)), start);
    expect(await heldMessages()).toHaveLength(1);
  });

  test("a held message is no dead letter: it is not listed, not counted, not replayed and not removed", async () => {
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    await consume([pushJob(PASS_TYPE, tokensOf(1))]);
    const { id } = await rowOf(deadLetters, {});
    expect((await call("GET", "/dead-letters")).body).toMatchObject({ items: [] });
    expect(await countRecentDeadLetters(db, start)).toBe(0);
    expect((await call("POST", "/dead-letters/replay")).body).toEqual({ replayed: 0, left: 0 });
    expect((await call("POST", `/dead-letters/${id}/replay`)).status).toBe(404);
    expect(await replayHealedByTime(db, spyQueue(), 300, start)).toBe(0);
    await sweepDeadLetters(db, start + 100 * 24 * 60 * MINUTE_MS);
    expect(await heldMessages()).toHaveLength(1);
  });

  test("the first job of a change returns to the outbox, and a later page is stored with its place", async () => {
    const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
    const jobs = spyQueue();
    await callWithQueue(jobs, "PATCH", `/templates/${templateId}`, newTexts());
    const [first = pushJob("", [])] = jobs.sent.map(({ message }) => message);
    const next = (await consume([first])).sent.at(-1)?.message;
    const changeId = first.kind === "change" ? first.changeId : 0;
    expect(next).toMatchObject({ kind: "change", afterListener: expect.any(Object) });
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    expect((await consume(next === undefined ? [] : [next])).sent).toEqual([]);
    expect([await heldMessages(), await queuedAt(changeId)]).toEqual([[next], start]);
    expect((await consume([first])).sent).toEqual([]);
    expect([await heldMessages(), await queuedAt(changeId)]).toEqual([[next], null]);
  });

  test("all phones are pushed when a pause of two hours ends, and nothing is sent meanwhile", async () => {
    const tokens = tokensOf(2);
    const { pass } = await audience(PASS_TYPE, tokens);
    const line = timeline(start);
    await line.call("PUT", "/push", { paused: true });
    for (const seconds of [0, 7199]) {
      await line.runUntil(start + seconds * 1000);
      await line.call("PATCH", `/passes/${pass.id}`, newValues());
      await line.sweep();
      expect(line.waiting).toEqual([]);
    }
    await line.runUntil(start + 120 * MINUTE_MS);
    await line.call("PUT", "/push", { paused: false });
    expect(line.waiting).toHaveLength(2);
    await line.drain();
    expect(line.now()).toBe(start + 120 * MINUTE_MS);
    expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    await line.runUntil(line.now() + 11 * MINUTE_MS);
    await line.sweep();
    expect(line.waiting).toEqual([]);
  });

  test("what the end of the pause does not send is sent by the trigger of the next minute", async () => {
    const log = watchLog();
    const tokens = tokensOf(2);
    const { pass } = await audience(PASS_TYPE, tokens);
    const line = timeline(start);
    await line.call("PUT", "/push", { paused: true });
    await line.call("PATCH", `/passes/${pass.id}`, newValues());
    await consume([pushJob(PASS_TYPE, tokens)]);
    const down = { ...spyQueue(), sendBatch: () => Promise.reject(new Error("the queue is down")) };
    await callWithQueue(down, "PUT", "/push", { paused: false });
    expect(log()).toEqual([expect.objectContaining({ event: "outbox_sweep_failed" })]);
    await line.runUntil(start + MINUTE_MS);
    await line.sweep();
    expect(line.waiting).toHaveLength(2);
    await line.drain();
    expect(new Set(line.pushes.map(({ token }) => token))).toEqual(new Set(tokens));
  });

  test("a campaign that was held continues at the rate that is set when the pause ends", async () => {
    const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
    const jobs = spyQueue();
    await callWithQueue(jobs, "PATCH", `/templates/${templateId}`, newTexts());
    const { sent } = await consume(jobs.sent.map(({ message }) => message));
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    await consume(sent.map(({ message }) => message));
    const queue = spyQueue();
    await callWithQueue(queue, "PUT", "/push", { paused: false, pushesPerSecond: 100 });
    expect(queue.sent.map(({ message, delaySeconds }) => [message.kind, delaySeconds])).toEqual([
      ["push", 0],
      ["push", 3],
      ["push", 6],
      ["push", 9],
      ["change", 12],
    ]);
    expect((await rowOf(changes, { dispatchedAt: null })).queuedAt).toBe(start + 12_000);
  });

  test("the page of a change that was dispatched meanwhile is dropped", async () => {
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    const afterListener = { passTypeIdentifier: PASS_TYPE, pushToken: "a" };
    await consume([{ kind: "change", changeId: 10 ** 9, afterListener, throughId: 1 }]);
    expect(await heldMessages()).toHaveLength(1);
    const queue = spyQueue();
    await callWithQueue(queue, "PUT", "/push", { paused: false });
    expect([queue.sent, await heldMessages()]).toEqual([[], []]);
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

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "in the middle of a fan-out of two pages, before push %i00, no push is lost: each phone is pushed once",
    async (hundreds) => {
      const tokens = tokensOf(PAGE_LISTENERS + 100);
      const { templateId } = await audience(PASS_TYPE, tokens);
      let started = 0;
      const line = timeline(start, async () => {
        if (started++ === hundreds * 100)
          await setPushControl({ db, actor: "admin", now: line.now() }, { paused: true });
        return new Response(null);
      });
      await line.call("PATCH", `/templates/${templateId}`, newTexts());
      await line.runUntil(start + 20 * MINUTE_MS);
      expect(line.pushes.length).toBeLessThan(tokens.length);
      await line.call("PUT", "/push", { paused: false });
      await line.drain();
      expect(line.now()).toBe(start + 20 * MINUTE_MS);
      expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    },
  );

  test("phones get the usual responses", async () => {
    const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    await admin.change(pass.id, newValues());
    expect((await phone.receivePush(PASS_TYPE)).updated).toHaveLength(1);
  });
});
