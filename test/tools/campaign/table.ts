/** The table that `npm run campaign` prints. */
import { whole } from "../load/figures.ts";
import { constantRates, peakD1, secondsFor } from "./figures.ts";
import type { GoogleOutcome } from "./google.ts";
import type { Outcome } from "./pushes.ts";

const MILLION = 1_000_000;
const WIDTHS = [11, 7, 9, 9, 10, 12, 11, 9, 6, 6] as const;

/** @param phones of a sample */
export function headerFor(phones: number): string {
  const samples = [`of ${whole(phones / 2)}`, `of ${whole(phones)}`];
  return [
    [
      "max_",
      "APNs",
      "pushesPer",
      "pushes a",
      "second",
      "a million",
      "D1 requests",
      "a second,",
      "",
      "in the",
    ],
    ["concurrency", "answers", "Second", ...samples, "takes", "of phones", "of pushes", "all", "peak"],
  ]
    .map((cells) => aligned(cells, WIDTHS))
    .join("\n");
}

/** @param half the same campaign with half the phones */
export function rowOf(half: Outcome, { campaign, seconds }: Outcome): string {
  const { pushes, phoneD1, pushD1 } = constantRates(seconds);
  return aligned(
    [
      String(campaign.concurrency),
      `${campaign.latency} ms`,
      campaign.pushesPerSecond === null ? "no limit" : whole(campaign.pushesPerSecond),
      whole(constantRates(half.seconds).pushes),
      whole(pushes),
      duration(secondsFor(MILLION, seconds)),
      whole(phoneD1),
      whole(pushD1),
      whole(phoneD1 + pushD1),
      whole(peakD1(seconds)),
    ],
    WIDTHS,
  );
}

const GOOGLE_WIDTHS = [15, 8, 9, 9, 9, 10, 9, 10, 9] as const;

export const googleHeader = [
  ["the change", "saved", "calls: of", "", "most in", "", "D1", "rows", "most rows"],
  ["concerns", "passes", "classes", "objects", "a second", "takes", "requests", "written", "in memory"],
]
  .map((cells) => aligned(cells, GOOGLE_WIDTHS))
  .join("\n");

/** D1's requests and rows are those of the consumer, for each saved pass. */
export function googleRow({ campaign, calls, mostInSecond, seconds, d1 }: GoogleOutcome): string {
  const each = (count: number) => (count / campaign.saved).toFixed(2);
  return aligned(
    [
      campaign.changes,
      whole(campaign.saved),
      whole(calls.Class),
      whole(calls.Object),
      String(mostInSecond),
      seconds < 120 ? `${seconds.toFixed(1)} s` : duration(seconds),
      each(d1.requests),
      each(d1.rowsWritten),
      whole(d1.mostRows),
    ],
    GOOGLE_WIDTHS,
  );
}

/** Hours and minutes. */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function aligned(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(" ");
}
