/**
 * Sizes of texts in bytes of UTF-8, as D1 counts them.
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";

/** SQL: the size of these texts together. Null has no size. */
export function bytesInSql(texts: readonly SQLWrapper[]): SQL<number> {
  return sql<number>`(${sql.join(
    texts.map((text) => sql`coalesce(octet_length(${text}), 0)`),
    sql` + `,
  )})`;
}

/** The size of these texts together. Null has no size. */
export function bytesOf(texts: readonly (string | null | undefined)[]): number {
  return texts.reduce((sum, text) => sum + encoder.encode(text ?? "").length, 0);
}

const encoder = new TextEncoder();
