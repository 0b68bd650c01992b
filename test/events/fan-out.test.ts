/**
 * Pushes for an event: every phone with a pass of it, of all templates and pass types, once for each pass type. Passes that joined
 * or left the event are handled correctly, and its deletion is pushed like any other change.
 */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { registrations } from "../../src/db/schema.ts";
import type { Event } from "../../src/events/events.ts";
import type { Pass } from "../../src/passes/show.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { admin, apple, iphone, randomPushToken, TEAM } from "../harness.ts";
import { callWithQueue, consume, spyQueue } from "../push/consume.ts";
import { changeRow, insertRows, passRow, registrationOf, rowsOf } from "../rows.ts";
import { holderOf, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.events.fan-out";
const OTHER = "pass.test.events.fan-out.other";
let templateId: number;
let otherId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makePassType(OTHER, TEAM, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  otherId = (await admin.makeTemplate(OTHER)).id;
});

/** Registers a device of its own for the pass. @returns its push token */
async function listener(pass: Pass, pushToken = randomPushToken(), userAgent = "PassKit/1.0") {
  const holder = await holderOf(pass);
  const { status } = await holder.register(randomDevice(), { pushToken }, { "User-Agent": userAgent });
  expect(status).toBe(201);
  return pushToken;
}

/** A call whose job goes nowhere by itself. @returns the job */
async function job(method: string, path: string, body?: object): Promise<PushMessage> {
  const queue = spyQueue();
  const { status, text } = await callWithQueue(queue, method, path, body);
  expect(status, text).toBeLessThan(300);
  const [sent, ...more] = queue.sent;
  expect(more).toEqual([]);
  if (sent === undefined) throw new Error(`${method} ${path} sent no job`);
  return sent.message;
}
let versions = 0;
const values = () => ({ values: { points: `v${++versions}` } });
const pathOf = ({ projectId, id }: Event) => `/projects/${projectId}/events/${id}`;
const changeEvent = (event: Event) => job("PATCH", pathOf(event), values());

/** All pages of a job. @returns the pushes as `pass type token`, in their order, and how many pages there were */
async function told(first: PushMessage) {
  const pushes: string[] = [];
  const jobs = [first];
  let pages = 0;
  for (let next = jobs.shift(); next !== undefined; next = jobs.shift()) {
    const { sent, acked } = await consume([next]);
    expect(acked).toEqual([0]);
    pages += 1;
    for (const { message } of sent) {
      if (message.kind === "change") jobs.push(message);
      else pushes.push(...message.tokens.map((token) => `${message.passTypeIdentifier} ${token}`));
    }
  }
  return { pushes, pages };
}
const tell = async (first: PushMessage) => (await told(first)).pushes;

const rowOf = (message: PushMessage) => changeRow(message.kind === "change" ? message.changeId : 0);

