/**
 * The operator's hand on all pushes: a pause that loses nothing, wherever it falls, and the pace of campaigns.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { setPushControl } from "../../src/push/control.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { forwarding } from "../counting.ts";
import { admin, call, iphone, randomPushToken, refused, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, consume, db, pushJob, spyQueue } from "./consume.ts";
import { registerTokens, timeline, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.control";
const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
let start: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
});

beforeEach(async () => {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM push_control"),
    env.DB.prepare("UPDATE changes SET dispatched_at = 1"),
  ]);
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

/** A template, one pass of it, and who listens to that. */
async function audience(tokens: readonly string[]) {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  await registerTokens(pass, tokens);
  return { templateId, pass };
}

let version = 0;
const newTexts = () => ({ pass: { ...storeCard, logoText: `v${++version}` } });
const newValues = () => ({ values: { points: `${++version}` } });

describe("the switch", () => {
  const get = async () => (await call("GET", "/push")).body;
  const put = async (body: object) => (await call("PUT", "/push", body)).body;

  test("at first nothing is paused and nothing slowed", async () => {
    expect(await get()).toEqual({ paused: false, pausedAt: null, pushesPerSecond: null });
  });

  test("what is absent stays, and a pause that is repeated keeps its beginning", async () => {
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

  test("of two operators at once, neither undoes what the other did", async () => {
    await setPushControl(db, { paused: false, pushesPerSecond: null }, start);
    await Promise.all([
      setPushControl(db, { paused: true }, start),
      setPushControl(db, { pushesPerSecond: 7 }, start),
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

  test("where it cannot be read, each message of the batch comes again by itself", async () => {
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
  test("a message of tokens comes again in five minutes, as it is, and nothing is pushed", async () => {
    await setPushControl(db, { paused: true }, start);
    const message = pushJob(PASS_TYPE, tokensOf(3), 4, 7);
    const fetch = vi.fn();
    const { sent, acked } = await consume([message], { fetch });
    expect([sent, acked]).toEqual([[{ message, delaySeconds: 300 }], [0]]);
    expect(fetch).not.toHaveBeenCalled();
  });

  test("changes wait in the outbox: the sweep sends nothing until the pause ends, and then all", async () => {
    const tokens = tokensOf(2);
    const { pass } = await audience(tokens);
    const line = timeline(start);
    await line.call("PUT", "/push", { paused: true });
    await line.call("PATCH", `/passes/${pass.id}`, newValues());
    for (let minute = 1; minute <= 5; minute++) {
      await line.runUntil(start + minute * MINUTE_MS);
      await line.sweep();
    }
    expect([line.pushes, line.waiting]).toEqual([[], []]);
    await line.call("PUT", "/push", { paused: false }); // the trigger need not come
    await line.drain();
    expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    await line.runUntil(line.now() + 11 * MINUTE_MS);
    await line.sweep();
    expect(line.waiting).toEqual([]);
  });

  test("a change that was told already is not put back", async () => {
    const { pass } = await audience([]);
    const line = timeline(start);
    await line.call("PATCH", `/passes/${pass.id}`, newValues());
    const [job] = line.waiting;
    await line.drain();
    await setPushControl(db, { paused: true }, start);
    await consume(job === undefined ? [] : [job.message]);
    await line.runUntil(start + 20 * MINUTE_MS);
    await setPushControl(db, { paused: false }, start);
    await line.sweep();
    expect(line.waiting).toEqual([]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    "a pause in the middle of a fan-out of two pages, before push %i00: when it has ended, each phone was pushed once",
    async (hundreds) => {
      const tokens = tokensOf(PAGE_LISTENERS + 100);
      const { templateId } = await audience(tokens);
      let begun = 0;
      const line = timeline(start, async () => {
        if (begun++ === hundreds * 100) await setPushControl(db, { paused: true }, line.now());
        return new Response(null);
      });
      await line.call("PATCH", `/templates/${templateId}`, newTexts());
      await line.runUntil(start + 20 * MINUTE_MS);
      expect(line.pushes.length).toBeLessThan(tokens.length);
      await line.call("PUT", "/push", { paused: false });
      await line.drain();
      await line.runUntil(line.now() + MINUTE_MS);
      await line.sweep();
      await line.drain();
      expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
    },
  );

  test("a phone asks and is answered as ever", async () => {
    const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await setPushControl(db, { paused: true }, start);
    await admin.change(pass.id, newValues());
    expect((await phone.receivePush(PASS_TYPE)).updated).toHaveLength(1);
  });
});

describe("the pace of campaigns", () => {
  /** One page of the change, as messages with their delays and sizes, and the job of the next page. */
  async function page(job: PushMessage) {
    const { sent } = await consume([job]);
    const pushes = sent.flatMap(({ message, delaySeconds = 0 }) =>
      message.kind === "push" ? [[delaySeconds, message.tokens.length]] : [],
    );
    return { pushes, next: sent.find(({ message }) => message.kind === "change")?.message };
  }

  async function change(path: string, body: object): Promise<PushMessage> {
    const queue = spyQueue();
    expect((await callWithQueue(queue, "PATCH", path, body)).status).toBe(200);
    return queue.sent[0]?.message ?? pushJob("", []);
  }

  test("the change of a template goes out at so many pushes a second, and that of a pass at once", async () => {
    const { templateId, pass } = await audience(tokensOf(10));
    await setPushControl(db, { pushesPerSecond: 4 }, start);
    expect((await page(await change(`/templates/${templateId}`, newTexts()))).pushes).toEqual([
      [0, 4],
      [1, 4],
      [2, 2],
    ]);
    expect((await page(await change(`/passes/${pass.id}`, newValues()))).pushes).toEqual([[0, 10]]);
    await setPushControl(db, { pushesPerSecond: null }, start);
    expect((await page(await change(`/templates/${templateId}`, newTexts()))).pushes).toEqual([[0, 10]]);
  });

  test("so does the change of an event", async () => {
    const { pass } = await audience(tokensOf(5));
    const event = await admin.makeEvent();
    await admin.change(pass.id, { eventId: event.id });
    await setPushControl(db, { pushesPerSecond: 3 }, start);
    const path = `/projects/${event.projectId}/events/${event.id}`;
    expect((await page(await change(path, { values: { points: "9" } }))).pushes).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });

  test("a page goes on at the second where the one before ended", async () => {
    const { templateId } = await audience(tokensOf(PAGE_LISTENERS + 50));
    await setPushControl(db, { pushesPerSecond: 100 }, start);
    const first = await page(await change(`/templates/${templateId}`, newTexts()));
    expect(first.pushes).toEqual(Array.from({ length: PAGE_LISTENERS / 100 }, (_, n) => [n, 100]));
    expect(first.next).toMatchObject({ sent: PAGE_LISTENERS });
    const second = await page(first.next ?? pushJob("", []));
    expect(second).toEqual({ pushes: [[PAGE_LISTENERS / 100, 50]], next: undefined });
  });

  test("by no second more phones are pushed than the pace and one message allow, and all of them in the end", async () => {
    const tokens = tokensOf(PAGE_LISTENERS + 130);
    const { templateId } = await audience(tokens);
    await setPushControl(db, { pushesPerSecond: 70 }, start);
    const line = timeline(start);
    await line.call("PATCH", `/templates/${templateId}`, newTexts());
    await line.drain();
    const until = (second: number) =>
      line.pushes.filter(({ at }) => at < start + (second + 1) * SECOND_MS).length;
    for (let second = 0; second < tokens.length / 70; second++)
      expect(until(second)).toBeLessThan((second + 2) * 70);
    expect(until(Math.floor(tokens.length / 70))).toBe(tokens.length);
    expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
  });

  test("no message is delayed for longer than a queue holds it", async () => {
    const { templateId } = await audience(tokensOf(3));
    await setPushControl(db, { pushesPerSecond: 1 }, start);
    const job = await change(`/templates/${templateId}`, newTexts());
    if (job.kind !== "change") throw new Error("a change has a job");
    expect((await page({ ...job, sent: 43_199 })).pushes).toEqual([
      [43_199, 1],
      [43_200, 1],
      [43_200, 1],
    ]);
  });
});
