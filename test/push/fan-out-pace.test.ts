/**
 * The pace of campaigns: a change of a template or an event is pushed at a given rate, one page after the other, however
 * long that takes and also across a pause.
 *
 * A queue delays a message by whole seconds, twelve hours at most (Cloudflare's "Batching, retries and delays").
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sweepOutbox } from "../../src/changes/sweep.ts";
import { changes } from "../../src/db/schema.ts";
import { setPushControl } from "../../src/push/control.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { admin, call, TEAM } from "../harness.ts";
import { rowOf } from "../rows.ts";
import { audience, endCampaigns, heldMessages, newTexts, tokensOf } from "./campaign.ts";
import { callWithQueue, consume, db, pushJob, spyQueue } from "./consume.ts";
import { timeline } from "./timeline.ts";

const PASS_TYPE = "pass.test.campaign";
const SECOND_MS = 1000;
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
});

/** Makes a change whose job goes nowhere by itself. @returns the job */
async function change(path: string, body: object): Promise<PushMessage> {
  const queue = spyQueue();
  expect((await callWithQueue(queue, "PATCH", path, body)).status).toBe(200);
  return queue.sent[0]?.message ?? pushJob("", []);
}

/** One page of the change, as messages with their delays and sizes, and the job of the next page with its own. */
async function page(job: PushMessage | undefined) {
  const { sent } = await consume(job === undefined ? [] : [job]);
  const pushes = sent.flatMap(({ message, delaySeconds = 0 }) =>
    message.kind === "push" ? [[delaySeconds, message.tokens.length]] : [],
  );
  const next = sent.find(({ message }) => message.kind === "change");
  return { pushes, next: next?.message, nextDelay: next?.delaySeconds };
}

test("a change of a template is pushed at the given rate, and a change of a pass immediately", async () => {
  const { templateId, pass } = await audience(PASS_TYPE, tokensOf(10));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 4 });
  expect((await page(await change(`/templates/${templateId}`, newTexts()))).pushes).toEqual([
    [0, 4],
    [1, 4],
    [2, 2],
  ]);
  const ofPass = await change(`/passes/${pass.id}`, { values: { points: "7" } });
  expect((await page(ofPass)).pushes).toEqual([[0, 10]]);
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: null });
  expect((await page(await change(`/templates/${templateId}`, newTexts()))).pushes).toEqual([[0, 10]]);
});

test("a change of an event is pushed at the given rate, too", async () => {
  const { pass } = await audience(PASS_TYPE, tokensOf(5));
  const event = await admin.makeEvent();
  await admin.change(pass.id, { eventId: event.id });
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 3 });
  const path = `/projects/${event.projectId}/events/${event.id}`;
  expect((await page(await change(path, { values: { points: "9" } }))).pushes).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

test("the next page starts when this one is finished, with its own delays", async () => {
  const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 50));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 100 });
  const first = await page(await change(`/templates/${templateId}`, newTexts()));
  expect(first.pushes).toEqual(Array.from({ length: PAGE_LISTENERS / 100 }, (_, n) => [n, 100]));
  expect(first.nextDelay).toBe(PAGE_LISTENERS / 100);
  expect(await page(first.next)).toEqual({ pushes: [[0, 50]], next: undefined, nextDelay: undefined });
});

test.each([
  [1, 300, 300],
  [3, 900, 300],
  [7, PAGE_LISTENERS - 3, 171],
  [700, 700, 1],
  [PAGE_LISTENERS - 1, PAGE_LISTENERS - 1, 1],
  [PAGE_LISTENERS, PAGE_LISTENERS, 1],
  [100_000, PAGE_LISTENERS, 1],
])("at a rate of %i, a page has %i pushes and takes %i seconds", async (pushesPerSecond, pushes, seconds) => {
  const { templateId } = await audience(PASS_TYPE, tokensOf(2 * PAGE_LISTENERS + 1));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond });
  let job: PushMessage | undefined = await change(`/templates/${templateId}`, newTexts());
  for (const _ of [1, 2]) {
    const { pushes: sent, next, nextDelay } = await page(job);
    expect(sent.reduce((sum, [, tokens = 0]) => sum + tokens, 0)).toBe(pushes);
    expect(nextDelay).toBe(seconds);
    expect(sent.at(-1)?.[0]).toBeLessThan(seconds);
    job = next;
  }
});

test("at no time have more phones been pushed than the rate and one message allow, and finally all are", async () => {
  const tokens = tokensOf(PAGE_LISTENERS + 130);
  const { templateId } = await audience(PASS_TYPE, tokens);
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 70 });
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

