/**
 * Schemas of templates.
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../../limits.ts";
import { personalizationJson, templatePass as templatePassJson } from "../../pkpass/schema/schema.ts";
import { scanRule } from "../../templates/scan-rule.ts";
import { reported } from "../lint/schemas.ts";
import { idParameter, paging } from "../openapi/parameters.ts";
import {
  externalId,
  id,
  imageFacts,
  images,
  instant,
  jsonLimit,
  listSchema,
  name,
  nullable,
  passTypeIdentifier,
  revision,
  strings,
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

const barcodeText = z.enum(["message"]).meta({
  description:
    "message: the text below each barcode without an altText is the barcode's message. " +
    "A pass's barcodeAltText is shown in place of it. A barcode with an empty altText has no text",
});

export const newTemplate = z
  .strictObject({
    name,
    passTypeIdentifier,
    pass: templatePass,
    images,
    strings: strings.default({}),
    personalization: personalization.optional(),
    webService: webService.default("/"),
    projectId: id.optional(),
    externalId: externalId.optional(),
    barcodeText: barcodeText.optional(),
    scan: scanRule.optional(),
  })
  .meta({ id: "NewTemplate" });

export const templateChange = z
  .strictObject({
    name: name.optional(),
    pass: templatePass.optional(),
    images: images.optional(),
    strings: strings.optional(),
    personalization: personalization.nullable().optional(),
    webService: webService.optional(),
    projectId: id.nullable().optional(),
    externalId: externalId.nullable().optional(),
    barcodeText: barcodeText.nullable().optional(),
    scan: z.record(z.string(), z.unknown()).nullable().optional().meta({
      description:
        "Merged into the stored ScanRule by key (RFC 7396): null removes a member, or the whole rule. Phones do not show it",
    }),
  })
  .meta({ id: "TemplateChange" });

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
    scan: scanRule.nullable().meta({ description: "null: a scan redeems the pass" }),
    revision,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Template" });
export const lintedTemplate = template.extend(reported).meta({ id: "LintedTemplate" });
export const templateList = listSchema(template, "TemplateList");

export const templateQuery = z.strictObject({ ...paging, projectId: idParameter.optional() });
