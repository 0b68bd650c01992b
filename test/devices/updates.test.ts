/**
 * "What changed?": who is answered with which serial numbers, and what the tag means.
 *
 * Follows Apple's "Get the list of updatable passes".
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, send } from "../harness.ts";
import { ask, holderOf, listPath, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.what-changed";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

/** A device that is registered for that many new passes, whose serial numbers are in order. */
async function deviceWith(count: number) {
  const device = randomDevice();
  const passes: Pass[] = [];
  for (let i = 0; i < count; i++) {
    const pass = await admin.issue(templateId, { serialNumber: `${device.slice(0, 8)}-${i}` });
    await (await holderOf(pass)).register(device);
    passes.push(pass);
  }
  return { device, passes, serialNumbers: passes.map((pass) => pass.serialNumber) };
}

test("a request without a tag lists all passes of the device, and lastUpdated is a string of digits", async () => {
  const { device, serialNumbers } = await deviceWith(3);
  const response = await send(ask("GET", listPath(device, PASS_TYPE)));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^application\/json\b/);
  const found = await response.json<Record<string, unknown>>();
  expect(Object.keys(found).toSorted()).toEqual(["lastUpdated", "serialNumbers"]);
  expect(found.serialNumbers).toHaveLength(3);
  expect(found.serialNumbers).toEqual(expect.arrayContaining(serialNumbers));
  expect(found.lastUpdated).toMatch(/^\d{1,15}$/);
});

test("every pass that changed since the tag is listed, not only the newest, and the new tag is answered 204", async () => {
  const { device, passes, serialNumbers } = await deviceWith(3);
  const seen = await updates(device, PASS_TYPE);
  await admin.change(passes[0]?.id ?? 0, { values: { points: "1" } });
  const between = await updates(device, PASS_TYPE, seen?.lastUpdated);
  expect(between?.serialNumbers).toEqual([serialNumbers[0]]);
  await admin.change(passes[2]?.id ?? 0, { values: { points: "2" } });
  expect((await updates(device, PASS_TYPE, seen?.lastUpdated))?.serialNumbers).toEqual([
    serialNumbers[0],
    serialNumbers[2],
  ]);
  const newest = await updates(device, PASS_TYPE, between?.lastUpdated);
  expect(newest?.serialNumbers).toEqual([serialNumbers[2]]);
  const response = await send(ask("GET", listPath(device, PASS_TYPE, newest?.lastUpdated)));
  expect([response.status, await response.text()]).toEqual([204, ""]);
});

test("whenever serial numbers are returned, the tag has increased", async () => {
  const { device, passes } = await deviceWith(2);
  let tag = (await updates(device, PASS_TYPE))?.lastUpdated;
  const change = [
    () => admin.change(passes[0]?.id ?? 0, { values: { points: "5" } }),
    () => admin.redeem(passes[1]?.id ?? 0),
    () => admin.changeTemplate(templateId, { strings: { de: { POINTS: `PUNKTE ${device}` } } }),
    () => admin.change(passes[1]?.id ?? 0, { barcodeMessage: "m" }),
  ];
  for (const act of change) {
    await act();
    const found = await updates(device, PASS_TYPE, tag);
    expect(Number(found?.lastUpdated)).toBeGreaterThan(Number(tag));
    tag = found?.lastUpdated;
  }
});

test("a phone that requests lists while its passes change misses no change", async () => {
  const { device, passes, serialNumbers } = await deviceWith(8);
  const listed = new Set<string>();
  let tag = (await updates(device, PASS_TYPE))?.lastUpdated;
  async function look() {
    const found = await updates(device, PASS_TYPE, tag);
    for (const serialNumber of found?.serialNumbers ?? []) listed.add(serialNumber);
    tag = found?.lastUpdated ?? tag;
  }
  let pending = passes.length;
  const changes = passes.map(async (pass, i) => {
    await admin.change(pass.id, { values: { points: `${i + 1}` } });
    pending -= 1;
  });
  while (pending > 0) await look();
  await Promise.all(changes);
  await look();
  expect([...listed].toSorted()).toEqual(serialNumbers);
  expect(await updates(device, PASS_TYPE, tag)).toBeUndefined();
});

test("a change of a template lists all its passes", async () => {
  const { device, serialNumbers } = await deviceWith(2);
  const seen = await updates(device, PASS_TYPE);
  await admin.changeTemplate(templateId, { strings: { fr: { POINTS: device } } });
  expect((await updates(device, PASS_TYPE, seen?.lastUpdated))?.serialNumbers).toEqual(serialNumbers);
});

test.each([
  "",
  "garbled",
  "-1",
  "-99999999999999999999",
  "1.5",
  "1e3",
  "0x10",
  " 7",
  "٣٤",
  "2026-11-22T01:02:03+00:00",
  "1 OR 1=1",
  "999999999999999",
  "99999999999999999999",
  "a&b=c",
])("a tag that was never issued (%j) lists all passes", async (tag) => {
  const { device, serialNumbers } = await deviceWith(2);
  expect((await updates(device, PASS_TYPE, tag))?.serialNumbers).toEqual(serialNumbers);
});

test("a list needs no authorization, and a wrong one is ignored", async () => {
  const { device } = await deviceWith(1);
  for (const Authorization of ["ApplePass ep1_wrong", "Bearer x", "nonsense"]) {
    expect((await send(ask("GET", listPath(device, PASS_TYPE), { Authorization }))).status).toBe(200);
  }
});

test("a device gets a list of only the passes of the pass type in the request", async () => {
  const { device, passes, serialNumbers } = await deviceWith(2);
  const neighbour = randomDevice();
  await (await holderOf(passes[0] as Pass)).register(neighbour);
  expect((await updates(neighbour, PASS_TYPE))?.serialNumbers).toEqual([serialNumbers[0]]);
  await admin.makePassType("pass.test.what-changed.other", undefined, "P-256");
  const other = await admin.issue((await admin.makeTemplate("pass.test.what-changed.other")).id);
  expect(await updates(device, other.passTypeIdentifier)).toBeUndefined();
  await (await holderOf(other)).register(device);
  expect((await updates(device, other.passTypeIdentifier))?.serialNumbers).toEqual([other.serialNumber]);
  expect((await updates(device, PASS_TYPE))?.serialNumbers).toEqual(serialNumbers);
  expect(await updates(randomDevice(), PASS_TYPE)).toBeUndefined();
  expect(await updates(device, "pass.test.unheard-of")).toBeUndefined();
});

test("unregistered and deleted passes are not listed", async () => {
  const { device, passes, serialNumbers } = await deviceWith(3);
  await (await holderOf(passes[0] as Pass)).unregister(device);
  await admin.delete(passes[1]?.id ?? 0);
  expect((await updates(device, PASS_TYPE))?.serialNumbers).toEqual([serialNumbers[2]]);
});

test("a request that changes nothing is not an update", async () => {
  const { device, passes } = await deviceWith(1);
  await admin.change(passes[0]?.id ?? 0, { values: { points: "1" } });
  const seen = await updates(device, PASS_TYPE);
  await admin.change(passes[0]?.id ?? 0, { values: { points: "1" }, tags: ["vip"], externalId: device });
  expect(await updates(device, PASS_TYPE, seen?.lastUpdated)).toBeUndefined();
});
