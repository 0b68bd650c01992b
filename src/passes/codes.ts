/**
 * Finds passes by a code: a text that a scanner read from one of their barcodes.
 *
 * A pass is found by exactly what its barcodes show, as the renderer decides it (pkpass/build/barcodes.ts), in two steps. The
 * indexes of db/scanned-codes.ts find the rows that may show the code. What a row shows also depends on its template and
 * event, so each row is verified with them. At most one row of each pass type fails: the one whose serial number is the
 * code, if it does not show its serial number. A pass whose `without` removes its barcodes fails too.
 *
 * A search for a message that a template or an event sets for all of its passes finds none of them.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { type Examine, examineBy, MAX_EXAMINED, type Page, type PagePosition } from "../db/page.ts";
import { otherCodes } from "../db/scanned-codes.ts";
import { passes } from "../db/schema.ts";
import { type Json, parseJson } from "../json.ts";
import { type BarcodeKeys, mergeBarcodes, shownCodes } from "../pkpass/build/barcodes.ts";

/** `barcodes` and `barcode` in the column `pass` of a template or an event. */
const BARCODES = sql.raw(
  "(SELECT json_group_object(key, json(value)) FROM json_each(pass) WHERE key IN ('barcodes', 'barcode'))",
);

/** The barcodes of the layers below a pass. For a select from passes alone. A deleted event has none. */
export const codeColumns = {
  templateBarcodes: sql<
    Json<BarcodeKeys>
  >`(SELECT ${BARCODES} FROM templates WHERE templates.id = passes.template_id)`,
  eventBarcodes: sql<Json<BarcodeKeys> | null>`(SELECT ${BARCODES} FROM events WHERE events.id = passes.event_id)`,
  eventWithout: sql<Json<
    readonly string[]
  > | null>`(SELECT events.without FROM events WHERE events.id = passes.event_id)`,
};

/** SQL: the size of what `codeColumns` are taken from. */
export const codeBytes = sql<number>`(
  (SELECT octet_length(pass) FROM templates WHERE templates.id = passes.template_id)
  + coalesce((SELECT octet_length(pass) FROM events WHERE events.id = passes.event_id), 0))`;

/** `barcodes` and `barcode` of the pass itself. */
export const ownBarcodes = sql<
  Json<BarcodeKeys>
>`(SELECT json_group_object(key, json(value)) FROM json_each(passes.pass) WHERE key IN ('barcodes', 'barcode'))`;

export interface CodeRow {
  readonly pass: Pick<
    typeof passes.$inferSelect,
    "serialNumber" | "barcodeMessage" | "barcodeAltText" | "without"
  > & {
    readonly pass: Json<BarcodeKeys>;
  };
  readonly templateBarcodes: Json<BarcodeKeys>;
  readonly eventBarcodes: Json<BarcodeKeys> | null;
  readonly eventWithout: Json<readonly string[]> | null;
}

/** For a WHERE on passes: the passes that may show the code. One index is probed for each place of a code in a row. */
export function mayShow(code: string): SQL {
  const others = otherCodes.map((other) => sql`(${other.code} = ${code} AND ${other.isOther})`);
  const places = sql.join([sql`${passes.scannedCode} = ${code}`, ...others], sql` OR `);
  return sql`${passes.id} IN (SELECT ${passes.id} FROM ${passes} WHERE ${places})`;
}

/**
 * The same passes, newest first. Each place is searched by itself along its index, so that only the newest are read if very many
 * passes show the code.
 */
export function examineByCode(code: string): Examine {
  const others = otherCodes.map((other) => and(sql`${other.code} = ${code}`, other.isOther));
  const places = [eq(passes.scannedCode, code), ...others].map((place) => examineBy(passes, place));
  return (cursor, limit) => {
    const most = sql.raw(String(MAX_EXAMINED));
    const found = places.map((place) => sql`SELECT id FROM (${place(cursor, most)})`);
    // D1 takes at most five terms in one compound SELECT.
    const groups = [found.slice(0, 3), found.slice(3, 6), found.slice(6)].map(unionOf);
    return sql`SELECT id FROM (${unionOf(groups.map((group) => sql`SELECT id FROM (${group})`))})
      ORDER BY id DESC LIMIT ${limit}`;
  };
}

const unionOf = (selects: readonly SQL[]) => sql.join([...selects], sql` UNION `);

/** Whether a barcode of the pass shows the code. */
export function showsCode(row: CodeRow, code: string): boolean {
  const { pass, templateBarcodes, eventBarcodes, eventWithout } = row;
  const layers = {
    template: parseJson(templateBarcodes),
    event:
      eventBarcodes === null || eventWithout === null
        ? undefined
        : { overrides: parseJson(eventBarcodes), without: parseJson(eventWithout) },
    pass: { overrides: parseJson(pass.pass), without: parseJson(pass.without) },
  };
  return shownCodes(mergeBarcodes(layers, { ...pass, barcodeText: null })).has(code);
}

/**
 * A page of the rows that show the code: as many as one page of `findPage` has, but at least one if there is one.
 * @param findPage a page of rows that may show it, newest first
 * @param maxPages the most pages that are read. So the result may be empty although more rows follow
 */
export async function findShowing<Row extends { readonly pass: { readonly id: number } }>(
  findPage: (position: PagePosition) => Promise<Page<Row>>,
  isShowing: (row: Row) => boolean,
  position: PagePosition,
  maxPages = Number.POSITIVE_INFINITY,
): Promise<Page<Row>> {
  const { items, hasMore, examinedTo } = await findPage(position);
  const found = items.filter(isShowing);
  const cursor = examinedTo ?? items.at(-1)?.pass.id;
  if (found.length > 0 || !hasMore || cursor === undefined || maxPages <= 1)
    return { items: found, hasMore, examinedTo: cursor };
  return findShowing(findPage, isShowing, { ...position, cursor }, maxPages - 1);
}
