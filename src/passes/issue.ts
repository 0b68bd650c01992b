/**
 * Issues a pass: one row, born with its first change (changes/log.ts). Nothing is rendered or signed until somebody
 * fetches it.
 *
 * A serial number is unique within its pass type, also against deleted passes: Wallet knows a pass by the pair, and a
 * second pass would silently replace the first on every phone that holds it.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import { passIssued } from "../changes/log.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { passes, passTags, templates } from "../db/schema.ts";
import { ApiError, pointerTo } from "../errors.ts";
import { type FieldKind, faultIn, type ValueFault } from "../pkpass/fields.ts";
import { hex } from "../pkpass/pack.ts";
import type { FieldOverride, FieldOverrides, PassOverrides } from "../pkpass/schema.ts";
import type { Secrets } from "../secrets.ts";
import { templateNotFound } from "../templates/templates.ts";
import { type Pass, show, shownColumns } from "./show.ts";

export interface NewPass {
  readonly serialNumber?: string | undefined;
  readonly externalId?: string | undefined;
  readonly values?: FieldOverrides | undefined;
  readonly pass?: PassOverrides | undefined;
  readonly barcodeMessage?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

const WEB_TOKEN_BYTES = 20;

/** @throws ApiError template_not_found, unknown_field, value_does_not_fit, serial_number_taken or external_id_taken */
export async function issuePass(
  db: Database,
  secrets: Secrets,
  publicOrigin: string,
  templateId: number,
  input: NewPass,
  actor: string,
  now: number,
): Promise<Pass> {
  const [template] = await db
    .select({
      fields: templates.fields,
      passTypeIdentifier: templates.passTypeIdentifier,
    })
    .from(templates)
    .where(and(eq(templates.id, templateId), isNull(templates.deletedAt)));
  if (template === undefined) throw templateNotFound(templateId);
  const values = input.values ?? {};
  refuseFault(values, JSON.parse(template.fields));

  const { passTypeIdentifier } = template;
  const serialNumber = input.serialNumber ?? crypto.randomUUID();
  const webToken = hex(crypto.getRandomValues(new Uint8Array(WEB_TOKEN_BYTES)));
  try {
    const [inserted, , , , rows] = await db.batch([
      db.insert(passes).select(
        sql`SELECT NULL, ${templates.passTypeIdentifier}, ${serialNumber}, ${templates.id}, ${input.externalId ?? null},
            ${webToken}, ${secrets.newestKeyId}, ${JSON.stringify(values)}, ${JSON.stringify(input.pass ?? {})}, ${input.barcodeMessage ?? null},
            0, 0, 0, NULL, NULL, NULL, NULL, ${now}, ${now}, NULL
          FROM ${templates} WHERE ${templates.id} = ${templateId} AND ${templates.deletedAt} IS NULL`,
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
    if (inserted.meta.changes === 0 || row === undefined) throw templateNotFound(templateId); // deleted just now
    return show(row, publicOrigin);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw await conflict(db, passTypeIdentifier, serialNumber, input.externalId);
  }
}

/** @throws ApiError for the first value that the fields cannot take */
export function refuseFault(
  values: Readonly<Record<string, FieldOverride | null>>,
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
          ? `"${fault.key}" has a date style: give a date with hours, minutes and a time zone, such as 2026-12-24T18:30+01:00.`
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
