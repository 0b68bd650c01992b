/**
 * How far the pushes of a change are, and when to ask again. Pure.
 */
import * as z from "zod/mini";
import { DAY_MS, MINUTE_MS } from "../../../durations.ts";
import { lenient, orNull, parserOf } from "../../parse-answer.ts";
import { atTimeWords, endWords, timeFrom } from "../../times.ts";
import { countWords } from "../words.ts";
import { durationWords } from "./google-words.ts";

const progress = z.object({
  change: orNull(z.object({ id: z.number(), push: z.string(), dueAt: orNull(z.string()) })),
  phones: z.object({ count: z.number(), isExact: z.catch(z.boolean(), true) }),
  notified: z.number(),
  gaveUp: z.catch(z.number(), 0),
  paused: z.catch(z.boolean(), false),
  pushesPerSecond: orNull(z.number()),
  perSecond: orNull(z.number()),
  endsAt: orNull(z.string()),
  /** Absent if Google Wallet is not set up. */
  google: lenient(
    z.object({
      objects: z.object({ count: z.number(), isExact: z.catch(z.boolean(), true) }),
      waiting: z.number(),
      gaveUp: z.catch(z.number(), 0),
      classes: z.object({ waiting: z.number(), gaveUp: z.catch(z.number(), 0) }),
      seconds: z.number(),
    }),
  ),
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

const STATE_SENTENCES: Readonly<Record<ProgressState, string>> = {
  none: "No change is being pushed to phones.",
  paused: "Pushes are paused. What is due waits.",
  running: "Phones are being notified.",
  done: "All phones were notified.",
  failed: "The pushes to some phones failed.",
};

/** Whether the sentence of a state is also shown. Other states show numbers. */
export function showsSentence(progress: Progress): boolean {
  const state = progressState(progress);
  return state === "none" || state === "paused";
}

/** What a screen reader says, once for each state. With Google Wallet, which has words of its own, phones are called iPhones. */
export function stateSentence(progress: Progress): string {
  const words = STATE_SENTENCES[progressState(progress)];
  if (progress.google === undefined) return words;
  const google = isGoogleWaiting(progress) ? " Google Wallet is being updated." : "";
  return words.replace(/\b[Pp]hones/, "iPhones") + google;
}

/** "41,200 of about 118,000 phones were notified." */
export function notifiedWords({ phones, notified, google }: Progress): string {
  const about = phones.isExact ? "" : "about ";
  const verb = notified === 1 || phones.count === 1 ? "was" : "were";
  return `${notified.toLocaleString("en-GB")} of ${about}${countWords(phones.count, google === undefined ? "phone" : "iPhone")} ${verb} notified.`;
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

/** Whether something is left to be sent to Google Wallet. */
export function isGoogleWaiting({ google }: Progress): boolean {
  return google !== undefined && google.waiting + google.classes.waiting > 0;
}

/** "Google Wallet: 1,200 of 100,000 passes sent, about 1 h 50 min left." Empty if nobody has a pass there. */
export function googleProgressWords({ google }: Progress): string {
  if (google === undefined || google.objects.count === 0) return "";
  const { objects, waiting, gaveUp, classes, seconds } = google;
  const all = `${objects.isExact ? "" : "about "}${objects.count.toLocaleString("en-GB")}`;
  const passes = objects.count === 1 ? "pass" : "passes";
  if (waiting > 0) {
    const sent = Math.max(0, objects.count - waiting - gaveUp).toLocaleString("en-GB");
    const left = seconds <= 60 ? "less than a minute" : durationWords(seconds);
    return `Google Wallet: ${sent} of ${all} ${passes} sent, ${left} left.`;
  }
  if (classes.waiting > 0) return `Google Wallet: the change is being sent to ${all} ${passes} at once.`;
  if (gaveUp + classes.gaveUp > 0) return "";
  return `Google Wallet: ${all} ${passes}, ${objects.count === 1 ? "" : "all "}up to date.`;
}

/** "Google refused 3 passes." Empty: none. */
export function googleRefusedWords({ google }: Progress): string {
  if (google === undefined) return "";
  if (google.classes.gaveUp > 0) return "Google refused the change.";
  const { gaveUp } = google;
  return gaveUp === 0
    ? ""
    : `Google refused ${gaveUp.toLocaleString("en-GB")} ${gaveUp === 1 ? "pass" : "passes"}.`;
}

/** @param askedFor how long it was asked already @returns milliseconds, or undefined if nothing is left */
export function nextAskMs(progress: Progress, askedFor: number): number | undefined {
  const state = progressState(progress);
  const isLeft = state === "running" || state === "paused" || isGoogleWaiting(progress);
  if (!isLeft || askedFor > DAY_MS) return undefined;
  if (askedFor < 2 * MINUTE_MS) return 5000;
  return askedFor < 10 * MINUTE_MS ? 15000 : MINUTE_MS;
}
