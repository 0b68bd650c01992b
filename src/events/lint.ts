/**
 * Lints the barcodes of an event, and `without`. Its other keys are not checked here, because most rules depend on the template; they are
 * checked with each pass.
 *
 * The rules are in pkpass/lint/lint.ts.
 */
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import { findFaults } from "../pkpass/lint/lint.ts";
import { withoutFindings } from "../pkpass/lint/without.ts";
import type { PassOverrides } from "../pkpass/schema/schema.ts";

interface LintedEvent {
  readonly pass: PassOverrides;
  readonly without: readonly string[];
}

/** The findings in the barcodes that an event sets for its passes, and in the keys that it takes away. */
export function lintEvent({ pass, without }: LintedEvent): { readonly findings: readonly Finding[] } {
  // Only the keys that the event has: to the linter, a key without a value is a key.
  const keys = Object.entries(pass).filter(([key]) => key === "barcodes" || key === "barcode");
  const barcodes = Object.fromEntries(keys);
  const faults = findFaults({ kind: "pass", pass: barcodes, images: new Map(), strings: {} });
  return { findings: reportFindings([...faults, ...withoutFindings(without)]) };
}
