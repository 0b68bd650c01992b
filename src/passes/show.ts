/**
 * A pass as the API shows it, and how one is found.
 *
 * Links come from the setting PUBLIC_ORIGIN, never from a request's Host header.
 */
import { and, desc, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes, passTags } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema.ts";

export type PassStatus = "active" | "redeemed";

export interface Pass {
  readonly id: number;
  readonly templateId: number;
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly externalId: string | null;
  readonly values: FieldOverrides;
  readonly pass: PassOverrides;
  readonly barcodeMessage: string | null;
  readonly tags: readonly string[];
  readonly status: PassStatus;
  readonly redeemedAt: string | null;
  readonly redemptionId: string | null;
  /** How many devices are registered for its updates. */
  readonly registrations: number;
  /** What a device last reported of it, unverified. */
  readonly lifecycleState: string | null;
  readonly webToken: string;
  readonly downloadUrl: string;
  readonly landingUrl: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface PassFilter {
  readonly templateId?: number | undefined;
  /** What a scanner reads, exactly: the barcodeMessage, or the serial number of a pass that has none. */
  readonly code?: string | undefined;
  readonly tag?: string | undefined;
  readonly status?: PassStatus | undefined;
}

/** The columns that `show` needs: for a select from passes alone. */
export const shownColumns = {
  pass: passes,
  tags: sql<string>`(SELECT json_group_array(tag) FROM (SELECT tag FROM pass_tags WHERE pass_id = passes.id ORDER BY tag))`,
  registrations: sql<number>`(SELECT count(*) FROM registrations WHERE registrations.pass_id = passes.id)`,
};

export interface ShownRow {
  readonly pass: typeof passes.$inferSelect;
  readonly tags: string;
  readonly registrations: number;
}

/** Where a pass is downloaded by who has its link. */
export function downloadPath(pass: { id: number; webToken: string }): string {
  return `/passes/${pass.id}/${pass.webToken}.pkpass`;
}

/** A row as the API shows it. */
export function show({ pass, tags, registrations }: ShownRow, publicOrigin: string): Pass {
  return {
    id: pass.id,
    templateId: pass.templateId,
    passTypeIdentifier: pass.passTypeIdentifier,
    serialNumber: pass.serialNumber,
    externalId: pass.externalId,
    values: JSON.parse(pass.values),
    pass: JSON.parse(pass.pass),
    barcodeMessage: pass.barcodeMessage,
    tags: JSON.parse(tags),
    status: pass.redeemedAt === null ? "active" : "redeemed",
    redeemedAt: pass.redeemedAt === null ? null : new Date(pass.redeemedAt).toISOString(),
    redemptionId: pass.redemptionId,
    registrations,
    lifecycleState: pass.lifecycleState,
    webToken: pass.webToken,
    downloadUrl: publicOrigin + downloadPath(pass),
    landingUrl: `${publicOrigin}/p/${pass.id}/${pass.webToken}`,
    createdAt: new Date(pass.createdAt).toISOString(),
    updatedAt: new Date(pass.updatedAt).toISOString(),
  };
}

/** @throws ApiError pass_not_found, also for a deleted pass */
export async function showPass(db: Database, publicOrigin: string, id: number): Promise<Pass> {
  const [row] = await db.select(shownColumns).from(passes).where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  return show(row, publicOrigin);
}

/** Newest first. @param cursor the id that the page before ended with */
export async function listPasses(
  db: Database,
  publicOrigin: string,
  filter: PassFilter,
  cursor: number | undefined,
  limit: number,
): Promise<Pass[]> {
  const conditions = [
    isNull(passes.deletedAt),
    filter.templateId === undefined ? undefined : eq(passes.templateId, filter.templateId),
    filter.code === undefined ? undefined : printed(filter.code),
    filter.tag === undefined
      ? undefined
      : sql`${passes.id} IN (SELECT ${passTags.passId} FROM ${passTags} WHERE ${passTags.tag} = ${filter.tag})`,
    filter.status === undefined
      ? undefined
      : filter.status === "active"
        ? isNull(passes.redeemedAt)
        : isNotNull(passes.redeemedAt),
    cursor === undefined ? undefined : lt(passes.id, cursor),
  ];
  const rows = await db
    .select(shownColumns)
    .from(passes)
    .where(and(...conditions))
    .orderBy(desc(passes.id))
    .limit(limit);
  return rows.map((row) => show(row, publicOrigin));
}

/** Two conditions, each with its index. */
function printed(code: string) {
  const bySerialNumber = and(isNull(passes.barcodeMessage), eq(passes.serialNumber, code));
  return or(eq(passes.barcodeMessage, code), bySerialNumber);
}

/** For a WHERE on passes. */
export function livingPass(id: number) {
  return and(eq(passes.id, id), isNull(passes.deletedAt));
}

/** The refusal for an id that is unknown or deleted. */
export function passNotFound(id: number): ApiError {
  return new ApiError("pass_not_found", `There is no pass ${id}, or it was deleted.`);
}
