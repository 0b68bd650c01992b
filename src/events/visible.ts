/**
 * What an event gives to its passes. Two of these are compared to know whether phones see a change (changes/visible.ts).
 */
import { markIfInvisible } from "../changes/visible.ts";
import type { Context, RecordedChange } from "../context.ts";
import type { events } from "../db/schema.ts";
import { parseJson } from "../json.ts";

type EventRow = typeof events.$inferSelect;

/**
 * Phones see a change of an event if its values or its overrides differ. A value that no template has, or that each pass
 * replaces, counts too, because no query could find that out.
 */
export function announceEventIfVisible(
  context: Context,
  change: RecordedChange | undefined,
  before: EventRow | undefined,
  after: EventRow,
): void {
  if (before === undefined) throw new Error("an event that did not exist before its change");
  const target = { kind: "event", id: before.id, pushAtBefore: before.pushAt } as const;
  const shown = { before: () => shownEvent(before), after: () => shownEvent(after) };
  context.announce(markIfInvisible(change, target, shown));
}

/** What an event gives to its passes. An override whose keys were all removed is an empty object, and changes nothing. */
export function shownEvent(row: EventRow) {
  const values = Object.entries(parseJson(row.values)).filter(([, value]) => Object.keys(value).length > 0);
  return { values: Object.fromEntries(values), pass: parseJson(row.pass), without: parseJson(row.without) };
}
