/**
 * Creates templates. A template has the content that all passes of one kind share.
 *
 * Nothing is rendered here (passes/serve.ts). The input has been validated with pkpass/schema/schema.ts.
 */
import { and, eq, sql } from "drizzle-orm";
import { recordCreation } from "../changes/log.ts";
import type { WebServicePath } from "../config.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { refuseTakenExternalId } from "../db/external-ids.ts";
import { writeOnce } from "../db/repeat.ts";
import { passTypes, type Strings, templates } from "../db/schema.ts";
import { AUTOINCREMENT, type RowValues, selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { demandProject, existsProject } from "../events/projects.ts";
import type { GooglePart } from "../google/google-part.ts";
import { existsPassType } from "../identities/pass-types.ts";
import { writeJson } from "../json.ts";
import { nameObjects } from "../objects/uses.ts";
import { fieldKinds } from "../pkpass/schema/field-kinds.ts";
import type { Personalization, TemplatePass } from "../pkpass/schema/schema.ts";
import { keysOf, storeFiles, userOfFiles } from "./files.ts";
import { refuseUnfitHints } from "./google-rule.ts";
import { templateImages } from "./images.ts";
import { type JoinRule, refuseUnfitJoin } from "./join-rule.ts";
import { refuseTakenSlug } from "./join-slug.ts";
import { refuseInvalid } from "./lint.ts";
import type { OfferedWallets } from "./offered-wallets.ts";
import type { Images } from "./packs.ts";
import { refuseUnfitRule, type ScanRule } from "./scan-rule.ts";
import { type BarcodeText, showTemplateRow, type Template, type TemplateRow, toColumn } from "./show.ts";

export interface NewTemplate {
  readonly passTypeIdentifier: string;
  readonly name: string;
  readonly externalId?: string | undefined;
  readonly pass: TemplatePass;
  readonly images: Images;
  readonly strings: Strings;
  /** personalization.json, if the passes ask their holders to sign up. */
  readonly personalization?: Personalization | undefined;
  readonly webService: WebServicePath;
  readonly projectId?: number | undefined;
  readonly barcodeText?: BarcodeText | undefined;
  readonly contact?: string | undefined;
  /** As its pass type says, if absent. */
  readonly wallets?: OfferedWallets | undefined;
  readonly scan?: ScanRule | undefined;
  readonly join?: JoinRule | undefined;
  readonly google?: GooglePart | undefined;
}

/**
 * @throws ApiError pass_type_not_found, project_not_found, external_id_taken, missing_icon, invalid_image, invalid_pass or
 *   changed_meanwhile
 */
export async function createTemplate(context: Context, input: NewTemplate): Promise<Template> {
  const { db, now } = context;
  const { passTypeIdentifier } = input;
  const full = templateImages(input.images);
  refuseInvalid({ ...input, images: full.files });
  refuseUnfitRule(input);
  refuseUnfitJoin(input.join, fieldKinds(input.pass));
  refuseUnfitHints(input.google, fieldKinds(input.pass));
  await demandPassType(db, passTypeIdentifier);
  if (input.projectId !== undefined) await demandProject(db, input.projectId);
  const { images, pack } = await storeFiles(context, full, input.strings);
  const values = {
    id: AUTOINCREMENT,
    passTypeIdentifier,
    projectId: input.projectId ?? null,
    externalId: input.externalId ?? null,
    webService: input.webService,
    name: input.name,
    pass: writeJson(input.pass),
    fields: writeJson(fieldKinds(input.pass)),
    images: writeJson(images),
    strings: writeJson(input.strings),
    personalization: toColumn(input.personalization ?? null),
    barcodeText: input.barcodeText ?? null,
    contact: input.contact ?? null,
    wallets: input.wallets ?? null,
    scan: input.scan === undefined ? null : writeJson(input.scan),
    join: input.join === undefined ? null : writeJson(input.join),
    google: input.google === undefined ? null : writeJson(input.google),
    pack,
    revision: 1,
    writeId: context.writeId,
    tag: 0,
    modifiedAt: 0,
    pushAt: 0,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  const row = await refuseTakenExternalId(
    refuseTakenSlug(
      writeOnce(
        () => insertTemplate(context, values, keysOf({ pack, images })),
        () => findByPack(db, pack),
      ),
      input.join,
    ),
    "Another template of this pass type",
    input.externalId,
  );
  if (row === undefined) throw await refusedCreation(db, input);
  return showTemplateRow(row, context.config.publicOrigin);
}

/**
 * @param keys of its objects in R2
 * @returns undefined if the pass type or the project was deleted meanwhile
 */
async function insertTemplate(
  context: Context,
  values: RowValues<typeof templates> & Pick<TemplateRow, "passTypeIdentifier" | "projectId" | "pack">,
  keys: readonly string[],
): Promise<TemplateRow | undefined> {
  const { db } = context;
  const { passTypeIdentifier, projectId } = values;
  const insert = db
    .insert(templates)
    .select(
      selectInto(
        templates,
        values,
        sql`WHERE ${and(existsPassType(passTypeIdentifier), existsProject(projectId))}`,
      ),
    )
    .returning();
  const { change } = await batchOf(db, {
    change: recordCreation(context, insert, "template"),
    objects: nameObjects(db, userOfFiles(eq(templates.pack, values.pack)), keys),
  });
  return change.write[0];
}

/** Why nothing was inserted. */
async function refusedCreation(
  db: Database,
  { passTypeIdentifier, projectId }: NewTemplate,
): Promise<ApiError> {
  await demandPassType(db, passTypeIdentifier);
  if (projectId !== undefined) await demandProject(db, projectId);
  return new ApiError(
    "changed_meanwhile",
    "The pass type or the project was deleted and created again meanwhile. Send the request again.",
  );
}

/** The template with this pack, whose key is random and was chosen for this template. */
async function findByPack(db: Database, pack: string): Promise<TemplateRow | undefined> {
  const [row] = await db.select().from(templates).where(eq(templates.pack, pack));
  return row;
}

/** Checks the pass type that a body names. @throws ApiError pass_type_not_found */
export async function demandPassType(db: Database, passTypeIdentifier: string): Promise<void> {
  const [found] = await db
    .select({ passTypeIdentifier: passTypes.passTypeIdentifier })
    .from(passTypes)
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
  if (found !== undefined) return;
  throw new ApiError(
    "pass_type_not_found",
    `There is no pass type "${passTypeIdentifier}". Create it first (POST /admin/v1/pass-types), or use another one.`,
    { pointer: "/passTypeIdentifier" },
  );
}
