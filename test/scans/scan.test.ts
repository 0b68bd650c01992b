/**
 * Scans, outcome by outcome: what a scanner gets, and what happens to the pass. Also at the same time, sent twice, from scanners that
 * were offline, and with lost answers.
 */

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { scans } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { failingD1 } from "../failing-d1.ts";
import { ADMIN_TOKEN, admin, download, ORIGIN, refused, storeCard } from "../harness.ts";
import { changesOf, countRows, passRow, rowOf, setRows } from "../rows.ts";
import { newScanId, scanner } from "./scanner.ts";

const PASS_TYPE = "pass.test.scans";
const MINUTE = 60_000;
const stampCard = {
  ...storeCard,
  storeCard: {
    ...storeCard.storeCard,
    primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }],
  },
};
const tenStamps = {
  action: "add",
  field: "stamps",
  by: 1,
  max: 10,
  reward: { resetTo: 0, label: "A free coffee" },
};
let tickets: number;
let cards: number;
let codes = 0;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  tickets = (await admin.makeTemplate(PASS_TYPE, { name: "Ticket" })).id;
  cards = (await admin.makeTemplate(PASS_TYPE, { pass: stampCard, scan: tenStamps })).id;
});

const newCode = () => `code-${++codes}`;
async function issue(templateId: number, body: Record<string, unknown> = {}) {
  const code = newCode();
  const { id } = await admin.issue(templateId, { barcodeMessage: code, ...body });
  return { id, code };
}
const issueCard = (stamps: number) => issue(cards, { values: { stamps } });
const stampsOf = async (id: number) => (await admin.show(id)).values.stamps?.value;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const kindsOf = async (passId: number) => (await changesOf({ passId })).map(({ kind }) => kind);
const outcomes = (results: readonly { outcome: string }[]) => results.map(({ outcome }) => outcome).sort();

test("a scan redeems a ticket, answers what the screen shows, and a second one says when and where", async () => {
  const { id, code } = await issue(tickets, { values: { points: "Row 7" } });
  const first = await scanner.scan(code, { place: "Gate 2" });
  expect(first).toMatchObject({
    outcome: "redeemed",
    undoneAt: null,
    pass: { id, status: "redeemed", templateName: "Ticket" },
  });
  expect(first.pass?.fields).toEqual([
    { section: "header", key: "balance", label: "BALANCE", value: 12.5 },
    { section: "primary", key: "points", label: "POINTS", value: "Row 7" },
    { section: "secondary", key: "until", label: "UNTIL", value: "2027-01-01T00:00Z" },
  ]);
  expect(JSON.stringify(first)).not.toMatch(/downloadUrl|webToken|externalId/);
  const pass = await admin.show(id);
  expect(pass).toMatchObject({
    status: "redeemed",
    redeemedAt: first.at,
    redemptionId: first.scanId,
    revision: 2,
  });
  expect((await download(pass)).pass.voided).toBe(true);
  const second = await scanner.scan(code, { place: "Gate 3" });
  expect(second).toMatchObject({
    outcome: "already_redeemed",
    firstRedemption: { at: first.at, place: "Gate 2" },
  });
  expect(second).not.toHaveProperty("conflict");
  expect(await kindsOf(id)).toEqual(["issued", "redeemed"]);
  expect((await admin.show(id)).revision).toBe(2);
});

