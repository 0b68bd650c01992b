/**
 * Finds a join page by its slug, decides whether it still issues passes, and finds a pass that it has issued.
 */
import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { isW3cDate } from "../pkpass/dates.ts";
import { joinOfRow } from "../templates/join-rule.ts";
import { slugOfTemplate } from "../templates/join-slug.ts";
import { totalOf } from "./counts.ts";
import type { PassOfNonce } from "./nonce.ts";

export type JoinPage = NonNullable<Awaited<ReturnType<typeof findJoinPage>>>;

/** The living template with this slug. @param slug in any case: people may type it @returns undefined if there is none */
export async function findJoinPage(db: Database, slug: string) {
  const [row] = await db
    .select({
      id: templates.id,
      passTypeIdentifier: templates.passTypeIdentifier,
      join: templates.join,
      pass: templates.pass,
      fields: templates.fields,
      pack: templates.pack,
      total: totalOf(templates.id).mapWith(Number),
    })
    .from(templates)
    .where(
      and(
        sql`${slugOfTemplate} = ${slug.toLowerCase()}`,
        isNotNull(templates.join),
        isNull(templates.deletedAt),
      ),
    );
  const rule = row && joinOfRow(row);
  if (row === undefined || rule === null || rule === undefined) return undefined;
  return { ...row, rule, pass: parseJson(row.pass), fields: parseJson(row.fields) };
}

/** The refusal for an unknown slug. */
export function joinNotFound(): ApiError {
  return new ApiError(
    "join_not_found",
    "No template has a join page with this slug. It may be mistyped, or the page was removed.",
  );
}

/** Why a join page issues no more passes. */
export type Closing = "closed" | "full";

/** A page whose passes would not be valid is closed too. */
export function closingOf(
  { rule, pass, total }: Pick<JoinPage, "rule" | "pass" | "total">,
  now: number,
): Closing | undefined {
  const { voided = false, expirationDate } = pass;
  const ends = [rule.closesAt, isW3cDate(expirationDate) ? expirationDate : undefined];
  if (voided || ends.some((end) => end !== undefined && Date.parse(end) <= now)) return "closed";
  return rule.cap !== undefined && total >= rule.cap ? "full" : undefined;
}

/** The pass that was issued for a nonce before. It may be deleted. */
export async function findPassOfNonce(
  db: Database,
  passTypeIdentifier: string,
  { serialNumber, webToken }: PassOfNonce,
): Promise<{ id: number; webToken: string } | undefined> {
  const [found] = await db
    .select({ id: passes.id, webToken: passes.webToken })
    .from(passes)
    .where(
      and(
        eq(passes.passTypeIdentifier, passTypeIdentifier),
        eq(passes.serialNumber, serialNumber),
        eq(passes.webToken, webToken),
      ),
    );
  return found;
}
