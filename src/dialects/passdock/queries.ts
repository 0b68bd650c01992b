/**
 * Finds passes together with the rows that they are rendered from, and the template for a new pass. Each function makes
 * one query.
 */
import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Context } from "../../context.ts";
import type { Database } from "../../db/client.ts";
import { joinedColumns } from "../../db/joined-columns.ts";
import { bytesOfColumns, type Page, type PagePosition, pageOf, toPage } from "../../db/page.ts";
import { events, passes, passTypes, templates } from "../../db/schema.ts";
import { passesWithin, templatesWithin } from "../../keys/scope.ts";
import { findShowing, mayShow } from "../../passes/codes.ts";
import { type PassRows, templateColumns, toBarcodes } from "../../passes/content.ts";
import { livingPass, passNotFound } from "../../passes/show.ts";
import { shownCodes } from "../../pkpass/build/barcodes.ts";
import { livingTemplate, templateNotFound } from "../../templates/show.ts";

/** The part of a Context that searches need. Passes that the client's key does not reach are not found. */
type Reader = Pick<Context, "db" | "scope">;

export interface PassSearch {
  /** The exact message that a scanner reads. */
  readonly code?: string;
  readonly serialNumber?: string;
}

const columns = { pass: passes, template: templateColumns, event: joinedColumns(events, "id") };

/** The size of what `columns` hold of a pass. */
const rowBytes = sql<number>`(${bytesOfColumns(passes)}
  + (SELECT ${bytesOfColumns(templateColumns)} FROM templates WHERE templates.id = passes.template_id)
  + coalesce((SELECT ${bytesOfColumns(events)} FROM events WHERE events.id = passes.event_id), 0))`;

/** A pass of this template. @throws ApiError pass_not_found, also for a pass of another template */
export async function findPass({ db, scope }: Reader, templateId: number, id: number): Promise<PassRows> {
  const [row] = await selectPasses(db).where(
    and(livingPass(id), passesWithin(scope), eq(passes.templateId, templateId)),
  );
  if (row === undefined) throw passNotFound(id);
  return row;
}

/** A page of the passes of all templates, newest first. */
export function searchAllTemplates(
  { db, scope }: Reader,
  filter: PassSearch,
  position: PagePosition,
): Promise<Page<PassRows>> {
  return findWanted(filter, position, async (from) => {
    const where = and(isNull(passes.deletedAt), passesWithin(scope), toCondition(filter));
    const page = pageOf(db, passes, { ...from, where, bytes: rowBytes });
    const rows = await db
      .select({ ...columns, candidates: page.candidates })
      .from(page)
      .innerJoin(passes, eq(passes.id, page.id))
      .innerJoin(templates, eq(templates.id, passes.templateId))
      .leftJoin(events, eq(events.id, passes.eventId))
      .orderBy(desc(page.id));
    return toPage(rows, (row) => row);
  });
}

/** A page of the passes of this template, newest first. @throws ApiError template_not_found */
export function searchTemplate(
  { db, scope }: Reader,
  templateId: number,
  filter: PassSearch,
  position: PagePosition & { readonly offset?: number },
): Promise<Page<PassRows>> {
  const condition = toCondition(filter);
  const where = and(ofTemplate(templateId, condition !== undefined), isNull(passes.deletedAt), condition);
  return findWanted(filter, position, async (from) => {
    const page = pageOf(db, passes, { ...from, where, bytes: rowBytes });
    // The left joins return one row for a template without passes on this page, and no row for an unknown template.
    const rows = await db
      .select({ ...columns, pass: joinedColumns(passes, "id"), candidates: page.candidates })
      .from(templates)
      .leftJoin(page, sql`true`)
      .leftJoin(passes, eq(passes.id, page.id))
      .leftJoin(events, eq(events.id, passes.eventId))
      .where(and(livingTemplate(templateId), templatesWithin(scope)))
      .orderBy(desc(passes.id));
    if (rows.length === 0) throw templateNotFound(templateId);
    const found = rows.flatMap(({ pass, ...others }) => (pass === null ? [] : [{ ...others, pass }]));
    return toPage(found, (row) => row);
  });
}

/**
 * A template, and whether a pass of its pass type has, or had, this serial number.
 * @throws ApiError template_not_found
 */
export async function findTemplateToIssue(
  { db, scope }: Reader,
  templateId: number,
  serialNumber: string | undefined,
) {
  const [row] = await db
    .select({
      template: templates,
      isTaken: sql<number>`EXISTS (SELECT 1 FROM passes
        WHERE passes.pass_type_identifier = templates.pass_type_identifier
          AND passes.serial_number = ${serialNumber ?? null})`,
    })
    .from(templates)
    .where(and(livingTemplate(templateId), templatesWithin(scope)));
  if (row === undefined) throw templateNotFound(templateId);
  return { template: row.template, isTaken: row.isTaken === 1 };
}

function selectPasses(db: Database) {
  return db
    .select(columns)
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId));
}

/** The condition of a search for a code finds more passes than those that show it. */
function findWanted(
  { code }: PassSearch,
  position: PagePosition,
  findPage: (position: PagePosition) => Promise<Page<PassRows>>,
): Promise<Page<PassRows>> {
  if (code === undefined) return findPage(position);
  return findShowing(findPage, (rows) => shownCodes(toBarcodes(rows)).has(code), position);
}

function toCondition({ code, serialNumber }: PassSearch): SQL | undefined {
  // The index of serial numbers begins with the pass type, so all pass types (there are few) are listed.
  const passType = sql`(SELECT ${passTypes.passTypeIdentifier} FROM ${passTypes})`;
  return and(
    code === undefined ? undefined : mayShow(code),
    serialNumber === undefined
      ? undefined
      : and(inArray(passes.passTypeIdentifier, passType), eq(passes.serialNumber, serialNumber)),
  );
}

/**
 * For a WHERE on passes. If there is another condition, the unary plus prevents the use of the index of templates, so that
 * SQLite uses the index of that condition, which finds fewer rows.
 */
function ofTemplate(templateId: number, hasCondition: boolean): SQL {
  return hasCondition ? sql`+${passes.templateId} = ${templateId}` : eq(passes.templateId, templateId);
}
