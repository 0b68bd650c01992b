/**
 * Schemas of the linter's JSON requests: the body of creating a template, and the body of issuing a pass.
 */
import * as z from "zod";
import { isObject } from "../../json.ts";
import { newPass } from "../passes/schemas.ts";
import { id, images, strings } from "../schemas.ts";
import { newTemplate } from "../templates/schemas.ts";

/**
 * All members of a new template, but only `pass` is required. `pass` and `personalization` may be anything: faults in them
 * are findings of the report, not errors of the request.
 */
const templateLintRequest = newTemplate
  .partial()
  .extend({
    pass: z
      .unknown()
      .refine((pass) => pass !== undefined, "is missing: send the content of pass.json")
      .meta({ description: "The content of pass.json" }),
    images: images.default(new Map()),
    strings: strings.default({}),
    personalization: z.unknown().optional().meta({ description: "The content of personalization.json" }),
  })
  .meta({ id: "TemplateLintRequest" });

const passLintRequest = newPass
  .extend({ templateId: id.meta({ description: "The template from which the pass would be issued" }) })
  .meta({ id: "PassLintRequest" });

export type TemplateLintRequest = z.output<typeof templateLintRequest>;

export const lintRequest = z
  .union([templateLintRequest, passLintRequest])
  .meta({ id: "LintRequest", type: "object" });

/** Whether `pass` is the pass.json of a finished pass, which Wallet may take although Edgepass would refuse it. */
export function isFinishedPass(body: unknown): boolean {
  return isObject(body) && isObject(body.pass) && "serialNumber" in body.pass;
}

/** The schema that a body is meant to have: only that of a pass has a templateId. */
export function chooseRequest(body: unknown) {
  return isObject(body) && "templateId" in body ? passLintRequest : templateLintRequest;
}

const card = {
  description: "Loyalty card",
  organizationName: "Corner Roasters",
  storeCard: { primaryFields: [{ key: "points", label: "POINTS" }] },
};

export const examples = {
  template: {
    summary: "The body of POST /admin/v1/templates",
    value: { name: "Card", passTypeIdentifier: "pass.com.example.card", pass: card, images: {} },
  },
  content: { summary: "Only the content of a template", value: { pass: card } },
  file: {
    summary: "The pass.json of a finished pass: it has a serialNumber",
    value: {
      pass: {
        ...card,
        formatVersion: 1,
        passTypeIdentifier: "pass.com.example.card",
        teamIdentifier: "A1B2C3D4E5",
        serialNumber: "42",
      },
    },
  },
  pass: {
    summary: "The body of POST /admin/v1/templates/{id}/passes, with the id of the template",
    value: { templateId: 1, values: { points: 120 }, barcodeMessage: "42" },
  },
};
