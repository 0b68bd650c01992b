/**
 * Schemas of what the list of templates reads of them (src/admin/templates). pass.json stays as it came: a number in it may be
 * exact (src/json.ts).
 */
import * as z from "zod/mini";
import { isObject, type JsonObject } from "../../json.ts";
import { lenient, lintFindings, orNull, parserOf } from "../parse-answer.ts";
import { parsePage } from "./admin-answers.ts";

const text = z.catch(z.string(), "");

/** An image as the API lists it, of a template or a pass. */
export const storedImage = z.object({
  sha256: z.string(),
  width: z.number(),
  height: z.number(),
  derivedFrom: lenient(z.string()),
});
export const storedImages = z.catch(z.record(z.string(), storedImage), {});

const listedTemplate = z.object({
  id: z.number(),
  name: text,
  passTypeIdentifier: text,
  projectId: orNull(z.number()),
  pass: z.custom<JsonObject>(isObject),
  images: storedImages,
  joinUrl: orNull(z.string()),
  updatedAt: text,
});
export type ListedTemplate = z.infer<typeof listedTemplate>;
export const parseListedTemplates = parsePage(listedTemplate);

const importedTemplate = z.object({
  id: z.number(),
  name: text,
  lint: z.catch(z.object({ findings: lintFindings }), { findings: [] }),
});
/** What was imported or copied, with the findings of the linter. */
export type ImportedAnswer = z.infer<typeof importedTemplate>;
export const parseImportedTemplate = parserOf(importedTemplate);
