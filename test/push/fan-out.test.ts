/**
 * From a change to its listeners: one page per job, every token once, and the change is dispatched when the last page is
 * finished. Jobs are delivered twice, late and out of order; a change that does not exist pushes nothing.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { sweepOutbox } from "../../src/changes/sweep.ts";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { registrations } from "../../src/db/schema.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { counted } from "../counting.ts";
import { admin, randomPushToken, storeCard, TEAM } from "../harness.ts";
import { changeRow, insertRows, registrationOf } from "../rows.ts";
import { callWithQueue, consume, pushJob, spyQueue } from "./consume.ts";

const PASS_TYPE = "pass.test.fan-out";
const PER_MESSAGE = 300;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

/** A template with passes, and for each pass a list of tokens that listen to it. */
async function audience(...listeners: string[][]) {
  const template = await admin.makeTemplate(PASS_TYPE);
  const passes = [];
  for (const tokens of listeners) {
    const pass = await admin.issue(template.id);
    passes.push(pass);
    await insertRows(
      registrations,
      tokens.map((token) => registrationOf(pass, token)),
    );
  }
  return { templateId: template.id, passIds: passes.map(({ id }) => id) };
}

/** Makes a change whose job goes nowhere by itself. @returns the job */
async function change(target: string, body: object): Promise<PushMessage> {
  const queue = spyQueue();
  const { status } = await callWithQueue(queue, "PATCH", target, body);
  expect(status).toBe(200);
  expect(queue.sent).toHaveLength(1);
  return queue.sent[0]?.message ?? pushJob("", []);
}
let versions = 0;
const changeTemplate = (id: number) => {
  versions += 1;
  return change(`/templates/${id}`, { pass: { ...storeCard, logoText: `v${versions}` } });
};
const changePass = (id: number) => {
  versions += 1;
  return change(`/passes/${id}`, { values: { points: `${versions}` } });
};

const changeId = (job: PushMessage) => (job.kind === "change" ? job.changeId : 0);

async function dispatchedAt(job: PushMessage): Promise<number | null> {
  return (await changeRow(changeId(job))).dispatchedAt;
}

/** One page. @returns the messages of tokens, and the jobs that follow */
async function page(job: PushMessage, tokensPerMessage = PER_MESSAGE) {
  const { sent, acked } = await consume([job], { config: { ...readConfig(env), tokensPerMessage } });
  expect(acked).toEqual([0]);
  const messages = sent.map(({ message }) => message);
  return {
    pushes: messages.flatMap((message) => (message.kind === "push" ? [message] : [])),
    next: messages.filter((message) => message.kind === "change"),
  };
}

/** All pages. */
async function fanOut(job: PushMessage, tokensPerMessage = PER_MESSAGE) {
  const pages = [];
  const jobs = [job];
  for (let next = jobs.shift(); next !== undefined; next = jobs.shift()) {
    const { pushes, next: following } = await page(next, tokensPerMessage);
    jobs.push(...following);
    pages.push(pushes);
  }
  return { pages, tokens: pages.flat().flatMap(({ tokens }) => tokens) };
}

test("a template's change reaches every token of all its passes exactly once, with one page per job", async () => {
  const shared = tokensOf(700);
  const [first, second] = [tokensOf(900), tokensOf(850)];
  const { templateId } = await audience([...shared, ...first], [...shared, ...second]);
  await audience(tokensOf(5)); // listeners of another template are not pushed
  const job = await changeTemplate(templateId);

  const { pages, tokens } = await fanOut(job);
  expect(pages).toHaveLength(3);
  expect(tokens).toHaveLength(2450);
  expect(tokens).toEqual([...shared, ...first, ...second].toSorted());
  for (const { tokens, ...rest } of pages.flat()) {
    expect(tokens.length).toBeLessThanOrEqual(PER_MESSAGE);
    const throughId = changeId(job);
    expect(rest).toEqual({ kind: "push", passTypeIdentifier: PASS_TYPE, throughId, attempt: 1 });
  }
});

