/**
 * Lints the barcodes and `without` of an event, and reports what it causes in Google Wallet. Its other keys are not checked
 * here, because most rules depend on the template; they are checked with each pass.
 *
 * The rules are in pkpass/lint/lint.ts.
 */
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import { findFaults } from "../pkpass/lint/lint.ts";
import { withoutFindings } from "../pkpass/lint/without.ts";
import type { ExamplePass } from "./example.ts";
import { type EventContent, findForGoogleOfEvent } from "./lint-google.ts";

/**
 * The findings in the barcodes that an event sets for its passes, in the keys that it removes, and about Google Wallet.
 * @param example its newest pass; undefined if it has none
 */
export function lintEvent(
  event: EventContent,
  example: ExamplePass | undefined,
): { readonly findings: readonly Finding[] } {
  const { pass, without } = event;
  // Only the keys that the event has: to the linter, a key without a value is a key.
  const keys = Object.entries(pass).filter(([key]) => key === "barcodes" || key === "barcode");
  const barcodes = Object.fromEntries(keys);
  const faults = findFaults({ kind: "pass", pass: barcodes, images: new Map(), strings: {} });
  const forGoogle = findForGoogleOfEvent(event, example);
  return { findings: reportFindings([...faults, ...withoutFindings(without), ...forGoogle]) };
}
