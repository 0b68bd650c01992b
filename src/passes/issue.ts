/**
 * Issues a pass: one row, inserted together with its first change (changes/log.ts). The pass is rendered and signed
 * when it is fetched.
 *
 * A serial number is unique within its pass type, including deleted passes: Wallet identifies a pass by the pair, and a
 * second pass would silently replace the first on every phone that has it.
 *
 * The serial number and the web token are chosen before the batch, so the batch may run twice: if the answer of the first
 * attempt was lost, the second one violates UNIQUE, and the row with this web token is the pass that was issued.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { recordCreation } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf, type Statement } from "../db/batch.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { externalIdTaken } from "../db/external-ids.ts";
import { events, passes, templates } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { isLivingEvent, livingEvent } from "../events/living-event.ts";
import { certificateTimes } from "../identities/active-certificate.ts";
import { parseJson, writeJson } from "../json.ts";
import { isPassReached } from "../keys/scope.ts";
import { nameObjects } from "../objects/uses.ts";
import type { FieldOverrides, PassOverrides } from "../pkpass/schema/schema.ts";
import { offeredWallets } from "../templates/offered-wallets.ts";
import type { Images } from "../templates/packs.ts";
import { livingTemplate, templateNotFound } from "../templates/show.ts";
import type { WrittenPass } from "./change.ts";
import { refuseUnfitValues } from "./field-values.ts";
import { layerColumns, lintIssuedPass } from "./lint.ts";
import { type OwnImages, storeOwnImages, userOfPack } from "./own-images.ts";
import { type ShownRow, shownColumns, showPassRow } from "./show.ts";
import { refuseLargePass } from "./size.ts";
import { addTags } from "./tags.ts";
import { createWebToken } from "./web-token.ts";

export interface NewPass {
  /** A random one by default. */
  readonly serialNumber?: string | undefined;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
  /** Keys of pass.json that the pass removes. */
  readonly without?: readonly string[] | undefined;
  readonly barcodeMessage?: string | undefined;
  /** The text below the barcode. */
  readonly barcodeAltText?: string | undefined;
  /** Its own images: path in the pass → PNG. */
  readonly images?: Images | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly eventId?: number | undefined;
  /** Whether the pass is issued as already redeemed. */
  readonly redeemed?: boolean | undefined;
}

/** What a caller adds to the batch that issues a pass. */
export interface IssueLimit {
  /** Chosen by the caller, so that the same request again finds the pass that it has issued. */
  readonly webToken: string;
  /** SQL on templates: whether the pass may be issued. */
  readonly allowed: SQL;
  /** Counts the pass. @param wrote SQL: whether it was inserted */
  readonly count: (wrote: SQL) => Statement;
}

/** This identifies the new row before its id is known. */
interface Identity {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly webToken: string;
}

/**
 * @throws ApiError template_not_found, event_not_found, unknown_field, value_does_not_fit, invalid_image, missing_icon,
 *   content_too_large, serial_number_taken, external_id_taken or changed_meanwhile
 */
export async function issuePass(context: Context, templateId: number, input: NewPass): Promise<WrittenPass> {
  const issued = await issueWithin(context, templateId, input);
  if (issued === undefined) throw deletedMeanwhile(templateId, input.eventId);
  return issued;
}

/**
 * Issues a pass if the limit allows it. If a pass with this serial number and this web token exists, it is the result.
 * @returns undefined if nothing was inserted: because of the limit, or because the template or the event was deleted meanwhile
 * @throws ApiError as issuePass
 */
export async function issueWithin(
  context: Context,
  templateId: number,
  input: NewPass,
  limit?: IssueLimit,
): Promise<WrittenPass | undefined> {
  const { db, config } = context;
  const template = await findLayers(db, templateId, input);
  const { barcodeMessage, barcodeAltText } = input;
  const [values, pass] = [writeJson(input.values ?? {}), writeJson(input.pass ?? {})];
  refuseLargePass({ values, pass, barcodeMessage, barcodeAltText });
  const own = await storeOwnImages(context, input.images ?? new Map());
  const identity = {
    passTypeIdentifier: template.passTypeIdentifier,
    serialNumber: input.serialNumber ?? crypto.randomUUID(),
    webToken: limit?.webToken ?? (await createWebToken(config.secrets)),
  };
  const show = (row: ShownRow): WrittenPass => ({
    pass: showPassRow(row, config.publicOrigin, context.now),
    lint: () => lintIssuedPass(row.pass, template, context.now),
  });
  try {
    const { rows } = await repeatableBatchOf(
      db,
      statements(context, templateId, input, identity, own, limit),
    );
    const [row] = rows;
    return row && show(row);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const holder = await findBySerialNumber(context, identity);
    if (holder?.pass.webToken === identity.webToken) return show(holder);
    throw explainConflict(holder, identity.serialNumber, input.externalId);
  }
}

/**
 * The template and the event of a new pass, if its values fit the template's fields.
 * @throws ApiError template_not_found, unknown_field, value_does_not_fit or event_not_found
 */
