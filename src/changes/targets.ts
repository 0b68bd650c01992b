/**
 * What a change can change: a pass, or a template or an event with all of its passes. And what differs between the three.
 */
import { sql } from "drizzle-orm";
import { changes, events, passes, templates } from "../db/schema.ts";

/** The target in a change row: one of the three is set. */
export interface ChangeTarget {
  readonly passId: number | null;
  readonly templateId: number | null;
  readonly eventId: number | null;
}

/** What differs between the three kinds of targets. */
export const TARGETS = {
  pass: {
    table: passes,
    ids: { passId: passes.id, templateId: null, eventId: null },
    logColumn: changes.passId,
    passTypeIdentifier: passes.passTypeIdentifier,
    /** A pass with its template and its event. */
    from: sql`${passes} JOIN ${templates} ON ${templates.id} = ${passes.templateId}
      LEFT JOIN ${events} ON ${events.id} = ${passes.eventId}`,
    /** A change is later than all of these. */
    overrides: [passes.modifiedAt, templates.modifiedAt, events.modifiedAt],
    createdAs: "issued",
    /** A new row is not earlier than these. */
    inherits: [templates.modifiedAt, events.modifiedAt],
  },
  template: {
    table: templates,
    ids: { passId: null, templateId: templates.id, eventId: null },
    logColumn: changes.templateId,
    passTypeIdentifier: templates.passTypeIdentifier,
    from: sql`${templates}`,
    overrides: [
      templates.modifiedAt,
      sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.templateId} = ${templates.id})`,
      // All events: an index answers that in one step, but not which of them have passes of this template.
      sql`(SELECT max(${events.modifiedAt}) FROM ${events})`,
    ],
    createdAs: "made",
    inherits: [],
  },
  event: {
    table: events,
    ids: { passId: null, templateId: null, eventId: events.id },
    logColumn: changes.eventId,
    /** An event's passes may be of several pass types. */
    passTypeIdentifier: sql<string>`''`,
    from: sql`${events}`,
    overrides: [
      events.modifiedAt,
      sql`(SELECT max(${passes.modifiedAt}) FROM ${passes} WHERE ${passes.eventId} = ${events.id})`,
      sql`(SELECT max(${templates.modifiedAt}) FROM ${templates})`,
    ],
    createdAs: "made",
    inherits: [],
  },
} as const;

export type TargetKind = keyof typeof TARGETS;
