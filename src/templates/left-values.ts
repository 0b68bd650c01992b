/**
 * The values that a template change leaves without a field: passes and their events still have a value for the field's key, but
 * the template no longer has the field, so no phone shows it. They stay, because the field may come back.
 *
 * It reads at most the newest 1,000 passes of the template, and their events, and only if the change removes a field.
 */
import { eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { templates } from "../db/schema.ts";
import { type Json, parseJson, pointerTo, writeJson } from "../json.ts";
import { type Finding, warning } from "../pkpass/finding.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";

const MAX_PASSES = 1000;
/** More findings would not help anyone. */
const MAX_FIELDS = 20;

/** The fields of a template, as its row has them. */
interface FieldsRow {
  readonly id: number;
  readonly fields: Json<Readonly<Record<string, FieldKind>>>;
}

/** How many passes were read, and how many of them, and of their events, have a value for each key. */
interface Found {
  readonly size: number;
  readonly passes: Readonly<Record<string, number>>;
  readonly events: Readonly<Record<string, number>>;
}

const NONE: Found = { size: 0, passes: {}, events: {} };

/** One finding for each removed field that passes or events still have values for. They point to the template's pass.json. */
export async function lintLeftValues(db: Database, before: FieldsRow, after: FieldsRow): Promise<Finding[]> {
  const kept = parseJson(after.fields);
  const removed = Object.keys(parseJson(before.fields)).filter((key) => !Object.hasOwn(kept, key));
  if (removed.length === 0) return [];
  const { counts, isExact } = await countLeftValues(db, after.id, removed.slice(0, MAX_FIELDS));
  return counts
    .filter(({ passes, events }) => passes + events > 0)
    .map(({ key, passes, events }) => {
      const among = isExact ? "" : `, among its ${MAX_PASSES} newest passes`;
      return warning(
        "values_without_field",
        pointerTo(["pass"]),
        `The template no longer has the field "${key}", but passes (${passes}) and events (${events}) have a value for it${among}. Phones do not show it.`,
        `To show the values again, add a field with the key "${key}". To remove one, send {"values": {"${key}": null}} to its pass or event.`,
      );
    });
}

async function countLeftValues(db: Database, templateId: number, keys: readonly string[]) {
  const counted = (from: SQL) => sql`(SELECT json_group_object(key, count) FROM (
    SELECT field.key AS key, count(*) AS count FROM ${from} WHERE field.key IN (SELECT value FROM json_each(${writeJson(keys)}))
    GROUP BY field.key))`;
  const found = sql<Json<Found>>`(
    WITH newest AS MATERIALIZED (SELECT field_values, event_id FROM passes
      WHERE passes.template_id = ${templateId} AND passes.deleted_at IS NULL ORDER BY passes.id DESC LIMIT ${MAX_PASSES}),
    held AS MATERIALIZED (SELECT events.field_values FROM events
      WHERE events.id IN (SELECT event_id FROM newest) AND events.deleted_at IS NULL)
    SELECT json_object('size', (SELECT count(*) FROM newest),
      'passes', json(${counted(sql`newest, json_each(newest.field_values) AS field`)}),
      'events', json(${counted(sql`held, json_each(held.field_values) AS field`)})))`;
  const [row] = await db.select({ found }).from(templates).where(eq(templates.id, templateId));
  const { size, passes, events } = row === undefined ? NONE : parseJson(row.found);
  const counts = keys.map((key) => ({ key, passes: passes[key] ?? 0, events: events[key] ?? 0 }));
  return { counts, isExact: size < MAX_PASSES };
}
