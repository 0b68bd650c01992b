/**
 * SQL: what a scan does. The statement that stores the scan decides it by the row of the pass. The effect follows in the
 * same batch, depending on the stored outcome. So if scans arrive at the same time, each sees what the ones before it have
 * done.
 *
 * The outcomes are checked in the order of a redemption (passes/redeem.ts): a pass that was redeemed is `already_redeemed`,
 * even if it was voided or has expired since.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { passes, scans } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { writeJson } from "../json.ts";
import { additionsInSql } from "../passes/additions.ts";
import { livingPass } from "../passes/show.ts";
import { hasStatus } from "../passes/status.ts";
import type { AddRule, ScanRule } from "../templates/scan-rule.ts";
import { pauseOf } from "./pause.ts";

/** A scan that is processed. */
export interface Scan {
  readonly scanId: string;
  readonly code: string;
  /** Milliseconds, by the scanner's clock, but neither in the future nor older than a scanner may be offline. */
  readonly at: number;
  readonly place: string | null;
  /** Whether the holder of a full card gets the reward now. */
  readonly reward: boolean;
}

/** The outcomes that change the pass. Only these can be undone. */
export const EFFECTS = ["redeemed", "added", "rewarded"] as const;

/** Stores the scan of a living pass with its outcome. */
export function insertDecided(
  { db, actor, now }: Context,
  { scanId, at, place, reward }: Scan,
  { passId, rule, codeHash }: { readonly passId: number; readonly rule: ScanRule; readonly codeHash: string },
) {
  const add = rule.action === "add" ? rule : undefined;
  const row = {
    id: AUTOINCREMENT,
    scanId,
    passId,
    codeHash,
    outcome: sql<"shown">`outcome`,
    value: add === undefined ? null : valueAfter(add),
    rule: add === undefined ? null : writeJson(add),
    before: sql<string>`CASE WHEN outcome IN ('added', 'rewarded') THEN own END`,
    revision: sql<number>`CASE WHEN outcome IN (${names(EFFECTS)}) THEN revision + 1 END`,
    isConflict: sql<boolean>`(outcome = 'already_redeemed' AND ${at} < redeemed_at)`,
    at,
    receivedAt: now,
    place,
    actor,
    undoneAt: null,
  };
  // Materialized, because SQLite would otherwise copy each expression into every use of its column.
  const from = sql`FROM (
    WITH found AS MATERIALIZED (
      SELECT revision, redeemed_at, ${state(at)} AS state, ${add === undefined ? sql`NULL` : shownSum(add)} AS addition,
        ${add === undefined ? sql`NULL` : ownOverride(add)} AS own, ${isTooSoon(add, at)} AS is_too_soon
      FROM passes WHERE ${livingPass(passId)}
    ), decided AS MATERIALIZED (
      SELECT *, CASE WHEN state <> 'active' THEN state ${outcomesOfActive(rule, reward)} END AS outcome FROM found
    )
    SELECT * FROM decided)`;
  return db.insert(scans).select(selectInto(scans, row, from));
}

/** SQL, in a select from passes: the outcome that refuses the scan, or 'active' if the pass is active. */
function state(at: number): SQL {
  return sql`CASE WHEN ${passes.redeemedAt} IS NOT NULL THEN 'already_redeemed' WHEN ${hasStatus("active", at)} THEN 'active'
    WHEN ${hasStatus("expired", at)} THEN 'expired' ELSE 'voided' END`;
}

/** SQL: the rest of the CASE, for an active pass. */
function outcomesOfActive(rule: ScanRule, reward: boolean): SQL {
  if (reward && (rule.action !== "add" || rule.reward === undefined)) return sql`ELSE 'no_reward'`;
  switch (rule.action) {
    case "redeem":
      return sql`ELSE 'redeemed'`;
    case "show":
      return sql`ELSE 'shown'`;
    case "add":
      return sql`WHEN addition ->> '$.number' IS NULL THEN 'value_not_a_number' ${
        reward
          ? sql`WHEN addition ->> '$.beyond' IS NOT NULL THEN 'rewarded' ELSE 'no_reward'`
          : sql`WHEN addition ->> '$.beyond' IS NOT NULL THEN 'limit_reached' WHEN is_too_soon THEN 'too_soon' ELSE 'added'`
      }`;
  }
}

/** SQL, in a select from passes: the number in the field, and the sum, as JSON (passes/additions.ts). */
function shownSum({ field, by, max, min }: AddRule): SQL {
  const additions = additionsInSql({ [field]: { add: by, max, min } });
  return additions === undefined ? sql`NULL` : sql`${additions.sums} -> '$[0]'`;
}

/** SQL, in a select from passes: what the pass itself sets for the field, as JSON. */
function ownOverride({ field }: AddRule): SQL {
  return sql`(SELECT own.value FROM json_each(${passes.values}) AS own WHERE own.key = ${field})`;
}

/** SQL, in a select from passes: whether another scan has added within the time, before or after this one. */
function isTooSoon(rule: AddRule | undefined, at: number): SQL {
  const pause = pauseOf(rule);
  if (pause === undefined) return sql`0`;
  return sql`EXISTS (SELECT 1 FROM scans AS other WHERE other.pass_id = passes.id AND other.outcome = 'added'
    AND other.undone_at IS NULL AND other.at > ${at - pause} AND other.at < ${at + pause})`;
}

/** SQL: the number that the field shows after the scan, as JSON. */
function valueAfter({ reward }: AddRule) {
  const resetTo = reward === undefined ? sql`NULL` : sql`${writeJson(reward.resetTo)}`;
  return sql<
    NonNullable<(typeof scans.$inferSelect)["value"]>
  >`CASE outcome WHEN 'added' THEN addition -> '$.sum'
    WHEN 'rewarded' THEN ${resetTo} ELSE nullif(addition -> '$.number', 'null') END`;
}

/** SQL: a list of texts. */
function names(texts: readonly string[]): SQL {
  return sql.join(
    texts.map((text) => sql`${text}`),
    sql`, `,
  );
}
