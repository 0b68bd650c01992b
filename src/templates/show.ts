/**
 * A template as the API shows it, and the queries that find templates.
 */
import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { WebServicePath } from "../config.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import type { JoinRule } from "../db/join-tables.ts";
import {
  type Examine,
  examineBy,
  examinedTo,
  type Page,
  type PagePosition,
  pageOf,
  toPage,
} from "../db/page.ts";
import type { ScanRule } from "../db/scan-tables.ts";
import { type ImagesFacts, passTypes, type Strings, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { GooglePart } from "../google/google-part.ts";
import { type Json, parseJson, writeJson } from "../json.ts";
import type { Scope } from "../keys/principal.ts";
import { templatesWithin } from "../keys/scope.ts";
import type { Personalization, TemplatePass } from "../pkpass/schema/schema.ts";
import type { OfferedWallets } from "./offered-wallets.ts";

export interface Template {
  readonly id: number;
  readonly passTypeIdentifier: string;
  readonly projectId: number | null;
  readonly name: string;
  readonly externalId: string | null;
  readonly webService: WebServicePath;
  readonly pass: TemplatePass;
  readonly images: ImagesFacts;
  readonly strings: Strings;
  /** personalization.json; null if Wallet asks for nothing. */
  readonly personalization: Personalization | null;
  /** With "message", the text below each barcode is its message. With null, it is the altText of the barcode. */
  readonly barcodeText: BarcodeText | null;
  /** An https address, an e-mail address or a phone number; null if there is none. */
  readonly contact: string | null;
  /** In which Wallets its passes are offered; null for those of its pass type. */
  readonly wallets: OfferedWallets | null;
  /** What a scan of its passes does; null for the default, which is to redeem. */
  readonly scan: ScanRule | null;
  /** The page on which people get a pass of their own; null if there is none. */
  readonly join: JoinRule | null;
  /** The address of that page. */
  readonly joinUrl: string | null;
  /** What Google Wallet needs and pass.json does not have; null if there is nothing. */
  readonly google: GooglePart | null;
  /** How many writes of operators it had. */
  readonly revision: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type TemplateRow = typeof templates.$inferSelect;
export type BarcodeText = NonNullable<TemplateRow["barcodeText"]>;

/** @throws ApiError template_not_found */
export async function showTemplate(db: Database, publicOrigin: string, id: number): Promise<Template> {
  return showTemplateRow(await findTemplate(db, id), publicOrigin);
}

export interface TemplateFilter {
  readonly externalId?: string | undefined;
  readonly passTypeIdentifier?: string | undefined;
  readonly projectId?: number | undefined;
  /** The scope of the requesting key: only templates that it reaches. */
  readonly scope: Scope | undefined;
}

/** Newest first. */
export async function listTemplates(
  db: Database,
  publicOrigin: string,
  filter: TemplateFilter,
  position: PagePosition,
): Promise<Page<Template>> {
  const query = { ...position, where: matchesTemplateFilter(filter), examine: examineTemplates(filter) };
  const page = pageOf(db, templates, query);
  const { rows, ends } = await batchOf(db, {
    rows: db
      .select({ row: templates, candidates: page.candidates })
      .from(page)
      .innerJoin(templates, eq(templates.id, page.id))
      .orderBy(desc(page.id)),
    ends: examinedTo(db, templates, query),
  });
  return toPage(rows, ({ row }) => showTemplateRow(row, publicOrigin), ends);
}

/** SQL: whether a template matches, for a WHERE on templates. */
export function matchesTemplateFilter({
  externalId,
  passTypeIdentifier,
  projectId,
  scope,
}: TemplateFilter): SQL | undefined {
  return and(
    isNull(templates.deletedAt),
    templatesWithin(scope),
    externalId === undefined ? undefined : eq(templates.externalId, externalId),
    passTypeIdentifier === undefined ? undefined : eq(templates.passTypeIdentifier, passTypeIdentifier),
    projectId === undefined ? undefined : eq(templates.projectId, projectId),
  );
}

/** Which templates are examined. No index finds those of a pass type alone. */
export function examineTemplates({
  externalId,
  projectId,
}: Pick<TemplateFilter, "externalId" | "projectId">): Examine {
  if (externalId !== undefined) {
    // The index begins with the pass type, so all pass types (there are few) are listed.
    const passType = sql`(SELECT ${passTypes.passTypeIdentifier} FROM ${passTypes})`;
    const ofPassTypes = inArray(templates.passTypeIdentifier, passType);
    return examineBy(templates, and(ofPassTypes, eq(templates.externalId, externalId)));
  }
  return examineBy(templates, projectId === undefined ? undefined : eq(templates.projectId, projectId));
}

/** The refusal for an id that is unknown or deleted. @param pointer of the id in the body */
export function templateNotFound(id: number, pointer?: string): ApiError {
  return new ApiError("template_not_found", `There is no template ${id}, or it was deleted.`, { pointer });
}

/** The living template's row. @throws ApiError template_not_found */
export async function findTemplate(db: Database, id: number): Promise<TemplateRow> {
  const [row] = await db.select().from(templates).where(livingTemplate(id));
  if (row === undefined) throw templateNotFound(id);
  return row;
}

/** For a WHERE on templates. */
export function livingTemplate(id: number) {
  return and(eq(templates.id, id), isNull(templates.deletedAt));
}

/** What the passes of a template are rendered from. */
export function contentOfRow(row: TemplateRow) {
  return {
    pass: parseJson(row.pass),
    images: parseJson(row.images),
    strings: parseJson(row.strings),
    personalization: row.personalization === null ? null : parseJson(row.personalization),
    barcodeText: row.barcodeText,
    webService: row.webService,
  };
}

/** The path of the page on which people get a pass. */
export function joinPath({ slug }: Pick<JoinRule, "slug">): string {
  return `/join/${slug}`;
}

/** A row as the API shows it. */
export function showTemplateRow(row: TemplateRow, publicOrigin: string): Template {
  const join = row.join === null ? null : parseJson(row.join);
  return {
    id: row.id,
    passTypeIdentifier: row.passTypeIdentifier,
    projectId: row.projectId,
    name: row.name,
    externalId: row.externalId,
    ...contentOfRow(row),
    contact: row.contact,
    wallets: row.wallets,
    scan: row.scan === null ? null : parseJson(row.scan),
    join,
    joinUrl: join && publicOrigin + joinPath(join),
    google: row.google === null ? null : parseJson(row.google),
    revision: row.revision,
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}

/** JSON for a column that may be null. */
export function toColumn<Content>(content: Content | null): Json<Content> | null {
  return content === null ? null : writeJson(content);
}
