/**
 * A template's `join`: the page on which people get a pass of their own (/join/{slug}), and what it asks them.
 *
 * A change of it is merged by key (RFC 7396), and the result must be a whole rule whose fields exist.
 */
import * as z from "zod";
import type { JoinField, JoinRule } from "../db/join-tables.ts";
import type { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type JsonObject, parseJson, pointerTo, writeJson } from "../json.ts";
import { MAX_CHARACTERS, MAX_ITEMS } from "../limits.ts";
import { type FieldKind, findValueFault } from "../pkpass/schema/field-kinds.ts";
import { joinField, shortText, toShownValue } from "./join-field.ts";
import { mergeRule } from "./merge-rule.ts";

const SLUG = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const DEFAULT_PER_NETWORK_PER_DAY = 100;

export const joinRule = z
  .strictObject({
    slug: z
      .string()
      .max(MAX_CHARACTERS.joinSlug)
      .regex(
        SLUG,
        "must be lower-case letters a-z, digits and hyphens, and begin and end with a letter or a digit",
      )
      .meta({ description: "The page is /join/{slug}. Unique among templates" }),
    title: shortText.meta({ description: "The heading. Default: the description of the pass" }).optional(),
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_CHARACTERS.joinText)
      .meta({ description: "Below the heading" })
      .optional(),
    fields: z
      .array(joinField)
      .max(MAX_ITEMS.joinFields)
      .superRefine(refuseRepeatedKeys)
      .meta({ description: "What the form asks for, in this order. Empty: only a button" }),
    consent: z
      .string()
      .trim()
      .min(1)
      .max(MAX_CHARACTERS.joinText)
      .meta({ description: "What people have to agree to, as a checkbox before the button" })
      .optional(),
    cap: z
      .int()
      .min(1)
      .max(100_000_000)
      .meta({
        description:
          "How many passes people may get in total. Passes that were deleted count. Default: no limit",
      })
      .optional(),
    closesAt: z.iso
      .datetime({ offset: true })
      .meta({ description: "No pass is issued from this time on. Default: never" })
      .optional(),
    perNetworkPerDay: z
      .int()
      .min(1)
      .max(100_000)
      .meta({
        description: `How many passes each network may get in a day (UTC). The guests of a café share a network. Default: ${DEFAULT_PER_NETWORK_PER_DAY}`,
      })
      .optional(),
    tag: z
      .string()
      .min(1)
      .max(MAX_CHARACTERS.tag)
      .meta({ description: "A tag that each pass gets, to list them by" })
      .optional(),
  })
  .refine((rule) => writeJson(rule).length <= MAX_CHARACTERS.join, {
    error: `may have at most ${MAX_CHARACTERS.join} characters as JSON`,
  })
  .meta({
    id: "JoinRule",
    description: "The page on which people get a pass of their own, and what it asks them",
  }) satisfies z.ZodType<JoinRule>;

function refuseRepeatedKeys(fields: readonly JoinField[], context: z.RefinementCtx): void {
  const keys = fields.map(({ key }) => key);
  const repeated = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (repeated >= 0)
    context.addIssue({ code: "custom", path: [repeated, "key"], message: "is the key of an earlier field" });
}

/** How many passes each network may get in a day. */
export function networkLimitOf({ perNetworkPerDay = DEFAULT_PER_NETWORK_PER_DAY }: JoinRule): number {
  return perNetworkPerDay;
}

/**
 * The rule after a change. @param patch null removes the rule
 * @throws ApiError invalid_body, with a pointer into the request
 */
export function mergeJoinRule(stored: JoinRule | null, patch: JsonObject | null): JoinRule | null {
  return mergeRule("join", joinRule, stored, patch);
}

/** @throws ApiError unknown_field or value_does_not_fit if a field of the template cannot show its answer */
export function refuseUnfitJoin(
  rule: JoinRule | null | undefined,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  for (const [index, { key, type }] of (rule?.fields ?? []).entries()) {
    const value = toShownValue(type === "date" ? "2026-12-24" : "text", type, kinds[key]);
    const fault = findValueFault({ [key]: { value } }, kinds);
    if (fault === undefined) continue;
    const pointer = pointerTo(["join", "fields", index, "key"]);
    switch (fault.fault) {
      case "unknown_field":
        throw new ApiError(
          "unknown_field",
          `The join page asks for "${key}", but the template has no such field. Its fields are: ${fault.known.join(", ") || "none"}.`,
          { pointer },
        );
      case "value_does_not_fit":
        throw new ApiError(
          "value_does_not_fit",
          `The join page asks for "${key}", but this field shows a ${fault.kind}. Ask for a date with the type date, and choose a field without a number style or a currency.`,
          { pointer },
        );
    }
  }
}

/** The rule of a row. */
export function joinOfRow({ join }: Pick<typeof templates.$inferSelect, "join">): JoinRule | null {
  return join === null ? null : parseJson(join);
}

export type { JoinRule };