describe("a change of an event", () => {
  test("is pushed to each phone once for each pass type, and to no other phones", async () => {
    const event = await admin.makeEvent();
    const issue = (template: number) => admin.issue(template, { eventId: event.id });
    const [first, second, third] = [await issue(templateId), await issue(templateId), await issue(otherId)];
    const token = await listener(first);
    for (const pass of [second, third]) await listener(pass, token);
    const alone = await listener(third);
    await listener(await admin.issue(templateId));
    await listener(await admin.issue(templateId, { eventId: (await admin.makeEvent()).id }));
    const change = await changeEvent(event);
    expect(await rowOf(change)).toMatchObject({
      kind: "changed",
      eventId: event.id,
      passId: null,
      templateId: null,
      passTypeIdentifier: "",
      dispatchedAt: null,
    });
    const expected = [`${PASS_TYPE} ${token}`, `${OTHER} ${token}`, `${OTHER} ${alone}`];
    expect(await tell(change)).toEqual(expected.toSorted());
    expect((await rowOf(change))?.dispatchedAt).toBeGreaterThan(0);
    expect(await tell(change)).toEqual([]); // the same job again
  });

  test("is not pushed to wallets that are not Apple's", async () => {
    const event = await admin.makeEvent();
    const pass = await admin.issue(templateId, { eventId: event.id });
    await listener(pass, "android-token", "WalletUnionPass/1.0");
    const client = (await rowsOf(registrations, { passId: pass.id })).at(-1);
    expect(client?.client).not.toBe("apple");
    const token = await listener(pass);
    expect(await tell(await changeEvent(event))).toEqual([`${PASS_TYPE} ${token}`]);
  });

  test("is paged correctly if a page ends between two pass types or within one token of both", async () => {
    const event = await admin.makeEvent();
    const passes = [
      await admin.issue(templateId, { eventId: event.id }),
      await admin.issue(otherId, { eventId: event.id }),
    ];
    const tokens = Array.from({ length: PAGE_LISTENERS + 3 }, randomPushToken);
    for (const pass of passes) {
      await insertRows(
        registrations,
        tokens.map((token) => registrationOf(pass, token)),
      );
    }
    const { pushes, pages } = await told(await changeEvent(event));
    expect(pages).toBe(3);
    expect(pushes).toHaveLength(2 * tokens.length);
    expect(pushes.toSorted()).toEqual(
      [PASS_TYPE, OTHER].flatMap((type) => tokens.map((token) => `${type} ${token}`)).toSorted(),
    );
  });

  test("that is made within a minute of the last push shares the next push with all changes of that minute", async () => {
    const event = await admin.makeEvent();
    const token = await listener(await admin.issue(templateId, { eventId: event.id }));
    expect(await tell(await changeEvent(event))).toEqual([`${PASS_TYPE} ${token}`]);
    const waiting = [await changeEvent(event), await changeEvent(event)];
    const [one, two] = await Promise.all(waiting.map(rowOf));
    expect(one?.pushAt).toBe(two?.pushAt);
    const pushes = [];
    for (const change of waiting) pushes.push(...(await tell(change)));
    expect(pushes).toEqual([`${PASS_TYPE} ${token}`]);
    for (const change of waiting) expect((await rowOf(change))?.dispatchedAt).toBeGreaterThan(0);
  });

  test("does not mark changes of another event, a pass or a template as dispatched", async () => {
    const [event, other] = [await admin.makeEvent(), await admin.makeEvent()];
    const template = await admin.makeTemplate(PASS_TYPE);
    const pass = await admin.issue(template.id, { eventId: event.id });
    const ofOthers = [
      await changeEvent(other),
      await job("PATCH", `/passes/${pass.id}`, values()),
      await job("PATCH", `/templates/${template.id}`, { webService: "/api" }),
    ];
    await tell(await changeEvent(event));
    for (const waiting of ofOthers) expect((await rowOf(waiting))?.dispatchedAt).toBeNull();
    // And their fan-outs do not mark the change of the event.
    const ofEvent = await changeEvent(event);
    for (const waiting of ofOthers) await tell(waiting);
    expect((await rowOf(ofEvent))?.dispatchedAt).toBeNull();
    for (const waiting of ofOthers) expect((await rowOf(waiting))?.dispatchedAt).toBeGreaterThan(0);
  });

  test("that phones do not show sends no job", async () => {
    const event = await admin.makeEvent(values());
    const queue = spyQueue();
    await callWithQueue(queue, "PATCH", pathOf(event), { name: "Another", values: event.values });
    expect(queue.sent).toEqual([]);
  });

  test("reaches the phone through the queue and APNs, and is shown", async () => {
    const event = await admin.makeEvent(values());
    const pass = await admin.issue(templateId, { eventId: event.id });
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await admin.changeEvent(event, { values: { points: "on stage at 9" } });
    await vi.waitFor(async () => expect(await apple.history(phone.pushToken)).toHaveLength(1), 10_000);
    const [push] = await apple.history(phone.pushToken);
    expect(push).toMatchObject({ topic: PASS_TYPE, status: 200, complaints: [] });
    await phone.receivePush(PASS_TYPE);
    const fields = phone.pass(PASS_TYPE, pass.serialNumber).pass.storeCard;
    expect(fields).toMatchObject({ primaryFields: [{ key: "points", value: "on stage at 9" }] });
    expect(phone.complaints).toEqual([]);
  });
});

