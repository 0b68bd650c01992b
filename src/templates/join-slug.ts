/**
 * The slugs of join pages: a unique index ensures that only one living template has each of them.
 */
import { and, isNotNull, isNull, ne, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { messageOf } from "../db/d1-errors.ts";
import type { JoinRule } from "../db/join-tables.ts";
import { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";

/** SQL: the slug of a template, as the index templates_join_slug has it. */
export const slugOfTemplate = sql`${templates.join} ->> 'slug'`;

/** The result of a write in which the slug can be taken. @throws ApiError slug_taken */
export async function refuseTakenSlug<Result>(
  write: Promise<Result>,
  rule: JoinRule | null | undefined,
): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    if (!/UNIQUE constraint failed: index 'templates_join_slug'/.test(messageOf(error))) throw error;
    throw slugTaken(rule);
  }
}

/** The refusal for a slug that another template has. */
export function slugTaken(rule: JoinRule | null | undefined): ApiError {
  return new ApiError(
    "slug_taken",
    `Another template has the join page "${rule?.slug}". Choose another slug.`,
    { pointer: "/join/slug" },
  );
}

/** Statement for a dry run: the other template that has the slug. Undefined if there is no rule. */
export function selectTakenSlug(db: Database, id: number, rule: JoinRule | null | undefined) {
  if (rule === null || rule === undefined) return undefined;
  return db
    .select({ id: templates.id })
    .from(templates)
    .where(
      and(
        sql`${slugOfTemplate} = ${rule.slug}`,
        isNotNull(templates.join),
        isNull(templates.deletedAt),
        ne(templates.id, id),
      ),
    );
}
