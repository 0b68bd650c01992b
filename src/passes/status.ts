/**
 * The status of a pass: voided > redeemed > expired > active.
 *
 * A pass is voided by the API (`voidedAt`) or by its content: `voided` in pass.json of the pass, its event or its template.
 * The uppermost layer that sets or removes (`without`) the key decides. The expirationDate comes from these layers in the
 * same way. Both rules follow the merge in pkpass/build/render.ts. Each is here in TypeScript and in SQL, and
 * test/passes/status.test.ts compares the two. The layers hold only dates that `isW3cDate` accepts, so the SQL need not
 * recognize others.
 */
import { type SQL, sql } from "drizzle-orm";
import { type Json, parseJson } from "../json.ts";
import { isW3cDate, type PassOverrides } from "../pkpass/schema/schema.ts";

export const PASS_STATUSES = ["active", "redeemed", "voided", "expired"] as const;
export type PassStatus = (typeof PASS_STATUSES)[number];

/** What decides the status. */
export interface StatusFacts {
  readonly voidedAt: number | null;
  readonly redeemedAt: number | null;
  /** Whether the content says that the pass is voided. */
  readonly isVoidedByContent: boolean;
  /** Milliseconds; null if the pass does not expire. */
  readonly expiresAt: number | null;
}

/** What decides the status of a layer above the template. */
interface StatusLayer {
  readonly pass: Json<PassOverrides>;
  readonly without: Json<readonly string[]>;
}

/** The rows of a pass, of its event and of its template. */
export interface StatusLayers {
  readonly pass: StatusLayer;
  readonly event: StatusLayer | null;
  readonly template: { readonly pass: Json<PassOverrides> };
}

export type LayerName = keyof StatusLayers;

export function statusOf(facts: StatusFacts, now: number): PassStatus {
  if (facts.voidedAt !== null || facts.isVoidedByContent) return "voided";
  if (facts.redeemedAt !== null) return "redeemed";
  return facts.expiresAt !== null && facts.expiresAt <= now ? "expired" : "active";
}

/** What decides the status, from whole rows. */
export function statusFacts(
  { voidedAt, redeemedAt }: Pick<StatusFacts, "voidedAt" | "redeemedAt">,
  layers: StatusLayers,
): StatusFacts {
  const isVoidedByContent = findVoidingLayer(layers) !== undefined;
  return { voidedAt, redeemedAt, isVoidedByContent, expiresAt: expiryOf(layers) };
}

/** The layer that voids the pass; undefined if its content does not. */
export function findVoidingLayer(layers: StatusLayers): LayerName | undefined {
  const { layer, value } = uppermost(layers, "voided");
  return value === true ? layer : undefined;
}

/** When the pass expires, in milliseconds; null if it does not. */
function expiryOf(layers: StatusLayers): number | null {
  const { value } = uppermost(layers, "expirationDate");
  return typeof value === "string" && isW3cDate(value) ? Date.parse(value) : null;
}

/** The uppermost layer with this key, unless it or a layer above it removes the key. */
function uppermost(layers: StatusLayers, key: "voided" | "expirationDate") {
  const upper = [
    { layer: "pass", row: layers.pass },
    { layer: "event", row: layers.event },
  ] as const;
  for (const { layer, row } of upper) {
    if (row === null) continue;
    if (parseJson(row.without).includes(key)) return { layer: undefined, value: undefined };
    const value = parseJson(row.pass)[key];
    if (value !== undefined) return { layer, value };
  }
  return { layer: "template" as const, value: parseJson(layers.template.pass)[key] };
}

type Key = "voided" | "expirationDate";

/** SQL, as the columns below: the uppermost layer's JSON text of this key. If a layer removes the key: `null`, or nothing. */
function uppermostInSql(key: Key): SQL {
  const ofEvent = sql`(SELECT ${ofLayerInSql("events", key)} FROM events
    WHERE events.id = passes.event_id AND events.deleted_at IS NULL)`;
  return sql`coalesce(${ofLayerInSql("passes", key)}, ${ofEvent}, ${ofTemplateInSql(key)})`;
}

/** SQL: the same for a pass that has no event. */
function withoutEventInSql(key: Key): SQL {
  return sql`coalesce(${ofLayerInSql("passes", key)}, ${ofTemplateInSql(key)})`;
}

function ofLayerInSql(table: "passes" | "events", key: Key): SQL {
  const [pass, without] = [sql.raw(`${table}.pass`), sql.raw(`${table}.without`)];
  return sql`iif(${without} GLOB ${sql.raw(`'*"${key}"*'`)}, 'null', ${pass} -> ${sql.raw(`'$.${key}'`)})`;
}

function ofTemplateInSql(key: Key): SQL {
  const path = sql.raw(`'$.${key}'`);
  return sql`(SELECT templates.pass -> ${path} FROM templates WHERE templates.id = passes.template_id)`;
}

const IS_VOIDED_BY_CONTENT = sql<number>`(${uppermostInSql("voided")} IS 'true')`;
const EXPIRES_AT = instantInSql(uppermostInSql("expirationDate"));

/** SQL: milliseconds. SQLite reads no offset beyond 14 hours, so the offset is subtracted here. @param date JSON text */
export function instantInSql(date: SQL): SQL<number | null> {
  return sql<number | null>`(SELECT 1000 * CASE
    WHEN date ->> '$' GLOB '*Z' THEN unixepoch(date ->> '$')
    ELSE unixepoch(substr(date ->> '$', 1, length(date ->> '$') - 6))
      - iif(substr(date ->> '$', -6, 1) = '-', -60, 60) * (60 * substr(date ->> '$', -5, 2) + substr(date ->> '$', -2))
  END FROM (SELECT ${date} AS date))`;
}

/** What the layers decide. For a select from passes alone, or the WHERE of an update. */
export const statusColumns = { isVoidedByContent: IS_VOIDED_BY_CONTENT, expiresAt: EXPIRES_AT };

/** SQL: whether the pass has this status now. For a select from passes alone, or the WHERE of an update. */
export function hasStatus(status: PassStatus, now: number): SQL {
  return sql`CASE
    WHEN passes.voided_at IS NOT NULL OR ${IS_VOIDED_BY_CONTENT} THEN 'voided'
    WHEN passes.redeemed_at IS NOT NULL THEN 'redeemed'
    WHEN ${EXPIRES_AT} <= ${now} THEN 'expired'
    ELSE 'active' END = ${status}`;
}

/** SQL: whether the pass is voided or expired now, and would be active without its event. As `hasStatus`. */
export function isInvalidByEvent(now: number): SQL {
  const isVoided = sql`${withoutEventInSql("voided")} IS 'true'`;
  const expiresAt = instantInSql(withoutEventInSql("expirationDate"));
  return sql`(passes.voided_at IS NULL AND passes.redeemed_at IS NULL
    AND (${IS_VOIDED_BY_CONTENT} OR coalesce(${EXPIRES_AT} <= ${now}, 0))
    AND NOT (${isVoided} OR coalesce(${expiresAt} <= ${now}, 0)))`;
}
