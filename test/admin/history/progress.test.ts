/**
 * How far the newest change of a template or an event is, as GET /templates/{id}/progress and GET …/events/{eventId}/progress show it.
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { changes, devices, registrations } from "../../../src/db/schema.ts";
import type { Progress } from "../../../src/passes/progress.ts";
import { storeDeadLetter } from "../../../src/push/dead-letters.ts";
import { markPushed } from "../../../src/push/pace.ts";
import { countReached } from "../../../src/push/reached.ts";
import { admin, call, randomPushToken, refused, TEAM } from "../../harness.ts";
import { callWithQueue, consume, db, pushJob, spyQueue } from "../../push/consume.ts";
import { changeRow, deviceOf, insertRows, newestChangeId, registrationOf } from "../../rows.ts";

const PASS_TYPE = "pass.test.progress";
let start: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM);
  await admin.makeApnsKey();
});
beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const show = async (path: string) => (await call<Progress>("GET", `${path}/progress`)).body;

/** A template with an event and a pass, which is on so many phones. @returns their tokens, in order */
async function campaign(phones: number) {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent();
  const pass = await admin.issue(templateId, { eventId: event.id });
  const tokens = Array.from({ length: phones }, randomPushToken).toSorted();
  await insertRows(
    registrations,
    tokens.map((token) => registrationOf(pass, token, start)),
  );
  await insertRows(
    devices,
    tokens.map((token) => deviceOf(PASS_TYPE, token, start)),
  );
  const paths = {
    template: `/templates/${templateId}`,
    event: `/projects/${event.projectId}/events/${event.id}`,
  };
  return { templateId, event, tokens, paths };
}

/** Changes what phones show. @returns the jobs */
async function change(path: string, body: object) {
  const queue = spyQueue();
  expect((await callWithQueue(queue, "PATCH", path, body)).status).toBe(200);
  return queue.sent.map(({ message }) => message);
}

test.each(["template", "event"] as const)(
  "the change of a %s shows its phones, how many were notified, at what pace, and when it ends",
  async (kind) => {
    const { paths, tokens } = await campaign(10);
    const path = paths[kind];
    const none = { paused: false, pushesPerSecond: null, perSecond: null, endsAt: null, gaveUp: 0 };
    expect(await show(path)).toEqual({
      ...{ change: null, phones: { count: 10, isExact: true }, notified: 0 },
      ...none,
    });
    after(1);
    const body = kind === "template" ? { pass: { logoText: "New" } } : { values: { points: "7" } };
    const jobs = await change(path, body);
    expect(await show(path)).toMatchObject({
      ...{ ...none, change: { kind: "changed", actor: "admin", push: "queued", dueAt: at(1) }, notified: 0 },
    });

    const changeId = await newestChangeId();
    after(3);
    await markPushed(db, PASS_TYPE, tokens.slice(0, 4), changeId, Date.now());
    expect(await show(path)).toMatchObject({ notified: 4, perSecond: 2, endsAt: at(6) });
    after(100 * 86_400); // nothing was notified for so long that no end is foreseen
    expect(await show(path)).toMatchObject({ notified: 4, perSecond: 0, endsAt: null });
    after(3);
    await call("PUT", "/push", { pushesPerSecond: 1 });
    expect(await show(path)).toMatchObject({ perSecond: 2, pushesPerSecond: 1, endsAt: at(9) });
    await call("PUT", "/push", { paused: true });
    expect(await show(path)).toMatchObject({ paused: true, perSecond: 2, endsAt: null });
    await call("PUT", "/push", { paused: false, pushesPerSecond: null });

    // A dead letter of the change, and one of another change of the same time.
    const letter = { ...pushJob(PASS_TYPE, tokens.slice(4, 6), 10, changeId), reason: "BadTopic" };
    await storeDeadLetter(db, `${kind} 1`, letter, Date.now());
    await storeDeadLetter(db, `${kind} 2`, { ...letter, throughId: changeId - 1 }, Date.now());
    expect(await show(path)).toMatchObject({ gaveUp: 2, endsAt: at(5) });

    await consume(jobs); // the fan-out
    expect(await show(path)).toMatchObject({ change: { push: "dispatched" }, notified: 4, endsAt: at(5) });
    after(604); // what is left is only retried
    expect(await show(path)).toMatchObject({ notified: 4, perSecond: null, endsAt: null });
    await markPushed(db, PASS_TYPE, tokens, changeId, Date.now());
    expect(await show(path)).toMatchObject({ notified: 10, perSecond: null, endsAt: null });

    // A change that phones do not show leaves the last one in place.
    const silent = {
      ...(await changeRow(changeId)),
      queuedAt: null,
      at: Date.now(),
      dispatchedAt: Date.now(),
    };
    await insertRows(changes, [{ ...silent, id: changeId + 1 }]);
    expect(await show(path)).toMatchObject({ change: { id: changeId }, notified: 10 });
  },
);

test("a phone that registers after the change counts as notified, and one of another wallet not at all", async () => {
  const { paths, templateId } = await campaign(2);
  after(1);
  await change(paths.template, { pass: { logoText: "New" } });
  after(5);
  const pass = await admin.issue(templateId);
  const [late, android] = [randomPushToken(), randomPushToken()];
  await insertRows(registrations, [
    registrationOf(pass, late, Date.now()),
    { ...registrationOf(pass, android, Date.now()), client: "androidpass" },
  ]);
  expect(await show(paths.template)).toMatchObject({ phones: { count: 3, isExact: true }, notified: 1 });
});

test("above a limit the phones are estimated, of each pass type of an event, from few rows", async () => {
  const { event, templateId, tokens } = await campaign(3000);
  const change = { id: (await newestChangeId()) + 1, pushAt: start + 1000, dispatchedAt: null };
  await markPushed(db, PASS_TYPE, tokens.slice(0, 1000), change.id, Date.now());
  const limits = { counted: 1000, spaced: 500 };
  const expectAbout = (number: number, expected: number) => {
    expect(number).toBeGreaterThan(expected * 0.85);
    expect(number).toBeLessThan(expected * 1.15);
  };
  const target = { kind: "template", id: templateId } as const;
  const reached = await countReached(db, target, change, limits);
  expect(reached.isExact).toBe(false);
  expectAbout(reached.phones, 3000);
  expectAbout(reached.notified, 1000);
  expect(await countReached(db, target, change)).toEqual({ phones: 3000, notified: 1000, isExact: true });

  const other = {
    id: 999_999,
    templateId: 999_999,
    eventId: event.id,
    passTypeIdentifier: "pass.test.another",
  };
  await insertRows(
    registrations,
    Array.from({ length: 100 }, () => registrationOf(other, randomPushToken(), start + 2000)),
  );
  const both = await countReached(db, { kind: "event", id: event.id }, change, limits);
  expectAbout(both.phones, 3100);
  expectAbout(both.notified, 1100);
});

test("a template or an event that does not exist is refused, and so is an event of another project", async () => {
  await refused(["GET", "/templates/999999/progress"], { status: 404, code: "template_not_found" });
  const { event, paths } = await campaign(0);
  const { id } = await admin.makeProject();
  await refused(["GET", `/projects/${id}/events/${event.id}/progress`], {
    status: 404,
    code: "event_not_found",
  });
  expect(await show(paths.event)).toMatchObject({ phones: { count: 0, isExact: true }, change: null });
});
