/**
 * What the answers of changes and of dry runs say about Google Wallet. The rules are in test/google/notices.test.ts; here is what they
 * are computed from, and what they cost.
 */
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseDryRun } from "../../src/browser/dashboard/change/dry-run.ts";
import { googleClasses, googleObjects } from "../../src/db/schema.ts";
import type { GoogleNotification } from "../../src/google/notifications.ts";
import type { GoogleReach } from "../../src/passes/google-change.ts";
import { drawPng } from "../apple/png.ts";
import { adminCost } from "../cost.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call, icon, storeCard } from "../harness.ts";
import { insertRows, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.google-changes";
const card = {
  ...storeCard,
  storeCard: {
    headerFields: [{ key: "points", label: "Points", value: 0, changeMessage: "You have %@ points" }],
    secondaryFields: [
      { key: "gate", label: "Gate", value: "A", changeMessage: "Go to gate %@" },
      { key: "level", value: "-" },
    ],
  },
};
const logo = { "logo.png": drawPng(20, 20, () => [1, 2, 3, 255]).toBase64() };

interface Reported {
  readonly googleNotifications?: readonly GoogleNotification[];
  readonly googleReach?: GoogleReach;
  readonly google?: unknown;
}

/** "text You have 4 points", "google_words points" or "silent no_change_message level". */
const shortly = ({ googleNotifications }: Reported) =>
  googleNotifications?.map((item) => {
    if (item.kind === "text") return item.text;
    if (item.kind === "google_words") return `Google: ${item.fields.join()}`;
    return [item.reason, item.field].join(" ").trim();
  });

/** The dry run, and then the change, which say the same. */
async function change(path: string, body: object) {
  const dry = await call<Reported>("PATCH", `${path}?dryRun=true`, body);
  const changed = await call<Reported>("PATCH", path, body);
  expect([dry.status, changed.status]).toEqual([200, 200]);
  expect(changed.body.googleNotifications).toEqual(dry.body.googleNotifications);
  expect(changed.body.googleReach).toBeUndefined();
  return { texts: shortly(dry.body), reach: dry.body.googleReach };
}

test("without an issuer the answer has no part for Google, and nothing is read for it", async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE, { pass: card });
  const event = await admin.makeEvent({ values: { gate: "B" } });
  const { id } = await admin.issue(templateId, { eventId: event.id });
  const eventPath = `/projects/${event.projectId}/events/${event.id}`;
  for (const [path, body, trips] of [
    [`/passes/${id}`, { values: { gate: "C" } }, 1],
    [eventPath, { values: { gate: "D" } }, 1],
    [`/templates/${templateId}`, { pass: { ...card, logoText: "New" } }, 3],
  ] as const) {
    expect(await change(path, body)).toEqual({ texts: undefined, reach: undefined });
    expect((await adminCost("PATCH", path, { ...body })).answer.trips).toBe(trips);
  }
});

