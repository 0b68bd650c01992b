/**
 * Schemas of what the list of templates reads of them (src/admin/templates). pass.json stays as it came: a number in it may be
 * exact (src/json.ts).
 */
import * as z from "zod/mini";
import { isObject, type JsonObject } from "../../json.ts";
import { lintFindings, orNull, parserOf } from "../parse-answer.ts";
import { parsePage } from "./admin-answers.ts";
import { storedImage } from "./editor/draft/stored-template.ts";

const text = z.catch(z.string(), "");

const listedTemplate = z.object({
  id: z.number(),
  name: text,
  passTypeIdentifier: text,
  projectId: orNull(z.number()),
  pass: z.custom<JsonObject>(isObject),
  images: z.catch(z.record(z.string(), storedImage), {}),
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
