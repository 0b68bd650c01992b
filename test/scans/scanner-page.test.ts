/**
 * What the scanner's page understands of the answers of the real server: every member that it reads, of every outcome. The page itself
 * is tested in test/browser and test/chromium.
 */
import { beforeAll, expect, test } from "vitest";
import { knownOutcome, OUTCOMES } from "../../src/browser/outcomes.ts";
import { parseResult, parseResults } from "../../src/browser/scanner/answers.ts";
import { createApi } from "../../src/browser/scanner/api.ts";
import { scans } from "../../src/db/schema.ts";
import { parseRounded } from "../../src/json.ts";
import { ADMIN_TOKEN, admin, ORIGIN, send, storeCard } from "../harness.ts";
import { makeKey } from "../keys/clients.ts";
import { newScanId } from "./scanner.ts";

const PASS_TYPE = "pass.test.scanner-page";
const MINUTE = 60_000;
let raw: unknown;

/** The page's own client, whose requests reach the Worker. The answers as they came are in `raw`. */
function apiOf(key: string) {
  return createApi(key, {
    fetch: async (url, init) => {
      const response = await send(new Request(ORIGIN + url, init));
      raw = parseRounded(await response.clone().text());
      return response;
    },
  });
}
const api = apiOf(ADMIN_TOKEN);
async function ok<T>(asked: Promise<{ kind: string; body?: T }>): Promise<T> {
  const answer = await asked;
  if (answer.kind !== "ok" || answer.body === undefined) throw new Error(JSON.stringify(answer));
  return answer.body;
}
const scanOf = (code: string, more: { scanId?: string; reward?: boolean } = {}) => ({
  ...{ scanId: newScanId(), code, at: undefined, place: "Gate 2", reward: false },
  ...more,
});
/** Sends one scan after another, so that each sees what the ones before have done. */
async function sendAll(sent: readonly ReturnType<typeof scanOf>[]) {
  const outcomes: string[] = [];
  for (const scan of sent) {
    const [result] = await ok(api.send([scan]));
    // Nothing was left out: what the page does not understand would be undefined or null here.
    expect(raw).toMatchObject({ results: [result] });
    outcomes.push(result === undefined ? "nothing" : knownOutcome(result));
  }
  return outcomes;
}

let codes = 0;
async function issue(templateId: number, body: Record<string, unknown> = {}) {
  const code = `code ${++codes}`;
  return { code, ...(await admin.issue(templateId, { barcodeMessage: code, ...body })) };
}
const templateOf = async (body: Record<string, unknown> = {}) =>
  (await admin.makeTemplate(PASS_TYPE, { name: "Ticket", ...body })).id;
beforeAll(() => admin.makePassType(PASS_TYPE, undefined, "P-256"));

test("the page understands every member that it reads of every outcome, and knows all outcomes", async () => {
  const tickets = await templateOf();
  const message = "the same for all";
  const shared = await templateOf({
    pass: { ...storeCard, barcodes: [{ format: "PKBarcodeFormatQR", message }] },
  });
  const member = await issue(await templateOf({ scan: { action: "show" } }));
  const pass = {
    ...storeCard,
    storeCard: { ...storeCard.storeCard, primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }] },
  };
  const rule = { action: "add", field: "stamps", by: 1 };
  const cards = await templateOf({ pass, scan: { ...rule, max: 10, reward: { resetTo: 0 } } });
  const slow = await issue(await templateOf({ pass, scan: { ...rule, atMostEverySeconds: 3600 } }));
  const ticket = await issue(tickets);
  const voided = await issue(tickets);
  await admin.void(voided.id, "refunded");
  const expired = await issue(tickets, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  const twin = await issue(tickets);
  await admin.issue(tickets, { barcodeMessage: twin.code });
  await admin.issue(shared);
  const card = await issue(cards, { values: { stamps: 9 } });
  const text = await issue(cards, { values: { stamps: "three" } });
  const first = scanOf(ticket.code);
  const outcomes = await sendAll([
    ...[first, scanOf(ticket.code), scanOf("nobody", { scanId: first.scanId }), scanOf(voided.code)],
    ...[scanOf(expired.code), scanOf("nobody"), scanOf(message), scanOf(twin.code), scanOf(member.code)],
    ...[scanOf(card.code, { reward: true }), scanOf(card.code), scanOf(card.code)],
    ...[scanOf(card.code, { reward: true }), scanOf(text.code), scanOf(slow.code), scanOf(slow.code)],
  ]);
  expect(new Set(outcomes)).toEqual(new Set(OUTCOMES));
  expect([...OUTCOMES].sort()).toEqual([...scans.outcome.enumValues, "scan_id_reused"].sort());
  await ok(api.send([{ ...scanOf(ticket.code), at: Date.now() - 9 * MINUTE }]));
  expect(await ok(api.undo(first.scanId))).toMatchObject({ undoneAt: expect.any(String) });
  expect(raw).toMatchObject({ undoneAt: expect.any(String), pass: { status: "active" } });
  const found = await ok(api.lookUp(voided.code));
  expect(raw).toMatchObject(found);
  expect(found).toMatchObject({ outcome: "found", pass: { voidReason: "refunded" } });
});

test("a number that no double equals is text for the page, with all digits, and can be stored", async () => {
  const value = "12345678901234567890";
  const body = `{"results":[{"scanId":"a","outcome":"added","value":${value}}]}`;
  const fetch = async () => new Response(body, { headers: { "Content-Type": "application/json" } });
  const [result] = await ok(createApi("", { fetch }).send([]));
  expect(structuredClone(result)).toMatchObject({ value });
});

test("of a newer server, an unknown outcome is kept, an unknown member is left out, and one bad result spoils no other", () => {
  const newer = {
    scanId: "a",
    outcome: "transferred",
    at: 7,
    undoneAt: null,
    reward: "a coffee",
    seat: "7",
    pass: {},
  };
  const kept = parseResult(newer);
  expect(kept).toEqual({ scanId: "a", outcome: "transferred", undoneAt: null, pass: null });
  expect(kept && knownOutcome(kept)).toBe("not_understood");
  expect(parseResults({ results: [newer, { outcome: "redeemed" }, null], more: 1 })).toEqual([kept]);
  expect(parseResults({ results: "none" })).toBeUndefined();
});

test("the page understands what /me says of a key, and a refusal", async () => {
  const template = await templateOf();
  const made = await makeKey({ name: "Gate 2", role: "scanner", scope: { templates: [template] } });
  const me = await ok(apiOf(made.key).me());
  expect(me).toMatchObject({ actor: `key:${made.id} Gate 2`, role: "scanner", scope: {} });
  const said = raw as Record<string, unknown>;
  for (const [name, value] of Object.entries(me))
    if (name in said) expect(said).toMatchObject({ [name]: value });
  expect(await ok(api.me())).toMatchObject({ role: "admin", scope: null });
  expect(await apiOf("epkey_1_1_made-up").me()).toMatchObject({
    kind: "refused",
    status: 401,
    code: "unauthorized",
  });
  expect(await api.send([scanOf("x".repeat(8000))])).toMatchObject({ status: 400, code: "invalid_body" });
  expect(await api.undo("of-nobody")).toMatchObject({
    status: 404,
    code: "scan_not_found",
    detail: expect.any(String),
  });
});