describe("with an issuer", () => {
  let issuerId: string;
  let templateId: number;
  let eventId: number;
  let eventPath: string;
  let passId: number;
  let path: string;

  beforeAll(async () => {
    issuerId = await makeIssuer();
  });
  beforeEach(async () => {
    const images = { ...icon, ...logo };
    templateId = (await admin.makeTemplate(PASS_TYPE, { pass: card, images })).id;
    const event = await admin.makeEvent({ values: { level: "Event" } });
    eventId = event.id;
    eventPath = `/projects/${event.projectId}/events/${event.id}`;
    passId = (await admin.issue(templateId, { eventId })).id;
    path = `/passes/${passId}`;
  });

  const FULL_DAY = JSON.stringify([1, 2, 3].map((hours) => Date.now() - hours * 3_600_000));

  /** Somebody has saved the pass, and other passes of its class. */
  async function save({ passes = 1, notifiedAt = "[]", event = eventId, template = templateId } = {}) {
    const classId = `${issuerId}.t${template}e${event}`;
    const row = { issuerId, type: "loyalty", sent: "{}", sentAt: 0 } as const;
    const ids = { templateId: template, eventId: event, resourceId: classId };
    await insertRows(googleClasses, [{ ...row, ...ids } as never]);
    const objects = Array.from({ length: passes }, (_, n) => ({
      ...{
        ...row,
        passId: n === 0 && template === templateId ? passId : 1_000_000 * passId + 10 * template + n,
      },
      ...{ createdAt: 0 },
      ...{ resourceId: `${classId}-${n}`, classId, notifiedAt },
    }));
    await insertRows(googleObjects, objects as never);
  }

  test("the answer for a pass says what its holder sees, and that nobody sees it until it is saved", async () => {
    const gate = { values: { gate: "B" } };
    expect(await change(path, gate)).toEqual({
      ...{ texts: ["not_in_google_wallet", "Go to gate B"] },
      reach: { passes: 0, calls: 0, seconds: 0 },
    });
    await save();
    const one = { passes: 1, calls: 1, seconds: 1 };
    expect(await change(path, { values: { gate: "C" } })).toEqual({ texts: ["Go to gate C"], reach: one });
    expect(await change(path, { values: { points: 4 } })).toEqual({ texts: ["Google: points"], reach: one });
    const asked = await call("PATCH", `${path}?dryRun=true`, { values: { gate: "Z" } });
    expect(parseDryRun(asked.body), "the dashboard understands it").toMatchObject({
      ...{ googleReach: one, googleNotifications: [{ kind: "text", text: "Go to gate Z" }] },
    });
    const several = { values: { points: { add: 1 }, gate: "D", level: "Gold" } };
    expect((await change(path, several)).texts).toEqual([
      ...["You have 5 points", "Go to gate D"],
      "no_change_message level",
    ]);
    expect(await change(path, { values: { gate: "D" } })).toEqual({
      ...{ texts: ["nothing_changed"] },
      reach: { passes: 1, calls: 0, seconds: 0 },
    });
    expect((await change(path, { values: { gate: "" } })).texts).toEqual(["no_message gate"]);
    expect((await change(path, { pass: { expirationDate: "2040-01-01T00:00:00Z" } })).texts).toEqual([
      "no_field_changed",
    ]);
  });

  test("the answer says what holders see, or why not, for a pass that is not active, moves to another event or has had three notifications", async () => {
    await save({ notifiedAt: FULL_DAY });
    expect((await change(path, { values: { gate: "B" } })).texts).toEqual(["daily_limit", "Go to gate B"]);
    expect((await change(path, { values: { points: 1 } })).texts).toEqual(["daily_limit"]);
    await setRows(googleObjects, { passId }, { notifiedAt: "[]" as never });
    // Notifications of its class are notifications of the pass.
    await setRows(googleClasses, { templateId }, { notifiedAt: FULL_DAY as never });
    expect((await change(path, { values: { gate: "C" } })).texts).toEqual(["daily_limit", "Go to gate C"]);
    await setRows(googleClasses, { templateId }, { notifiedAt: "[]" as never });
    const { id: otherId } = await admin.makeEvent({ values: { gate: "E" } });
    const moved = await change(path, { eventId: otherId, values: { gate: null } });
    const level = "no_change_message level";
    expect(moved.texts).toEqual(["Go to gate E", level]);
    expect((await change(path, { eventId })).texts).toEqual([level, "no_message gate"]);
    await call("POST", `${path}/redeem`, {});
    expect((await change(path, { values: { gate: "F" } })).texts).toEqual(["not_active"]);
  });

  test("an event is one call for each of its classes, whatever the number of passes", async () => {
    expect((await change(eventPath, { values: { gate: "B" } })).texts).toEqual([
      ...["not_in_google_wallet", "Go to gate B"],
    ]);
    const others = Array.from({ length: 15 }, (_, n) => 1_000_000 * templateId + n);
    for (const template of others) await save({ passes: 2, template });
    await save({ passes: 20 });
    const reach = { passes: 50, calls: 16, seconds: 2 };
    expect(await change(eventPath, { values: { gate: "C" } })).toEqual({ texts: ["Go to gate C"], reach });
    await setRows(googleClasses, { templateId }, { notifiedAt: FULL_DAY as never });
    expect((await change(eventPath, { values: { gate: "D" } })).texts, "others may notify").toEqual([
      "Go to gate D",
    ]);
    await setRows(googleClasses, { eventId }, { notifiedAt: FULL_DAY as never });
    const full = await change(eventPath, { values: { gate: "E" } });
    expect(full).toEqual({ texts: ["daily_limit", "Go to gate E"], reach });
    const nothing = await change(eventPath, { name: "Renamed" });
    expect(nothing).toEqual({ texts: ["nothing_changed"], reach: { ...reach, calls: 0, seconds: 0 } });
    const empty = await admin.makeEvent();
    const emptyPath = `/projects/${empty.projectId}/events/${empty.id}`;
    expect(await change(emptyPath, { values: { gate: "B" } })).toEqual({
      ...{ texts: ["no_pass"] },
      reach: { passes: 0, calls: 0, seconds: 0 },
    });
  });

  test("a change of each object takes a call for each pass, at 15 a second; the template's own google part stays in the answer", async () => {
    await save({ passes: 30, event: 0 });
    const renamed = {
      ...card,
      storeCard: { ...card.storeCard, headerFields: [{ ...card.storeCard.headerFields[0], label: "Stars" }] },
    };
    const { reach } = await change(`/templates/${templateId}`, { pass: renamed });
    expect(reach).toEqual({ passes: 30, calls: 31, seconds: 3 });
    const google = { type: "generic" };
    const { body } = await call<Reported>("PATCH", `/templates/${templateId}?dryRun=true`, { google });
    expect(shortly(body)).toEqual(["no_field_changed"]);
    expect([body.google, body.googleReach?.passes]).toEqual([null, 30]);
  });

  test("a template says what holders see whose passes do not replace the value", async () => {
    const [points, ...others] = [...card.storeCard.headerFields, ...card.storeCard.secondaryFields];
    const pass = { ...card, storeCard: { headerFields: [{ ...points, value: 9 }], secondaryFields: others } };
    expect((await change(`/templates/${templateId}`, { pass })).texts).toEqual([
      ...["not_in_google_wallet", "You have 9 points"],
    ]);
    await save();
    await setRows(googleClasses, { templateId }, { notifiedAt: FULL_DAY as never });
    const again = { ...pass.storeCard, headerFields: [{ ...points, value: 10 }] };
    expect((await change(`/templates/${templateId}`, { pass: { ...pass, storeCard: again } })).texts).toEqual(
      [...["daily_limit", "You have 10 points"]],
    );
    let colour = 0;
    const texts = async (name: string) => {
      colour += 1;
      const image = drawPng(20, 20, () => [colour, 9, 9, 255]).toBase64();
      return (await change(`/templates/${templateId}`, { images: { [name]: image } })).texts;
    };
    expect(await texts("strip.png")).toEqual(["only_images_changed"]);
    expect(await texts("google/hero.png"), "only Google shows it").toEqual(["no_field_changed"]);
    expect(await texts("logo.png"), "only Apple shows it").toEqual(["nothing_changed"]);
  });

  test("the part for Google costs one trip", async () => {
    await save();
    const trips = async (at: string, body: object) => (await adminCost("PATCH", at, body)).answer.trips;
    expect(await trips(path, { values: { gate: "X" } })).toBe(2);
    expect(await trips(`${path}?dryRun=true`, { values: { gate: "Y" } })).toBe(2);
    expect(await trips(eventPath, { values: { gate: "X" } })).toBe(2);
    expect(await trips(`/templates/${templateId}`, { pass: { ...card, logoText: "X" } })).toBe(4);
  });
});
