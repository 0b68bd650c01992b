/**
 * Refusals that issuing and changing a pass share, and the SQL conditions behind them.
 */
import { sql } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { pointerTo } from "../json.ts";
import { type FieldKind, findValueFault, type ValueFault } from "../pkpass/schema/field-kinds.ts";
import type { FieldPatch } from "../pkpass/schema/schema.ts";

/** SQL: whether the event exists; true where none is named. */
export function isLivingEvent(eventId: number | null | undefined) {
  return eventId === undefined || eventId === null
    ? sql<number>`1`
    : sql<number>`EXISTS (SELECT 1 FROM events WHERE events.id = ${eventId} AND events.deleted_at IS NULL)`;
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

/** The refusal for an externalId that another pass of the pass type has. */
export function externalIdTaken(externalId: string | null | undefined): ApiError {
  return new ApiError(
    "external_id_taken",
    `Another pass of this pass type has the externalId "${externalId}".`,
    { pointer: "/externalId" },
  );
}
