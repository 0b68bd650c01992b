/**
 * The reader of the change log for an issuer of Google Wallet. It marks as stale what a change may have changed: the object of a pass,
 * or the classes of a template or an event. The run decides whether anything has to be sent.
 *
 * Objects take little from template and event. When a class is sent and what they take has changed, they become stale page by page
 * (stale-objects.ts).
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { HandlePage, LoggedChange } from "../changes/readers.ts";
import type { Statements } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { lostColumns, staleColumns } from "../db/google-stale.ts";
import { googleClasses, googleObjects } from "../db/schema.ts";
import { writeJson } from "../json.ts";

const KIND = "google";

export function readerOfIssuer(issuerId: string): string {
  return `${KIND}:${issuerId}`;
}

/** SQL: the same for a column. */
export function readerNameOf(issuerId: SQL): SQL {
  return sql`${`${KIND}:`} || ${issuerId}`;
}

/** The issuer of a reader; undefined if it is another kind of reader. */
export function issuerOfReader(name: string): string | undefined {
  return name.startsWith(`${KIND}:`) ? name.slice(KIND.length + 1) : undefined;
}

/** Changes of which Google shows nothing: what is new has no row yet. */
const UNSEEN: ReadonlySet<string> = new Set(["made", "issued", "registered"]);

/** SQL: whether Google may show something else after a change of this kind. */
export function isSeenKind(kind: SQL): SQL {
  return sql`${kind} NOT IN (SELECT value FROM json_each(${writeJson([...UNSEEN])}))`;
}

/** Three statements at most, however many changes there are. */
export const markStaleRows: HandlePage = (page, { db, name, now }) => {
  const issuerId = issuerOfReader(name);
  if (issuerId === undefined) return {};
  return page.some(({ kind }) => kind === "restored")
    ? markAllLost(db, issuerId, now)
    : markChanged(db, issuerId, page, now);
};

function markChanged(db: Database, issuerId: string, page: readonly LoggedChange[], now: number): Statements {
  const seen = page.filter(({ kind }) => !UNSEEN.has(kind));
  const passIds = idsOf(seen, ({ passId }) => passId);
  const templateIds = idsOf(seen, ({ templateId }) => templateId);
  const eventIds = idsOf(seen, ({ eventId }) => eventId);
  return {
    objects:
      passIds.length === 0
        ? undefined
        : db
            .update(googleObjects)
            .set(staleColumns(now))
            .where(isOfIssuer(googleObjects, issuerId, googleObjects.passId, passIds)),
    ofTemplates:
      templateIds.length === 0
        ? undefined
        : db
            .update(googleClasses)
            .set(staleColumns(now))
            .where(isOfIssuer(googleClasses, issuerId, googleClasses.templateId, templateIds)),
    ofEvents:
      eventIds.length === 0
        ? undefined
        : db
            .update(googleClasses)
            .set(staleColumns(now))
            .where(isOfIssuer(googleClasses, issuerId, googleClasses.eventId, eventIds)),
  };
}

/** After a restore, Google may have what the lost database sent. So everything is sent again as a whole. */
function markAllLost(db: Database, issuerId: string, now: number): Statements {
  return {
    classes: db
      .update(googleClasses)
      .set(lostColumns(now))
      .where(sql`${googleClasses.issuerId} = ${issuerId}`),
    objects: db
      .update(googleObjects)
      .set(lostColumns(now))
      .where(sql`${googleObjects.issuerId} = ${issuerId}`),
  };
}

/** SQL: the rows of an issuer with one of these ids. */
function isOfIssuer(
  { issuerId: column }: typeof googleObjects | typeof googleClasses,
  issuerId: string,
  idColumn: SQLWrapper,
  ids: readonly number[],
): SQL {
  return sql`${idColumn} IN (SELECT value FROM json_each(${writeJson(ids)})) AND ${column} = ${issuerId}`;
}

function idsOf(page: readonly LoggedChange[], idOf: (change: LoggedChange) => number | null): number[] {
  return [...new Set(page.map(idOf).filter((id) => id !== null))];
}
