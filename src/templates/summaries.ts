/**
 * Short descriptions of templates, for lists of choices: a whole template has several kilobytes.
 */
import { desc, eq, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { JoinRule } from "../db/join-tables.ts";
import { examinedTo, type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { templates } from "../db/schema.ts";
import { examineTemplates, joinPath, matchesTemplateFilter, type TemplateFilter } from "./show.ts";

export interface TemplateSummary {
  readonly id: number;
  readonly passTypeIdentifier: string;
  readonly projectId: number | null;
  readonly name: string;
  readonly externalId: string | null;
  readonly join: Pick<JoinRule, "title" | "closesAt"> | null;
  readonly joinUrl: string | null;
}

/** The names are short, so a page always has its whole limit. */
const bytes = sql<number>`1`;

/** Newest first. */
export async function listTemplateSummaries(
  db: Database,
  publicOrigin: string,
  filter: TemplateFilter,
  position: PagePosition,
): Promise<Page<TemplateSummary>> {
  const where = matchesTemplateFilter(filter);
  const query = { ...position, where, examine: examineTemplates(filter), bytes };
  const page = pageOf(db, templates, query);
  const { id, passTypeIdentifier, projectId, name, externalId, join } = templates;
  const ofJoin = (member: string) => sql<string | null>`${join} ->> ${member}`;
  const { rows, ends } = await batchOf(db, {
    rows: db
      .select({
        row: { id, passTypeIdentifier, projectId, name, externalId },
        slug: ofJoin("slug").as("slug"),
        title: ofJoin("title").as("title"),
        closesAt: ofJoin("closesAt").as("closes_at"),
        candidates: page.candidates,
      })
      .from(page)
      .innerJoin(templates, eq(templates.id, page.id))
      .orderBy(desc(page.id)),
    ends: examinedTo(db, templates, query),
  });
  return toPage(
    rows,
    ({ row, slug, title, closesAt }) => ({
      ...row,
      join: slug === null ? null : { title: title ?? undefined, closesAt: closesAt ?? undefined },
      joinUrl: slug === null ? null : publicOrigin + joinPath({ slug }),
    }),
    ends,
  );
}
