/**
 * The newest pass of an event, as an example of what phones show when the event changes: an event has values, but only a
 * template has the fields with their changeMessage and styles. It is also the example for what Google Wallet shows.
 */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { googleIssuers, passes, templates } from "../db/schema.ts";

type TemplateRow = typeof templates.$inferSelect;

/** SQL: whether Google Wallet is set up, or the template has a part for it. */
const usesGoogle = sql`(${templates.google} IS NOT NULL
  OR EXISTS (SELECT 1 FROM ${googleIssuers} WHERE ${googleIssuers.issuerId} > ''))`;

/** Statement: the newest pass of the event with the content of its template, or no row. */
export function selectExample(db: Database, eventId: number) {
  return db
    .select({
      pass: passes,
      // A D1 batch returns rows by column name, so no two columns may have the same name.
      templatePass: sql<TemplateRow["pass"]>`${templates.pass}`.as("template_pass"),
      templateBarcodeText: sql<TemplateRow["barcodeText"]>`${templates.barcodeText}`.as(
        "template_barcode_text",
      ),
      templateImages: sql<TemplateRow["images"]>`${templates.images}`.as("template_images"),
      templateName: sql<string>`${templates.name}`.as("template_name"),
      templateGoogle: sql<TemplateRow["google"]>`${templates.google}`.as("template_google"),
      /** Null if Google Wallet is not used: only its linter reads them here. */
      templateStrings: sql<
        TemplateRow["strings"] | null
      >`CASE WHEN ${usesGoogle} THEN ${templates.strings} END`.as("template_strings"),
    })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .where(and(eq(passes.eventId, eventId), isNull(passes.deletedAt)))
    .orderBy(desc(passes.id))
    .limit(1);
}

export type ExamplePass = Awaited<ReturnType<typeof selectExample>>[number];
