/**
 * Numbers in schemas, and how a schema reads JSON with exact numbers (json.ts).
 *
 * `z.number()` refuses an exact number, and every other schema takes it for an object. So schemas use `exactNumber` for
 * numbers of any size, and values are parsed with `safeParseExactly`.
 */
import * as z from "zod";
import { findValues, isExactNumber, isNumber, isObject, toDouble } from "../../json.ts";

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A JSON number of any size. In the OpenAPI document it is an ordinary number. */
export function exactNumber(bounds: Bounds = {}) {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = bounds;
  return z
    .unknown()
    .check(({ value: input, issues }) => {
      if (!isNumber(input)) issues.push({ code: "invalid_type", expected: "number", input });
      else if (toDouble(input) < minimum)
        issues.push({ code: "too_small", origin: "number", minimum, inclusive: true, input });
      else if (toDouble(input) > maximum)
        issues.push({ code: "too_big", origin: "number", maximum, inclusive: true, input });
    })
    .refine(isNumber) // only for its type: the check above has refused all else
    .meta({ type: "number", ...bounds });
}

/**
 * Like `schema.safeParse`, but an exact number is a number and not an object. Each issue has the value that it is about.
 * @param describe the message for an issue; zod's own by default
 */
export function safeParseExactly<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  describe: z.core.$ZodErrorMap = () => undefined,
): z.ZodSafeParseResult<z.output<Schema>> {
  if (findValues(value, isExactNumber, 1).length > 0) {
    const rounded = schema.safeParse(roundNumbers(value), { error: describe, reportInput: true });
    if (!rounded.success) return rounded;
  }
  // Here an exact number is only where a number is allowed, so a schema that refuses it demands an integer.
  return schema.safeParse(value, {
    reportInput: true,
    error: (issue) =>
      isExactNumber(issue.input) ? "must be an integer of at most 15 digits" : describe(issue),
  });
}

/** A copy in which each exact number is the nearest double. */
function roundNumbers(value: unknown): unknown {
  if (isExactNumber(value)) return toDouble(value);
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, roundNumbers(member)]));
}
