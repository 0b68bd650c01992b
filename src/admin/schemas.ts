/**
 * Schemas that several features of the admin API share. The others are in the schemas.ts of each feature. They validate
 * requests, and the OpenAPI document is written from them: a schema with an id becomes a component with that name.
 *
 * The schema of pass.json is in pkpass/schema/schema.ts.
 */
import * as z from "zod";
import { OFFERED_WALLETS } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { LANGUAGE } from "../pkpass/images/names.ts";
import {
  checkNoNulls,
  fieldOverride as fieldOverrideJson,
  fieldPatch as fieldPatchJson,
  overridingValue,
  passOverrides,
  passPatch,
  withoutKeys,
} from "../pkpass/schema/schema.ts";
import { hasControlCharacter } from "../pkpass/text/control-characters.ts";

/** The id of a resource, in a body. */
export const id = z.int().positive();
export const revision = z.int().positive().meta({
  description: "How many writes of operators it had: its ETag. Requests of phones do not count",
});
export const instant = z.iso.datetime();
export const nullable = { string: z.string().nullable(), instant: instant.nullable() };

const legible = (text: string) => !hasControlCharacter(text);
const NOT_LEGIBLE = "must not contain control characters";

export const name = z.string().min(1).max(MAX_CHARACTERS.name).refine(legible, NOT_LEGIBLE);
export const externalId = z
  .string()
  .min(1)
  .max(MAX_CHARACTERS.externalId)
  .refine(legible, NOT_LEGIBLE)
  .meta({ description: "An id from your own system. It must be unique among resources of the same kind" });

/** Where a scanner is. */
export const place = z.string().min(1).max(MAX_CHARACTERS.place);

/** In a filter or a path. One that could not be stored finds nothing. */
export const soughtExternalId = z.string().min(1).max(MAX_CHARACTERS.externalId);

export const passTypeIdentifier = z
  .string()
  .max(MAX_CHARACTERS.passTypeIdentifier)
  .regex(
    /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
    "must be written as in Apple's portal, such as pass.com.example.card",
  );

/** A limit on a value as JSON, for `refine`: the check and its message. */
export function jsonLimit(maxCharacters: number) {
  const length = (value: unknown) => writeJson(value).length;
  return [
    (value: object) => length(value) <= maxCharacters,
    {
      error: ({ input }: { readonly input?: unknown }) =>
        `must have at most ${maxCharacters} characters as JSON (this has ${length(input)})`,
    },
  ] as const;
}

/** A check that refuses null in objects. It also runs if zod has already found errors, because it replaces those of types. */
export function noNulls(cure: string) {
  return [checkNoNulls(cure), { when: () => true }] as const;
}

/** The keys of the template's pass.json that a pass or an event overrides. */
export const overridingPass = passOverrides
  .refine(...jsonLimit(MAX_CHARACTERS.passJson))
  .superRefine(...noNulls("To remove a key of the layers below, name it in without."))
  .meta({
    id: "PassOverrides",
    description:
      "Keys of pass.json that it sets. Objects are merged by key with those of the layers below; arrays replace them. " +
      `null is refused. At most ${MAX_CHARACTERS.passJson} characters as JSON`,
  });

/** A change of them. */
export const overridesPatch = passPatch.refine(...jsonLimit(MAX_CHARACTERS.passJson)).meta({
  id: "PassPatch",
  description:
    "A JSON Merge Patch (RFC 7396) of what it sets itself: absent keys stay; null removes a key here, also inside an object, " +
    "and phones get that of the layers below again; arrays are replaced whole. If only one of barcodes and barcode is sent, the " +
    `other one is removed. At most ${MAX_CHARACTERS.passJson} characters as JSON`,
});

/** The keys of pass.json that a pass or an event removes. */
export const without = withoutKeys.meta({
  description:
    "Keys of pass.json to remove: phones get them neither from here nor from the layers below. A layer above may set them " +
    "again. A PATCH replaces the list; [] removes nothing. barcode and barcodes mean both keys. Fields are not named here: " +
    'hide one with {"hidden": true} in values',
});

