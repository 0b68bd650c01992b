/**
 * How far the pushes of a change are, and when to ask again. Pure.
 */
import * as z from "zod/mini";
import { DAY_MS, MINUTE_MS } from "../../../durations.ts";
import { orNull, parserOf } from "../../parse-answer.ts";
import { atTimeWords, endWords, timeFrom } from "../../times.ts";
import { countWords } from "../words.ts";

const progress = z.object({
  change: orNull(z.object({ id: z.number(), push: z.string(), dueAt: orNull(z.string()) })),
  phones: z.object({ count: z.number(), isExact: z.catch(z.boolean(), true) }),
  notified: z.number(),
  gaveUp: z.catch(z.number(), 0),
  paused: z.catch(z.boolean(), false),
  pushesPerSecond: orNull(z.number()),
  perSecond: orNull(z.number()),
  endsAt: orNull(z.string()),
});
export type Progress = z.infer<typeof progress>;
export const parseProgress = parserOf(progress);

export type ProgressState = "none" | "paused" | "running" | "done" | "failed";

export function progressState({ change, phones, notified, gaveUp, paused }: Progress): ProgressState {
  if (change === null || phones.count === 0) return "none";
  if (notified >= phones.count) return "done";
  if (notified + gaveUp >= phones.count) return "failed";
  return paused ? "paused" : "running";
}

/** What a screen reader says, once for each state. */
export const STATE_SENTENCES: Readonly<Record<ProgressState, string>> = {
  none: "No change is being pushed to phones.",
  paused: "Pushes are paused. What is due waits.",
  running: "Phones are being notified.",
  done: "All phones were notified.",
  failed: "The pushes to some phones failed.",
};

/** "41,200 of about 118,000 phones were notified." */
export function notifiedWords({ phones, notified }: Progress): string {
  const about = phones.isExact ? "" : "about ";
  const verb = notified === 1 || phones.count === 1 ? "was" : "were";
  return `${notified.toLocaleString("en-GB")} of ${about}${countWords(phones.count, "phone")} ${verb} notified.`;
}

/** "It ends at about 18:07 today." Empty: that is not known. */
export function endsWords({ endsAt }: Progress, now: number): string {
  const end = timeFrom(endsAt);
  if (end === undefined) return "";
  return end - now < MINUTE_MS ? "It ends within a minute." : `It ends at about ${endWords(end, now)}.`;
}

/** "The next pushes are due at 14:04.": a pass is pushed at most once a minute. Empty: they are under way. */
export function dueWords({ change, paused }: Progress, now: number): string {
  const due = paused ? undefined : timeFrom(change?.dueAt);
  return due === undefined || due <= now ? "" : `The next pushes are due ${atTimeWords(due, now)}.`;
}

/** Why the last phones take a while, where nothing else says it. */
export const WAITING_SENTENCE = "A phone that was notified less than a minute ago waits for this change.";

/** "At most 500 pushes a second; now about 497." */
export function paceSentence({ pushesPerSecond, perSecond }: Progress): string {
  const now = perSecond === null ? "" : `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}`;
  if (pushesPerSecond !== null)
    return `At most ${pushesPerSecond} pushes a second${now === "" ? "" : `; now about ${now}`}.`;
  return now === "" ? "" : `About ${now} phones a second.`;
}

/** @param askedFor how long it was asked already @returns milliseconds, or undefined if nothing is left */
export function nextAskMs(progress: Progress, askedFor: number): number | undefined {
  const state = progressState(progress);
  if ((state !== "running" && state !== "paused") || askedFor > DAY_MS) return undefined;
  if (askedFor < 2 * MINUTE_MS) return 5000;
  return askedFor < 10 * MINUTE_MS ? 15000 : MINUTE_MS;
}
