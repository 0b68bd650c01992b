/**
 * The outcomes of scans: those that the server stores, and `scan_id_reused`, which a scanner gets for a scanId of another scan
 * (src/scans/outcomes.ts).
 */

/** The outcomes that the pages know. */
export const OUTCOMES = [
  "redeemed",
  "shown",
  "added",
  "rewarded",
  "limit_reached",
  "no_reward",
  "too_soon",
  "already_redeemed",
  "voided",
  "expired",
  "unknown",
  "shared_code",
  "several",
  "value_not_a_number",
  "scan_id_reused",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome, for an exhaustive switch: `not_understood` is one of a newer server. */
export function knownOutcome({ outcome }: { readonly outcome: string }): Outcome | "not_understood" {
  return OUTCOMES.find((known) => known === outcome) ?? "not_understood";
}
