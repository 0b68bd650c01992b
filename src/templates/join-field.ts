/**
 * What a join page asks for: a field of its form, and how the answer becomes the value of the template's field.
 *
 * Follows HTML's form controls (types, pattern, autocomplete).
 */
import * as z from "zod";
import type { JoinField } from "../db/join-tables.ts";
import { MAX_CHARACTERS, MAX_ITEMS } from "../limits.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";
import { compilePattern } from "./pattern.ts";

/** The longest answer of a field that sets no maxLength. */
export const DEFAULT_MAX_ANSWER = 100;

/** A text on the form. */
export const shortText = z.string().trim().min(1).max(MAX_CHARACTERS.joinLabel);

/** A question of the form. */
export const joinField = z
  .strictObject({
    key: z
      .string()
      .min(1)
      .max(MAX_CHARACTERS.fieldKey)
      .meta({ description: "The key of the template's field that shows the answer" }),
    label: shortText.meta({ description: "What the form asks for" }),
    type: z.enum(["text", "email", "tel", "date", "select", "checkbox"]).meta({
      description: "date: 2026-12-24, and midnight UTC of that day in a field with a date style",
    }),
    required: z.boolean().meta({ description: "Default: false" }).optional(),
    hint: shortText
      .meta({
        description: "Text below the label, and the message for an answer that does not match `pattern`",
      })
      .optional(),
    maxLength: z
      .int()
      .min(1)
      .max(MAX_CHARACTERS.joinAnswer)
      .meta({
        description: `The longest answer of the types text, email and tel, in characters. Default: ${DEFAULT_MAX_ANSWER}`,
      })
      .optional(),
    pattern: shortText
      .refine(
        isPattern,
        "is not a regular expression of HTML's pattern attribute, or has look-around, a back-reference or too many repetitions",
      )
      .meta({
        description:
          "A regular expression for the whole answer, of text, email and tel: without look-around and back-references",
      })
      .optional(),
    options: z
      .array(shortText)
      .min(1)
      .max(MAX_ITEMS.joinOptions)
      .meta({
        description:
          "For a select: the choices. For a checkbox: the one text that the pass shows if it is ticked (default: Yes)",
      })
      .optional(),
    autocomplete: z
      .string()
      .regex(
        /^[a-z0-9-]{2,30}( [a-z0-9-]{2,30}){0,3}$/,
        "must be an autofill field name of HTML, such as given-name",
      )
      .meta({
        description: "What the browser may fill in, such as name. Default: email and tel by their type",
      })
      .optional(),
  })
  .superRefine(refuseOtherMembers)
  .meta({ id: "JoinField" });

/** Refuses the members of other types. */
function refuseOtherMembers(
  { type, options, maxLength, pattern }: JoinField,
  context: z.RefinementCtx,
): void {
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: "custom", path: [name], message });
  const isTyped = type === "text" || type === "email" || type === "tel";
  if (!isTyped && maxLength !== undefined) refuse("maxLength", `is not for the type ${type}`);
  if (!isTyped && pattern !== undefined) refuse("pattern", `is not for the type ${type}`);
  if (type === "select" && options === undefined) refuse("options", "is needed by the type select");
  if (type === "checkbox" && (options?.length ?? 1) > 1)
    refuse("options", "may have one text for a checkbox: what the pass shows if it is ticked");
  if ((isTyped || type === "date") && options !== undefined) refuse("options", `is not for the type ${type}`);
}

function isPattern(text: string): boolean {
  try {
    compilePattern(text);
    return true;
  } catch {
    return false;
  }
}

/** An answer as the template's field takes it. A field with a date style needs a time and a zone. */
export function toShownValue(answer: string, type: JoinField["type"], kind: FieldKind | undefined): string {
  return type === "date" && kind === "date" ? `${answer}T00:00Z` : answer;
}

export type { JoinField };