test("a voided ticket and an expired one are refused, and nothing changes", async () => {
  const voided = await issue(tickets);
  await admin.void(voided.id, "refunded");
  const expired = await issue(tickets, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  const [one, two] = await scanner.send([voided, expired].map(({ code }) => ({ code })));
  expect(one).toMatchObject({ outcome: "voided", pass: { status: "voided", voidReason: "refunded" } });
  expect(two).toMatchObject({
    outcome: "expired",
    pass: { status: "expired", expiresAt: "2026-01-01T00:00:00.000Z" },
  });
  expect([await kindsOf(voided.id), await kindsOf(expired.id)]).toEqual([["issued", "voided"], ["issued"]]);
});

test("the time of the scanner decides expiry and redeemedAt, at most 7 days ago and never in the future", async () => {
  const expirationDate = `${ago(60 * MINUTE).slice(0, 16)}Z`;
  const ticket = () => issue(tickets, { pass: { expirationDate } });
  const inTime = await ticket();
  const late = await ticket();
  const at = ago(120 * MINUTE);
  expect(await scanner.scan(inTime.code, { at })).toMatchObject({
    outcome: "redeemed",
    at,
    pass: { redeemedAt: at },
  });
  expect((await scanner.scan(late.code, { at: ago(-120 * MINUTE) })).outcome).toBe("expired");
  const old = await scanner.scan((await issue(tickets)).code, { at: "2020-01-01T00:00:00+02:00" });
  expect(Math.abs(Date.parse(old.at) - (Date.now() - 7 * 24 * 60 * MINUTE))).toBeLessThan(10 * MINUTE);
  const future = await scanner.scan((await issue(tickets)).code, { at: "2099-01-01T00:00:00Z" });
  expect(Date.parse(future.at)).toBeLessThanOrEqual(Date.now());
  const change = (await changesOf({ passId: inTime.id })).at(-1);
  expect(change?.at).toBeGreaterThan(Date.now() - MINUTE);
});

test("of two scanners that were offline, the one that arrives first wins, and an earlier scan is a conflict", async () => {
  const { id, code } = await issue(tickets);
  const first = await scanner.scan(code, { at: ago(10 * MINUTE), place: "Gate 1" });
  const conflict = {
    outcome: "already_redeemed",
    conflict: true,
    firstRedemption: { at: first.at, place: "Gate 1" },
  };
  expect(await scanner.scan(code, { at: ago(20 * MINUTE) })).toMatchObject(conflict);
  expect((await admin.show(id)).redeemedAt).toBe(first.at);
});

test("the scans of a request are processed in the order of their times, and answered in that of the request", async () => {
  const { code } = await issue(tickets);
  const [later, earlier] = await scanner.send([
    { code, at: ago(MINUTE) },
    { code, at: ago(2 * MINUTE) },
  ]);
  expect([later?.outcome, earlier?.outcome]).toEqual(["already_redeemed", "redeemed"]);
  expect(later).not.toHaveProperty("conflict");
});

test("a scan adds a stamp; a full card answers the limit and its reward, and is rewarded once", async () => {
  const { id, code } = await issueCard(9);
  expect(await scanner.scan(code, { reward: true })).toMatchObject({ outcome: "no_reward", value: 9 });
  expect(await scanner.scan(code)).toMatchObject({ outcome: "added", field: "stamps", value: 10, max: 10 });
  const reward = { resetTo: 0, label: "A free coffee" };
  const full = { outcome: "limit_reached", value: 10, max: 10, reward };
  expect(await scanner.scan(code)).toMatchObject(full);
  const tills = await Promise.all([1, 2, 3].map(() => scanner.scan(code, { reward: true })));
  expect(outcomes(tills)).toEqual(["no_reward", "no_reward", "rewarded"]);
  expect(tills.find(({ outcome }) => outcome === "rewarded")).toMatchObject({
    value: 0,
    reward,
    pass: { status: "active" },
  });
  expect(await stampsOf(id)).toBe(0);
  expect(await kindsOf(id)).toEqual(["issued", "changed", "changed"]);
  expect((await admin.show(id)).revision).toBe(3);
});

test("of twelve scans at once of a card with ten places, ten add and two reach the limit", async () => {
  const { id, code } = await issueCard(0);
  const results = await Promise.all(Array.from({ length: 12 }, () => scanner.scan(code)));
  expect(outcomes(results)).toEqual([
    ...Array.from({ length: 10 }, () => "added"),
    "limit_reached",
    "limit_reached",
  ]);
  expect(await stampsOf(id)).toBe(10);
  const values = results.filter(({ outcome }) => outcome === "added").map(({ value }) => Number(value));
  expect(values.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("two tills at once do not both add within atMostEverySeconds, and an earlier scan that arrives later does not either", async () => {
  const scan = { action: "add", field: "stamps", by: 1, atMostEverySeconds: 3600 };
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE, { pass: stampCard, scan });
  const { id, code } = await issue(templateId);
  const tills = await Promise.all([scanner.scan(code), scanner.scan(code)]);
  expect(outcomes(tills)).toEqual(["added", "too_soon"]);
  const [added, tooSoon] = tills.toSorted((a, b) => a.outcome.localeCompare(b.outcome));
  const nextAt = new Date(Date.parse(added?.at ?? "") + 60 * MINUTE).toISOString();
  expect(tooSoon).toMatchObject({ outcome: "too_soon", nextAt });
  expect(added).not.toHaveProperty("nextAt");
  const offline = { at: ago(59 * MINUTE), scanId: newScanId() };
  const late = await scanner.scan(code, offline);
  expect(late).toMatchObject({ outcome: "too_soon", nextAt });
  expect(await scanner.scan(code, offline)).toEqual(late);
  const earlier = await scanner.scan(code, { at: ago(61 * MINUTE) });
  expect(earlier).toMatchObject({ outcome: "added", value: 2 });
  // What was undone does not count.
  expect((await scanner.undo(earlier.scanId)).body).toMatchObject({ outcome: "added", pass: { id } });
  expect((await scanner.scan(code, { at: ago(62 * MINUTE) })).outcome).toBe("added");
});

test("a field without a number is not added to, and a rule that shows changes nothing", async () => {
  const { id, code } = await issue(cards, { values: { stamps: "three" } });
  expect((await scanner.scan(code)).outcome).toBe("value_not_a_number");
  const shown = await admin.makeTemplate(PASS_TYPE, { scan: { action: "show" } });
  const member = await issue(shown.id);
  expect(await scanner.scan(member.code)).toMatchObject({ outcome: "shown", pass: { status: "active" } });
  await admin.void(member.id);
  expect((await scanner.scan(member.code)).outcome).toBe("voided");
  expect([await kindsOf(id), await kindsOf(member.id)]).toEqual([["issued"], ["issued", "voided"]]);
});

test("a code that no pass has is unknown, one that a template or event gives to all is shared, one of two passes is several", async () => {
  const message = "the same for all";
  const barcodes = [{ format: "PKBarcodeFormatQR", message }];
  const template = await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, barcodes } });
  await admin.issue(template.id);
  const event = await admin.makeEvent({
    pass: { barcodes: [{ format: "PKBarcodeFormatQR", message: "of the event" }] },
  });
  const { id, code } = await issue(tickets);
  const { code: deleted, id: deletedId } = await issue(tickets);
  await admin.delete(deletedId);
  const twin = await admin.issue(tickets, { barcodeMessage: code });
  const results = await scanner.send(
    [newCode(), message, "of the event", code, deleted].map((code) => ({ code })),
  );
  expect(results.map(({ outcome, pass }) => [outcome, pass])).toEqual([
    ["unknown", null],
    ["shared_code", null],
    ["shared_code", null],
    ["several", null],
    ["unknown", null],
  ]);
  expect([await kindsOf(id), await kindsOf(twin.id)]).toEqual([["issued"], ["issued"]]);
  await admin.deleteEvent(event);
  expect((await scanner.scan("of the event")).outcome).toBe("unknown");
  await admin.delete(twin.id);
  expect((await scanner.scan(code)).outcome).toBe("redeemed");
});

