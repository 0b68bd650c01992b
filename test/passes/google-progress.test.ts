/**
 * How far a change is at Google: counted, or estimated for a campaign.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { googleClasses, googleIssuers, googleObjects, readers } from "../../src/db/schema.ts";
import { googleProgress } from "../../src/passes/google-progress.ts";
import type { Progress } from "../../src/passes/progress.ts";
import { classIdOf, classOf, objectOf } from "../admin/google-rows.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call } from "../harness.ts";
import { db, insertRows, newestChangeId, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.google-progress";
let templateId: number;
let issuerId: string;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});
beforeEach(async () => {
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  issuerId = await makeIssuer();
});
afterEach(async () => {
  for (const table of [googleObjects, googleClasses, googleIssuers, readers]) await db.delete(table);
});

const show = async (path = `/templates/${templateId}`) =>
  (await call<Progress>("GET", `${path}/progress`)).body.google;
const NONE = { waiting: 0, gaveUp: 0 };

test("without an issuer there is no part of Google", async () => {
  await db.delete(googleIssuers);
  await db.delete(readers);
  expect(await show()).toBe(undefined);
});

test("a class waits from the change until it is sent, for all of its passes", async () => {
  expect(await show()).toEqual({ objects: { count: 0, isExact: true }, ...NONE, classes: NONE, seconds: 0 });
  await insertRows(googleClasses, [classOf(issuerId, templateId)]);
  await setRows(readers, {}, { cursor: await newestChangeId() });
  expect(await show()).toMatchObject({ classes: NONE, seconds: 0 });
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  expect(await show()).toMatchObject({ classes: { waiting: 1 }, seconds: 1 });
  await setRows(readers, {}, { cursor: await newestChangeId() });
  await setRows(googleClasses, {}, { sendAt: Date.now() });
  expect(await show()).toMatchObject({ classes: { waiting: 1 }, seconds: 1 });
  await setRows(googleClasses, {}, { sendAt: null, attempts: 1, gaveUpAt: 1 });
  expect(await show()).toMatchObject({ classes: { waiting: 0, gaveUp: 1 }, seconds: 0 });
});

test("objects wait, are repeated or are refused; those of other templates and events do not count", async () => {
  const event = await admin.makeEvent();
  const path = `/projects/${event.projectId}/events/${event.id}`;
  const [plain, ofEvent] = [classIdOf(issuerId, templateId), classIdOf(issuerId, templateId, event.id)];
  await setRows(readers, {}, { cursor: await newestChangeId() });
  await insertRows(
    googleClasses,
    [0, event.id].map((id) => classOf(issuerId, templateId, id)),
  );
  const now = Date.now();
  const [later, due] = [now + 60_000, now];
  await insertRows(googleObjects, [
    objectOf(issuerId, 1, { classId: plain }),
    objectOf(issuerId, 2, { classId: plain, sendAt: later }), // its expiry
    objectOf(issuerId, 3, { classId: plain, sendAt: due }),
    objectOf(issuerId, 4, { classId: ofEvent, sendAt: later, attempts: 1 }),
    objectOf(issuerId, 5, { classId: ofEvent, attempts: 1, gaveUpAt: now }),
    objectOf(issuerId, 6, { sendAt: due }),
  ]);
  expect(await show()).toMatchObject({
    objects: { count: 5, isExact: true },
    waiting: 2,
    gaveUp: 1,
    seconds: 1,
  });
  expect(await show(path)).toMatchObject({ objects: { count: 2 }, waiting: 1, gaveUp: 1 });
  await setRows(googleClasses, { eventId: 0 }, { staleThrough: 1 }); // 2 and 3 are not marked yet
  expect(await show()).toMatchObject({ waiting: 3 });
});

test("above a limit the objects are estimated, from few rows", async () => {
  const classId = classIdOf(issuerId, templateId);
  await insertRows(googleClasses, [classOf(issuerId, templateId, 0, { staleThrough: 2 * 5000 })]);
  // Every second pass has one. Up to a place they are sent, then they wait, then they are not marked yet.
  await insertRows(
    googleObjects,
    Array.from({ length: 6000 }, (_, n) =>
      objectOf(issuerId, 2 * n, { classId, sendAt: n < 1500 ? null : 1 }),
    ),
  );
  await setRows(googleClasses, {}, { staleThrough: 2 * 4000 });
  const target = { kind: "template", id: templateId } as const;
  const about = await googleProgress(db, target, false, Date.now(), { counted: 1000, windows: 50 });
  const expectAbout = (number: number, expected: number) => {
    expect(number).toBeGreaterThan(expected * 0.9);
    expect(number).toBeLessThan(expected * 1.1);
  };
  expect(about.objects.isExact).toBe(false);
  expectAbout(about.objects.count, 6000);
  expectAbout(about.waiting, 4500);
  expectAbout(about.seconds, 300);
  expect(await googleProgress(db, target, false, Date.now())).toMatchObject({
    ...{ objects: { count: 6000, isExact: true }, waiting: 4500, seconds: 300 },
  });
});
