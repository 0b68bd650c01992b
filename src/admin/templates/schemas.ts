/**
 * Schemas of templates.
 */
import * as z from "zod";
import { JOIN_STATES } from "../../join/issued.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import {
  overridingValue,
  personalizationJson,
  templatePass as templatePassJson,
} from "../../pkpass/schema/schema.ts";
import { hrefOfContact } from "../../templates/contact.ts";
import { googleRule } from "../../templates/google-rule.ts";
import { joinRule } from "../../templates/join-rule.ts";
import { scanRule } from "../../templates/scan-rule.ts";
import { reported } from "../lint/schemas.ts";
import { notified } from "../notification-schemas.ts";
import { idParameter, paging } from "../openapi/parameters.ts";
import {
  externalId,
  id,
  imageFacts,
  images,
  imagesPatch,
  instant,
  jsonLimit,
  listSchema,
  name,
  noNulls,
  nullable,
  passTypeIdentifier,
  revision,
  soughtExternalId,
  strings,
  stringsPatch,
  wallets,
  webService,
} from "../schemas.ts";

export const templatePass = templatePassJson.refine(...jsonLimit(MAX_CHARACTERS.passJson)).meta({
  id: "TemplatePass",
  description: `At most ${MAX_CHARACTERS.passJson} characters as JSON`,
});

export const personalization = personalizationJson.refine(...jsonLimit(MAX_CHARACTERS.personalization)).meta({
  id: "Personalization",
  description: `At most ${MAX_CHARACTERS.personalization} characters as JSON`,
});

const templatePassPatch = z
  .looseObject({})
  .refine(...jsonLimit(MAX_CHARACTERS.passJson))
  .meta({
    id: "TemplatePassPatch",
    description:
      "Any keys of TemplatePass, merged into what is stored (RFC 7396): objects merge by key, arrays such as primaryFields " +
      "are replaced as a whole, and null removes a key. If only one of barcodes and barcode is sent, the other one is removed. " +
      "The result must be a TemplatePass",
  });

const personalizationPatch = z
  .looseObject({})
  .refine(...jsonLimit(MAX_CHARACTERS.personalization))
  .meta({
    id: "PersonalizationPatch",
    description:
      "Any keys of Personalization, merged into what is stored (RFC 7396). null removes a key, or all of it in place of the object",
  });

const fieldPatch = z
  .looseObject({})
  .refine(({ key }) => key === undefined, {
    path: ["key"],
    error:
      "cannot be changed, because the values of passes are stored by key. To rename the field, send its section in pass",
  })
  .refine(({ hidden }) => hidden === undefined, {
    path: ["hidden"],
    error:
      "is only for passes and events. To remove a field from the template, send null in place of its object",
  })
  .refine(({ add }) => add === undefined, {
    path: ["add"],
    error: "is only for passes. Send the new number as value",
  })
  .meta({ id: "TemplateFieldPatch" });

const fieldPatches = z
  .record(z.string(), z.union([overridingValue.transform((value) => ({ value })), fieldPatch]).nullable())
  .meta({
    description:
      "Field key → a change of the field, in each style that has it: the new value, or an object with keys of PassFieldContent " +
      "(label, value, dateStyle …), in which null removes a key. null in place of the object removes the field. Done after `pass`",
  });

const barcodeText = z.enum(["message"]).meta({
  description:
    "message: the text below each barcode without an altText is the barcode's message. " +
    "A pass's barcodeAltText is shown in place of it. A barcode with an empty altText has no text",
});

const contact = z
  .string()
  .max(MAX_CHARACTERS.contact)
  .refine(
    (text) => hrefOfContact(text) !== undefined,
    "must be an https address, an e-mail address or a phone number",
  )
  .meta({
    description:
      "Whom holders can ask: an https address, an e-mail address or a phone number. The page of a pass shows it, phones do not",
  });

export const newTemplate = z
  .strictObject({
    name,
    passTypeIdentifier,
    pass: templatePass.superRefine(...noNulls("Leave the key out.")),
    images,
    strings: strings.default({}),
    personalization: personalization.superRefine(...noNulls("Leave the key out.")).optional(),
    webService: webService.default("/"),
    projectId: id.optional(),
    externalId: externalId.optional(),
    barcodeText: barcodeText.optional(),
    contact: contact.optional(),
    wallets: wallets.optional(),
    scan: scanRule.optional(),
    join: joinRule.optional(),
    google: googleRule.optional(),
  })
  .meta({ id: "NewTemplate" });