test("the same scan counts once, however often it is sent, and its id is not taken for another code", async () => {
  const { id, code } = await issueCard(0);
  const scanId = newScanId();
  const results = await Promise.all(
    Array.from({ length: 8 }, () => scanner.scan(code, { scanId, place: "Till 1" })),
  );
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(results[0]).toMatchObject({ outcome: "added", value: 1 });
  expect(await stampsOf(id)).toBe(1);
  await scanner.scan(code);
  expect(await scanner.scan(code, { scanId })).toMatchObject({ outcome: "added", value: 1 });
  const other = await issueCard(0);
  expect(await scanner.scan(other.code, { scanId })).toMatchObject({ outcome: "scan_id_reused", pass: null });
  const nobody = newScanId();
  const unknown = await Promise.all(
    [1, 2].map(() => scanner.scan(newCode().replace(/\d+/, "x"), { scanId: nobody })),
  );
  expect(unknown[0]).toEqual(unknown[1]);
  await setRows(scans, { scanId }, { actor: "another key" });
  expect((await scanner.scan(code, { scanId })).outcome).toBe("scan_id_reused");
  expect([await stampsOf(id), await stampsOf(other.id)]).toEqual([2, 0]);
});

/** Sends a scan to a Worker whose D1 fails once, when it stores the scan. @returns the answer and what was logged */
async function scanWithFailure(code: string, scanId: string, when: "before" | "after" | "long before") {
  const lines: string[] = [];
  const spies = (["log", "warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...texts) => void lines.push(texts.map(String).join(" "))),
  );
  const { DB, calls } = failingD1(env.DB, { of: "writes", when, with: /insert into "scans"/ });
  const execution = createExecutionContext();
  const request = new Request(`${ORIGIN}/admin/v1/scans`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ scans: [{ code, scanId }] }),
  });
  const response = await worker.fetch(request, { ...env, DB }, execution);
  await waitOnExecutionContext(execution);
  for (const spy of spies) spy.mockRestore();
  return { status: response.status, body: await response.text(), calls: calls(), log: lines.join("\n") };
}

