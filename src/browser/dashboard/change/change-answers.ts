/**
 * Schemas of what the forms that change passes read: the template, the event and the project. The pass is that of
 * pass-answers.ts.
 */
import * as z from "zod/mini";
import { isObject, type JsonObject } from "../../../json.ts";
import { orNull, parserOf } from "../../parse-answer.ts";
import { parsePage } from "../admin-answers.ts";
import { fieldValues } from "../pass-answers.ts";

const text = z.catch(z.string(), "");
const object = z.catch(z.custom<JsonObject>(isObject), {});

const template = z.object({
  id: z.number(),
  name: text,
  revision: z.number(),
  projectId: orNull(z.number()),
  /** pass.json. */
  pass: object,
});
export type ChangeableTemplate = z.infer<typeof template>;
export const parseChangeableTemplate = parserOf(template);
export const parseChangeableTemplates = parsePage(template);

/** A pass that was just issued. */
const issued = z.object({ id: z.number(), serialNumber: text, landingUrl: z.string() });
export type IssuedPass = z.infer<typeof issued>;
export const parseIssuedPass = parserOf(issued);

const event = z.object({
  id: z.number(),
  projectId: z.number(),
  name: text,
  externalId: orNull(z.string()),
  revision: z.number(),
  values: fieldValues,
  pass: object,
  createdAt: text,
  updatedAt: text,
});
export type ListedEvent = z.infer<typeof event>;
export const parseEvent = parserOf(event);
export const parseEvents = parsePage(event);

const project = z.object({ id: z.number(), name: text, externalId: orNull(z.string()) });
export type ListedProject = z.infer<typeof project>;
export const parseProject = parserOf(project);
export const parseProjects = parsePage(project);
