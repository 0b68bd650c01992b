/**
 * Scans by hour, for a chart of one day: the days that have scans, the bars of a day, and the same as rows of a table. In the time
 * zone of this computer. Pure.
 */
import type { HourCount } from "./admin-answers.ts";
import { outcomeWord, type Tone } from "./words.ts";

/** What a bar is made of, from the bottom to the top. */
export const PARTS: readonly (readonly [tone: Tone, text: string])[] = [
  ["good", "Accepted"],
  ["warning", "Not counted"],
  ["bad", "Refused"],
  ["quiet", "Other"],
];

export interface HourBar {
  /** 0 to 23. */
  readonly hour: number;
  readonly total: number;
  readonly byTone: Readonly<Record<Tone, number>>;
}

export interface HourRow {
  readonly hour: number;
  readonly place: string | null;
  readonly count: number;
  /** "12 Redeemed, 3 Already used" */
  readonly outcomes: string;
}

/** When the days with scans begin, the newest first. */
export function daysWithScans(items: readonly HourCount[]): readonly number[] {
  return [...new Set(items.map(({ hour }) => dayOf(hour)))].sort((one, other) => other - one);
}

export function hourBarsOf(items: readonly HourCount[], day: number): readonly HourBar[] {
  const ofDay = items.filter(({ hour }) => dayOf(hour) === day);
  return Array.from({ length: 24 }, (_, hour) => {
    const byTone = { good: 0, warning: 0, bad: 0, quiet: 0 };
    for (const item of ofDay) {
      if (new Date(item.hour).getHours() === hour) byTone[outcomeWord(item.outcome).tone] += item.count;
    }
    return { hour, byTone, total: Object.values(byTone).reduce((sum, count) => sum + count, 0) };
  });
}

/** The earliest hour first, and its places by name. */
export function hourRowsOf(items: readonly HourCount[], day: number): readonly HourRow[] {
  const groups = Map.groupBy(
    items.filter(({ hour }) => dayOf(hour) === day),
    ({ hour, place }) => `${String(new Date(hour).getHours()).padStart(2, "0")} ${place ?? ""}`,
  );
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const outcomes = group
        .map(({ outcome, count }) => `${count} ${outcomeWord(outcome).text.toLowerCase()}`)
        .join(", ");
      const count = group.reduce((sum, each) => sum + each.count, 0);
      return [{ hour: new Date(first.hour).getHours(), place: first.place, count, outcomes }];
    });
}

/** "19:00 to 20:00" */
export function hourWords(hour: number): string {
  return `${clockOf(hour)} to ${clockOf((hour + 1) % 24)}`;
}

/** "19:00" */
export function clockOf(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

function dayOf(hour: string): number {
  const day = new Date(hour);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}