test.each(["before", "after", "long before"] as const)(
  "a scan whose batch fails %s its effect counts once, and its code is not logged",
  async (when) => {
    const { id, code } = await issueCard(3);
    const scanId = newScanId();
    const { status, body, log } = await scanWithFailure(code, scanId, when);
    expect(status).toBe(200);
    expect(body).toContain('"outcome":"added","at"');
    expect(log).toContain("d1_repeated");
    expect(log).not.toContain(code);
    expect(await scanner.scan(code, { scanId })).toMatchObject({ outcome: "added", value: 4 });
    expect(await stampsOf(id)).toBe(4);
    const lost = newScanId();
    const nobody = await scanWithFailure(newCode(), lost, when);
    expect(nobody.body).toContain('"outcome":"unknown"');
    expect(await countRows(scans, { scanId: lost })).toBe(1);
  },
);

test("the code is stored as a hash, and nothing about the person stays when the pass is deleted", async () => {
  const { id, code } = await issueCard(1);
  const { scanId } = await scanner.scan(code, { place: "Till 1" });
  const row = await rowOf(scans, { scanId });
  expect(row).toMatchObject({ passId: id, codeHash: expect.stringMatching(/^1\.[0-9a-f]{32}$/) });
  expect(JSON.stringify(row)).not.toContain(code);
  await admin.delete(id);
  const after = await rowOf(scans, { scanId });
  expect(after).toMatchObject({ passId: null, codeHash: null, before: null, place: "Till 1" });
  expect(await scanner.scan(code, { scanId })).toMatchObject({ outcome: "added", pass: null });
});

test("a scan with a wrong body is refused with a pointer, and none of the request is done", async () => {
  const { code } = await issue(tickets);
  const refusal = { status: 400, code: "invalid_body" };
  const send = (scan: object, pointer: string) =>
    refused(["POST", "/scans", { scans: [{ code, scanId: "a" }, scan] }], { ...refusal, pointer });
  await send({ code, scanId: "../b" }, "/scans/1/scanId");
  await send({ code, scanId: "a" }, "/scans/1/scanId");
  await send({ scanId: "b" }, "/scans/1/code");
  await send({ code, scanId: "b", at: "yesterday" }, "/scans/1/at");
  await send({ code, scanId: "b", reward: 1 }, "/scans/1/reward");
  const many = Array.from({ length: 51 }, (_, n) => ({ code, scanId: `s${n}` }));
  await refused(["POST", "/scans", { scans: many }], { ...refusal, pointer: "/scans" });
  await refused(["POST", "/scans", { scans: [] }], { ...refusal, pointer: "/scans" });
});

test("a GS1 barcode is found, and a code that no pass can have is unknown and refuses no other scan", async () => {
  const [{ id }, gs1] = [await issue(tickets), `]C101${newCode()}\u001d21`];
  await admin.change(id, { barcodeMessage: gs1 });
  const scans = [gs1, "\u0000\u001e", "7".repeat(7089)].map((code) => ({ code }));
  const results = await scanner.send(scans);
  expect(results.map(({ outcome, pass }) => [outcome, pass?.id])).toEqual([
    ["redeemed", id],
    ["unknown", undefined],
    ["unknown", undefined],
  ]);
});

test("fifty scans of one request are processed", async () => {
  const { id, code } = await issueCard(0);
  const results = await scanner.send(Array.from({ length: 50 }, () => ({ code })));
  expect(results.filter(({ outcome }) => outcome === "added")).toHaveLength(10);
  expect(await stampsOf(id)).toBe(10);
});

test("a decimal is added exactly, and a number that counts down stops at min", async () => {
  const scan = { action: "add", field: "balance", by: -0.1, min: 0 };
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE, { scan });
  const { code } = await issue(templateId, { values: { balance: 0.3 } });
  const values = [];
  for (let n = 0; n < 4; n++) values.push(await scanner.scan(code));
  expect(values.map(({ outcome, value }) => [outcome, value])).toEqual([
    ["added", 0.2],
    ["added", 0.1],
    ["added", 0],
    ["limit_reached", 0],
  ]);
});

test("a pass that is deleted between the look-up and the effect is unknown", async () => {
  const { id, code } = await issue(tickets);
  const deleting = new Proxy(env.DB, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === "withSession") return () => deleting;
      if (name !== "batch") return typeof member === "function" ? member.bind(target) : member;
      return async (statements: D1PreparedStatement[]) => {
        if (statements.length > 5) await admin.delete(id).catch(() => undefined);
        return target.batch(statements);
      };
    },
  });
  const execution = createExecutionContext();
  const request = new Request(`${ORIGIN}/admin/v1/scans`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ scans: [{ code, scanId: newScanId() }] }),
  });
  const response = await worker.fetch(request, { ...env, DB: deleting }, execution);
  expect(await response.text()).toContain('"outcome":"unknown"');
  await waitOnExecutionContext(execution);
  expect((await passRow(id)).redeemedAt).toBeNull();
});
