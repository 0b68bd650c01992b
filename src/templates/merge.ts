/**
 * Merges a change into the content of a template, checks the whole result, and stores its files.
 *
 * `pass`, `strings` and `personalization` are merged by RFC 7396 (merge.ts), `values` by field key (field-changes.ts) and
 * `images` by slot (image-slots.ts). A further column of JSON is one more line in `ContentChange`, `TemplateContent`,
 * `changesContent`, `toContent` and `mergeContent`.
 */
import type * as z from "zod";
import type { Context } from "../context.ts";
import type { Strings } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { GooglePart } from "../google/google-part.ts";
import { type JsonObject, parseJson, writeJson } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { mergePatch } from "../merge.ts";
import { patchBothBarcodeKeys } from "../pkpass/build/barcodes.ts";
import { safeParseExactly } from "../pkpass/schema/exact-number.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import { type Personalization, type TemplatePass, templatePass } from "../pkpass/schema/schema.ts";
import { changeFields, type FieldChanges } from "./field-changes.ts";
import { mergeStoredImages, type ReplacedFiles, replaceFiles, type Storage } from "./files.ts";
import { googleOfRow, mergeGooglePart, refuseUnfitHints } from "./google-rule.ts";
import type { ImagesPatch } from "./image-slots.ts";
import { type JoinRule, joinOfRow, mergeJoinRule, refuseUnfitJoin } from "./join-rule.ts";
import { refuseNewErrors } from "./lint.ts";
import { refuseReservedKeys } from "./reserved-keys.ts";
import { mergeScanRule, refuseUnfitRule, ruleOfRow, type ScanRule } from "./scan-rule.ts";
import type { TemplateRow } from "./show.ts";

/** Absent members stay unchanged, and null removes what is stored. */
export interface ContentChange {
  readonly pass?: JsonObject | undefined;
  /** Changes of single fields by key. They are made after the change of `pass`. */
  readonly values?: FieldChanges | undefined;
  readonly images?: ImagesPatch | null | undefined;
  readonly strings?: JsonObject | null | undefined;
  readonly personalization?: JsonObject | null | undefined;
  readonly scan?: JsonObject | null | undefined;
  readonly join?: JsonObject | null | undefined;
  readonly google?: JsonObject | null | undefined;
}

interface TemplateContent {
  readonly pass: TemplatePass;
  readonly strings: Strings;
  readonly personalization: Personalization | null;
  readonly scan: ScanRule | null;
  readonly join: JoinRule | null;
  readonly google: GooglePart | null;
}

export interface MergedTemplate extends TemplateContent {
  /** The revision that the change was merged into. If the row has another one now, it must be merged again. */
  readonly basedOn: number;
  readonly files: ReplacedFiles;
}

/** Whether the change has a part that is merged. */
export function changesContent(change: ContentChange): boolean {
  const { pass, values, images, strings, personalization, scan, join, google } = change;
  const parts = [pass, values, images, strings, personalization, scan, join, google];
  return parts.some((part) => part !== undefined);
}

/**
 * The template after the change. Its files are stored, but no row names them yet.
 * @throws ApiError invalid_pass, invalid_body, unknown_field, value_does_not_fit, content_too_large, invalid_image, missing_icon or changed_meanwhile
 */
export async function mergeTemplate(
  context: Context & Pick<Storage, "isDryRun">,
  row: TemplateRow,
  change: ContentChange,
): Promise<MergedTemplate> {
  const before = toContent(row);
  const after = mergeContent(before, change);
  refuseLong(after);
  const facts = parseJson(row.images);
  const images =
    change.images === undefined ? undefined : await mergeStoredImages(context, facts, change.images);
  refuseNewErrors({ ...before, images: facts }, { ...after, images: images?.facts ?? facts });
  refuseUnfitRule(after, before);
  refuseUnfitJoin(after.join, fieldKinds(after.pass));
  refuseUnfitHints(after.google, fieldKinds(after.pass));
  refuseReservedKeys(context.config.reservedFieldKeys, after.pass, before.pass);
  const stored = { pack: row.pack, images: facts, strings: before.strings };
  const files = await replaceFiles(context, stored, { images, strings: after.strings });
  return { ...after, basedOn: row.revision, files };
}

function toContent(row: TemplateRow): TemplateContent {
  return {
    pass: parseJson(row.pass),
    strings: parseJson(row.strings),
    personalization: row.personalization === null ? null : parseJson(row.personalization),
    scan: ruleOfRow(row),
    join: joinOfRow(row),
    google: googleOfRow(row),
  };
}

/** The result is not validated yet: it has the types that the linter checks next. */
function mergeContent(before: TemplateContent, change: ContentChange): TemplateContent {
  const pass = mergeMember(before.pass, change.pass && patchBothBarcodeKeys(change.pass));
  const { values } = change;
  const changed = values === undefined ? pass : (changeFields(pass, values) as TemplatePass);
  return {
    pass: changed === before.pass ? changed : inOrder(templatePass, changed),
    strings: mergeMember(before.strings, change.strings) ?? {},
    personalization: mergeMember(before.personalization, change.personalization),
    scan: change.scan === undefined ? before.scan : mergeScanRule(before.scan, change.scan),
    join: change.join === undefined ? before.join : mergeJoinRule(before.join, change.join),
    google: change.google === undefined ? before.google : mergeGooglePart(before.google, change.google),
  };
}

/** @param patch undefined changes nothing */
function mergeMember<Member>(before: Member, patch: unknown): Member {
  return patch === undefined ? before : (mergePatch(before, patch) as Member);
}

/**
 * The same value with its keys in the order of the schema, also inside arrays, as in a new template. So content that is sent
 * again becomes the same text, and changes nothing.
 */
function inOrder<Value>(schema: z.ZodType<Value>, value: Value): Value {
  const parsed = safeParseExactly(schema, value);
  return parsed.success ? parsed.data : value;
}

/**
 * Each change has a limit, but several changes could together exceed it.
 * @throws ApiError content_too_large
 */
function refuseLong({ pass, strings, personalization }: TemplateContent): void {
  refuseLongPart("pass", pass, MAX_CHARACTERS.passJson);
  refuseLongPart("strings", strings, MAX_CHARACTERS.strings);
  refuseLongPart("personalization", personalization, MAX_CHARACTERS.personalization);
}

function refuseLongPart(part: keyof TemplateContent, value: unknown, most: number): void {
  const { length } = writeJson(value);
  if (length <= most) return;
  throw new ApiError(
    "content_too_large",
    `After this change, ${part} would have ${length} characters as JSON. It may have at most ${most}. Remove something from it.`,
    { pointer: `/${part}` },
  );
}
