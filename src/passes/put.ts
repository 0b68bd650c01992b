/**
 * Issues the pass with a serial number, or replaces what an operator can set of it. A repeat gives the same pass, so a client that
 * knows its serial numbers need not know whether an earlier request was executed.
 *
 * It issues with issue.ts and changes with change.ts. If another request issues or deletes the pass in between, the row is
 * read again.
 */
import { and, eq } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { retryOvertaken } from "../db/overtaken.ts";
import { type DemandedRevisions, etagOf } from "../db/revisions.ts";
import { passes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { isPassReached } from "../keys/scope.ts";
import { livingTemplate, templateNotFound } from "../templates/show.ts";
import { changePass, type WrittenPass } from "./change.ts";
import type { PassChange } from "./change-statements.ts";
import { issuePass, type NewPass, serialNumberTaken } from "./issue.ts";

export interface PassIdentity {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
}

/** A part that is absent here is absent in the pass afterwards. */
export interface PutPass extends Omit<NewPass, "serialNumber" | "redeemed"> {
  readonly templateId: number;
}

export interface PutConditions {
  /** The pass must have one of these revisions; undefined for any. */
  readonly demanded: DemandedRevisions;
  /** Whether there must be a pass. */
  readonly mustExist: boolean;
  /** Whether there must be no pass. */
  readonly mustBeNew: boolean;
}

interface Put extends WrittenPass {
  readonly outcome: "issued" | "replaced";
}

/**
 * The redemption, the void, the registrations and the sign-up of a pass stay, and so does its link.
 * @throws ApiError as issuePass and changePass; other_template, or precondition_failed
 */
export async function putPass(
  context: Context,
  identity: PassIdentity,
  { templateId, ...input }: PutPass,
  conditions: PutConditions,
): Promise<Put> {
  return retryOvertaken(async () => {
    const { holder, template } = await findHolder(context, identity, templateId);
    try {
      if (holder === undefined) {
        refuseOtherPassType(templateId, template, identity);
        if (conditions.mustExist) throw notThere(identity);
        const { serialNumber } = identity;
        return { outcome: "issued", ...(await issuePass(context, templateId, { ...input, serialNumber })) };
      }
      // Before the conditions, because a client must not learn the revision of a pass that its key does not reach.
      if (holder.isReached === 0) throw serialNumberTaken(undefined, identity.serialNumber);
      if (holder.deletedAt !== null) throw serialNumberTaken(holder, identity.serialNumber);
      if (conditions.mustBeNew) throw alreadyThere(holder);
      if (holder.templateId !== templateId) throw otherTemplate(holder);
      const changed = await changePass(context, holder.id, toReplacement(input), conditions.demanded);
      return { outcome: "replaced", ...changed };
    } catch (error) {
      throw wasOvertaken(error, holder) ? overtaken() : error;
    }
  });
}

type Holder = Pick<typeof passes.$inferSelect, "id" | "templateId" | "revision" | "deletedAt"> & {
  readonly isReached: number;
};
type Template = Pick<typeof templates.$inferSelect, "passTypeIdentifier">;

/** The pass that has, or had, the serial number, and the template. */
async function findHolder(
  { db, scope }: Context,
  { passTypeIdentifier, serialNumber }: PassIdentity,
  templateId: number,
): Promise<{ holder: Holder | undefined; template: Template | undefined }> {
  const { id, revision, deletedAt } = passes;
  const { holders, found } = await batchOf(db, {
    holders: db
      .select({
        ...{ id, templateId: passes.templateId, revision, deletedAt },
        isReached: isPassReached(scope).as("is_reached"),
      })
      .from(passes)
      .where(and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber))),
    found: db
      .select({ passTypeIdentifier: templates.passTypeIdentifier })
      .from(templates)
      .where(livingTemplate(templateId)),
  });
  return { holder: holders[0], template: found[0] };
}

/** A change that empties every part that the request does not have. */
function toReplacement(input: Omit<PutPass, "templateId">): PassChange {
  return {
    replaces: true,
    externalId: input.externalId ?? null,
    values: input.values ?? {},
    pass: input.pass ?? {},
    without: input.without ?? [],
    barcodeMessage: input.barcodeMessage ?? null,
    barcodeAltText: input.barcodeAltText ?? null,
    images: input.images ?? new Map(),
    tags: input.tags ?? [],
    eventId: input.eventId ?? null,
  };
}

/** Whether another request has issued or deleted the pass since it was read. */
function wasOvertaken(error: unknown, holder: Holder | undefined): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.code === (holder === undefined ? "serial_number_taken" : "pass_not_found");
}

function overtaken(): ApiError {
  return new ApiError(
    "changed_meanwhile",
    "Other requests issued or deleted this pass at the same time. Send this request again.",
  );
}

function refuseOtherPassType(
  templateId: number,
  template: Template | undefined,
  { passTypeIdentifier }: PassIdentity,
): void {
  if (template === undefined) throw templateNotFound(templateId);
  if (template.passTypeIdentifier === passTypeIdentifier) return;
  throw new ApiError(
    "invalid_body",
    `Template ${templateId} is of the pass type ${template.passTypeIdentifier}. Send a template of the pass type in the path.`,
    { pointer: "/templateId" },
  );
}

function otherTemplate({ id, templateId }: Holder): ApiError {
  return new ApiError(
    "other_template",
    `Pass ${id} has this serial number, and is of template ${templateId}. A pass stays with its template: send that templateId, or choose another serial number.`,
    { pointer: "/templateId", extra: { passId: id, templateId } },
  );
}

function alreadyThere({ id, revision }: Holder): ApiError {
  return new ApiError(
    "precondition_failed",
    `Pass ${id} has this serial number. To replace it, send the request without If-None-Match.`,
    { extra: { passId: id, revision }, headers: { ETag: etagOf(revision) } },
  );
}

function notThere({ serialNumber }: PassIdentity): ApiError {
  return new ApiError(
    "precondition_failed",
    `There is no pass with the serial number "${serialNumber}". To issue it, send the request without If-Match.`,
  );
}
