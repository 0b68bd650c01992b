/**
 * Schemas of the list of passes, its filters, and the count.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../../limits.ts";
import { INSTALL_STATUSES, WALLETS } from "../../passes/install-status.ts";
import { idParameter, paging } from "../openapi/parameters.ts";
import { pass, status } from "../passes/schemas.ts";
import { listSchema, passTypeIdentifier, soughtExternalId } from "../schemas.ts";

export const passList = listSchema(pass, "PassList");

const filters = {
  serialNumber: z
    .string()
    .min(1)
    .max(MAX_CHARACTERS.serialNumber)
    .optional()
    .meta({ description: "Only passes with this serial number: at most one of each pass type" }),
  externalId: soughtExternalId
    .optional()
    .meta({ description: "Only passes with this externalId: at most one of each pass type" }),
  passTypeIdentifier: passTypeIdentifier
    .optional()
    .meta({ description: "Only passes of this pass type. No index finds them: send another filter with it" }),
  templateId: idParameter.optional(),
  eventId: idParameter.optional(),
  code: z.string().max(MAX_CHARACTERS.barcodeMessage).optional().meta({
    description:
      "The exact text that a scanner read. It finds the passes with a barcode that shows this text, unless a template or an event sets the text for all of its passes",
  }),
  tag: z.string().max(MAX_CHARACTERS.tag).optional(),
  text: z
    .string()
    .min(1)
    .max(MAX_CHARACTERS.soughtText)
    .optional()
    .meta({
      description:
        "Only passes with this text in one of their own values, such as a name. It may be in upper or lower case (A to Z). No index finds it: " +
        "send another filter with it",
    }),
  status: status.optional().meta({
    description: "The status at the time of the request. No index finds it: send another filter with it",
  }),
  installStatus: z.enum(INSTALL_STATUSES).optional().meta({
    description:
      "Whether the pass is on a phone, in Apple Wallet or in Google Wallet. No index finds it: send another filter with it",
  }),
  wallet: z
    .enum(WALLETS)
    .optional()
    .meta({
      description:
        "The Wallet that installStatus is about. Without installStatus: only passes that are installed there. No index finds it: send " +
        "another filter with it",
    }),
};

export const passQuery = z.strictObject({ ...paging, ...filters });
export const passCountQuery = z.strictObject(filters);

export const passCount = z
  .object({
    count: z.int().meta({ description: "At most 10,000" }),
    isExact: z.boolean().meta({
      description:
        "false if there may be more: the index of the filters finds more than 10,000 passes, and the newest of these were counted",
    }),
  })
  .meta({ id: "PassCount" });

/** Not in the path: an id may be "..", and the path would be as ambiguous as /passes/{id}/download to generators of clients. */
export const externalIdPath = z.object({ externalId: soughtExternalId });
export const externalIdQuery = z.strictObject({
  externalId: soughtExternalId.meta({ description: "The externalId of the pass" }),
  passTypeIdentifier: passTypeIdentifier.optional().meta({
    description: "Needed if passes of several pass types have this externalId",
  }),
});
