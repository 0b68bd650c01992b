/**
 * Dry runs of changes, and what the answers of changes say about phones. A dry run says what the change then does, is refused
 * as the change is, and writes nothing. The rules for the texts are in test/pkpass/notifications.test.ts.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { joinPieces } from "../../src/bytes.ts";
import type { DryRun } from "../../src/changes/dry-run.ts";
import { findDifferences } from "../../src/changes/visible.ts";
import { registrations } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { storedFiles } from "../../src/pkpass/build/zip.ts";
import { drawPng } from "../apple/png.ts";
import { adminCost, NOTHING } from "../cost.ts";
import { admin, call, icon, randomPushToken, send, storeCard, stored } from "../harness.ts";
import { insertRows, registrationOf } from "../rows.ts";

const PASS_TYPE = "pass.test.dry-run";
const card = {
  ...storeCard,
  storeCard: {
    primaryFields: [{ key: "stamps", value: 0, changeMessage: "You have %@ stamps" }],
    secondaryFields: [
      { key: "gate", value: "A", changeMessage: "Go to gate %@" },
      { key: "level", value: "-" },
    ],
  },
};
const logo = { "logo.png": drawPng(20, 20, () => [1, 2, 3, 255]).toBase64() };
const headers = { "If-Match": '"99"' };
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass: card })).id;
});

type Reported = Pick<DryRun, "notifications" | "lint">;

/** The dry run, which must leave everything as it is, and then the change. */
async function runBoth(path: string, body: object) {
  const before = await stored();
  const current = await call<object>("GET", path);
  const dry = await call<DryRun>("PATCH", `${path}?dryRun=true`, body);
  expect([dry.status, dry.body.dryRun]).toEqual([200, true]);
  expect(dry.body).toMatchObject(current.body);
  expect(dry.headers.get("etag")).toBe(current.headers.get("etag"));
  expect(await stored()).toEqual(before);
  const change = await call<Reported>("PATCH", `${path}?dryRun=false`, body);
  expect(change.status).toBe(200);
  for (const member of Object.keys(change.body))
    expect(Object.keys(dry.body), "the answer of a dry run has all members of that of the change").toContain(
      member,
    );
  const { notifications, lint } = change.body;
  expect({ body, notifications, lint }).toEqual({
    body,
    notifications: dry.body.notifications,
    lint: dry.body.lint,
  });
  return dry.body;
}

/** The same refusal of the dry run and of the change. */
async function refuseBoth(path: string, code: string, body: object, more: Record<string, string> = {}) {
  const dry = await call("PATCH", `${path}?dryRun=true`, body, more);
  const change = await call("PATCH", path, body, more);
  expect([change.body.code, dry.status, dry.body]).toEqual([code, change.status, change.body]);
}

/** What a phone gets, without the checks of a phone. */
async function passJson({ downloadUrl }: Pass): Promise<unknown> {
  const response = await send(new Request(downloadUrl));
  for (const { name, content } of storedFiles(new Uint8Array(await response.arrayBuffer()))) {
    if (new TextDecoder().decode(name) === "pass.json") return new Response(joinPieces(content)).json();
  }
  throw new Error("a pass without pass.json");
}

/** The differences under this key of what phones get. */
const under = (key: string, { differences }: DryRun) =>
  differences.filter(({ pointer }) => pointer === `/${key}` || pointer.startsWith(`/${key}/`));
const differencesOf = (key: string, before: unknown, after: unknown) =>
  JSON.parse(JSON.stringify([...findDifferences({ [key]: before }, { [key]: after })]));
/** Short forms of notifications. */
const shortly = ({ notifications }: Reported) =>
  notifications.map((item) => {
    if (item.kind === "text") return item.text;
    return item.kind === "silent" ? [item.reason, item.field].join(" ").trim() : item.fields.join();
  });