export const templateChange = z
  .strictObject({
    name: name.optional(),
    pass: templatePassPatch.optional(),
    values: fieldPatches.optional(),
    images: imagesPatch.optional(),
    strings: stringsPatch.optional(),
    personalization: personalizationPatch.nullable().optional(),
    webService: webService.optional(),
    projectId: id.nullable().optional(),
    externalId: externalId.nullable().optional(),
    barcodeText: barcodeText.nullable().optional(),
    contact: contact.nullable().optional(),
    wallets: wallets.nullable().optional(),
    scan: z.record(z.string(), z.unknown()).nullable().optional().meta({
      description:
        "Merged into the stored ScanRule by key (RFC 7396): null removes a member, or the whole rule. Phones do not show it",
    }),
    join: z.record(z.string(), z.unknown()).nullable().optional().meta({
      description:
        "Merged into the stored JoinRule by key (RFC 7396): null removes a member, or the whole page. `fields` is replaced as a whole",
    }),
    google: z
      .record(z.string(), z.unknown())
      .nullable()
      .optional()
      .meta({
        description:
          "Merged into the stored GooglePart by key (RFC 7396): null removes a member, or the whole part. `class` and `object` are " +
          "replaced as a whole. iPhones do not show it",
      }),
  })
  .meta({ id: "TemplateChange" });

/** What differs in a copy of a template. */
export const templateCopy = z
  .strictObject({
    passTypeIdentifier: passTypeIdentifier
      .optional()
      .meta({ description: "Default: the pass type of the original" }),
    name: name.optional().meta({ description: "Default: the name of the original" }),
    externalId: externalId.optional(),
    projectId: id
      .nullable()
      .optional()
      .meta({ description: "Default: the project of the original. null: none" }),
  })
  .meta({ id: "TemplateCopy" });

export const template = z
  .object({
    id: z.int(),
    passTypeIdentifier: z.string(),
    projectId: z.int().nullable(),
    name: z.string(),
    externalId: nullable.string,
    webService: z.enum(["/", "/api"]),
    pass: z.record(z.string(), z.unknown()),
    images: imageFacts,
    strings: z.record(z.string(), z.record(z.string(), z.string())),
    personalization: z.record(z.string(), z.unknown()).nullable(),
    barcodeText: z.enum(["message"]).nullable(),
    contact: nullable.string,
    wallets: wallets.nullable(),
    scan: scanRule.nullable().meta({ description: "null: a scan redeems the pass" }),
    join: joinRule.nullable().meta({ description: "null: people cannot get a pass by themselves" }),
    google: googleRule.nullable().meta({ description: "null: Google Wallet gets what pass.json has" }),
    joinUrl: nullable.string.meta({
      description:
        "The address of the join page. With /poster at its end, a page to print. Null without `join`",
    }),
    revision,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Template" });
export const lintedTemplate = template.extend(reported).meta({ id: "LintedTemplate" });
export const changedTemplate = lintedTemplate.extend(notified).meta({ id: "ChangedTemplate" });
export const templateList = listSchema(template, "TemplateList");

export const templateQuery = z.strictObject({
  ...paging,
  externalId: soughtExternalId
    .optional()
    .meta({ description: "Only templates with this externalId: at most one of each pass type" }),
  passTypeIdentifier: passTypeIdentifier.optional().meta({ description: "Only templates of this pass type" }),
  projectId: idParameter.optional().meta({ description: "Only templates of this project" }),
});

const { id: templateId, passTypeIdentifier: ofPassType, projectId, joinUrl } = template.shape;
const templateSummary = z
  .object({
    id: templateId,
    passTypeIdentifier: ofPassType,
    projectId,
    name: template.shape.name,
    externalId: template.shape.externalId,
    join: z
      .object({ title: z.string().optional(), closesAt: z.string().optional() })
      .nullable()
      .meta({ description: "The slug of the join page. Null if there is none" }),
    joinUrl,
  })
  .meta({ id: "TemplateSummary" });
export const templateSummaryList = listSchema(templateSummary, "TemplateSummaryList");

export const joinState = z
  .object({
    state: z.enum(JOIN_STATES).meta({
      description:
        "open: it issues passes. closed: `closesAt` or the expirationDate of the template is over, or the template is voided. full: `cap` is " +
        "reached. none: the template has no join page",
    }),
    issued: z.int().meta({ description: "How many passes people got from it in total. Deleted ones count" }),
    today: z
      .object({
        count: z.int().meta({ description: "How many of them since midnight UTC" }),
        isExact: z
          .boolean()
          .meta({ description: "false if people of more than 10,000 networks joined today" }),
      })
      .meta({ description: "Those of today (UTC)" }),
    cap: z.int().nullable().meta({ description: "How many there may be in total. Null: no limit" }),
  })
  .meta({ id: "JoinState" });
