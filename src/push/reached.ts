/**
 * How many phones a change of a template or an event concerns, and how many of them were notified of it. Up to a limit the
 * phones are counted. Beyond it both numbers are estimated, so that for a campaign of a million phones only a few thousand
 * rows are read.
 *
 * The estimate relies on push tokens being random hexadecimal numbers. The total follows from the value of the 2,000th token
 * in order. The share that was notified follows from 256 tokens at equal distances.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { devices, registrations } from "../db/schema.ts";
import { writeJson } from "../json.ts";

export interface Reached {
  readonly phones: number;
  readonly notified: number;
  /** Whether they were counted, and not estimated. */
  readonly isExact: boolean;
}

export interface ReachedTarget {
  readonly kind: "template" | "event";
  readonly id: number;
}

interface SentChange {
  readonly id: number;
  readonly pushAt: number;
  readonly dispatchedAt: number | null;
}

interface Limits {
  /** The most registrations that are counted. */
  readonly counted: number;
  /** The number of registrations, in the order of their tokens, from which the total is estimated. */
  readonly spaced: number;
}
const LIMITS: Limits = { counted: 10_000, spaced: 2000 };

/** The beginnings of the sampled tokens: 00 to ff. */
const SAMPLES = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));
/** An event may have passes of several pass types. */
const MAX_PASS_TYPES = 8;

/** @param change undefined: only the phones are counted */
export async function countReached(
  db: Database,
  target: ReachedTarget,
  change: SentChange | undefined,
  limits = LIMITS,
): Promise<Reached> {
  const listening = listensTo(target);
  const { counted, types } = await batchOf(db, {
    counted: selectCounted(db, listening, change, limits.counted),
    types: selectPassTypes(db, listening),
  });
  const [{ size, phones, notified } = { size: 0, phones: 0, notified: 0 }] = counted;
  if (size <= limits.counted) return { phones, notified, isExact: true };
  const names = types.flatMap(({ name }) => name ?? []);
  const statements = names.map((name, n) => {
    const ofType = sql`${listening} AND pass_type_identifier = ${name}`;
    const first = selectFirst(db, ofType, limits.spaced);
    return [`type${n}`, { first, sampled: selectSampled(db, ofType, change) }] as const;
  });
  const estimated = Object.values(await batchOf(db, Object.fromEntries(statements)));
  const parts = estimated.map(({ first, sampled }) => {
    const all = estimateAll(first[0], limits.spaced);
    return { all, notified: (all * (sampled[0]?.notified ?? 0)) / Math.max(1, sampled[0]?.size ?? 0) };
  });
  const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((total, n) => total + n, 0));
  return {
    phones: Math.max(sum(parts.map(({ all }) => all)), phones),
    notified: sum(parts.map((part) => part.notified)),
    isExact: false,
  };
}

/** SQL on registrations: those that are pushed. */
function listensTo({ kind, id }: ReachedTarget): SQL {
  const column = kind === "template" ? sql`template_id` : sql`event_id`;
  return sql`${column} = ${id} AND client = 'apple'`;
}

/** SQL on registrations and devices: a push since the change was accepted, or the phone has downloaded the pass since then. */
function isNotified(change: SentChange | undefined): SQL {
  if (change === undefined) return sql`false`;
  const since = change.dispatchedAt ?? change.pushAt;
  return sql`(coalesce(${devices.pushedThrough}, 0) >= ${change.id} OR ${registrations.registeredAt} >= ${since})`;
}

const OF_REGISTRATION = and(
  eq(devices.passTypeIdentifier, registrations.passTypeIdentifier),
  eq(devices.deviceLibraryIdentifier, registrations.deviceLibraryIdentifier),
);

function selectCounted(db: Database, listening: SQL, change: SentChange | undefined, limit: number) {
  const { pushToken } = registrations;
  return db
    .select({
      size: sql<number>`count(*)`.as("size"),
      phones: sql<number>`count(DISTINCT ${pushToken})`.as("phones"),
      notified: sql<number>`count(DISTINCT CASE WHEN ${isNotified(change)} THEN ${pushToken} END)`.as(
        "notified",
      ),
    })
    .from(sql`(SELECT rowid AS id FROM registrations WHERE ${listening} LIMIT ${limit + 1}) AS listed`)
    .crossJoin(registrations) // SQLite never reorders it
    .leftJoin(devices, OF_REGISTRATION)
    .where(sql`registrations.rowid = listed.id`);
}

/** Statement: the pass types. Each is found by one step in the index. The last row is null. */
function selectPassTypes(db: Database, listening: SQL) {
  const next = (after: SQL) =>
    sql`(SELECT min(pass_type_identifier) FROM registrations WHERE ${listening} ${after})`;
  const all = sql`WITH RECURSIVE listed(name) AS (SELECT ${next(sql``)} UNION ALL
    SELECT ${next(sql`AND pass_type_identifier > listed.name`)} FROM listed WHERE listed.name IS NOT NULL LIMIT ${MAX_PASS_TYPES})
    SELECT name FROM listed`;
  return db.select({ name: sql<string | null>`types.name`.as("type_name") }).from(sql`(${all}) AS types`);
}

function selectFirst(db: Database, ofType: SQL, limit: number) {
  const first = sql`(SELECT push_token FROM registrations WHERE ${ofType} ORDER BY push_token LIMIT ${limit}) AS first`;
  return db
    .select({
      size: sql<number>`count(*)`.as("size"),
      phones: sql<number>`count(DISTINCT push_token)`.as("phones"),
      last: sql<string | null>`max(push_token)`.as("last"),
    })
    .from(first);
}

/** Statement: of the first token at or after each beginning, how many were notified. */
function selectSampled(db: Database, ofType: SQL, change: SentChange | undefined) {
  const firstBehind = sql`(SELECT listed.rowid FROM registrations AS listed WHERE ${ofType} AND push_token >= sample.value
    ORDER BY push_token LIMIT 1)`;
  return db
    .select({
      size: sql<number>`count(*)`.as("size"),
      notified: sql<number>`count(CASE WHEN ${isNotified(change)} THEN 1 END)`.as("notified"),
    })
    .from(sql`json_each(${writeJson(SAMPLES)}) AS sample`)
    .crossJoin(registrations)
    .leftJoin(devices, OF_REGISTRATION)
    .where(sql`registrations.rowid = ${firstBehind}`);
}

/** The estimated total: how many tokens come first, divided by the share of the range of all tokens that they cover. */
function estimateAll(
  first: { readonly size: number; readonly phones: number; readonly last: string | null } | undefined,
  limit: number,
): number {
  if (first === undefined || first.last === null) return 0;
  if (first.size < limit) return first.phones;
  const part = Number.parseInt(first.last.slice(0, 8), 16) / 2 ** 32;
  return part > 0 ? first.phones / part : first.phones;
}