describe("a dry run of a pass", () => {
  test("says what the change then does, and writes nothing", async () => {
    const pass = await admin.issue(templateId, { serialNumber: "dry", values: { stamps: 3 } });
    const { id: eventId } = await admin.makeEvent({ values: { gate: "E" } });
    const path = `/passes/${pass.id}`;
    const answers: unknown[] = [];
    let before = await passJson(pass);
    for (const body of [
      { values: { stamps: { add: 1, max: 10 } } },
      { values: { gate: "B", level: "Gold" } },
      { values: { gate: "C", stamps: 9 } },
      { eventId, values: { gate: null } },
      { eventId: null },
      { pass: { logoText: "New" }, barcodeMessage: "77", barcodeAltText: "78" },
      { images: logo },
      { externalId: "outside", tags: ["a"] },
      {},
    ]) {
      const dry = await runBoth(path, body);
      const after = await passJson(pass);
      expect(under("pass", dry)).toEqual(differencesOf("pass", before, after));
      before = after;
      answers.push(shortly(dry));
    }
    const nobody = "not_installed";
    expect(answers).toEqual([
      [nobody, "You have 4 stamps"],
      [nobody, "Go to gate B", "no_change_message level"],
      [nobody, "You have 9 stamps", "Go to gate C", "stamps,gate"],
      [nobody, "Go to gate E"],
      [nobody, "Go to gate A"],
      [nobody, "no_field_changed"],
      [nobody, "only_images_changed"],
      [nobody, "nothing_changed"],
      [nobody, "nothing_changed"],
    ]);
    await insertRows(registrations, [registrationOf(pass, randomPushToken())]);
    const reached = await runBoth(path, { values: { stamps: 10 } });
    expect([shortly(reached), reached.phones]).toEqual([
      ["You have 10 stamps"],
      { count: 1, googlePasses: 0, isExact: true },
    ]);
  });

  test("is refused as the change is", async () => {
    const pass = await admin.issue(templateId, { values: { stamps: 10 } });
    await admin.issue(templateId, { externalId: "taken" });
    const path = `/passes/${pass.id}`;
    await refuseBoth(path, "unknown_field", { values: { typo: 1 } });
    await refuseBoth(path, "value_out_of_range", { values: { stamps: { add: 1, max: 10 } } });
    await refuseBoth(path, "value_not_a_number", { values: { level: { add: 1 } } });
    await refuseBoth(path, "event_not_found", { eventId: 999_999 });
    await refuseBoth(path, "external_id_taken", { externalId: "taken" });
    await refuseBoth(path, "invalid_image", { images: { "logo.png": "AAAA" } });
    const long = "x".repeat(100_000);
    const large = { value: long, label: long, changeMessage: long };
    const values = { stamps: large, gate: large, level: large };
    await refuseBoth(path, "content_too_large", { values, pass: { userInfo: long.slice(100) } });
    await refuseBoth(path, "precondition_failed", { values: { stamps: 1 } }, headers);
    await refuseBoth("/passes/999999", "pass_not_found", {});
  });

  test("costs one trip, or two with images, and writes no object and sends no message", async () => {
    const { id } = await admin.issue(templateId);
    const body = { values: { stamps: { add: 1 } } };
    const { status, answer, after, jobs } = await adminCost("PATCH", `/passes/${id}?dryRun=true`, body);
    expect([status, jobs, after]).toEqual([200, [], NOTHING]);
    expect(answer).toMatchObject({ trips: 1, rowsWritten: 0, puts: 0 });
    const drawn = await adminCost("PATCH", `/passes/${id}?dryRun=true`, { ...body, images: logo });
    expect([drawn.jobs, drawn.after]).toEqual([[], NOTHING]);
    expect(drawn.answer).toMatchObject({ trips: 2, rowsWritten: 0, puts: 0 });
  });
});

