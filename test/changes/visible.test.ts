/**
 * A change that phones do not show (src/changes/visible.ts): it is logged and moves the tag, but pushes nothing and does not
 * delay the next push. When in doubt, a change is pushed.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { findDifferences } from "../../src/changes/visible.ts";
import { toNumber } from "../../src/json.ts";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { counted } from "../counting.ts";
import { admin, download, icon, iphone, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, consume, pushJob, spyQueue } from "../push/consume.ts";
import { changesOf, eventRow, passRow, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.visible";
const SECOND_MS = 1000;
const png = (red: number) => drawPng(29, 29, () => [red, 2, 3, 255]).toBase64();
let templateId: number;
let start: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
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

/** One call so many seconds after the start of the test. @returns the delay of its push; undefined if it pushes nothing */
async function ask(method: string, path: string, body: object | undefined, seconds = 0) {
  vi.setSystemTime(start + seconds * SECOND_MS);
  const queue = spyQueue();
  const { status, text } = await callWithQueue(queue, method, path, body);
  expect(status, text).toBeLessThan(300);
  expect(queue.sent.length).toBeLessThan(2);
  return queue.sent[0]?.delaySeconds;
}
const change = (pass: Pick<Pass, "id">, body: object, seconds = 0) =>
  ask("PATCH", `/passes/${pass.id}`, body, seconds);
const eventPath = ({ projectId, id }: { projectId: number; id: number }) =>
  `/projects/${projectId}/events/${id}`;

describe("a change of a pass pushes nothing if the phone gets the same as before:", () => {
  const serialNumber = "0001";
  const userInfo = { a: [1, 2], b: 2 };
  const body = { serialNumber, pass: { userInfo } };
  test.each<[what: string, change: object]>([
    ["its value is the template's", { values: { points: "0" } }],
    ["its change message is empty, and the template has none", { values: { terms: { changeMessage: "" } } }],
    ["its override is the template's", { pass: { userInfo, description: storeCard.description } }],
    ["it takes away a key that the template does not have", { without: ["stripColor"] }],
    ["its barcode message is the serial number", { barcodeMessage: serialNumber }],
    ["its own images are the template's", { images: icon }],
  ])("%s", async (what, changed) => {
    const isBarcode = "barcodeMessage" in changed;
    const pass = await admin.issue(templateId, isBarcode ? body : { ...body, serialNumber: what });
    const before = await passRow(pass.id);
    expect(await change(pass, changed)).toBeUndefined();
    const row = await passRow(pass.id);
    expect(row.tag).toBeGreaterThan(before.tag);
    expect(row.pushAt).toBe(before.pushAt);
    const [, logged] = await changesOf({ passId: pass.id });
    expect(logged).toMatchObject({ kind: "changed", queuedAt: null, dispatchedAt: start });
  });
});

describe("a change of a pass pushes if the phone gets something else:", () => {
  test.each<[what: string, body: object]>([
    ["another value", { values: { points: "1" } }],
    ["another change message alone", { values: { points: { changeMessage: "Now %@" } } }],
    ["a key of the template is taken away", { without: ["barcodes"] }],
    [
      "an attributed value that hides the value disappears",
      { values: { terms: "One coffee for ten points." } },
    ],
    ["one pixel of an image", { images: { "logo.png": png(9) } }],
    ["another order of a list", { pass: { associatedStoreIdentifiers: [2, 1] } }],
    ["a number instead of a text", { values: { points: 0 } }],
  ])("%s", async (_what, body) => {
    const fields = {
      ...storeCard.storeCard,
      backFields: [
        {
          key: "terms",
          value: "One coffee for ten points.",
          attributedValue: "<a href='https://x.example'>One</a>",
        },
      ],
    };
    const template = await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, storeCard: fields } });
    const pass = await admin.issue(template.id, { pass: { associatedStoreIdentifiers: [1, 2] } });
    expect(await change(pass, body)).toBe(0);
  });

  test("a move into an event pushes only if the event shows something else", async () => {
    const same = await admin.makeEvent({ values: { points: "0", other: "not in the template" } });
    const other = await admin.makeEvent({ values: { points: "7" } });
    expect(await change(await admin.issue(templateId), { eventId: same.id })).toBeUndefined();
    const pass = await admin.issue(templateId);
    expect(await change(pass, { eventId: other.id })).toBe(0);
    expect(await change(pass, { eventId: other.id, values: { points: "7" } }, 120)).toBeUndefined();
    expect(await change(pass, { values: { points: null } }, 121)).toBeUndefined();
  });

  test("a pass that leaves an event, because a change of the event may still wait for its push", async () => {
    const [left, entered] = [await admin.makeEvent(), await admin.makeEvent({ values: { points: "2" } })];
    const pass = await admin.issue(templateId, { eventId: left.id });
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    expect(await ask("PATCH", eventPath(left), { values: { points: "1" } })).toBe(0);
    expect(await ask("PATCH", eventPath(left), { values: { points: "2" } }, 10)).toBe(50);
    const queue = spyQueue();
    vi.setSystemTime(start + 20 * SECOND_MS);
    await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { eventId: entered.id });
    const fanOut = await consume(queue.sent.map(({ message }) => message));
    const throughId = (await changesOf({ passId: pass.id })).at(-1)?.id ?? 0;
    expect(fanOut.sent.map(({ message }) => message)).toEqual([
      pushJob(PASS_TYPE, [phone.pushToken], 1, throughId),
    ]);
  });
});

