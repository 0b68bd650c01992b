/**
 * The table of scans: what scanners read from barcodes, and the outcome. Times are milliseconds.
 */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ExactNumber, Json } from "../json.ts";

/** A number that is added, or added to. */
export type Summand = number | ExactNumber;

/** What a scan of a template's passes does: the column `scan` of a template. Validated by templates/scan-rule.ts. */
export type ScanRule = { readonly action: "redeem" } | { readonly action: "show" } | AddRule;

/** A scan adds to the number in a field. */
export interface AddRule {
  readonly action: "add";
  readonly field: string;
  readonly by: Summand;
  readonly max?: Summand | undefined;
  readonly min?: Summand | undefined;
  /** The minimum number of seconds between two scans of a pass that add. */
  readonly atMostEverySeconds?: number | undefined;
  /** What a scan with `reward` sets the field to, if another addition would be beyond `max` or `min`. */
  readonly reward?: Reward | undefined;
}

export interface Reward {
  readonly resetTo: Summand;
  /** What the holder gets, as scanners show it. */
  readonly label?: string | undefined;
}

export const scans = sqliteTable(
  "scans",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Chosen by the scanner. It is unique, so that the batch of a repeated scan is rolled back. */
    scanId: text("scan_id").notNull().unique(),
    /** Null if no single pass has the code, or the pass was deleted. */
    passId: integer("pass_id"),
    /** The code itself may say something about a person (scans/code-hash.ts). Null if the pass was deleted. */
    codeHash: text("code_hash"),
    outcome: text("outcome", {
      enum: [
        "redeemed",
        "added",
        "rewarded",
        "shown",
        "already_redeemed",
        "voided",
        "expired",
        "limit_reached",
        "too_soon",
        "no_reward",
        "value_not_a_number",
        "unknown",
        "shared_code",
        "several",
      ],
    }).notNull(),
    /** The number that the field shows after the scan. */
    value: text("value").$type<Json<Summand>>(),
    /** The template's `scan` at the time, if the scan adds. */
    rule: text("rule").$type<Json<AddRule>>(),
    /** What the pass itself had set for the field before the scan, as JSON; null if nothing. For the undo. */
    before: text("before"),
    /** The revision of the pass that the scan left; null if it changed nothing. */
    revision: integer("revision"),
    /** Whether the pass was redeemed by a scan that arrived earlier but was made later. */
    isConflict: integer("is_conflict", { mode: "boolean" }).notNull(),
    /** When the scan was made, by the scanner's clock. */
    at: integer("at").notNull(),
    receivedAt: integer("received_at").notNull(),
    place: text("place"),
    actor: text("actor").notNull(),
    undoneAt: integer("undone_at"),
  },
  (t) => [
    /** For lists, and for the sweep of old rows. */
    index("scans_at").on(t.at),
    index("scans_place").on(t.place, t.at).where(sql`place IS NOT NULL`),
    index("scans_pass").on(t.passId, t.at).where(sql`pass_id IS NOT NULL`),
  ],
);
