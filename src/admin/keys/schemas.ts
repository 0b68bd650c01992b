/**
 * Schemas of API keys.
 */
import * as z from "zod";
import { ROLES } from "../../db/schema.ts";
import { id, instant, listSchema, name, nullable } from "../schemas.ts";

const MAX_IDS = 100;

const role = z.enum(ROLES).meta({
  description:
    "scanner: sends scans. reader: reads, without links, downloads and personal data. issuer: also issues and changes passes, and changes events. admin: everything",
});

const SCOPE = {
  projects: "The `id`s of projects, each with its events, templates and their passes",
  events: "The `id`s of events, each with its passes",
  templates: "The `id`s of templates, each with its passes",
};
const ids = (kind: keyof typeof SCOPE) =>
  z.array(id).max(MAX_IDS).default([]).meta({ description: SCOPE[kind] });

const scope = z
  .strictObject({ projects: ids("projects"), events: ids("events"), templates: ids("templates") })
  .refine(
    ({ projects, events, templates }) => projects.length + events.length + templates.length > 0,
    "must name a project, an event or a template",
  )
  .meta({ id: "NewKeyScope" });

export const newKey = z
  .strictObject({
    name,
    role,
    scope: scope
      .optional()
      .meta({ description: "What the key reaches: these, and nothing else. Default: everything" }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .optional()
      .meta({ description: "When the key ends. Default: never" }),
  })
  .meta({ id: "NewApiKey" });

const shownIds = (kind: keyof typeof SCOPE) => z.array(z.int()).meta({ description: SCOPE[kind] });
const shownScope = z
  .object({ projects: shownIds("projects"), events: shownIds("events"), templates: shownIds("templates") })
  .meta({ id: "KeyScope" })
  .nullable()
  .meta({ description: "What the key reaches. Null: everything" });

const key = z
  .object({
    id: z.int(),
    name: z.string(),
    role,
    scope: shownScope,
    createdAt: instant,
    expiresAt: nullable.instant.meta({ description: "When the key ends. Null: never" }),
    revokedAt: nullable.instant.meta({ description: "When it was revoked. Null if it was not" }),
    lastUsedAt: nullable.instant.meta({
      description: "When it was last used, to the hour. Null if it never was",
    }),
  })
  .meta({ id: "ApiKey" });
export const madeKey = key
  .extend({ key: z.string().meta({ description: "The key itself. It is not shown again" }) })
  .meta({ id: "MadeApiKey" });
export const keyList = listSchema(key, "ApiKeyList");

export const me = z
  .object({
    actor: z.string().meta({ description: "The name of the key in the change log and in lists of scans" }),
    role,
    scope: shownScope,
  })
  .meta({ id: "Me" });
