/**
 * When the occasion of a pass is, for a text that people read. It imports nothing that runs.
 *
 * Follows Apple's "Pass.RelevantDates" and "SemanticTags" (eventStartDate).
 */
import type { PassOverrides } from "./schema/schema.ts";

/**
 * The first date that the content names, as it is written: its offset says what day it is there. Null if it names none.
 */
export function firstDateOf({ relevantDates = [], relevantDate, semantics }: PassOverrides): string | null {
  const dates = relevantDates.map((entry) => entry.date ?? entry.relevantDate ?? entry.startDate);
  const start = semantics?.eventStartDate;
  const [first] = [start, ...dates, relevantDate].filter((date) => date !== undefined);
  return first ?? null;
}
