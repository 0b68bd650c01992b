/**
 * What a change will do before it is made: the texts that phones show, how many phones there are, and what differs.
 */
import type { DryRun } from "./dry-run.ts";

export function ChangeReport({ report }: { readonly report: DryRun }) {
  return <p>{report.phones?.count ?? 0}</p>;
}