test("a dry run of an event says what the change then does, for its newest pass, and writes nothing", async () => {
  const event = await admin.makeEvent({ values: { gate: "A" } });
  const path = `/projects/${event.projectId}/events/${event.id}`;
  expect(shortly(await runBoth(path, { values: { gate: "B" } }))).toEqual(["no_pass"]);
  const passes: Pass[] = [];
  for (const values of [{}, { level: "own" }]) {
    passes.push(await admin.issue(templateId, { eventId: event.id, values }));
  }
  const token = randomPushToken();
  await insertRows(
    registrations,
    // One phone with both passes.
    passes.map((pass) => registrationOf(pass, token)),
  );
  const shown = async () => {
    const { body } = await call<{ values: object; pass: object }>("GET", path);
    return { values: body.values, pass: body.pass };
  };
  for (const [body, texts] of [
    [{ values: { gate: "C", stamps: 7 } }, ["You have 7 stamps", "Go to gate C", "stamps,gate"]],
    [{ values: { level: "hidden by the pass's own" } }, ["nothing_changed"]],
    [{ values: { gate: { changeMessage: "Now %@", value: "D" } } }, ["Now D"]],
    [{ pass: { logoText: "New" }, name: "Renamed" }, ["no_field_changed"]],
  ] as const) {
    const before = await shown();
    const dry = await runBoth(path, body);
    const after = await shown();
    for (const key of ["values", "pass"] as const)
      expect(under(key, dry)).toEqual(differencesOf(key, before[key], after[key]));
    expect([shortly(dry), dry.phones]).toEqual([texts, { count: 1, googlePasses: 0, isExact: true }]);
  }
  await admin.makeEvent({ externalId: "taken" }, event.projectId);
  await refuseBoth(path, "external_id_taken", { externalId: "taken" });
  await refuseBoth(path, "precondition_failed", { values: { gate: "X" } }, headers);
  await refuseBoth(`/projects/${event.projectId}/events/999999`, "event_not_found", {});
});

test("a dry run of a template says what the change then does, and writes nothing", async () => {
  const template = await admin.makeTemplate(PASS_TYPE, { pass: card });
  const pass = await admin.issue(template.id, { values: { level: "Gold" } });
  await insertRows(registrations, [registrationOf(pass, randomPushToken())]);
  const path = `/templates/${template.id}`;
  const shown = async () => {
    const { body } = await call<{ pass: object; images: Record<string, { sha256: string }> }>("GET", path);
    const images = Object.entries(body.images).map(([image, { sha256 }]) => [image, sha256]);
    return { pass: body.pass, images: Object.fromEntries(images) };
  };
  const [stamps, gate, level] = [...card.storeCard.primaryFields, ...card.storeCard.secondaryFields];
  const without = {
    ...card,
    storeCard: { primaryFields: [stamps], secondaryFields: [{ ...gate, value: "Z" }] },
  };
  const codes: unknown[] = [];
  for (const [body, texts] of [
    [{ pass: { ...card, logoText: "New" } }, ["no_field_changed"]],
    [{ images: { ...icon, ...logo } }, ["only_images_changed"]],
    [{ strings: { fr: { New: "Nouveau" } } }, ["no_field_changed"]],
    [{ pass: without }, ["Go to gate Z"]],
    [
      { pass: { ...card, storeCard: { primaryFields: [level] } }, name: "Renamed", barcodeText: "message" },
      ["no_change_message level"],
    ],
    [{ name: "Renamed again" }, ["nothing_changed"]],
  ] as const) {
    const before = await shown();
    const dry = await runBoth(path, body);
    const after = await shown();
    for (const key of ["pass", "images"] as const)
      expect(under(key, dry)).toEqual(differencesOf(key, before[key], after[key]));
    expect([shortly(dry), dry.phones]).toEqual([texts, { count: 1, googlePasses: 0, isExact: true }]);
    codes.push(dry.lint.findings.filter(({ code }) => code === "values_without_field").length);
  }
  expect(codes).toEqual([0, 0, 0, 1, 0, 0]);
  await admin.makeTemplate(PASS_TYPE, { externalId: "taken" });
  await refuseBoth(path, "external_id_taken", { externalId: "taken" });
  await refuseBoth(path, "project_not_found", { projectId: 999_999 });
  await refuseBoth(path, "missing_icon", { images: { "icon.png": null } });
  await refuseBoth(path, "precondition_failed", { name: "X" }, headers);
  await refuseBoth("/templates/999999", "template_not_found", { name: "X" });
  const other = { "logo.png": drawPng(20, 20, () => [9, 9, 9, 255]).toBase64() };
  const { answer, after, jobs } = await adminCost("PATCH", `${path}?dryRun=true`, {
    images: { ...icon, ...other },
  });
  expect([answer.rowsWritten, answer.puts, after, jobs]).toEqual([0, 0, NOTHING, []]);
});
