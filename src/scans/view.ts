/**
 * A pass as a scanner's screen needs it: the front of the pass, its status and times. No links, no tokens.
 */
import { and, desc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { BatchResult } from "../db/batch.ts";
import { events, passes, scans, templates } from "../db/schema.ts";
import { livingEvent } from "../events/living-event.ts";
import type { ExactNumber } from "../json.ts";
import { passesWithin } from "../keys/scope.ts";
import { toPassJson } from "../passes/content.ts";
import { layerColumns, toContentRows } from "../passes/lint.ts";
import { instantOf, livingPass } from "../passes/show.ts";
import { type PassStatus, statusColumns, statusOf } from "../passes/status.ts";
import { CLASSIC_STYLES, type TemplatePass } from "../pkpass/schema/schema.ts";

export interface ScannedPass {
  readonly id: number;
  readonly serialNumber: string;
  readonly templateId: number;
  readonly templateName: string;
  readonly status: PassStatus;
  readonly redeemedAt: string | null;
  readonly voidedAt: string | null;
  readonly voidReason: string | null;
  readonly expiresAt: string | null;
  readonly fields: readonly ShownField[];
}

/** A field on the front of the pass. */
export interface ShownField {
  readonly section: "header" | "primary" | "secondary" | "auxiliary";
  readonly key: string;
  readonly label: string;
  readonly value: string | number | ExactNumber;
}

/** When and where a pass was redeemed. The place is only known for scans. */
export interface FirstRedemption {
  readonly at: string;
  readonly place: string | null;
}

/** A longer text does not fit on a screen, and an answer has up to 50 passes. */
const MAX_TEXT = 300;
const MAX_FIELDS = 30;

/**
 * Statements for the end of a batch. A key does not see a pass that it does not reach.
 * @param additionsAfter milliseconds: also selects the last scan that added after this time. Undefined: not needed
 */
export function selectView(
  { db, scope }: Pick<Context, "db" | "scope">,
  id: number,
  additionsAfter?: number | undefined,
) {
  return {
    pass: db
      .select({ row: passes, ...statusColumns })
      .from(passes)
      .where(and(livingPass(id), passesWithin(scope))),
    layers: db
      .select({ name: templates.name, ...layerColumns })
      .from(passes)
      .innerJoin(templates, eq(templates.id, passes.templateId))
      .leftJoin(events, livingEvent(passes.eventId))
      .where(eq(passes.id, id)),
    redeemedBy: db
      .select({ place: scans.place })
      .from(scans)
      .innerJoin(passes, eq(passes.redemptionId, scans.scanId))
      .where(sql`${passes.id} = ${id} AND ${scans.passId} = ${id} AND ${scans.at} = ${passes.redeemedAt}`),
    lastAddition:
      additionsAfter === undefined
        ? undefined
        : db
            .select({ at: scans.at })
            .from(scans)
            .where(
              and(
                eq(scans.passId, id),
                gt(scans.at, additionsAfter),
                eq(scans.outcome, "added"),
                isNull(scans.undoneAt),
              ),
            )
            .orderBy(desc(scans.at))
            .limit(1),
  };
}

export interface View {
  readonly pass: ScannedPass;
  /** The row, as the change log needs it. */
  readonly row: typeof passes.$inferSelect;
  readonly firstRedemption: FirstRedemption | null;
  /** Milliseconds: when the last scan that added was made. Undefined if there is none, or it was not selected. */
  readonly lastAdditionAt: number | undefined;
}

/** Undefined if there is no such pass, or it was deleted. */
export function viewOf(
  { pass, layers: [layers], redeemedBy: [scan], lastAddition }: BatchResult<ReturnType<typeof selectView>>,
  now: number,
): View | undefined {
  const [found] = pass;
  if (found === undefined || layers === undefined) return undefined;
  const { row, expiresAt } = found;
  const facts = { ...row, isVoidedByContent: found.isVoidedByContent === 1, expiresAt };
  const redeemedAt = instantOf(row.redeemedAt);
  return {
    row,
    lastAdditionAt: lastAddition?.[0]?.at,
    firstRedemption: redeemedAt === null ? null : { at: redeemedAt, place: scan?.place ?? null },
    pass: {
      id: row.id,
      serialNumber: row.serialNumber,
      templateId: row.templateId,
      templateName: layers.name,
      status: statusOf(facts, now),
      redeemedAt,
      voidedAt: instantOf(row.voidedAt),
      voidReason: row.voidReason,
      expiresAt: instantOf(expiresAt),
      fields: frontOf(toPassJson(toContentRows(row, layers))),
    },
  };
}

function frontOf(pass: TemplatePass): ShownField[] {
  const style = CLASSIC_STYLES.find((name) => pass[name] !== undefined) ?? "posterGeneric";
  const fields = (["header", "primary", "secondary", "auxiliary"] as const).flatMap((section) =>
    (pass[style]?.[`${section}Fields`] ?? []).map(({ key, label = "", value = "" }) => ({
      section,
      key,
      label: shorten(label),
      value: typeof value === "string" ? shorten(value) : value,
    })),
  );
  return fields.slice(0, MAX_FIELDS);
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).toWellFormed()}…`;
}
