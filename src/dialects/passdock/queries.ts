/**
 * Finds living passes together with the rows that they are rendered over, for doors that speak of what is on a pass;
 * and the template that a pass is to be issued from. Each is one query.
 */
import { and, desc, eq, getTableColumns, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { joinedColumns } from "../../db/joined-columns.ts";
import { events, passes, passTypes, templates } from "../../db/schema.ts";
import type { PassRows } from "../../passes/content.ts";
import { livingPass, ofTemplate, passNotFound } from "../../passes/show.ts";
import { livingTemplate, templateNotFound } from "../../templates/show.ts";

export interface RowsFilter {
  /** What a scanner reads, exactly. */
  readonly code?: string | undefined;
  readonly serialNumber?: string | undefined;
}

/** The pass of this template. @throws ApiError pass_not_found, also for a pass of another template */
export async function passRows(db: Database, templateId: number, id: number): Promise<PassRows> {
  const [row] = await withTemplate(db).where(and(livingPass(id), eq(passes.templateId, templateId)));
  if (row === undefined) throw passNotFound(id);
  return row;
}

/** Newest first, of all templates. */
export function listRows(db: Database, filter: RowsFilter, limit: number): Promise<PassRows[]> {
  return withTemplate(db)
    .where(and(isNull(passes.deletedAt), matching(filter)))
    .orderBy(desc(passes.id))
    .limit(limit);
}

/** Newest first, of this template. @throws ApiError template_not_found */
export async function listRowsOf(
  db: Database,
  templateId: number,
  filter: RowsFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<PassRows[]> {
  const which = matching(filter);
  const page = db
    .select({ id: passes.id })
    .from(passes)
    .where(and(ofTemplate(templateId, which !== undefined), isNull(passes.deletedAt), which))
    .orderBy(desc(passes.id))
    .limit(limit)
    .offset(offset)
    .as("page");
  // A template whose page is empty is still one row.
  const rows = await db
    .select({
      pass: joinedColumns(passes, "id"),
      template: shownTemplate,
      event: joinedColumns(events, "id"),
    })
    .from(templates)
    .leftJoin(page, sql`true`)
    .leftJoin(passes, eq(passes.id, page.id))
    .leftJoin(events, eq(events.id, passes.eventId))
    .where(livingTemplate(templateId))
    .orderBy(desc(passes.id));
  if (rows.length === 0) throw templateNotFound(templateId);
  return rows.flatMap(({ pass, template, event }) => (pass === null ? [] : [{ pass, template, event }]));
}

/**
 * A template, and whether this serial number was given out before in its pass type.
 * @throws ApiError template_not_found
 */
export async function templateToIssue(db: Database, templateId: number, serialNumber: string | undefined) {
  const [row] = await db
    .select({
      template: templates,
      taken: sql<number>`EXISTS (SELECT 1 FROM passes
        WHERE passes.pass_type_identifier = templates.pass_type_identifier
          AND passes.serial_number = ${serialNumber ?? null})`,
    })
    .from(templates)
    .where(livingTemplate(templateId));
  if (row === undefined) throw templateNotFound(templateId);
  return { template: row.template, taken: row.taken === 1 };
}

/** Without the translations: they are large, and a page repeats the template with each of its passes. */
export const { strings: _, ...shownTemplate } = getTableColumns(templates);

function withTemplate(db: Database) {
  return db
    .select({ pass: passes, template: shownTemplate, event: joinedColumns(events, "id") })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId));
}

function matching({ code, serialNumber }: RowsFilter): SQL | undefined {
  // The index of serial numbers begins with the pass type, and there are few of those.
  const passType = sql`(SELECT ${passTypes.passTypeIdentifier} FROM ${passTypes})`;
  return and(
    code === undefined ? undefined : eq(passes.scannedCode, code),
    serialNumber === undefined
      ? undefined
      : and(inArray(passes.passTypeIdentifier, passType), eq(passes.serialNumber, serialNumber)),
  );
}
