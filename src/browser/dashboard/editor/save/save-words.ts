/**
 * Words for saving a template. Pure.
 */
import type { DryRun } from "../../change/dry-run.ts";
import { countWords } from "../../words.ts";

type Told = Pick<DryRun, "differences" | "phones">;

/** Whether phones get something other than before, in either Wallet. */
export function reachesPhones({ differences, phones }: Told): boolean {
  return differences.length > 0 && (phones?.count ?? 0) + (phones?.googlePasses ?? 0) > 0;
}

/** The text of the button that saves, such as "Save and notify 12 phones". */
export function saveWords(report: Told): string {
  if (!reachesPhones(report) || report.phones === undefined) return "Save";
  const { count, isExact } = report.phones;
  if (count === 0) return "Save and update Google Wallet";
  return `Save and notify ${isExact ? "" : "more than "}${countWords(count, "phone")}`;
}
