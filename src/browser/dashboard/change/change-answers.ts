/**
 * Schemas of what the forms that change passes read: the template, the pass, the event and the project. Values keep their exact
 * numbers.
 */
import * as z from "zod/mini";
import { type ExactNumber, isNumber, isObject, type JsonObject } from "../../../json.ts";
import { lenient, listOf, orNull, parserOf } from "../../parse-answer.ts";
import { parsePage } from "../admin-answers.ts";

const text = z.catch(z.string(), "");
const object = z.catch(z.custom<JsonObject>(isObject), {});
const number = z.custom<number | ExactNumber>(isNumber);
const values = z.catch(z.record(z.string(), z.object({ value: lenient(z.union([z.string(), number])) })), {});

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

const pass = z.object({
  id: z.number(),
  templateId: z.number(),
  eventId: orNull(z.number()),
  revision: z.number(),
  externalId: orNull(z.string()),
  barcodeMessage: orNull(z.string()),
  tags: listOf(z.string()),
  values,
  /** What it overrides of pass.json. */
  pass: object,
});
export type ChangeablePass = z.infer<typeof pass>;
export const parseChangeablePass = parserOf(pass);

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
  values,
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