test("a change is marked as dispatched only when its last page is finished", async () => {
  const { templateId } = await audience(tokensOf(PAGE_LISTENERS + 1));
  const job = await changeTemplate(templateId);
  const first = await page(job);
  expect(first.next).toEqual([
    { kind: "change", changeId: changeId(job), afterListener: expect.any(Object), throughId: changeId(job) },
  ]);
  expect(await dispatchedAt(job)).toBe(null);
  const last = await Promise.all(first.next.map((next) => page(next)));
  expect(last.map(({ pushes, next }) => [pushes.map(({ tokens }) => tokens.length), next])).toEqual([
    [[1], []],
  ]);
  expect(await dispatchedAt(job)).toBeGreaterThan(0);
});

test("a page that is exactly full is followed by an empty one", async () => {
  const { templateId } = await audience(tokensOf(PAGE_LISTENERS));
  const job = await changeTemplate(templateId);
  const { pages, tokens } = await fanOut(job);
  expect(pages.map((pushes) => pushes.length)).toEqual([4, 0]);
  expect(new Set(tokens).size).toBe(PAGE_LISTENERS);
  expect(await dispatchedAt(job)).toBeGreaterThan(0);
});

test("a message has at most TOKENS_PER_MESSAGE tokens, even if a page needs more than one batch of the queue", async () => {
  const tokens = tokensOf(230);
  const { templateId } = await audience(tokens);
  const one = await fanOut(await changeTemplate(templateId), 1);
  expect(one.pages.flat()).toHaveLength(230);
  expect(one.tokens).toEqual(tokens.toSorted());
  const seven = await fanOut(await changeTemplate(templateId), 7);
  expect(seven.pages.flat().map((message) => message.tokens.length)).toEqual([...Array(32).fill(7), 6]);
});

test("a change without listeners is marked as dispatched immediately", async () => {
  const { templateId } = await audience([]);
  const job = await changeTemplate(templateId);
  expect(await fanOut(job)).toEqual({ pages: [[]], tokens: [] });
  expect(await dispatchedAt(job)).toBeGreaterThan(0);
});

test("a pass's change reaches only the listeners of that pass", async () => {
  const [mine, theirs] = [tokensOf(3), tokensOf(3)];
  const { passIds } = await audience(mine, theirs);
  const { tokens } = await fanOut(await changePass(passIds[0] ?? 0));
  expect(tokens).toEqual(mine.toSorted());
});

test("a repeated job, or a job of a change that does not exist, does nothing", async () => {
  const { templateId } = await audience(tokensOf(3));
  const job = await changeTemplate(templateId);
  expect((await fanOut(job)).tokens).toHaveLength(3);
  const done = await dispatchedAt(job);
  expect((await fanOut(job)).pages).toEqual([[]]);
  expect(
    (
      await fanOut({
        kind: "change",
        changeId: changeId(job),
        afterListener: { passTypeIdentifier: "", pushToken: "0" },
        throughId: 10 ** 9,
      })
    ).pages,
  ).toEqual([[]]);
  expect(await dispatchedAt(job)).toBe(done);
  expect((await fanOut({ kind: "change", changeId: 10 ** 9 })).pages).toEqual([[]]);
});

test("a page that is delivered twice repeats its own tokens and loses none", async () => {
  const tokens = tokensOf(PAGE_LISTENERS + 200);
  const { templateId } = await audience(tokens);
  const job = await changeTemplate(templateId);
  const before = await page(job);
  const { tokens: pushed } = await fanOut(job);
  expect(pushed).toEqual(tokens.toSorted());
  expect((await Promise.all(before.next.map((next) => fanOut(next)))).map(({ tokens }) => tokens)).toEqual([
    [],
  ]);
});

test("a change that is committed between two pages is pushed to all by its own job", async () => {
  const tokens = tokensOf(PAGE_LISTENERS + 50);
  const { templateId } = await audience(tokens);
  const first = await changeTemplate(templateId);
  const { next } = await page(first);
  const second = await changeTemplate(templateId);
  for (const job of next) await fanOut(job);
  expect(await dispatchedAt(first)).toBeGreaterThan(0);
  expect(await dispatchedAt(second)).toBe(null);
  expect((await fanOut(second)).tokens).toEqual(tokens.toSorted());
  expect(await dispatchedAt(second)).toBeGreaterThan(0);
});

