/**
 * A change of a pass, and its statements for the batch of change.ts. They write what differs, and nothing else.
 */
import { and, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { googleIssuerColumn } from "../db/has-google-issuer.ts";
import { patchedOverrides } from "../db/overrides.ts";
import { passes, registrations } from "../db/schema.ts";
import { livingEventId } from "../events/living-event.ts";
import { writeJson } from "../json.ts";
import { dropObjects, nameObjects } from "../objects/uses.ts";
import type { FieldPatch, PassPatch } from "../pkpass/schema/schema.ts";
import type { Images } from "../templates/packs.ts";
import { type Additions, type AdditionsInSql, additionsInSql } from "./additions.ts";
import { type OwnImages, userOfPack } from "./own-images.ts";
import { livingPass } from "./show.ts";
import { passBytesInSql } from "./size.ts";
import { selectLayers } from "./visible.ts";

/**
 * Absent members stay unchanged. `values` and `pass` are merged into those of the pass itself (RFC 7396): null removes a
 * value or an override, and phones get that of the event or the template again. `without`, `images` and `tags` replace the
 * stored ones completely: change-images.ts merges images.
 */
export interface PassChange {
  readonly externalId?: string | null | undefined;
  readonly values?: Readonly<Record<string, FieldPatch | null>> | undefined;
  /** What is added to the numbers in fields. Such a change is not repeated after a lost answer. */
  readonly additions?: Additions | undefined;
  readonly pass?: PassPatch | undefined;
  /** The keys of pass.json that the pass removes. */
  readonly without?: readonly string[] | undefined;
  readonly barcodeMessage?: string | null | undefined;
  readonly barcodeAltText?: string | null | undefined;
  readonly images?: Images | undefined;
  /** The pack of own images that `images` were computed from. If the pass has another pack now, nothing is written. */
  readonly basedOnPack?: string | null;
  readonly eventId?: number | null | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Whether `values` and `pass` replace the stored ones completely. Otherwise they are merged. */
  readonly replaces?: boolean;
}

/**
 * SQL: the content of the pass after the change. Without additions, repeating the change gives the same content, so it may
 * run twice.
 */
export function contentAfter(input: PassChange, additions: AdditionsInSql | undefined) {
  const column = (column: SQLiteColumn, value: string | null | undefined) =>
    value === undefined ? column : sql`${value}`;
  const given = writeJson(input.values ?? {});
  const values = input.replaces === true ? sql`${given}` : sql`json_patch(${passes.values}, ${given})`;
  return {
    values: additions === undefined ? values : sql`json_patch(${values}, ${additions.patch})`,
    pass:
      input.replaces === true
        ? sql`${writeJson(input.pass ?? {})}`
        : patchedOverrides(passes.pass, input.pass),
    barcodeMessage: column(passes.barcodeMessage, input.barcodeMessage),
    barcodeAltText: column(passes.barcodeAltText, input.barcodeAltText),
  };
}

/**
 * Statements: the pass before the change, with what the change computes from it, and the layers under it if the change may move it
 * to another event.
 */
export function selectReplaced(db: Database, id: number, input: PassChange) {
  const additions = additionsInSql(input.additions ?? {});
  const bytes = passBytesInSql(contentAfter(input, additions));
  return {
    rows: db
      .select({ pass: passes, bytes, ...googleIssuerColumn, ...(additions && { sums: additions.sums }) })
      .from(passes)
      .where(livingPass(id)),
    layers: input.eventId === undefined ? undefined : selectLayers(db, id),
  };
}

/** SQL: whether at least one column that phones show is changed. */
export function showsDifferent(
  input: PassChange,
  { values, pass }: ReturnType<typeof contentAfter>,
  own: OwnImages | undefined,
): SQL {
  // An addition counts as a difference, so that its sum need not be computed again here.
  const adds = input.additions === undefined ? sql`0` : sql`1`;
  return sql`(${adds} OR ${values} <> ${passes.values} OR ${passes.pass} <> ${pass}
    OR ${differsFrom(passes.without, input.without && writeJson(input.without))}
    OR ${differsFrom(passes.barcodeMessage, input.barcodeMessage)}
    OR ${differsFrom(passes.barcodeAltText, input.barcodeAltText)}
    OR ${movesTo(input.eventId)} OR ${differsFrom(passes.images, own?.images)})`;
}

/**
 * Phones show neither the externalId nor tags, so there is no change row and no push. It raises the revision only if the
 * write of the shown columns does not, because that one checks the revision too.
 */
export function changeUnseen(
  db: Database,
  { externalId, tags }: PassChange,
  { now, writeId }: Pick<Context, "now" | "writeId">,
  showsDifferent: SQL,
  allowed: SQL | undefined,
) {
  if (externalId === undefined && tags === undefined) return undefined;
  const differs = tags === undefined ? differsFrom(passes.externalId, externalId) : undefined;
  return db
    .update(passes)
    .set({
      externalId,
      updatedAt: now,
      writeId,
      revision: sql`${passes.revision} + NOT ${showsDifferent}`,
    })
    .where(and(allowed, differs));
}

/** Writes the columns that phones show. */
export function updateShown(
  db: Database,
  input: PassChange,
  { values, pass }: ReturnType<typeof contentAfter>,
  own: OwnImages | undefined,
  where: SQL | undefined,
) {
  // If the same images are sent again, the pack does not change, and so the built pass stays valid.
  const pack = own && sql`CASE WHEN ${passes.images} = ${own.images} THEN pack ELSE ${own.pack} END`;
  return db
    .update(passes)
    .set({
      values,
      pass,
      without: input.without && writeJson(input.without),
      barcodeMessage: input.barcodeMessage,
      barcodeAltText: input.barcodeAltText,
      images: own?.images,
      pack,
      eventId: input.eventId,
      revision: sql`${passes.revision} + 1`,
      // A pass that leaves an event must not get an older time than that event.
      modifiedAt: sql`max(${passes.modifiedAt}, coalesce((SELECT modified_at FROM events WHERE events.id = passes.event_id), 0))`,
    })
    .where(where);
}

/**
 * Statements: the pass uses this pack, and no other. They do nothing if the pass has another one, because the change was refused or
 * the same images were sent again.
 */
export function usePack(db: Database, id: number, pack: string | null, now: number) {
  const user = userOfPack(and(livingPass(id), sql`${passes.pack} IS ${pack}`));
  const keys = pack === null ? [] : [pack];
  return {
    named: pack === null ? undefined : nameObjects(db, user, keys),
    ...dropObjects(db, user, now, keys),
  };
}

/** Registrations contain a copy of the event's id. */
export function moveRegistrations(
  db: Database,
  id: number,
  eventId: number | null | undefined,
  allowed: SQL | undefined,
) {
  return db
    .update(registrations)
    .set({ eventId: eventId ?? null })
    .where(
      sql`${registrations.passId} = ${id} AND ${differsFrom(registrations.eventId, eventId)}
        AND EXISTS (SELECT 1 FROM ${passes} WHERE ${allowed})`,
    );
}

/** SQL: whether the column has a different value than this one; false if no value is given. */
function differsFrom(column: SQLiteColumn, value: string | number | null | undefined): SQL {
  return value === undefined ? sql`0` : sql`${column} IS NOT ${value}`;
}

/** SQL: whether this event is different from the living event of the pass. */
function movesTo(eventId: number | null | undefined): SQL {
  if (eventId === undefined) return sql`0`;
  return sql`${livingEventId} IS NOT ${eventId}`;
}
