/**
 * How many phones have a pass, or a pass of a template or of an event, and how many of these passes are in Google Wallet: what a
 * change would reach. The numbers are exact up to a limit, so that they cost the same for a million phones.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { googleClasses, googleObjects, passes, registrations } from "../db/schema.ts";

/** The most registrations that are read. */
const MAX_REGISTRATIONS = 10_000;

export interface Phones {
  /** In Apple Wallet. */
  readonly count: number;
  /** Passes that are in Google Wallet. Google does not say on how many phones. */
  readonly googlePasses: number;
  /** False if the limit was reached: then there are more. */
  readonly isExact: boolean;
}

const COLUMNS = { pass: "pass_id", template: "template_id", event: "event_id" } as const;

/** Statement: the phones that are registered for the target. A phone with several of its passes counts once. */
export function selectPhones(
  db: Database,
  target: { readonly kind: keyof typeof COLUMNS; readonly id: number },
) {
  const read = sql`(SELECT push_token FROM ${registrations}
    WHERE ${sql.raw(COLUMNS[target.kind])} = ${target.id} LIMIT ${MAX_REGISTRATIONS + 1})`;
  return db
    .select({
      size: sql<number>`count(*)`.as("size"),
      phones: sql<number>`count(DISTINCT push_token)`.as("phones"),
    })
    .from(sql`${read}`);
}

/** Statement: the passes of the target that are in Google Wallet. Without Google's objects, it reads next to nothing. */
export function selectSavedPasses(
  db: Database,
  { kind, id }: { readonly kind: keyof typeof COLUMNS; readonly id: number },
) {
  const limit = MAX_REGISTRATIONS + 1;
  const objects =
    kind === "pass"
      ? sql`SELECT pass_id FROM ${googleObjects} WHERE pass_id = ${id} LIMIT ${limit}`
      : sql`SELECT objects.pass_id FROM ${googleClasses} AS classes CROSS JOIN ${googleObjects} AS objects
          WHERE classes.${sql.raw(COLUMNS[kind])} = ${id} AND objects.issuer_id = classes.issuer_id
          AND objects.class_id = classes.resource_id LIMIT ${limit}`;
  const isSaved = sql`google_installed_at IS NOT NULL AND google_uninstalled_at IS NULL AND deleted_at IS NULL`;
  return db
    .select({
      size: sql<number>`count(*)`.as("saved_size"),
      // A pass may have several objects, because its template may have had another type.
      saved: sql<number>`count(DISTINCT saved.id)`.as("saved"),
    })
    .from(
      sql`(${objects}) AS objects LEFT JOIN ${passes} AS saved ON saved.id = objects.pass_id AND ${isSaved}`,
    );
}

/** @param rows the result of `selectPhones` @param saved that of `selectSavedPasses` */
export function toPhones(
  rows: readonly { readonly size: number; readonly phones: number }[],
  saved: readonly { readonly size: number; readonly saved: number }[],
): Phones {
  const [{ size, phones } = { size: 0, phones: 0 }] = rows;
  const [google = { size: 0, saved: 0 }] = saved;
  return {
    count: Math.min(phones, MAX_REGISTRATIONS),
    googlePasses: Math.min(google.saved, MAX_REGISTRATIONS),
    isExact: Math.max(size, google.size) <= MAX_REGISTRATIONS,
  };
}
