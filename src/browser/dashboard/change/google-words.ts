/**
 * Words for what a change does in Google Wallet: how many passes it concerns, how long it takes, and what their holders see. Pure.
 */
import type { JsonObject } from "../../../json.ts";
import type { DryRun } from "./dry-run.ts";
import { templateFields } from "./template-fields.ts";

export interface GoogleWords {
  /** "Google Wallet: 100,000 passes, about 1 h 51 min." */
  readonly reach: string;
  /** Each is a message on the pass. Empty if nobody has saved it. */
  readonly texts: readonly string[];
  readonly notes: readonly string[];
}

/** What the notes of iPhones say already is left out. */
const SILENT: Readonly<Record<string, string>> = {
  nothing_changed: "Google Wallet shows the same as before.",
  only_images_changed: "Google Wallet shows the new images, without a text.",
  no_field_changed: "Google Wallet shows the change without a text.",
  not_active: "The pass is no longer valid. Google Wallet says so, and shows no text.",
  daily_limit:
    "Google notifies people at most three times a day, and has done so. They see the change, but get no notification.",
};

/** @returns undefined if Google Wallet is not set up */
export function googleWords(report: DryRun, pass: JsonObject = {}): GoogleWords | undefined {
  const { googleReach, googleNotifications: items = [] } = report;
  if (googleReach === undefined) return undefined;
  const { passes, calls, seconds } = googleReach;
  if (passes === 0) return { reach: "Google Wallet: nobody has saved it yet.", texts: [], notes: [] };
  const names = new Map(templateFields(pass).map(({ key, name }) => [key, name]));
  const notes = items.flatMap(({ kind, reason = "", field = "" }) => {
    if (kind === "google_words") return ["Google notifies people in its own words."];
    if (reason === "no_message") return [`“${names.get(field) ?? field}” changes without a text there.`];
    return Object.hasOwn(SILENT, reason) ? [SILENT[reason] ?? ""] : [];
  });
  const time = calls === 0 ? "" : `, ${durationWords(seconds)}`;
  return {
    reach: `Google Wallet: ${passes.toLocaleString("en-GB")} ${passes === 1 ? "pass" : "passes"}${time}.`,
    texts: items.flatMap(({ kind, text = "" }) => (kind === "text" && text !== "" ? [text] : [])),
    notes,
  };
}

/** "within a minute", "about 12 min", "about 1 h 51 min", "about 2 h". */
export function durationWords(seconds: number): string {
  if (seconds <= 60) return "within a minute";
  const minutes = Math.round(seconds / 60);
  const parts = [
    [Math.floor(minutes / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  return `about ${parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(" ")}`;
}
