/**
 * Lints the barcodes of an event. Its other keys are not checked here, because most rules depend on the template; they are
 * checked with each pass.
 *
 * The rules are in pkpass/lint/lint.ts.
 */
import type { Finding } from "../pkpass/finding.ts";
import { lint } from "../pkpass/lint/lint.ts";
import type { PassOverrides } from "../pkpass/schema/schema.ts";

/** The findings in the barcodes that an event sets for its passes. */
export function lintEvent({ pass }: { readonly pass: PassOverrides }): {
  readonly findings: readonly Finding[];
} {
  // Only the keys that the event has: to the linter, a key without a value is a key.
  const keys = Object.entries(pass).filter(([key]) => key === "barcodes" || key === "barcode");
  const barcodes = Object.fromEntries(keys);
  return { findings: lint({ kind: "pass", pass: barcodes, images: new Map(), strings: {} }) };
}
