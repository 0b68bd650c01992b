/** The table that `npm run campaign` prints. */
import { whole } from "../load/figures.ts";
import { constantRates, peakD1, secondsFor } from "./figures.ts";
import type { Outcome } from "./run.ts";

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
    .map(aligned)
    .join("\n");
}

/** @param half the same campaign with half the phones */
export function rowOf(half: Outcome, { campaign, seconds }: Outcome): string {
  const { pushes, phoneD1, pushD1 } = constantRates(seconds);
  return aligned([
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
  ]);
}

/** Hours and minutes. */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function aligned(cells: readonly string[]): string {
  return cells.map((cell, at) => cell.padStart(WIDTHS[at] ?? 0)).join(" ");
}