test("changes that are committed before the fan-out starts are dispatched together, separately for each pass and template", async () => {
  const { templateId, passIds } = await audience(tokensOf(2), tokensOf(2));
  const [pass = 0, other = 0] = passIds;
  const ofPass = [await changePass(pass), await changePass(pass)];
  const ofOther = await changePass(other);
  const ofTemplate = await changeTemplate(templateId);
  const [earlier, later] = ofPass;
  if (earlier === undefined || later === undefined) throw new Error("two changes were made");
  expect((await fanOut(earlier)).tokens).toHaveLength(2);
  expect(await Promise.all([...ofPass, ofOther, ofTemplate].map(dispatchedAt))).toEqual([
    expect.any(Number),
    expect.any(Number),
    null,
    null,
  ]);
  expect((await fanOut(later)).tokens).toEqual([]);
  expect((await fanOut(ofTemplate)).tokens).toHaveLength(4);
});

test("a page costs four round trips to D1 and reads only its own rows, however many others are registered", async () => {
  await audience(tokensOf(3000));
  const { templateId, passIds } = await audience(tokensOf(10));
  for (const job of [await changeTemplate(templateId), await changePass(passIds[0] ?? 0)]) {
    const counters = counted(env);
    await consume([job], { db: openDatabase(counters.env.DB) });
    const { trips, rowsRead, rowsWritten } = counters.spent();
    expect([trips, rowsWritten]).toEqual([4, 1]);
    expect(rowsRead).toBeLessThan(20);
  }
});

test("no message is larger than a queue accepts, however long the registered tokens are", async () => {
  const long = Array.from({ length: PAGE_LISTENERS }, () => randomPushToken().repeat(8));
  const { templateId } = await audience(long);
  const job = await changeTemplate(templateId);
  for (const tokensPerMessage of [PER_MESSAGE, 900]) {
    const queue = spyQueue();
    await consume([job], { queue, config: { ...readConfig(env), tokensPerMessage } });
    const sizes = queue.sent.map(({ message }) => JSON.stringify(message).length);
    expect(Math.max(...sizes)).toBeLessThan(127_000);
    expect(Math.max(...queue.batchSizes)).toBeLessThan(255_000);
    const tokens = queue.sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
    expect(tokens).toEqual(long.toSorted());
  }
});

test("the sweep does not send a fan-out of many pages again while it is in progress", async () => {
  const MINUTE_MS = 60_000;
  const { templateId } = await audience(tokensOf(PAGE_LISTENERS + 1));
  const job = await changeTemplate(templateId);
  const startedAt = Date.now();
  const first = await consume([job], { now: () => startedAt + 9 * MINUTE_MS });
  expect(first.sent.some(({ message }) => message.kind === "change")).toBe(true);
  const swept: unknown[] = [];
  const sweep = (at: number) =>
    sweepOutbox(openDatabase(env.DB), async (again) => void swept.push(...again), at);
  await sweep(startedAt + 11 * MINUTE_MS);
  expect(swept).not.toContainEqual({ changeId: changeId(job) });
  await sweep(startedAt + 20 * MINUTE_MS); // unless the next page was lost
  expect(swept).toContainEqual({ changeId: changeId(job) });
});

test("changes with the same pushAt have one fan-out, even over many pages", async () => {
  const { templateId } = await audience(tokensOf(PAGE_LISTENERS + 1));
  const [job] = [await changeTemplate(templateId)];
  expect((await fanOut(job)).tokens).toHaveLength(PAGE_LISTENERS + 1);
  const waiting = [];
  for (let i = 0; i < 3; i++) waiting.push(await changeTemplate(templateId));
  const pages = [];
  for (const job of waiting) pages.push((await page(job)).pushes.flatMap(({ tokens }) => tokens).length);
  expect(pages).toEqual([0, 0, PAGE_LISTENERS]);
});
