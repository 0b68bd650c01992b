/**
 * The minimum time between two scans of a pass that add.
 */
import type { ScanRule } from "../templates/scan-rule.ts";

const MS_PER_SECOND = 1000;

/** Milliseconds. Undefined if the rule has none. */
export function pauseOf(rule: ScanRule | undefined): number | undefined {
  if (rule?.action !== "add" || rule.atMostEverySeconds === undefined) return undefined;
  return rule.atMostEverySeconds * MS_PER_SECOND;
}
