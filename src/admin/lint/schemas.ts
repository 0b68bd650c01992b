/**
 * The shapes of the canonical API around the linter: what it is asked, what it answers, and what is imported.
 */
import * as z from "zod";
import * as shapes from "../schemas.ts";

const finding = z.object({
  severity: z
    .enum(["error", "warning"])
    .meta({ description: "Wallet refuses the pass; or it looks wrong, stays silent or falls back" }),
  code: z.string().meta({ description: "Stable: switch on this" }),
  pointer: z.string().meta({
    description: "RFC 6901, into the body that was sent; /files, /manifest and /signature of a file",
  }),
  message: z.string(),
  cure: z.string(),
});

export const report = z.object({ findings: z.array(finding) });
const reported = { lint: report.meta({ description: "What a phone would find" }) };

export const lintedTemplate = shapes.template.extend(reported);
export const lintedPass = shapes.pass.extend(reported);

/** What is wrong in `pass` is what the answer is for: so it may be anything. */
export const lintRequest = z.strictObject({
  pass: z.unknown().refine((pass) => pass !== undefined, "is missing: it is what pass.json holds"),
  images: shapes.images.default(new Map()),
  strings: shapes.strings.default({}),
  personalization: z.unknown().optional().meta({ description: "What personalization.json holds" }),
});

export const importQuery = z.strictObject({
  passTypeIdentifier: shapes.passTypeIdentifier
    .optional()
    .meta({ description: "A pass type of this service; the file's own, if absent" }),
  name: shapes.name.optional().meta({ description: "The file's description, if absent" }),
  externalId: shapes.externalId.optional(),
  projectId: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, "must be a positive integer")
    .transform(Number)
    .optional(),
  webService: shapes.webService.default("/"),
});

/** A template that came out of a file, within the bounds of every template. */
export const importedParts = z.object({
  pass: shapes.wholePass,
  strings: shapes.strings,
  personalization: shapes.personalization.optional(),
});
