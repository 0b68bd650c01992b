/**
 * The refusal of values that do not fit the template's fields, for issuing and for changing a pass.
 */
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { type FieldKind, findValueFault, type ValueFault } from "../pkpass/schema/field-kinds.ts";
import type { FieldPatch } from "../pkpass/schema/schema.ts";

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