/** The parts of one field that a pass or an event overrides. */
export const fieldOverride = fieldOverrideJson.meta({ id: "FieldOverride" });
const newOverride = z
  .union([overridingValue.transform((value) => ({ value })), fieldOverride])
  .meta({ description: "Either the value, or an object with any of value, label, changeMessage and hidden" });
export const values = z
  .record(z.string(), newOverride)
  .superRefine(...noNulls("To hide a field of the template, send hidden: true."))
  .meta({ description: "Field key → its value in this pass. null is refused" });

/** A change of these parts. */
export const fieldPatch = fieldPatchJson.meta({ id: "FieldPatch" });
const changedOverride = z.union([overridingValue.transform((value) => ({ value })), fieldPatch]);
export const changedValues = z.record(z.string(), changedOverride.nullable()).meta({
  description:
    "Field key → its value in this pass. They are merged by key (RFC 7396); null removes a value, or a part of it, and what lies " +
    "below is shown again",
});

const image = z
  .string()
  .transform((text, context) => {
    try {
      return Uint8Array.fromBase64(text.replace(/^data:image\/png;base64,/, ""));
    } catch {
      context.addIssue({ code: "custom", message: "is not base64" });
      return z.NEVER;
    }
  })
  .meta({ description: "A PNG in base64", format: "byte" });

export const images = z
  .record(z.string(), image)
  .transform((byPath) => new Map(Object.entries(byPath)))
  .meta({ description: "Path in the .pkpass (icon@2x.png, fr.lproj/logo.png) → PNG in base64" });

export const imagesPatch = z
  .record(z.string(), image.nullable())
  .transform((byPath) => new Map(Object.entries(byPath)))
  .nullable()
  .meta({
    description:
      "Path → PNG in base64. An image replaces all densities of its slot in its folder (logo.png, logo@2x.png and logo@3x.png, " +
      "or those in fr.lproj). null removes the slot there. Other images stay. null in place of the object removes all images",
  });

/** Images in a response: facts about them, not their bytes. */
export const imageFacts = z.record(
  z.string(),
  z
    .object({
      sha256: z.string(),
      bytes: z.int(),
      width: z.int(),
      height: z.int(),
      derivedFrom: z
        .string()
        .optional()
        .meta({ description: "The path of the sharper image from which this one was scaled" }),
    })
    .meta({ id: "ImageFacts" }),
);

const language = z.string().regex(LANGUAGE, "must be a language such as fr or pt-BR");

export const strings = z
  .record(language, z.record(z.string().min(1), z.string()))
  .refine(...jsonLimit(MAX_CHARACTERS.strings))
  .meta({
    description: `Language → {text in pass.json: its translation}. At most ${MAX_CHARACTERS.strings} characters as JSON`,
  });

export const stringsPatch = z
  .record(language, z.record(z.string().min(1), z.string().nullable()).nullable())
  .refine(...jsonLimit(MAX_CHARACTERS.strings))
  .nullable()
  .meta({
    description: `Language → {text: its translation}, merged with the stored ones. null removes a translation, a language or all. At most ${MAX_CHARACTERS.strings} characters as JSON`,
  });

export const webService = z.enum(["/", "/api"]).meta({
  description: "The webServiceURL of its passes: / for PUBLIC_ORIGIN itself, /api for PUBLIC_ORIGIN/api",
});

export const wallets = z.enum(OFFERED_WALLETS).meta({
  description:
    "In which Wallets passes are offered: on their page, and by their links. It sends no push, and what is installed stays up to date",
});

/** A list as every list route returns it. @param componentId its name in the OpenAPI document */
export function listSchema(item: z.ZodType, componentId: string) {
  return z
    .object({
      items: z.array(item),
      nextCursor: nullable.string.meta({
        description: "Send this as `cursor` to get the next page. null on the last page",
      }),
    })
    .meta({ id: componentId });
}
