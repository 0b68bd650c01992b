/**
 * A template's `scan`: what a scan of its passes does. The default is to redeem.
 *
 * A change of it is merged by key (RFC 7396), and the result must be a whole rule whose field exists.
 */
import * as z from "zod";
import type { AddRule, ScanRule } from "../db/scan-tables.ts";
import type { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type JsonObject, parseJson, toDouble, toText } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { limitText } from "../pkpass/finding.ts";
import { fieldKinds, findValueFault } from "../pkpass/schema/field-kinds.ts";
import { fieldsOf } from "../pkpass/schema/fields.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
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
  })
  .refine(({ min, max }) => min === undefined || max === undefined || toDouble(min) <= toDouble(max), {
    path: ["min"],
    error: "must be at most max",
  })
  .refine(
    ({ by, min, max, reward }) =>
      reward === undefined || isWithin(toDouble(reward.resetTo) + toDouble(by), min, max),
    {
      path: ["reward", "resetTo"],
      error:
        "must leave room for an addition: resetTo and by together must be within min and max. Otherwise each scan is a reward",
    },
  );

function isWithin(sum: number, min: AddRule["min"], max: AddRule["max"]): boolean {
  return (min === undefined || sum >= toDouble(min)) && (max === undefined || sum <= toDouble(max));
}

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

/** What a rule belongs to: a template, stored or new. */
interface Ruled {
  readonly scan?: ScanRule | null | undefined;
  readonly pass: TemplatePass;
}

/**
 * An empty value is accepted: each pass may have a number of its own.
 * @param before the template before the change. What was accepted before is not refused again
 * @throws ApiError unknown_field, value_does_not_fit or value_not_a_number if the rule adds to a field that takes no number
 */
export function refuseUnfitRule({ scan: rule, pass }: Ruled, before?: Ruled): void {
  if (rule?.action !== "add") return;
  const pointer = "/scan/field";
  const fault = findValueFault({ [rule.field]: { value: rule.by } }, fieldKinds(pass));
  if (fault === undefined) {
    const value = findNonNumericValue(rule, pass);
    if (value === undefined || (before?.scan && findNonNumericValue(before.scan, before.pass) === value))
      return;
    const detail = `A scan adds to the field "${rule.field}", but its value "${limitText(value)}" is no number that can be added to. Set it to a number such as 0, or to "" if each pass has its own number.`;
    throw new ApiError("value_not_a_number", detail, { pointer });
  }
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

/** The value that the template shows in the field of the rule, if no scan could add to it. As in passes/additions.ts. */
function findNonNumericValue(rule: ScanRule, pass: TemplatePass): string | undefined {
  if (rule.action !== "add") return undefined;
  const { posterGeneric, ...classic } = pass;
  const shown = [...fieldsOf(classic), ...fieldsOf({ posterGeneric })].find(
    ({ field }) => field.key === rule.field && field.value !== undefined,
  );
  const value = shown?.field.value ?? "";
  return value === "" || summand.safeParse(value).success ? undefined : toText(value);
}

type TemplateRow = typeof templates.$inferSelect;

/** The rule of a row. */
export function ruleOfRow({ scan }: Pick<TemplateRow, "scan">): ScanRule | null {
  return scan === null ? null : parseJson(scan);
}

export type { AddRule, ScanRule };