test("after a pause the campaign continues at its rate, and pushes each phone once", async () => {
  const tokens = tokensOf(PAGE_LISTENERS + 100); // the last ones are of a second page, after the pause
  const rate = 12;
  const inMinute = rate * 60 + rate;
  const { templateId } = await audience(PASS_TYPE, tokens);
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: rate });
  const line = timeline(start);
  await line.call("PATCH", `/templates/${templateId}`, newTexts());
  await line.runUntil(start + MINUTE_MS);
  await line.call("PUT", "/push", { paused: true });
  for (let minute = 1; minute <= 14; minute++) {
    await line.runUntil(start + minute * MINUTE_MS);
    await line.sweep();
  }
  const messages = [...(await heldMessages()), ...line.waiting.map(({ message }) => message)];
  const held = messages.flatMap((message) => (message.kind === "push" ? message.tokens : []));
  expect([held.length, line.waiting]).toEqual([PAGE_LISTENERS - inMinute, []]);
  expect(line.pushes).toHaveLength(inMinute);
  await line.call("PUT", "/push", { paused: false });
  await line.drain();
  expect(line.pushes.map(({ token }) => token).toSorted()).toEqual(tokens.toSorted());
  const perMinute = Map.groupBy(line.pushes, ({ at }) => Math.floor((at - start) / MINUTE_MS));
  for (const [minute, { length }] of perMinute) expect([minute, length <= inMinute]).toEqual([minute, true]);
});

test("the sweep does not send a campaign again until ten minutes after its next page is due", async () => {
  const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 1 });
  // The request that made the change marks it after its first page is finished.
  const following = spyQueue();
  const atOnce = { ...following, send: (job: PushMessage) => consume([job], { queue: following }) };
  await callWithQueue(atOnce, "PATCH", `/templates/${templateId}`, newTexts());
  const dueAt = start + 300 * SECOND_MS;
  expect((await rowOf(changes, { dispatchedAt: null })).queuedAt).toBe(dueAt);
  const swept = (at: number) => sweepOutbox(db, async () => {}, at);
  expect(await swept(dueAt + 10 * MINUTE_MS - 1)).toBe(0);
  expect(await swept(dueAt + 10 * MINUTE_MS)).toBe(1); // its job was lost
});

async function isWaiting(at: number): Promise<boolean> {
  vi.setSystemTime(at);
  const { body } = await call<{ findings: { code: string }[] }>("GET", "/health");
  return body.findings.some(({ code }) => code === "changes_waiting");
}

test("health does not report a campaign as waiting, unless its next page is overdue", async () => {
  const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 1 });
  await page(await change(`/templates/${templateId}`, newTexts()));
  const dueAt = start + 300 * SECOND_MS;
  expect(await isWaiting(start + 5 * MINUTE_MS)).toBe(false);
  expect(await isWaiting(dueAt + 59 * SECOND_MS)).toBe(false);
  expect(await isWaiting(dueAt + 60 * SECOND_MS)).toBe(true);
});

test("health does not report other changes that a campaign covers: several edits with the same pushAt", async () => {
  const { templateId } = await audience(PASS_TYPE, tokensOf(PAGE_LISTENERS + 1));
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 1 });
  const jobs: PushMessage[] = [];
  for (let n = 0; n < 3; n++) jobs.push(await change(`/templates/${templateId}`, newTexts()));
  const [first, ...ofOneSlot] = jobs;
  const { next } = await page(first);
  vi.setSystemTime(start + 60 * SECOND_MS);
  const [, last] = await Promise.all(ofOneSlot.map(page));
  vi.setSystemTime(start + 300 * SECOND_MS);
  await page(next);
  expect(last?.nextDelay).toBe(300);
  expect(await isWaiting(start + 361 * SECOND_MS)).toBe(false);
  expect(await isWaiting(start + 661 * SECOND_MS)).toBe(true); // that page was not delivered
});

test("a job of an earlier program version, which counts earlier rows, reaches its own listeners and all later ones", async () => {
  const tokens = tokensOf(2 * PAGE_LISTENERS);
  const { templateId } = await audience(PASS_TYPE, tokens);
  await setPushControl({ db, actor: "admin", now: start }, { pushesPerSecond: 100 });
  const { next = pushJob("", []) } = await page(await change(`/templates/${templateId}`, newTexts()));
  const old = Object.assign({}, next, { sent: PAGE_LISTENERS });
  const second = await page(old);
  expect(second.pushes.slice(0, 2)).toEqual([
    [0, 100],
    [1, 100],
  ]);
  expect(second.next).toEqual({ ...next, afterListener: expect.any(Object) });
  expect(second.next).not.toHaveProperty("sent");
  expect((await page(second.next)).pushes).toEqual([]);
});
