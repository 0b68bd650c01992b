/**
 * Scans of every kind, for tests and for pictures of their answers.
 */
import type { ScannedPass, ScanResult } from "../../../src/browser/scanner/answers.ts";
import type { KeptScan, ScanState } from "../../../src/browser/scanner/scan.ts";

/** A Friday evening, in the time zone of the test. */
export const NOW = new Date(2026, 5, 12, 19, 42).getTime();
const MINUTE = 60_000;
const before = (minutes: number) => new Date(NOW - minutes * MINUTE).toISOString();

export const ticket: ScannedPass = {
  id: 7,
  serialNumber: "A-1042",
  templateName: "Summer Concert",
  status: "active",
  redeemedAt: null,
  voidedAt: null,
  voidReason: null,
  expiresAt: null,
  fields: [
    { section: "header", key: "seat", label: "Seat", value: "C 14" },
    { section: "primary", key: "event", label: "Event", value: "The Lanterns, Berlin" },
    { section: "secondary", key: "name", label: "Name", value: "Johanna Schreiber-Lindenau" },
    { section: "auxiliary", key: "entrance", label: "Entrance", value: "North, Gate 2" },
  ],
};
export const card: ScannedPass = {
  ...ticket,
  templateName: "Coffee Card",
  fields: [
    { section: "primary", key: "stamps", label: "Stamps", value: 7 },
    { section: "secondary", key: "name", label: "Name", value: "Ada" },
  ],
};

export function keptScan(scan: Partial<KeptScan> = {}): KeptScan {
  return {
    scanId: "5f0c6d1e-6f0e-4a52-9f6c-0d6f3f1a7a11",
    code: "EDGEPASS:1:c5c6ff7c7f45153395e5f7d0",
    place: "Gate 2",
    reward: false,
    at: NOW,
    clockError: 0,
    sentAt: NOW,
    shown: "checked",
    state: { kind: "waiting" },
    undo: "no",
    lookedAt: null,
    ...scan,
  };
}

export function resultOf(outcome: string, more: Partial<ScanResult> = {}): ScanResult {
  return { scanId: keptScan().scanId, outcome, undoneAt: null, pass: ticket, ...more };
}

export function answered(outcome: string, more: Partial<ScanResult> = {}, scan: Partial<KeptScan> = {}) {
  const state: ScanState = {
    kind: "answered",
    result: resultOf(outcome, more),
    answeredAt: NOW,
    redeemedBy: null,
  };
  return keptScan({ state, ...scan });
}

const undoUntil = before(-5);
const stamps = { field: "stamps", max: 10, pass: card };
const redemption = { firstRedemption: { at: before(339), place: "Gate 1" } };

/** A scan for each thing that a screen may say. */
export const SAMPLES: Readonly<Record<string, KeptScan>> = {
  redeemed: answered("redeemed", { undoUntil }),
  shown: answered("shown"),
  added: answered("added", { ...stamps, value: 7, undoUntil }),
  "added-without-limit": answered("added", { ...stamps, max: undefined, value: 120, undoUntil }),
  rewarded: answered("rewarded", {
    ...stamps,
    value: 0,
    reward: { resetTo: 0, label: "A free coffee" },
    undoUntil,
  }),
  "full-card": answered("limit_reached", {
    ...stamps,
    value: 10,
    reward: { resetTo: 0, label: "A free coffee" },
  }),
  "limit-reached": answered("limit_reached", { ...stamps, value: 10 }),
  "used-up": answered("limit_reached", { field: "stamps", pass: card, value: 0, min: 0 }),
  "no-reward": answered("no_reward", { ...stamps, value: 7 }),
  "too-soon": answered("too_soon", { ...stamps, value: 7, nextAt: before(-38) }),
  "already-redeemed": answered("already_redeemed", redemption),
  "already-redeemed-another-day": answered("already_redeemed", {
    firstRedemption: { at: before(60 * 30), place: "Gate 2" },
  }),
  conflict: answered("already_redeemed", { ...redemption, conflict: true }),
  voided: answered("voided", {
    pass: { ...ticket, status: "voided", voidedAt: before(2000), voidReason: "The ticket was refunded" },
  }),
  expired: answered("expired", { pass: { ...ticket, status: "expired", expiresAt: before(3000) } }),
  unknown: answered("unknown", { pass: null }),
  "shared-code": answered("shared_code", { pass: null }),
  several: answered("several", { pass: null }),
  "value-not-a-number": answered("value_not_a_number", {
    field: "stamps",
    pass: { ...card, fields: [{ section: "primary", key: "stamps", label: "Stamps", value: "gold" }] },
  }),
  "scan-id-reused": answered("scan_id_reused", { pass: null }),
  "not-understood": answered("something_newer"),
  unchecked: keptScan({ shown: "unchecked" }),
  "seen-before": keptScan({ shown: "seen_before" }),
  refused: keptScan({
    state: { kind: "refused", code: "invalid_body", detail: "scans.0.code is too long." },
  }),
  "not-stored": keptScan({ state: { kind: "not_stored", detail: "QuotaExceededError" } }),
  undone: answered("redeemed", { undoneAt: before(0) }, { undo: "done" }),
  "undo-waits": answered("redeemed", { undoUntil }, { undo: "wanted" }),
  "not-undone": answered("redeemed", {}, { undo: { refused: "The pass was changed after the scan." } }),
  withdrawn: keptScan({ state: { kind: "withdrawn" }, undo: "done" }),
};
