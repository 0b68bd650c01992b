/**
 * What GET /passes/{id} says of Google Wallet: whether it has the pass as it is now.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { googleClasses, googleIssuers, googleObjects, readers } from "../../src/db/schema.ts";
import type { PassWithGoogle } from "../../src/passes/google-state.ts";
import { classOf, objectOf } from "../admin/google-rows.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call } from "../harness.ts";
import { db, insertRows, newestChangeId, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.google-state";
const PROBLEM = { code: "refused", detail: "Invalid value." };
let templateId: number;
let issuerId: string;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
beforeEach(async () => {
  issuerId = await makeIssuer();
});
afterEach(async () => {
  for (const table of [googleObjects, googleClasses, googleIssuers, readers]) await db.delete(table);
});

const show = async (id: number) => (await call<PassWithGoogle>("GET", `/passes/${id}`)).body.google;
const readAll = async () => setRows(readers, {}, { cursor: await newestChangeId() });

async function savedPass(eventId?: number) {
  const { id } = await admin.issue(templateId, eventId === undefined ? {} : { eventId });
  await insertRows(googleObjects, [objectOf(issuerId, id)]);
  await readAll();
  return id;
}

test("a pass that nobody has tried to save there has no state, and lists never show the state", async () => {
  const { id } = await admin.issue(templateId);
  expect(await show(id)).toBe(undefined);
  const { body } = await call<{ items: object[] }>("GET", `/passes?templateId=${templateId}&limit=1`);
  expect(body.items[0]).not.toHaveProperty("google");
});

test("a pass waits from a change until it is sent, and has failed if Google refuses it", async () => {
  const id = await savedPass();
  const state = async () => (await show(id))?.state;
  const sentAt = new Date(objectOf(issuerId, id).sentAt).toISOString();
  const objectId = objectOf(issuerId, id).resourceId;
  expect(await show(id)).toEqual({ objectId, state: "up_to_date", sentAt, problem: null });
  await call("PATCH", `/passes/${id}`, { values: { points: "7" } });
  expect(await state()).toBe("waiting"); // the change was not read yet
  await readAll();
  const now = Date.now();
  const object = (values: Partial<typeof googleObjects.$inferInsert>) =>
    setRows(googleObjects, { passId: id }, values);
  await object({ sendAt: now });
  expect(await state()).toBe("waiting");
  await object({ sendAt: now + 60_000 }); // its expiry
  expect(await state()).toBe("up_to_date");
  const { problem } = objectOf(issuerId, id, { problem: PROBLEM });
  await object({ attempts: 1, problem });
  expect(await show(id)).toMatchObject({ state: "waiting", problem: PROBLEM });
  await object({ sendAt: null, gaveUpAt: now });
  expect(await show(id)).toMatchObject({
    state: "failed",
    problem: { ...PROBLEM, cure: expect.stringContaining("Google's own words") },
  });
  await object({ sentAt: 0 });
  expect(await show(id)).toMatchObject({ sentAt: null });
});

test("a pass does not wait for changes of which Google shows nothing, such as its own issue", async () => {
  const { id } = await admin.issue(templateId);
  await insertRows(googleObjects, [objectOf(issuerId, id)]);
  await admin.issue(templateId);
  expect((await show(id))?.state).toBe("up_to_date");
});

test("a pass waits if its class does, but not if the class of another event does", async () => {
  const event = await admin.makeEvent();
  const id = await savedPass(event.id);
  const state = async () => (await show(id))?.state;
  const set = (eventId: number, values: Partial<typeof googleClasses.$inferInsert>) =>
    setRows(googleClasses, { eventId }, values);
  await insertRows(
    googleClasses,
    [0, event.id].map((eventId) => classOf(issuerId, templateId, eventId)),
  );
  await set(0, { sendAt: 1, gaveUpAt: 1 });
  expect(await state()).toBe("up_to_date");
  await set(event.id, { sendAt: 1 });
  expect(await state()).toBe("waiting");
  await set(event.id, { sendAt: null, staleThrough: id - 1 }); // its objects are being marked
  expect(await state()).toBe("waiting");
  await set(event.id, { staleThrough: id });
  expect(await state()).toBe("up_to_date");
  await set(event.id, { gaveUpAt: 1, problem: classOf(issuerId, 1, 0, { problem: PROBLEM }).problem });
  expect(await show(id)).toMatchObject({ state: "failed", problem: PROBLEM });
  await set(event.id, { gaveUpAt: null, problem: null });

  const path = `/projects/${event.projectId}/events/${event.id}`;
  await call("PATCH", path, { values: { points: "8" } });
  expect(await state()).toBe("waiting");
});
