/**
 * Issues a pass: one row, born with its first change (changes/log.ts). Nothing is rendered or signed until somebody
 * fetches it.
 *
 * A serial number is unique within its pass type, also against deleted passes: Wallet knows a pass by the pair, and a
 * second pass would silently replace the first on every phone that holds it.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { passIssued } from "../changes/log.ts";
import type { Config } from "../config.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { events, passes, passTags, templates } from "../db/schema.ts";
import { ApiError, pointerTo } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { type FieldKind, faultIn, type ValueFault } from "../pkpass/fields.ts";
import { hex } from "../pkpass/pack.ts";
import type { FieldOverrides, FieldPatch, PassOverrides } from "../pkpass/schema.ts";
import type { Report } from "../templates/lint.ts";
import type { Images } from "../templates/packs.ts";
import { templateNotFound } from "../templates/show.ts";
import { beneath, livingEvent, reportOn } from "./lint.ts";
import { storeOwnImages } from "./own-images.ts";
import { type Pass, show, shownColumns } from "./show.ts";

export interface NewPass {
  readonly serialNumber?: string | undefined;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
  readonly barcodeMessage?: string | undefined;
  /** The text below the barcode. */
  readonly barcodeAltText?: string | undefined;
  /** Its own images: bundle path → PNG. */
  readonly images?: Images | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly eventId?: number | undefined;
  /** Whether it is born redeemed. */
  readonly redeemed?: boolean | undefined;
}

export interface Issued {
  readonly pass: Pass;
  /** What a phone would find of what it brings. */
  readonly report: () => Report;
}

/** What writing a pass needs. */
export interface Parts {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly config: Pick<Config, "secrets" | "publicOrigin">;
}

const WEB_TOKEN_BYTES = 20;

/**
 * @throws ApiError template_not_found, event_not_found, unknown_field, value_does_not_fit, invalid_image,
 *   serial_number_taken or external_id_taken
 */
export async function issuePass(
  { db, bucket, config: { secrets, publicOrigin } }: Parts,
  templateId: number,
  input: NewPass,
  actor: string,
  now: number,
): Promise<Issued> {
  const [template] = await db
    .select({
      fields: templates.fields,
      passTypeIdentifier: templates.passTypeIdentifier,
      ...beneath,
    })
    .from(templates)
    .leftJoin(events, livingEvent(input.eventId ?? null))
    .where(and(eq(templates.id, templateId), isNull(templates.deletedAt)));
  if (template === undefined) throw templateNotFound(templateId);
  const values = input.values ?? {};
  refuseFault(values, JSON.parse(template.fields));
  if (input.eventId !== undefined && template.eventValues === null)
    throw eventNotFound(input.eventId, "/eventId");

  const { passTypeIdentifier } = template;
  const serialNumber = input.serialNumber ?? crypto.randomUUID();
  const own = await storeOwnImages(bucket, input.images ?? new Map());
  const webToken = hex(crypto.getRandomValues(new Uint8Array(WEB_TOKEN_BYTES)));
  try {
    const [inserted, , , , rows] = await db.batch([
      db.insert(passes).select(
        sql`SELECT NULL, ${templates.passTypeIdentifier}, ${serialNumber}, ${templates.id}, ${input.eventId ?? null},
            ${input.externalId ?? null}, ${webToken}, ${secrets.newestKeyId}, ${JSON.stringify(values)},
            ${JSON.stringify(input.pass ?? {})}, ${input.barcodeMessage ?? null}, ${input.barcodeAltText ?? null},
            ${own.images}, ${own.pack}, 0, 0, 0, ${input.redeemed === true ? now : null},
            NULL, NULL, NULL, NULL, NULL, NULL, ${now}, ${now}, NULL
          FROM ${templates} WHERE ${templates.id} = ${templateId} AND ${templates.deletedAt} IS NULL
            AND ${eventLives(input.eventId)}`,
      ),
      ...passIssued(db, { actor, now }),
      db
        .insert(passTags)
        .select(sql`SELECT ${passes.id}, tag.value FROM ${passes}, json_each(${JSON.stringify(input.tags ?? [])}) AS tag
          WHERE ${passes.passTypeIdentifier} = ${passTypeIdentifier} AND ${passes.serialNumber} = ${serialNumber}
            AND ${passes.webToken} = ${webToken}`) // of this very pass: nothing was inserted if the template is gone
        .onConflictDoNothing(),
      db
        .select(shownColumns)
        .from(passes)
        .where(and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber))),
    ]);
    const [row] = rows;
    if (inserted.meta.changes === 0 || row === undefined) throw goneJustNow(templateId, input.eventId);
    return { pass: show(row, publicOrigin), report: () => reportOn(row.pass, template) };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw await conflict(db, passTypeIdentifier, serialNumber, input.externalId);
  }
}

/** SQL: whether the event is there; true where none is named. */
export function eventLives(eventId: number | null | undefined) {
  return eventId === undefined || eventId === null
    ? sql<number>`1`
    : sql<number>`EXISTS (SELECT 1 FROM events WHERE events.id = ${eventId} AND events.deleted_at IS NULL)`;
}

function goneJustNow(templateId: number, eventId: number | undefined): ApiError {
  return eventId === undefined
    ? templateNotFound(templateId)
    : new ApiError("changed_meanwhile", "Its template or its event was deleted at this moment.");
}

/** @throws ApiError for the first value that the fields cannot take */
export function refuseFault(
  values: Readonly<Record<string, FieldPatch | null>>,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  const fault = faultIn(values, kinds);
  if (fault !== undefined) throw refusalOf(fault);
}

function refusalOf(fault: ValueFault): ApiError {
  const pointer = pointerTo(["values", fault.key]);
  switch (fault.fault) {
    case "unknown_field":
      return new ApiError(
        "unknown_field",
        `The template has no field "${fault.key}". Its fields are: ${fault.known.join(", ") || "none"}.`,
        { pointer },
      );
    case "value_does_not_fit":
      return new ApiError(
        "value_does_not_fit",
        fault.kind === "date"
          ? `"${fault.key}" has a date style: give a date with hours, minutes and a time zone, without milliseconds, such as 2026-12-24T18:30+01:00.`
          : `"${fault.key}" has a number style or a currency: give a JSON number.`,
        { pointer },
      );
  }
}

async function conflict(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
  externalId: string | undefined,
): Promise<ApiError> {
  const [taken] = await db
    .select({ id: passes.id, deletedAt: passes.deletedAt })
    .from(passes)
    .where(and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber)));
  if (taken === undefined) return externalIdTaken(externalId);
  return new ApiError(
    "serial_number_taken",
    taken.deletedAt === null
      ? `Pass ${taken.id} has the serialNumber "${serialNumber}". Change that pass, or choose another serialNumber.`
      : `"${serialNumber}" belonged to a pass that was deleted, and a serialNumber is never given out again.`,
    { pointer: "/serialNumber" },
  );
}

/** The refusal for an externalId that another pass of the pass type has. */
export function externalIdTaken(externalId: string | null | undefined): ApiError {
  return new ApiError(
    "external_id_taken",
    `Another pass of this pass type has the externalId "${externalId}".`,
    {
      pointer: "/externalId",
    },
  );
}
