/**
 * Many passes that move to an event, or out of their events, with one request: all or none, one change for each, and a push.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { changes, passes, registrations } from "../../src/db/schema.ts";
import type { Moved } from "../../src/passes/move.ts";
import { failingD1 } from "../failing-d1.ts";
import { admin, call, download, iphone, refused } from "../harness.ts";
import { callWithQueue, spyQueue } from "../push/consume.ts";
import { changesOf, copyPass, countRows, eventRow, passRow, rowsOf, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.moves";
const OTHER = "pass.test.moves.other";
let templateIds: number[];

beforeAll(async () => {
  for (const type of [PASS_TYPE, OTHER]) await admin.makePassType(type, undefined, "P-256");
  templateIds = await Promise.all(
    [PASS_TYPE, OTHER].map(async (type) => (await admin.makeTemplate(type)).id),
  );
});
afterEach(() => vi.restoreAllMocks());

const issue = (eventId?: number, at = 0) => admin.issue(templateIds[at] ?? 0, { eventId });
const gate = (value: string) => admin.makeEvent({ values: { points: value } });
const idsOf = (some: readonly { id: number }[]) => some.map(({ id }) => id);
const moves = async (id: number) => (await changesOf({ passId: id })).slice(1);

async function move(passIds: readonly number[], eventId: number | null): Promise<Moved> {
  const { status, body } = await call<Moved>("POST", "/passes/move", { passIds, eventId });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

test("passes of several templates move to an event, each with a change of its own, and those that are there stay as they are", async () => {
  const [from, to] = [await gate("old"), await gate("new")];
  const moved = [await issue(), await issue(from.id), await issue(from.id, 1)];
  const there = await issue();
  await admin.change(there.id, { eventId: to.id });
  // Each change moves the time of its event a second further ahead of the clock.
  for (const value of ["1", "2", "3", "new"]) await admin.changeEvent(to, { values: { points: value } });
  for (const value of ["1", "2"]) await admin.changeEvent(from, { values: { points: value } });
  const stays = await passRow(there.id);
  const phone = iphone();
  for (const { downloadUrl } of [...moved, there]) await phone.addFrom(downloadUrl);
  const before = await Promise.all(idsOf(moved).map(passRow));
  const queue = spyQueue();
  const body = { passIds: [there, ...moved].map(({ id }) => id), eventId: to.id };
  const answer = await callWithQueue(queue, "POST", "/passes/move", body);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { changed: 3, unchanged: 1 }]);
  expect(await passRow(there.id)).toMatchObject({ tag: stays.tag, revision: 2, updatedAt: stays.updatedAt });
  const jobs = [];
  for (const [at, { id }] of moved.entries()) {
    const [change, ...more] = await moves(id);
    expect([more, change]).toMatchObject([
      [],
      {
        kind: "changed",
        actor: "admin",
        passTypeIdentifier: at === 2 ? OTHER : PASS_TYPE,
        dispatchedAt: null,
      },
    ]);
    const row = await passRow(id);
    const { id: tag, at: modifiedAt, pushAt } = change ?? {};
    expect(row).toMatchObject({ eventId: to.id, revision: 2, tag, modifiedAt, pushAt });
    for (const older of [before[at], await eventRow(from.id), await eventRow(to.id)])
      expect(row.modifiedAt).toBeGreaterThan(older?.modifiedAt ?? 0);
    jobs.push({ message: { kind: "change", changeId: tag }, delaySeconds: undefined });
  }
  expect(queue.sent).toEqual(jobs);
  expect(await countRows(registrations, { eventId: to.id })).toBe(4);
  await phone.receivePush(PASS_TYPE);
  for (const { serialNumber } of moved.slice(0, 2))
    expect(phone.pass(PASS_TYPE, serialNumber).pass).toMatchObject({
      storeCard: { primaryFields: [{ value: "new" }] },
    });
  expect(await move(body.passIds, to.id)).toEqual({ changed: 0, unchanged: 4 });
  await admin.deleteEvent(to);
  expect(await move(body.passIds, from.id)).toEqual({ changed: 4, unchanged: 0 });
  expect(await move(body.passIds, null)).toEqual({ changed: 4, unchanged: 0 });
  expect(await countRows(registrations, { eventId: null })).toBe(4);
  expect((await admin.show(there.id)).eventId).toBeNull();
  expect((await download(there)).pass).toMatchObject({ storeCard: { primaryFields: [{ value: "0" }] } });
  expect(await move([moved[0]?.id ?? 0], null)).toEqual({ changed: 0, unchanged: 1 });
});

test("if one of the passes or the event does not exist, none is moved, and the answer lists the unknown ids", async () => {
  const { id: eventId } = await gate("new");
  const { id } = await issue();
  const { id: deleted } = await issue();
  await admin.delete(deleted);
  const ask = (passIds: readonly unknown[], event: unknown = eventId) =>
    ["POST", "/passes/move", { passIds, eventId: event }] as const;
  const unknown = { status: 404, code: "pass_not_found", pointer: "/passIds/1" };
  const problem = await refused([...ask([id, deleted, 999_999_999])], unknown);
  expect(problem).toMatchObject({
    passIds: [deleted, 999_999_999],
    detail: expect.stringContaining("2 of the 3"),
  });
  const many = Array.from({ length: 999 }, (_, n) => 900_000_000 + n);
  expect((await refused([...ask([id, ...many])], unknown)).passIds).toEqual(many.slice(0, 100));
  const noEvent = { status: 404, code: "event_not_found", pointer: "/eventId" };
  await refused([...ask([id], 999_999)], noEvent);
  const twice = { status: 422, code: "duplicate_pass", pointer: "/passIds/2" };
  await refused([...ask([id, deleted, id])], twice);
  const invalid = (pointer: string) => ({ status: 400, code: "invalid_body", pointer });
  await refused([...ask([])], invalid("/passIds"));
  await refused([...ask([id, 0, ...many])], invalid("/passIds"));
  await refused([...ask(["1"])], invalid("/passIds/0"));
  await refused(["POST", "/passes/move", { passIds: [id] }], invalid("/eventId"));
});

test("a move whose answer from D1 was lost is made once, and is answered with what it moved", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id: eventId } = await gate("lost");
  for (const when of ["before", "after", "long before"] as const) {
    const ids = idsOf([await issue(), await issue(), await issue(eventId)]);
    const { DB, calls } = failingD1(env.DB, { of: "writes", when });
    const queue = spyQueue();
    const body = { passIds: ids, eventId };
    const { status, text } = await callWithQueue(queue, "POST", "/passes/move", body, { ...env, DB });
    expect([when, status, JSON.parse(text)]).toEqual([when, 200, { changed: 2, unchanged: 1 }]);
    expect((await Promise.all(ids.map(moves))).map(({ length }) => length)).toEqual([1, 1, 0]);
    expect(calls()).toBeGreaterThan(1);
  }
});

test("a thousand passes move at once: ten calls of the queue; what it does not take, and what a pause holds, waits in the outbox", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id: eventId } = await gate("many");
  const { id } = await issue();
  const passIds = [id, ...(await copyPass(id, 999, "moved-"))];
  const waiting = async () => {
    const rows = await rowsOf(changes, { kind: "changed", dispatchedAt: null });
    const theirs = rows.filter(({ passId }) => passId !== null && passIds.includes(passId));
    return theirs.filter(({ queuedAt }) => queuedAt === null).length;
  };
  const queue = spyQueue();
  let calls = 0;
  const sendBatch: typeof queue.sendBatch = async (messages) => {
    if (++calls > 7) throw new Error("the queue is down");
    return queue.sendBatch(messages);
  };
  const ask = async (to: number | null) => {
    const body = { passIds, eventId: to };
    const { status, text } = await callWithQueue({ ...queue, sendBatch }, "POST", "/passes/move", body);
    expect([status, JSON.parse(text)]).toEqual([200, { changed: 1000, unchanged: 0 }]);
  };
  await ask(eventId);
  expect([queue.sent.length, await waiting()]).toEqual([700, 300]);
  calls = 0;
  await setRows(changes, {}, { dispatchedAt: 1 });
  // The next push of each of them is a minute after the first, which was some seconds ago on a slow machine.
  await ask(null);
  const delays = queue.sent.slice(700).map(({ delaySeconds = 0 }) => delaySeconds);
  expect(delays.filter((seconds) => seconds > 30 && seconds <= 60)).toHaveLength(700);
  await call("PUT", "/push", { paused: true });
  await setRows(changes, {}, { dispatchedAt: 1 });
  calls = 0;
  await ask(eventId);
  expect([calls, await waiting()]).toEqual([0, 1000]);
  await call("PUT", "/push", { paused: false });
  expect(await countRows(passes, { eventId })).toBe(1000);
});

test("of two moves at the same time, one is the last for all passes and their registrations", async () => {
  const events = [await gate("a"), await gate("b")];
  const held = await Promise.all(Array.from({ length: 6 }, () => issue()));
  const phone = iphone();
  for (const { downloadUrl } of held) await phone.addFrom(downloadUrl);
  const passIds = idsOf(held);
  await Promise.all([...events, ...events].map(({ id }) => move(passIds, id)));
  const rows = await Promise.all(passIds.map(passRow));
  const [{ eventId } = { eventId: null }] = rows;
  expect(new Set(rows.map((row) => row.eventId))).toEqual(new Set([eventId]));
  expect(idsOf(events)).toContain(eventId);
  expect(await countRows(registrations, { eventId })).toBe(held.length);
  for (const row of rows) expect((await moves(row.id)).at(-1)?.id).toBe(row.tag);
});
