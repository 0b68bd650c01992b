/**
 * The phones of a pass, as GET /passes/{id}/phones lists them: the last push to each, what APNs answered, and when the next one is due.
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { passTypes } from "../../../src/db/schema.ts";
import type { Phone, PhonePage } from "../../../src/passes/phones.ts";
import { storeDeadLetter } from "../../../src/push/dead-letters.ts";
import type { PushMessage } from "../../../src/push/messages.ts";
import { markPushed } from "../../../src/push/pace.ts";
import type { IPhone } from "../../apple/iphone.ts";
import { admin, apple, call, iphone, ORIGIN, passToken, refused, send, TEAM } from "../../harness.ts";
import { callWithQueue, consume, db, spyQueue } from "../../push/consume.ts";
import { newestChangeId, setRows } from "../../rows.ts";

const PASS_TYPE = "pass.test.phones";
let templateId: number;
let start: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM);
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

type Listed = Pick<PhonePage, "items" | "paused" | "failure"> & { nextCursor: string | null };
const list = async (id: number, query = "") =>
  (await call<Listed>("GET", `/passes/${id}/phones${query}`)).body;
const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

/** A pass that is on so many iPhones. */
async function onPhones(count: number) {
  const pass = await admin.issue(templateId);
  const phones = Array.from({ length: count }, () => iphone());
  for (const phone of phones) await phone.addFrom(pass.downloadUrl);
  return { pass, phones };
}

/** Changes the pass. @returns the jobs that it sent */
async function change(id: number, points: string): Promise<PushMessage[]> {
  const queue = spyQueue();
  await callWithQueue(queue, "PATCH", `/passes/${id}`, { values: { points } });
  return queue.sent.map(({ message }) => message);
}

/** Delivers messages, those that they send on included, but not retries. @returns what is left, and the dead letters */
async function deliver(messages: readonly PushMessage[]) {
  const { sent } = await consume(messages);
  return consume(sent.map(({ message }) => message));
}

const only = async (id: number) => {
  const { items } = await list(id);
  expect(items).toHaveLength(1);
  const { push, nextPushAt, lastAnswer } = items[0] ?? expect.fail();
  return { push, nextPushAt, lastAnswer };
};

test("a phone is notified, waits until its next push is due, and then has what APNs answered", async () => {
  const { pass } = await onPhones(1);
  expect(await only(pass.id)).toEqual({ push: "done", nextPushAt: null, lastAnswer: null });
  after(1);
  const first = await change(pass.id, "1");
  expect(await only(pass.id)).toEqual({ push: "waiting", nextPushAt: at(1), lastAnswer: null });
  after(2);
  const { sent } = await consume(first);
  expect(await only(pass.id)).toEqual({ push: "unconfirmed", nextPushAt: null, lastAnswer: null });
  after(3);
  await consume(sent.map(({ message }) => message));
  const accepted = { at: at(3), accepted: true, reason: null };
  expect(await only(pass.id)).toEqual({ push: "done", nextPushAt: null, lastAnswer: accepted });

  after(10); // a pass pushes at most once a minute
  await change(pass.id, "2");
  expect(await only(pass.id)).toEqual({ push: "waiting", nextPushAt: at(61), lastAnswer: accepted });
  await call("PUT", "/push", { paused: true });
  expect(await only(pass.id)).toEqual({ push: "waiting", nextPushAt: null, lastAnswer: accepted });
  expect((await list(pass.id)).paused).toBe(true);
  await call("PUT", "/push", { paused: false });
});

test("a phone that was just pushed for another pass waits until 45 seconds have passed", async () => {
  const { pass, phones } = await onPhones(1);
  const other = await admin.issue(templateId);
  await phones[0]?.addFrom(other.downloadUrl);
  after(1);
  await deliver(await change(other.id, "1"));
  after(2);
  await change(pass.id, "1");
  expect(await only(pass.id)).toMatchObject({ push: "waiting", nextPushAt: at(46) });
});

