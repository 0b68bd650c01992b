/**
 * A template's `scan`: what a scan of its passes does. The default is to redeem.
 *
 * A change of it is merged by key (RFC 7396), and the result must be a whole rule whose field exists.
 */
import * as z from "zod";
import type { AddRule, ScanRule } from "../db/scan-tables.ts";
import type { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type JsonObject, parseJson, toDouble } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { type FieldKind, findValueFault } from "../pkpass/schema/field-kinds.ts";
import { hasControlCharacter } from "../pkpass/text/control-characters.ts";
import { summand } from "./addable.ts";
import { mergeRule } from "./merge-rule.ts";

const MAX_SECONDS = 30 * 24 * 60 * 60;

const rewardLabel = z
  .string()
  .min(1)
  .max(MAX_CHARACTERS.rewardLabel)
  .refine((text) => !hasControlCharacter(text), "must not contain control characters")
  .meta({ description: "What the holder gets, such as A free coffee. Scanners show it, phones do not" });

const addRule = z
  .strictObject({
    action: z.literal("add"),
    field: z.string().min(1).max(MAX_CHARACTERS.fieldKey).meta({ description: "The key of the field" }),
    by: summand
      .refine((by) => toDouble(by) !== 0, "must not be 0")
      .meta({ description: "What each scan adds to the number that the pass shows" }),
    max: summand.optional().meta({ description: "The largest allowed sum" }),
    min: summand.optional().meta({ description: "The smallest allowed sum" }),
    atMostEverySeconds: z.int().min(1).max(MAX_SECONDS).optional().meta({
      description: "A scan adds only if no scan of the same pass has added within this time",
    }),
    reward: z.strictObject({ resetTo: summand, label: rewardLabel.optional() }).optional().meta({
      description:
        "What a scan with reward sets the field to, if another addition would be beyond max or min",
    }),
  })
  .refine(({ reward, max, min }) => reward === undefined || max !== undefined || min !== undefined, {
    path: ["reward"],
    error: "needs max or min",
  });

export const scanRule = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("redeem") }),
    z.strictObject({ action: z.literal("show") }),
    addRule,
  ])
  .meta({
    id: "ScanRule",
    description:
      "What a scan of a pass does: redeem it once (the default), show it and change nothing, or add to the number in a field",
  }) satisfies z.ZodType<ScanRule>;

/** The rule of a pass whose template has none. */
export const DEFAULT_RULE: ScanRule = { action: "redeem" };

/**
 * The rule after a change. @param patch null removes the rule
 * @throws ApiError invalid_body, with a pointer into the request
 */
export function mergeScanRule(stored: ScanRule | null, patch: JsonObject | null): ScanRule | null {
  return mergeRule("scan", scanRule, stored, patch);
}

/** @throws ApiError unknown_field or value_does_not_fit if the rule adds to a field that takes no number */
export function refuseUnfitRule(
  rule: ScanRule | null | undefined,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  if (rule?.action !== "add") return;
  const fault = findValueFault({ [rule.field]: { value: rule.by } }, kinds);
  if (fault === undefined) return;
  const pointer = "/scan/field";
  switch (fault.fault) {
    case "unknown_field": {
      const known = fault.known.join(", ") || "none";
      const detail = `A scan adds to the field "${fault.key}", but the template has no such field. Its fields are: ${known}.`;
      throw new ApiError("unknown_field", detail, { pointer });
    }
    case "value_does_not_fit": {
      const detail = `A scan adds to the field "${fault.key}", but its date style takes no number. Choose a field without a date style.`;
      throw new ApiError("value_does_not_fit", detail, { pointer });
    }
  }
}

type TemplateRow = typeof templates.$inferSelect;

/** The rule of a row. */
export function ruleOfRow({ scan }: Pick<TemplateRow, "scan">): ScanRule | null {
  return scan === null ? null : parseJson(scan);
}

export type { AddRule, ScanRule };
