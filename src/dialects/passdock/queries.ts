/**
 * Finds passes together with the rows that they are rendered from, and the template for a new pass. Each function makes
 * one query.
 */
import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { joinedColumns } from "../../db/joined-columns.ts";
import { events, passes, passTypes, templates } from "../../db/schema.ts";
import { findShowing, mayShow } from "../../passes/codes.ts";
import { type PassRows, templateColumns, toBarcodes } from "../../passes/content.ts";
import { livingPass, ofTemplate, passNotFound } from "../../passes/show.ts";
import { shownCodes } from "../../pkpass/build/barcodes.ts";
import { livingTemplate, templateNotFound } from "../../templates/show.ts";

export interface PassSearch {
  /** The exact message that a scanner reads. */
  readonly code?: string;
  readonly serialNumber?: string;
}

/** A pass of this template. @throws ApiError pass_not_found, also for a pass of another template */
export async function findPass(db: Database, templateId: number, id: number): Promise<PassRows> {
  const [row] = await selectPasses(db).where(and(livingPass(id), eq(passes.templateId, templateId)));
  if (row === undefined) throw passNotFound(id);
  return row;
}

/** Passes of all templates, newest first. */
export function searchAllTemplates(db: Database, filter: PassSearch, limit: number): Promise<PassRows[]> {
  const findRows = (before: number | undefined): Promise<PassRows[]> =>
    selectPasses(db)
      .where(
        and(
          isNull(passes.deletedAt),
          toCondition(filter),
          before === undefined ? undefined : lt(passes.id, before),
        ),
      )
      .orderBy(desc(passes.id))
      .limit(limit);
  return findShowing(findRows, (rows) => showsWanted(rows, filter), limit);
}

/** Passes of this template, newest first. A search has no offset. @throws ApiError template_not_found */
export async function searchTemplate(
  db: Database,
  templateId: number,
  filter: PassSearch,
  { offset, limit }: { offset: number; limit: number },
): Promise<PassRows[]> {
  const condition = toCondition(filter);
  const page = db
    .select({ id: passes.id })
    .from(passes)
    .where(and(ofTemplate(templateId, condition !== undefined), isNull(passes.deletedAt), condition))
    .orderBy(desc(passes.id))
    // Of the passes with one pass type, at most one does not show the code (passes/codes.ts).
    .limit(filter.code === undefined ? limit : limit + 1)
    .offset(offset)
    .as("page");
  // The left joins return one row for a template without passes on this page, and no row for an unknown template.
  const rows = await db
    .select({
      pass: joinedColumns(passes, "id"),
      template: templateColumns,
      event: joinedColumns(events, "id"),
    })
    .from(templates)
    .leftJoin(page, sql`true`)
    .leftJoin(passes, eq(passes.id, page.id))
    .leftJoin(events, eq(events.id, passes.eventId))
    .where(livingTemplate(templateId))
    .orderBy(desc(passes.id));
  if (rows.length === 0) throw templateNotFound(templateId);
  const found = rows.flatMap(({ pass, template, event }) =>
    pass === null ? [] : [{ pass, template, event }],
  );
  return found.filter((one) => showsWanted(one, filter)).slice(0, limit);
}

/**
 * A template, and whether a pass of its pass type has, or had, this serial number.
 * @throws ApiError template_not_found
 */
export async function findTemplateToIssue(
  db: Database,
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
    .where(livingTemplate(templateId));
  if (row === undefined) throw templateNotFound(templateId);
  return { template: row.template, isTaken: row.isTaken === 1 };
}

function selectPasses(db: Database) {
  return db
    .select({ pass: passes, template: templateColumns, event: joinedColumns(events, "id") })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId));
}

/** The condition finds more passes than those that show the code. */
function showsWanted(rows: PassRows, { code }: PassSearch): boolean {
  return code === undefined || shownCodes(toBarcodes(rows)).has(code);
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
