/**
 * Schemas of API keys.
 */
import * as z from "zod";
import { ROLES } from "../../db/schema.ts";
import { MAX_ITEMS } from "../../limits.ts";
import { id, instant, listSchema, name, nullable, place } from "../schemas.ts";

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
  z.array(id).max(MAX_ITEMS.idsOfScope).default([]).meta({ description: SCOPE[kind] });

const scope = z
  .strictObject({ projects: ids("projects"), events: ids("events"), templates: ids("templates") })
  .refine(
    ({ projects, events, templates }) => projects.length + events.length + templates.length > 0,
    "must name a project, an event or a template",
  )
  .meta({ id: "NewKeyScope" });

/** Scans and changes show it as part of their actor, so it must not look like another one: no line breaks and no bidirectional controls. */
const ONE_LINE = /^[^\t\n\r\u0085\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/;
const hasLetter = (text: string) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);

/** The last time that is written with four digits for the year. */
const MAX_TIME = Date.UTC(10_000, 0) - 1;

export const newKey = z
  .strictObject({
    name: name
      .refine((text) => ONE_LINE.test(text), "must be one line, without controls of the text direction")
      .refine(hasLetter, "must have a visible character"),
    role,
    scope: scope
      .optional()
      .meta({ description: "What the key reaches: these, and nothing else. Default: everything" }),
    expiresAt: z.iso
      .datetime({ offset: true })
      .refine((text) => Date.parse(text) <= MAX_TIME, "must be before the year 10000")
      .transform((text) => Date.parse(text))
      .nullable()
      .optional()
      .meta({
        description:
          "When the key ends. Null: never. Default: in 7 days for the role scanner, never for the others",
      }),
    place: place.optional().meta({
      description:
        "Only for the role scanner: where the scanner is, such as Gate 2. It becomes part of the link, and is not stored",
    }),
  })
  .refine((body) => body.place === undefined || body.role === "scanner", {
    path: ["place"],
    error: "is only for a key with the role scanner",
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
  .extend({
    key: z.string().meta({ description: "The key itself. It is not shown again" }),
    scanner: z
      .object({
        url: z.string().meta({
          description:
            "The page that turns a phone into a scanner. The key is in its fragment, which browsers send to no server",
        }),
        qrCode: z.string().meta({
          description: "A QR code of the url: an SVG as a data: URL, for the address bar of a browser",
        }),
      })
      .optional()
      .meta({ description: "Only for the role scanner" }),
  })
  .meta({ id: "MadeApiKey" });
export const keyList = listSchema(key, "ApiKeyList");

const shownResources = z
  .object({
    projects: z.array(z.object({ id: z.int(), name: z.string() })),
    events: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        projectId: z
          .int()
          .meta({ description: "The project that the event is in. It is part of the event's path" }),
        date: nullable.string.meta({
          description:
            "The first date in the event's `pass` (its semantics' eventStartDate, or relevantDates), as it is written there. Null if it has none",
        }),
      }),
    ),
    templates: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        organizationName: z.string().meta({ description: "Who issues its passes, as they show it" }),
      }),
    ),
  })
  .meta({ id: "KeyResources" })
  .nullable()
  .meta({
    description:
      "What the scope names, for people, without what was deleted since. Null: the key reaches everything",
  });

export const me = z
  .object({
    actor: z.string().meta({ description: "The name of the key in the change log and in lists of scans" }),
    name: nullable.string.meta({ description: "The name of the key. Null for the ADMIN_TOKEN" }),
    role,
    expiresAt: nullable.instant.meta({ description: "When the key ends. Null: never" }),
    scope: shownScope,
    resources: shownResources,
  })
  .meta({ id: "Me" });