test("a push that gave up shows APNs' reason, and a phone that APNs accepts does not; the newest phone comes first", async () => {
  const { pass, phones } = await onPhones(2);
  const [good, refusing] = phones as [IPhone, IPhone];
  await apple.fault(refusing.pushToken, { status: 400, reason: "DeviceTokenNotForTopic" });
  after(2);
  const { dead } = await deliver(await change(pass.id, "1"));
  after(4);
  for (const [n, letter] of dead.entries()) await storeDeadLetter(db, `phones-${n}`, letter, Date.now());
  const { items, failure } = await list(pass.id);
  expect(failure).toBeNull();
  expect(items.map(({ push, lastAnswer }) => [push, lastAnswer])).toEqual([
    ["gave_up", { at: at(4), accepted: false, reason: "DeviceTokenNotForTopic" }],
    ["done", { at: at(2), accepted: true, reason: null }],
  ]);
  // Page by page.
  const first = await list(pass.id, "?limit=1");
  const second = await list(pass.id, `?limit=1&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items, second.nextCursor]).toEqual([...items, null]);

  // A phone that adds the pass now has the change, and the other one is accepted the next time.
  await iphone().addFrom(pass.downloadUrl);
  after(70);
  await markPushed(db, PASS_TYPE, [refusing.pushToken], await newestChangeId(), Date.now());
  const later = (await list(pass.id)).items.map(({ push, lastAnswer }) => [push, lastAnswer]);
  expect(later).toEqual([
    ["done", null],
    ["done", { at: at(70), accepted: true, reason: null }],
    ["done", { at: at(2), accepted: true, reason: null }],
  ]);

  // Neither a token nor the id of a device is shown.
  const text = JSON.stringify(items);
  for (const { pushToken, deviceLibraryIdentifier } of [good, refusing]) {
    expect(text).not.toContain(pushToken);
    expect(text).not.toContain(deviceLibraryIdentifier);
    expect(text).toContain(`…${pushToken.slice(-6)}`);
  }
  expect(new Set(items.map(({ device }: Phone) => device)).size).toBe(2);
});

test("the phone of another wallet is not pushed, and has no token that is shown", async () => {
  const pass = await admin.issue(templateId);
  const { token } = await passToken(pass);
  const path = `/v1/devices/android/registrations/${PASS_TYPE}/${pass.serialNumber}`;
  const headers = { Authorization: `AndroidPass ${token}` };
  const body = JSON.stringify({ pushToken: "short" });
  await send(new Request(ORIGIN + path, { method: "POST", headers, body }));
  after(1);
  await change(pass.id, "1");
  expect((await list(pass.id)).items).toMatchObject([
    { wallet: "androidpass", push: "none", nextPushAt: null, pushToken: "…" },
  ]);
});

test("the list says why no push of the pass type gets out, and which token APNs calls bad", async () => {
  const { pass, phones } = await onPhones(1);
  const reason = "InvalidProviderToken";
  await setRows(
    passTypes,
    { passTypeIdentifier: PASS_TYPE },
    {
      ...{ pushFailure: reason, pushFirstFailedAt: start, pushFailedAt: start + 1000 },
      ...{ doubtedAt: start, doubtedToken: phones[0]?.pushToken ?? null },
    },
  );
  expect(await list(pass.id)).toMatchObject({
    items: [{ doubted: true }],
    failure: {
      reason,
      firstFailedAt: at(0),
      lastFailedAt: at(1),
      cure: expect.stringContaining("apns-keys"),
    },
  });
});

test("a pass that does not exist is refused, and so is a malformed page", async () => {
  await refused(["GET", "/passes/999999/phones"], { status: 404, code: "pass_not_found" });
  const { id } = await admin.issue(templateId);
  expect(await list(id)).toEqual({ items: [], nextCursor: null, paused: false, failure: expect.anything() });
  await refused(["GET", `/passes/${id}/phones?limit=0`], {
    ...{ status: 400, code: "invalid_parameter", pointer: "/limit" },
  });
});