export async function findLayers(
  db: Database,
  templateId: number,
  { values = {}, eventId }: Pick<NewPass, "values" | "eventId">,
) {
  const [template] = await db
    .select({
      fields: templates.fields,
      passTypeIdentifier: templates.passTypeIdentifier,
      certificates: certificateTimes("templates").as("certificates"),
      wallets: offeredWallets,
      ...layerColumns,
    })
    .from(templates)
    .leftJoin(events, livingEvent(eventId ?? null))
    .where(livingTemplate(templateId));
  if (template === undefined) throw templateNotFound(templateId);
  // In the same order as the refusals of a change (change.ts).
  refuseUnfitValues(values, parseJson(template.fields));
  if (eventId !== undefined && template.eventValues === null) throw eventNotFound(eventId, "/eventId");
  return template;
}

/** The statements insert nothing if the template or the event was deleted meanwhile. */
function statements(
  context: Context,
  templateId: number,
  input: NewPass,
  identity: Identity,
  own: OwnImages,
  limit: IssueLimit | undefined,
) {
  const { db, config, now } = context;
  const allowed = and(
    livingTemplate(templateId),
    input.eventId === undefined ? undefined : isLivingEvent(input.eventId),
    limit?.allowed,
  );
  const insert = db.insert(passes).select(
    selectInto(
      passes,
      {
        id: AUTOINCREMENT,
        ...identity,
        templateId: templates.id,
        eventId: input.eventId ?? null,
        externalId: input.externalId ?? null,
        tokenKeyId: config.secrets.newestKeyId,
        values: writeJson(input.values ?? {}),
        pass: writeJson(input.pass ?? {}),
        without: writeJson(input.without ?? []),
        barcodeMessage: input.barcodeMessage ?? null,
        barcodeAltText: input.barcodeAltText ?? null,
        images: own.images,
        pack: own.pack,
        tag: 0,
        modifiedAt: 0,
        pushAt: 0,
        redeemedAt: input.redeemed === true ? now : null,
        redemptionId: null,
        voidedAt: null,
        voidReason: null,
        personalizedAt: null,
        installedAt: null,
        uninstalledAt: null,
        googleInstalledAt: null,
        googleUninstalledAt: null,
        googleCallbackAt: null,
        givenTag: null,
        builtEtag: null,
        lifecycleState: null,
        revision: 1,
        writeId: context.writeId,
        createdAt: now,
        updatedAt: now,
        deletedAt: null,
      },
      sql`FROM ${templates} WHERE ${allowed}`,
    ),
  );
  const thisPass = and(
    eq(passes.passTypeIdentifier, identity.passTypeIdentifier),
    eq(passes.serialNumber, identity.serialNumber),
    eq(passes.webToken, identity.webToken),
  );
  return {
    change: recordCreation(context, insert, "pass", limit?.count),
    tags: addTags(db, input.tags ?? [], thisPass),
    objects: own.pack === null ? undefined : nameObjects(db, userOfPack(thisPass), [own.pack]),
    rows: db.select(shownColumns).from(passes).where(thisPass),
  };
}

function deletedMeanwhile(templateId: number, eventId: number | undefined): ApiError {
  return eventId === undefined
    ? templateNotFound(templateId)
    : new ApiError(
        "changed_meanwhile",
        "The template or the event was deleted at the same time. Send this request again: the answer says which one.",
      );
}

/** The pass that has, or had, this serial number. */
async function findBySerialNumber(
  { db, scope }: Context,
  { passTypeIdentifier, serialNumber }: Identity,
): Promise<(ShownRow & { readonly isReached: number }) | undefined> {
  const [row] = await db
    .select({ ...shownColumns, isReached: isPassReached(scope).as("is_reached") })
    .from(passes)
    .where(and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber)));
  return row;
}

function explainConflict(
  holder: Awaited<ReturnType<typeof findBySerialNumber>>,
  serialNumber: string,
  externalId: string | undefined,
): ApiError {
  if (holder === undefined) return externalIdTaken("Another pass of this pass type", externalId);
  return serialNumberTaken(holder.isReached === 1 ? holder.pass : undefined, serialNumber);
}

/** @param holder the pass that has, or had, the serial number; undefined for one that the key does not reach */
export function serialNumberTaken(
  holder: Pick<typeof passes.$inferSelect, "id" | "deletedAt"> | undefined,
  serialNumber: string,
): ApiError {
  if (holder === undefined)
    return new ApiError(
      "serial_number_taken",
      `Another pass has or had the serialNumber "${serialNumber}". Choose another serialNumber.`,
      { pointer: "/serialNumber" },
    );
  const { id, deletedAt } = holder;
  return new ApiError(
    "serial_number_taken",
    deletedAt === null
      ? `Pass ${id} has the serialNumber "${serialNumber}". Change that pass, or choose another serialNumber.`
      : `"${serialNumber}" belonged to a deleted pass. Serial numbers are never reused. Choose another serialNumber.`,
    { pointer: "/serialNumber", extra: { passId: id } },
  );
}