test("a redemption of a pass that is voided anyway pushes nothing, and neither does its reversal", async () => {
  const voided = await admin.issue(templateId, { pass: { voided: true } });
  const living = await admin.issue(templateId);
  for (const [{ id }, delay] of [
    [voided, undefined],
    [living, 0],
  ] as const) {
    expect(await ask("POST", `/passes/${id}/redeem`, { force: true })).toBe(delay);
    expect(await ask("POST", `/passes/${id}/unredeem`, {}, 60)).toBe(delay);
  }
});

test("a change of an event or a template pushes nothing if only the order of keys differs", async () => {
  const event = await admin.makeEvent({
    values: { gate: { label: "GATE", value: "1" } },
    pass: { userInfo: { a: 1, b: 2 } },
  });
  expect(await ask("PATCH", eventPath(event), { pass: { userInfo: { b: 2, a: 1 } } })).toBeUndefined();
  expect(await ask("PATCH", eventPath(event), { values: { other: {} } })).toBeUndefined();
  expect((await eventRow(event.id)).pushAt).toBe(0);
  expect(await ask("PATCH", eventPath(event), { values: { gate: "2" } })).toBe(0);

  const strings = { fr: { POINTS: "POINTS", Terms: "Conditions" } };
  const { id } = await admin.makeTemplate(PASS_TYPE, { strings });
  const { description, organizationName, ...rest } = storeCard;
  const turned = { ...rest, organizationName, description };
  const stringsTurned = { fr: { Terms: "Conditions", POINTS: "POINTS" } };
  expect(await ask("PATCH", `/templates/${id}`, { pass: turned })).toBeUndefined();
  expect(await ask("PATCH", `/templates/${id}`, { strings: stringsTurned })).toBeUndefined();
  expect((await templateRow(id)).pushAt).toBe(0);
  expect(await ask("PATCH", `/templates/${id}`, { strings: { fr: { Terms: "Texte" } } })).toBe(0);
  expect(await ask("PATCH", `/templates/${id}`, { images: { ...icon, "logo.png": png(7) } }, 60)).toBe(0);
  expect(await ask("PATCH", `/templates/${id}`, { webService: "/api" }, 120)).toBe(0);
});

test("the deletion of an event pushes only if the event showed something", async () => {
  for (const [body, delay] of [
    [{}, undefined],
    [{ values: { gate: "1" } }, 0],
  ] as const) {
    const event = await admin.makeEvent(body);
    expect(await ask("DELETE", eventPath(event), undefined)).toBe(delay);
  }
});

test("an invisible change does not delay the next push", async () => {
  const pass = await admin.issue(templateId);
  expect(await change(pass, { values: { points: "1" } })).toBe(0);
  expect(await change(pass, { values: { terms: "One coffee for ten points." } }, 60)).toBeUndefined();
  expect(await change(pass, { values: { points: "2" } }, 67)).toBe(0);
});

test("an invisible change that shares its push with an earlier change is pushed like any other, so nothing is lost", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  expect(await change(pass, { values: { points: "1" } })).toBe(0);
  const queue = spyQueue();
  for (const [values, seconds] of [
    [{ points: "2" }, 10],
    [{ terms: "One coffee for ten points." }, 25],
  ] as const) {
    vi.setSystemTime(start + seconds * SECOND_MS);
    await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { values });
  }
  expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([50, 35]);
  const later = start + 60 * SECOND_MS;
  vi.setSystemTime(later);
  const fanOut = await consume(
    queue.sent.map(({ message }) => message),
    { now: () => later },
  );
  const throughId = (await changesOf({ passId: pass.id })).at(-1)?.id ?? 0;
  expect(fanOut.sent.map(({ message }) => message)).toEqual([
    pushJob(PASS_TYPE, [phone.pushToken], 1, throughId),
  ]);
});

test("a phone that asks for updates after an invisible change gets the same content", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const before = (await download(pass)).pass;
  await change(pass, { values: { points: "0" } }, 60);
  expect(await phone.receivePush(PASS_TYPE)).toMatchObject({ unchanged: [pass.serialNumber] });
  expect((await download(pass)).pass).toEqual(before);
});

test("after the response, an invisible change costs one trip, as a visible one", async () => {
  const pass = await admin.issue(templateId);
  const counters = counted(env);
  await callWithQueue(spyQueue(), "PATCH", `/passes/${pass.id}`, { values: { points: "0" } }, counters.env);
  expect(counters.spent()).toMatchObject({ trips: 2 });
});

test("the differences of two values are named by pointer, and the order of keys is none", () => {
  const long = (last: string) => toNumber(`1234567890123456789${last}`);
  const before = { a: 1, b: [1, { c: "x" }], "d/e": null, same: { x: 1, y: long("0") }, z: long("1") };
  const after = { b: [1, { c: "y" }, 3], "d/e": {}, same: { y: long("0"), x: 1 }, z: long("2") };
  expect([...findDifferences(before, after)]).toEqual([
    { pointer: "/a", before: 1, after: undefined },
    { pointer: "/b/1/c", before: "x", after: "y" },
    { pointer: "/b/2", before: undefined, after: 3 },
    { pointer: "/d~1e", before: null, after: {} },
    { pointer: "/z", before: long("1"), after: long("2") },
  ]);
});
