/**
 * Finds the pass that a scanner has read: the only living pass with a barcode that shows the code (passes/codes.ts).
 */
import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { sharedCodes } from "../db/scanned-codes.ts";
import { events, passes, scans, templates } from "../db/schema.ts";
import { parseJson, writeJson } from "../json.ts";
import { eventsWithin, passesWithin, templatesWithin } from "../keys/scope.ts";
import { type CodeRow, codeColumns, mayShow, ownBarcodes, showsCode } from "../passes/codes.ts";
import { DEFAULT_RULE, type ScanRule } from "../templates/scan-rule.ts";

/** A scanner finds only what its key reaches: any other code is unknown. */
type Reader = Pick<Context, "db" | "scope">;

export type StoredScan = typeof scans.$inferSelect;

/** The pass with a code, and what a scan of it does. */
export type Found =
  | { readonly kind: "one"; readonly passId: number; readonly rule: ScanRule }
  | { readonly kind: "none" | "several" };

/** What is known about scans before they are processed. */
export interface Known {
  readonly stored: ReadonlyMap<string, StoredScan>;
  /** By code. */
  readonly found: ReadonlyMap<string, Found>;
}

/** Two passes that show the code are enough for `several`. One of the rows that are found may not show it. */
const CANDIDATES = 3;

/** Looks up the scans that are stored already, and the passes of all codes, in one round trip. */
export async function findKnown(
  { db, scope }: Reader,
  asked: readonly { readonly scanId: string; readonly code: string }[],
): Promise<Known> {
  const codes = [...new Set(asked.map(({ code }) => code))];
  const { stored, candidates } = await batchOf(db, {
    stored: db
      .select()
      .from(scans)
      .where(inListed(asked.map(({ scanId }) => scanId))),
    candidates: Object.fromEntries(
      codes.map((code, at) => [String(at), selectCandidates({ db, scope }, code)]),
    ),
  });
  const found = new Map<string, Found>();
  for (const [at, code] of codes.entries())
    found.set(code, await choose({ db, scope }, code, candidates[String(at)] ?? []));
  return { stored: new Map(stored.map((scan) => [scan.scanId, scan])), found };
}

/** The stored scan with this id. */
export async function findScan(db: Database, scanId: string): Promise<StoredScan | undefined> {
  const [stored] = await db.select().from(scans).where(eq(scans.scanId, scanId));
  return stored;
}

/** Whether a template or an event gives the code to all of its passes. */
export async function isSharedCode({ db, scope }: Reader, code: string): Promise<boolean> {
  const has = (table: "templates" | "events") =>
    sql.join(
      sharedCodes(table).map((shared) => sql`(${shared.code} = ${code} AND ${shared.isSet})`),
      sql` OR `,
    );
  const first = { id: sql<number>`id` };
  const { ofTemplates, ofEvents } = await batchOf(db, {
    ofTemplates: db
      .select(first)
      .from(templates)
      .where(and(living(has("templates"), templates.deletedAt), templatesWithin(scope)))
      .limit(1),
    ofEvents: db
      .select(first)
      .from(events)
      .where(and(living(has("events"), events.deletedAt), eventsWithin(scope)))
      .limit(1),
  });
  return ofTemplates.length + ofEvents.length > 0;
}

function living(condition: SQL, deletedAt: typeof templates.deletedAt | typeof events.deletedAt) {
  return and(sql`(${condition})`, isNull(deletedAt));
}

type Candidate = CodeRow & { readonly id: number; readonly scan: (typeof templates.$inferSelect)["scan"] };

/** The newest passes that may show the code. */
function selectCandidates({ db, scope }: Reader, code: string, before?: number) {
  return db
    .select({
      id: passes.id,
      serialNumber: passes.serialNumber,
      barcodeMessage: passes.barcodeMessage,
      barcodeAltText: passes.barcodeAltText,
      without: passes.without,
      ownBarcodes: ownBarcodes.as("own_barcodes"),
      templateBarcodes: codeColumns.templateBarcodes.as("template_barcodes"),
      eventBarcodes: codeColumns.eventBarcodes.as("event_barcodes"),
      eventWithout: codeColumns.eventWithout.as("event_without"),
      scan: sql<
        (typeof templates.$inferSelect)["scan"]
      >`(SELECT scan FROM templates WHERE templates.id = passes.template_id)`.as("scan"),
    })
    .from(passes)
    .where(
      and(
        isNull(passes.deletedAt),
        passesWithin(scope),
        mayShow(code),
        before === undefined ? undefined : lt(passes.id, before),
      ),
    )
    .orderBy(desc(passes.id))
    .limit(CANDIDATES);
}

type CandidateRow = Awaited<ReturnType<typeof selectCandidates>>[number];

/** Looks further only if the candidates leave it open. */
async function choose(
  reader: Reader,
  code: string,
  rows: readonly CandidateRow[],
  last?: Candidate,
): Promise<Found> {
  const showing = rows.map(toCandidate).filter((row) => showsCode(row, code));
  const [one = last, two] = last === undefined ? showing : [last, ...showing];
  if (two !== undefined) return { kind: "several" };
  const before = rows.at(-1)?.id;
  if (rows.length === CANDIDATES && before !== undefined)
    return choose(reader, code, await selectCandidates(reader, code, before), one);
  if (one === undefined) return { kind: "none" };
  return { kind: "one", passId: one.id, rule: one.scan === null ? DEFAULT_RULE : parseJson(one.scan) };
}

function toCandidate({
  id,
  scan,
  templateBarcodes,
  eventBarcodes,
  eventWithout,
  ownBarcodes: pass,
  ...row
}: CandidateRow): Candidate {
  return { id, scan, templateBarcodes, eventBarcodes, eventWithout, pass: { ...row, pass } };
}

function inListed(scanIds: readonly string[]): SQL {
  return inArray(scans.scanId, sql`(SELECT value FROM json_each(${writeJson(scanIds)}))`);
}
