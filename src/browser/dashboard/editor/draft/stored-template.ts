/**
 * What the editor reads of a template of the API (src/admin/templates/schemas.ts). Objects inside, such as pass.json, stay as they
 * came: a number in them may be exact (src/json.ts).
 */
import * as z from "zod/mini";
import { isObject, type JsonObject } from "../../../../json.ts";
import { orNull, parserOf } from "../../../parse-answer.ts";
import { walletChoice } from "../../offered-wallets.ts";
import { storedImages } from "../../template-answers.ts";
import type { StoredTemplate, TemplateDraft } from "./draft.ts";

const text = z.catch(z.string(), "");
const object = z.custom<JsonObject>(isObject);

/** The members of a draft, without its images. */
export const draftMembers = {
  name: text,
  passTypeIdentifier: text,
  projectId: orNull(z.number()),
  externalId: orNull(z.string()),
  webService: z.catch(z.enum(["/", "/api"]), "/"),
  barcodeText: orNull(z.literal("message")),
  contact: orNull(z.string()),
  wallets: orNull(walletChoice),
  pass: object,
  strings: z.catch(z.record(z.string(), z.record(z.string(), z.string())), {}),
  personalization: orNull(object),
  scan: orNull(object),
  join: orNull(object),
  google: orNull(object),
};

const template = z.object({
  ...draftMembers,
  id: z.number(),
  revision: z.number(),
  images: storedImages,
  joinUrl: orNull(z.string()),
  createdAt: text,
  updatedAt: text,
});
export type TemplateAnswer = z.infer<typeof template>;
export const parseTemplateAnswer = parserOf(template);

/** The draft of a template that nobody has edited yet. */
export function draftOf({
  id: _id,
  revision: _revision,
  joinUrl: _joinUrl,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  images,
  ...members
}: TemplateAnswer): TemplateDraft {
  const stored = Object.entries(images).map(([path, image]) => [path, { kind: "stored", ...image }] as const);
  return { ...members, images: Object.fromEntries(stored) };
}

export function parseStoredTemplate(body: unknown): StoredTemplate | undefined {
  const answer = parseTemplateAnswer(body);
  if (answer === undefined) return undefined;
  const { id, revision, joinUrl, createdAt, updatedAt } = answer;
  return { id, revision, joinUrl, createdAt, updatedAt, draft: draftOf(answer) };
}
