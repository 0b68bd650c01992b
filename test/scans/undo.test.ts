/**
 * Undoing a scan: the pass is as before, once, and only if nothing came after the scan.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { scans } from "../../src/db/schema.ts";
import { createContext } from "../../src/http/context.ts";
import { undoScan } from "../../src/scans/undo.ts";
import { failingD1 } from "../failing-d1.ts";
import { admin, call, download, refused, storeCard } from "../harness.ts";
import { changesOf, rowOf, setRows } from "../rows.ts";
import { scanner } from "./scanner.ts";

const PASS_TYPE = "pass.test.undo";
const MINUTE = 60_000;
let tickets: number;
let cards: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  tickets = (await admin.makeTemplate(PASS_TYPE)).id;
  const pass = { ...storeCard, storeCard: { primaryFields: [{ key: "stamps", label: "STAMPS", value: 5 }] } };
  const scan = { action: "add", field: "stamps", by: 1, max: 10, reward: { resetTo: 0 } };
  cards = (await admin.makeTemplate(PASS_TYPE, { pass, scan })).id;
});

const issue = (templateId: number, body = {}) => admin.issue(templateId, body);
const kindsOf = async (passId: number) => (await changesOf({ passId })).map(({ kind }) => kind);
const refusal = (code: string, status = 409) => ({ status, code });

test("an undone redemption makes the ticket valid, also on the phone, and the same request again has the same answer", async () => {
  const pass = await issue(tickets);
  const { scanId } = await scanner.scan(pass.serialNumber, { place: "Gate 2" });
  const answers = await Promise.all([1, 2, 3].map(() => scanner.undo(scanId)));
  const [undone] = answers;
  expect(undone?.status).toBe(200);
  expect(undone?.body).toMatchObject({ outcome: "redeemed", pass: { status: "active", redeemedAt: null } });
  expect(undone?.body.undoneAt).not.toBeNull();
  // Only the times of requests at the same moment may differ.
  for (const answer of [...answers, await scanner.undo(scanId)]) expect(answer.body).toEqual(undone?.body);
  expect(await kindsOf(pass.id)).toEqual(["issued", "redeemed", "unredeemed"]);
  expect(await admin.show(pass.id)).toMatchObject({ status: "active", redemptionId: null, revision: 3 });
  expect((await download(pass)).pass).not.toHaveProperty("voided");
  // The scan itself stays what it was, and the ticket can be scanned again.
  expect(await scanner.scan(pass.serialNumber, { scanId })).toEqual(undone?.body);
  const again = await scanner.scan(pass.serialNumber, { place: "Gate 3" });
  expect(again.outcome).toBe("redeemed");
  const second = await scanner.scan(pass.serialNumber);
  expect(second.firstRedemption).toEqual({ at: again.at, place: "Gate 3" });
});

test("an undone addition or reward restores what the pass itself had set", async () => {
  const values = [
    undefined,
    { stamps: 10 },
    { stamps: { value: 3, label: "PUNCHES" } },
    { stamps: { label: "L" } },
  ];
  for (const own of values) {
    const pass = await issue(cards, own === undefined ? {} : { values: own });
    const reward = own !== undefined && own.stamps === 10;
    const scan = await scanner.scan(pass.serialNumber, { reward });
    expect(scan.outcome).toBe(reward ? "rewarded" : "added");
    expect((await admin.show(pass.id)).values).not.toEqual(pass.values);
    expect((await scanner.undo(scan.scanId)).body).toMatchObject({
      outcome: scan.outcome,
      value: scan.value,
    });
    expect((await admin.show(pass.id)).values).toEqual(pass.values);
    expect(await kindsOf(pass.id)).toEqual(["issued", "changed", "changed"]);
  }
});

test("a scan says until when it can be undone: 5 minutes after it arrived, and only while nothing came after it", async () => {
  const ticket = await issue(tickets);
  // Its own time does not count: a scanner that was offline could never undo.
  const offline = { at: new Date(Date.now() - 60 * MINUTE).toISOString() };
  const { scanId, undoUntil } = await scanner.scan(ticket.serialNumber, offline);
  const { receivedAt } = await rowOf(scans, { scanId });
  expect(undoUntil).toBe(new Date(receivedAt + 5 * MINUTE).toISOString());
  const second = await scanner.scan(ticket.serialNumber);
  expect(second).not.toHaveProperty("undoUntil");
  expect(await scanner.scan(ticket.serialNumber, { scanId })).toMatchObject({ undoUntil });
  await admin.change(ticket.id, { externalId: "phones do not show this either" });
  expect(await scanner.scan(ticket.serialNumber, { scanId })).not.toHaveProperty("undoUntil");
  const card = await issue(cards);
  const added = await scanner.scan(card.serialNumber);
  expect(added.undoUntil).toBeDefined();
  expect((await scanner.undo(added.scanId)).body).not.toHaveProperty("undoUntil");
});

test("a scan is not undone by another key, too late, without an effect, or after something else came", async () => {
  const undo = (scanId: string) => ["POST", `/scans/${scanId}/undo`] as const;
  await refused([...undo("no-such-scan")], refusal("scan_not_found", 404));
  await refused([...undo("a%20b")], { status: 400, code: "invalid_parameter", pointer: "/scanId" });
  const card = await issue(cards);
  const first = await scanner.scan(card.serialNumber);
  const second = await scanner.scan(card.serialNumber);
  await refused([...undo(first.scanId)], refusal("changed_since_scan"));
  await setRows(scans, { scanId: second.scanId }, { actor: "another key" });
  await refused([...undo(second.scanId)], refusal("scan_by_another_key"));
  await setRows(
    scans,
    { scanId: second.scanId },
    { actor: "admin", receivedAt: Date.now() - 5 * MINUTE - 1000 },
  );
  await refused([...undo(second.scanId)], refusal("undo_too_late"));
  const ticket = await issue(tickets);
  const { scanId } = await scanner.scan(ticket.serialNumber);
  const refusedScan = await scanner.scan(ticket.serialNumber);
  await refused([...undo(refusedScan.scanId)], refusal("nothing_to_undo"));
  await admin.change(ticket.id, { externalId: "phones do not show this" });
  await refused([...undo(scanId)], refusal("changed_since_scan"));
  await admin.delete(ticket.id);
  await refused([...undo(scanId)], refusal("changed_since_scan"));
  expect((await call("POST", "/scans/x/undo?now=1")).body.code).toBe("invalid_parameter");
});

test.each(["before", "after"] as const)(
  "an undo whose batch fails %s its effect is done once",
  async (when) => {
    const card = await issue(cards);
    await scanner.scan(card.serialNumber);
    const { scanId } = await scanner.scan(card.serialNumber);
    const { DB } = failingD1(env.DB, { of: "writes", when });
    const executionCtx = createExecutionContext();
    const context = createContext({ env: { ...env, DB }, executionCtx }, Date.now());
    expect(await undoScan({ ...context, actor: "admin" }, scanId)).toMatchObject({
      outcome: "added",
      value: 7,
    });
    expect((await admin.show(card.id)).values).toEqual({ stamps: { value: 6 } });
  },
);
