/**
 * What requests of the admin API cost that show a pass or change many passes, counted. The figures must be the same in a small database
 * and in a full one. A change of one of them must be on purpose.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { deadLetters, devices, googleIssuers, joinCounts, readers, registrations } from "../src/db/schema.ts";
import { drawPng } from "./apple/png.ts";
import { adminCost, NOTHING, spent } from "./cost.ts";
import {
  DATABASES,
  fillDatabase,
  issueCountedPass,
  MARK,
  registerDevice,
  watchTableScans,
} from "./counted-passes.ts";
import { admin, randomPushToken, storeCard } from "./harness.ts";
import { copyPass, deleteRows, deviceOf, insertRows, registrationOf } from "./rows.ts";

const PASS_TYPE = "pass.test.admin-costs";
const findTableScans = watchTableScans();

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

describe.each(DATABASES)("in $database", ({ isFull }) => {
  let templateId: number;

  beforeAll(async () => {
    templateId = (await admin.makeTemplate(PASS_TYPE)).id;
    await issueCountedPass(templateId);
    if (isFull) await fillDatabase(templateId);
  });

  test("a page of the changes of a pass is one trip, and reads three times its limit at most", async () => {
    const { id: ownTemplateId } = await admin.makeTemplate(PASS_TYPE);
    const { id: eventId, projectId } = await admin.makeEvent();
    const { id } = await admin.issue(ownTemplateId, { eventId });
    for (let n = 1; n <= 8; n++) {
      await admin.change(id, { values: { points: `${n}` } });
      await admin.changeTemplate(ownTemplateId, { pass: { logoText: `${n}` } });
      await admin.changeEvent({ projectId, id: eventId }, { values: { balance: n } });
      if (n % 4 !== 0) continue;
      const page = await adminCost("GET", `/passes/${id}/changes?limit=2`);
      expect([page.status, page.after]).toEqual([200, NOTHING]);
      expect(page.answer).toEqual(spent({ trips: 1, statements: 2, rowsRead: 25 }));
    }
  });

  test("the phones of a pass are one trip: the newest changes, and at most a hundred dead letters, are looked through", async () => {
    const letter = { kind: "push", passTypeIdentifier: PASS_TYPE, tokens: ["a", "b"], reason: "BadTopic" };
    const letters = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ messageId: `letter-${n}`, message: JSON.stringify(letter), receivedAt: n },
      }));
    const held = await issueCountedPass(templateId);
    await registerDevice(held, "holder");
    for (const [count, rowsRead] of [
      [0, 25],
      [100, 527],
      [150, 527],
    ] as const) {
      await deleteRows(deadLetters);
      await insertRows(deadLetters, letters(count));
      const page = await adminCost("GET", `/passes/${held.id}/phones`);
      expect([page.status, page.after]).toEqual([200, NOTHING]);
      expect(page.answer).toEqual(spent({ trips: 1, statements: 5, rowsRead }));
    }
    await deleteRows(deadLetters);
  });

  test("the content of a pass is one trip, and one of its images is one trip and one read of R2, or none for a 304", async () => {
    const png = drawPng(20, 20, () => [isFull ? 1 : 0, 2, 3, 255]).toBase64();
    const { id } = await admin.issue(templateId, { images: { "thumbnail.png": png } });
    const { images: ofPass } = await admin.show(id);
    const { images: ofTemplate } = await admin.makeTemplate(PASS_TYPE);
    const content = await adminCost("GET", `/passes/${id}/content`);
    expect([content.status, content.after]).toEqual([200, NOTHING]);
    expect(content.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 3 }));
    for (const [path, rowsRead] of [
      [`/passes/${id}/images/${ofPass["thumbnail.png"]?.sha256}`, 2],
      [`/passes/${id}/images/${ofTemplate["icon.png"]?.sha256}`, 2],
      [`/templates/${templateId}/images/${ofTemplate["icon.png"]?.sha256}`, 1],
    ] as const) {
      const image = await adminCost("GET", path);
      expect([image.status, image.after]).toEqual([200, NOTHING]);
      expect(image.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead, gets: 1 }));
      const condition = { "If-None-Match": image.headers.get("etag") ?? "" };
      const again = await adminCost("GET", path, undefined, condition);
      expect([again.status, again.answer]).toEqual([304, spent({ trips: 1, statements: 1, rowsRead })]);
    }
  });

  test("a move of passes to an event is one batch of five statements, and one write to mark all changes, for any number of passes", async () => {
    const { id: eventId } = await admin.makeEvent();
    for (const count of [2, 200]) {
      const { id } = await admin.issue(templateId);
      const passIds = [id, ...(await copyPass(id, count - 1, `moved-${isFull}-${count}-`))];
      const move = () => adminCost("POST", "/passes/move", { passIds, eventId });
      const { status, answer, after, jobs } = await move();
      expect([status, jobs.length]).toEqual([200, count]);
      const rows = { rowsRead: 22 * count + 5, rowsWritten: 8 * count + 1 };
      expect(answer).toEqual(spent({ trips: 1, statements: 5, ...rows }));
      const marks = { rowsRead: 6 * count + 2, rowsWritten: count };
      expect(after).toEqual(spent({ trips: 1, statements: 1, ...marks }));
      const again = await move();
      const read = spent({ trips: 1, statements: 5, rowsRead: 15 * count + 8 });
      expect([again.answer, again.after]).toEqual([read, NOTHING]);
    }
  });

  test("a change of a template's texts is one read, one batch, one look for where its passes are offered and one write to mark it as queued, whatever the number of its passes", async () => {
    const pass = { ...storeCard, logoText: "New" };
    const { status, answer, after } = await adminCost("PATCH", `/templates/${templateId}`, { pass });
    expect(status).toBe(200);
    expect(answer).toEqual(spent({ trips: 3, statements: 9, rowsRead: 19, rowsWritten: 8 }));
    expect(after).toEqual(MARK);
  });
});

test("the progress of a change is three or four trips, and reads three rows for each of its phones, at most 34,000", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  for (const table of [googleIssuers, readers]) await deleteRows(table);
  const progress = () => adminCost("GET", `/templates/${templateId}/progress`);
  const register = async (count: number) => {
    const tokens = Array.from({ length: count }, randomPushToken);
    await insertRows(
      registrations,
      tokens.map((token) => registrationOf(pass, token)),
    );
    await insertRows(
      devices,
      tokens.map((token) => deviceOf(PASS_TYPE, token)),
    );
  };
  await register(100);
  const few = await progress();
  expect([few.status, few.after]).toEqual([200, NOTHING]);
  expect(few.answer).toEqual(spent({ trips: 3, statements: 6, rowsRead: 313 }));
  await register(10_000);
  const many = await progress();
  expect(many.answer).toMatchObject({ trips: 4, statements: 8, rowsWritten: 0 });
  expect(many.answer.rowsRead).toBeGreaterThan(3 * 10_000);
  expect(many.answer.rowsRead).toBeLessThan(34_000);
});

test("the counts of a join page are one trip, and read a row for each network of the day once", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const today = Math.floor(Date.now() / (24 * 60 * 60_000));
  const networks = Array.from({ length: 100 }, (_, n) => ({
    templateId,
    day: today,
    network: `${n}`,
    count: 1,
  }));
  await insertRows(joinCounts, [{ templateId, day: 0, network: "", count: 100 }, ...networks]);
  const page = await adminCost("GET", `/templates/${templateId}/join`);
  expect([page.status, page.after]).toEqual([200, NOTHING]);
  expect(page.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 103 }));
});

test("no statement scans a table", async () => {
  const { tableScans, steps } = await findTableScans();
  expect([tableScans, steps.length > 0]).toEqual([[], true]);
});
