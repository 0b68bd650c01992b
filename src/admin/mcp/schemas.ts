/**
 * Schemas of the tools: what a model sends, and what it gets. They are shorter than those of the routes, because a model reads
 * all of them. The routes check what is inside `values` and `pass`.
 */
import * as z from "zod";
import { PRINTABLE_ASCII } from "../../http/idempotency.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import { WALLETS } from "../../passes/install-status.ts";
import { report } from "../lint/schemas.ts";
import { notified } from "../notification-schemas.ts";
import { newPass, passChange, pass as passSchema, voiding } from "../passes/schemas.ts";
import { lookUp, lookUpQuery, newScans, scanResult } from "../scans/schemas.ts";
import { id, passTypeIdentifier, strings } from "../schemas.ts";
import { template } from "../templates/schemas.ts";

const passId = id.meta({ description: "The id of the pass, from find_passes" });
const templateId = id.meta({ description: "The id of the template, from find_templates" });
const cursor = z.string().optional().meta({ description: "nextCursor of the previous page" });
const limit = z.int().min(1).max(50).optional().meta({ description: "The size of the page. Default: 10" });

const write = z.boolean().default(false).meta({
  description:
    "Absent or false: nothing is written, and the answer says what would happen. Send true only if the user wants the change",
});
const idempotencyKey = z
  .string()
  .max(MAX_CHARACTERS.idempotencyKey)
  .regex(PRINTABLE_ASCII, "must be printable ASCII, such as a UUID")
  .optional()
  .meta({
    description:
      "A new UUID for each change. If no answer arrives, send the same arguments with the same key again: the change takes effect once",
  });
const writing = { write, idempotencyKey };

const pass = z.record(z.string(), z.unknown());
const values = z.record(z.string(), z.unknown());

export const templatesSought = z.strictObject({ cursor, limit });

export const passesSought = z.strictObject({
  serialNumber: z.string().optional().meta({ description: "The exact serial number" }),
  externalId: z.string().optional().meta({ description: "The issuer's own id of the pass, exactly" }),
  passTypeIdentifier: passTypeIdentifier.optional().meta({ description: "Only passes of this pass type" }),
  templateId: templateId.optional(),
  eventId: id.optional().meta({ description: "Only passes of this event" }),
  code: z
    .string()
    .max(MAX_CHARACTERS.barcodeMessage)
    .optional()
    .meta({ description: "The exact text of the pass's barcode" }),
  tag: z.string().max(MAX_CHARACTERS.tag).optional().meta({ description: "Only passes with this tag" }),
  text: z.string().min(1).max(MAX_CHARACTERS.soughtText).optional().meta({
    description:
      "A part of one of the pass's own values, such as its holder's name. Send another filter with it",
  }),
  status: passSchema.shape.status.optional().meta({ description: "Send another filter with it" }),
  installStatus: passSchema.shape.installStatus
    .optional()
    .meta({ description: "Send another filter with it" }),
  wallet: z.enum(WALLETS).optional().meta({
    description:
      "The Wallet that installStatus is about; alone: passes that are installed there. Send another filter with it",
  }),
  cursor,
  limit,
});

export const passShown = z.strictObject({ passId });

export const passIssued = newPass.omit({ images: true }).extend({
  templateId,
  values: values.optional().meta({
    description: 'Field key of the template → its value in this pass, such as {"points": 120}',
  }),
  pass: pass.optional().meta({ description: "Keys of Apple's pass.json that this pass overrides" }),
  ...writing,
});

export const passChanged = passChange.omit({ images: true }).extend({
  passId,
  values: values.optional().meta({
    description:
      'Field key → its new value, such as {"level": "Gold"}. {"stamps": {"add": 1, "max": 10}} adds to a number. null removes the ' +
      "pass's own value. Other fields stay",
  }),
  pass: pass.optional().meta({
    description: "A JSON Merge Patch (RFC 7396) of the keys of Apple's pass.json that the pass overrides",
  }),
  revision: id.optional().meta({
    description:
      "The revision of the pass that you have read. If somebody has changed it since, the change is refused",
  }),
  ...writing,
});

export const passVoided = voiding.extend({ passId, ...writing });

export const lookedUp = lookUpQuery;
export const scanned = newScans.shape.scans.element;

export const linted = z.strictObject({
  pass: pass.meta({
    description:
      "The pass.json of a template; or of a finished pass, if it has a serialNumber: then Wallet's rules for files are checked",
  }),
  passTypeIdentifier: passTypeIdentifier
    .optional()
    .meta({ description: "Checks the certificate of this pass type too" }),
  strings: strings.optional(),
  personalization: z.unknown().optional().meta({ description: "The personalization.json" }),
});

export const nothing = z.strictObject({});

/** The pass as a tool shows it. A key that may not see the links gets none. */
const shownPass = passSchema
  .omit({ webToken: true })
  .partial({ downloadUrl: true, landingUrl: true })
  .meta({ id: "ShownPass" });

const passSummary = passSchema
  .pick({
    id: true,
    templateId: true,
    eventId: true,
    passTypeIdentifier: true,
    serialNumber: true,
    externalId: true,
    tags: true,
    status: true,
    installStatus: true,
    updatedAt: true,
  })
  .meta({ id: "PassSummary" });

/** A pass after a write. */
const writtenPass = passSummary
  .extend(
    shownPass.pick({
      values: true,
      revision: true,
      redeemedAt: true,
      voidedAt: true,
      voidReason: true,
      expiresAt: true,
      registrations: true,
      downloadUrl: true,
      landingUrl: true,
    }).shape,
  )
  .meta({ id: "WrittenPass" });

const templateSummary = template
  .pick({ id: true, name: true, passTypeIdentifier: true, externalId: true, projectId: true, pass: true })
  .meta({ id: "TemplateSummary" });

const nextCursor = z.string().nullable().meta({ description: "null on the last page" });
const wasWritten = z.boolean().meta({ description: "false: nothing was written" });

export const templatesFound = z.object({ items: z.array(templateSummary), nextCursor });
export const passesFound = z.object({ items: z.array(passSummary), nextCursor });
export const theShownPass = z.object({ pass: shownPass });
export const theIssuedPass = z.object({
  written: wasWritten,
  pass: writtenPass.optional().meta({ description: "The pass, if it was issued" }),
  lint: report,
});
/** Either the changed pass, or the dry run. */
export const theChangedPass = z.object({
  written: wasWritten,
  pass: writtenPass.optional().meta({ description: "The pass after the change, if it was written" }),
  ...notified,
  lint: report.optional(),
});
export const theLookUp = lookUp;
export const theScan = scanResult;