describe("the set of passes in an event", () => {
  test("includes a pass that moved to it, and not one that left it", async () => {
    const [from, to] = [await admin.makeEvent(), await admin.makeEvent()];
    const pass = await admin.issue(templateId, { eventId: from.id });
    const push = `${PASS_TYPE} ${await listener(pass)}`;
    await admin.change(pass.id, { eventId: to.id });
    expect(await tell(await changeEvent(from))).toEqual([]);
    expect(await tell(await changeEvent(to))).toEqual([push]);
    const later = `${PASS_TYPE} ${await listener(pass)}`;
    await admin.change(pass.id, { values: { points: "stays" } });
    expect(await tell(await changeEvent(to))).toEqual([push, later].toSorted());
    await admin.change(pass.id, { eventId: null });
    expect(await tell(await changeEvent(to))).toEqual([]);
  });

  test("is not changed by a move that is refused", async () => {
    const [stays, deleted] = [await admin.makeEvent(), await admin.makeEvent()];
    await admin.deleteEvent(deleted);
    const pass = await admin.issue(templateId, { eventId: stays.id });
    const push = `${PASS_TYPE} ${await listener(pass)}`;
    for (const body of [
      { eventId: deleted.id },
      { eventId: 999_999 },
      { eventId: null, values: { until: "never" } },
    ]) {
      const { status } = await callWithQueue(spyQueue(), "PATCH", `/passes/${pass.id}`, body);
      expect([404, 422]).toContain(status);
    }
    expect(await tell(await changeEvent(stays))).toEqual([push]);
  });

  test("changes by a move, which is pushed to the pass's phones", async () => {
    const pass = await admin.issue(templateId);
    const push = `${PASS_TYPE} ${await listener(pass)}`;
    const { id: eventId } = await admin.makeEvent({ values: { points: "moved" } });
    expect(await tell(await job("PATCH", `/passes/${pass.id}`, { eventId }))).toEqual([push]);
  });

  test("is correct if phones register while the pass moves", async () => {
    const events = [await admin.makeEvent(), await admin.makeEvent()];
    for (let round = 0; round < 8; round++) {
      const pass = await admin.issue(templateId, round % 2 === 0 ? {} : { eventId: events[0]?.id });
      const holder = await holderOf(pass);
      const moves = [events[1]?.id, null, events[0]?.id, events[1]?.id];
      await Promise.all(
        moves.flatMap((eventId) => [
          holder.register(randomDevice()),
          admin.change(pass.id, { eventId }),
          holder.register(randomDevice()),
        ]),
      );
      const { eventId } = await passRow(pass.id);
      const followed = new Set((await rowsOf(registrations, { passId: pass.id })).map((row) => row.eventId));
      expect([...followed]).toEqual([eventId]);
    }
  });
});

test("the deletion of an event is pushed to all of its passes as the event's last push", async () => {
  const event = await admin.makeEvent(values());
  const passes = [
    await admin.issue(templateId, { eventId: event.id }),
    await admin.issue(otherId, { eventId: event.id }),
  ];
  const pushes: string[] = [];
  for (const pass of passes) pushes.push(`${pass.passTypeIdentifier} ${await listener(pass)}`);
  const last = await job("DELETE", pathOf(event));
  expect(await rowOf(last)).toMatchObject({ kind: "deleted", eventId: event.id, dispatchedAt: null });
  expect(await tell(last)).toEqual(pushes.toSorted());
  expect((await callWithQueue(spyQueue(), "DELETE", pathOf(event))).status).toBe(404);
});
