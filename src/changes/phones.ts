/**
 * How many phones have a pass, or a pass of a template or of an event: what a change would reach. The number is exact up to a
 * limit, so that it costs the same for a million phones.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { registrations } from "../db/schema.ts";

/** Registrations that are read at most. */
const MAX_REGISTRATIONS = 10_000;

export interface Phones {
  readonly count: number;
  /** Whether there are no more. */
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

/** @param rows the result of `selectPhones` */
export function toPhones(rows: readonly { readonly size: number; readonly phones: number }[]): Phones {
  const [{ size, phones } = { size: 0, phones: 0 }] = rows;
  return { count: Math.min(phones, MAX_REGISTRATIONS), isExact: size <= MAX_REGISTRATIONS };
}
