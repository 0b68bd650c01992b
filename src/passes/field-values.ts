/**
 * Whether the values of a pass fit the fields of its template: as a condition of a write, and as the refusal that names the
 * first value that does not.
 */
import { type SQL, sql } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { pointerTo, writeJson } from "../json.ts";
import { type FieldKind, findValueFault, fits, type ValueFault } from "../pkpass/schema/field-kinds.ts";
import type { FieldPatch } from "../pkpass/schema/schema.ts";

/**
 * SQL: whether each value fits its field in the pass's template. JavaScript determines what each value can be (a date, a
 * number); the template's row has the kind that its field requires. So the check is part of the write, not a read before it.
 */
export function valuesFit(values: Readonly<Record<string, FieldPatch | null>>): SQL | undefined {
  const facts = Object.entries(values).flatMap(([key, override]) => {
    if (override === null) return []; // a value can always be removed
    const { value = null } = override;
    const canBe = (kind: "date" | "number") => Number(value === null || fits(kind, value));
    return [{ key, date: canBe("date"), number: canBe("number") }];
  });
  if (facts.length === 0) return undefined;
  return sql`NOT EXISTS (
    SELECT 1 FROM json_each(${writeJson(facts)}) AS fact
    LEFT JOIN json_each((SELECT fields FROM templates WHERE templates.id = passes.template_id)) AS field
      ON field.key = fact.value->>'key'
    WHERE field.key IS NULL OR (field.value = 'date' AND NOT fact.value->>'date')
      OR (field.value = 'number' AND NOT fact.value->>'number'))`;
}

/** @throws ApiError unknown_field or value_does_not_fit, for the first value that the fields cannot take */
export function refuseUnfitValues(
  values: Readonly<Record<string, FieldPatch | null>>,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  const fault = findValueFault(values, kinds);
  if (fault !== undefined) throw valueRefusal(fault);
}

function valueRefusal(fault: ValueFault): ApiError {
  const pointer = pointerTo(["values", fault.key]);
  switch (fault.fault) {
    case "unknown_field":
      return new ApiError(
        "unknown_field",
        `The template has no field "${fault.key}". Its fields are: ${fault.known.join(", ") || "none"}.`,
        { pointer },
      );
    case "value_does_not_fit":
      return new ApiError(
        "value_does_not_fit",
        fault.kind === "date"
          ? `"${fault.key}" has a date style. Send a date with hours, minutes and a time zone, without milliseconds, such as 2026-12-24T18:30+01:00.`
          : `"${fault.key}" has a number style or a currency. Send a JSON number.`,
        { pointer },
      );
  }
}
