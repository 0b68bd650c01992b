/**
 * Which fields of a pass a layout draws, and in which rows. Wallet does not draw the others.
 *
 * Follows Apple's "PassFields". The numbers are in pkpass/styles.ts, which the linter reads too.
 */
import type { Field, TemplatePass } from "../../pkpass/schema/schema.ts";
import { FIELD_LIMITS, ONE_ROW, ONLY_IN, ROW_LENGTH, type Section, type Style } from "../../pkpass/styles.ts";

/** The fields of a section that this style draws. */
export function drawnFields(pass: TemplatePass, style: Style, section: Section): readonly Field[] {
  if (ONLY_IN[section]?.includes(style) === false) return [];
  const fields = pass[style]?.[section] ?? [];
  return fields.slice(0, FIELD_LIMITS[style][section]);
}

export interface FieldRow {
  readonly name: "secondary" | "auxiliary";
  readonly fields: readonly Field[];
}

/** The rows between the primary fields and the barcode, from the top. */
export function rowsOf(pass: TemplatePass, style: Style): readonly FieldRow[] {
  const secondary = drawnFields(pass, style, "secondaryFields");
  const auxiliary = drawnFields(pass, style, "auxiliaryFields");
  if (ONE_ROW.has(style)) {
    return withFields([{ name: "secondary", fields: [...secondary, ...auxiliary].slice(0, ROW_LENGTH) }]);
  }
  if (style === "boardingPass") {
    return withFields([
      { name: "auxiliary", fields: auxiliary },
      { name: "secondary", fields: secondary },
    ]);
  }
  if (style !== "eventTicket") {
    return withFields([
      { name: "secondary", fields: secondary },
      { name: "auxiliary", fields: auxiliary },
    ]);
  }
  // The auxiliary fields of an event ticket have two rows, each with its own limit.
  const all = pass.eventTicket?.auxiliaryFields ?? [];
  const inRow = (row: 0 | 1) => all.filter((field) => (field.row ?? 0) === row);
  const limit = FIELD_LIMITS.eventTicket.auxiliaryFields;
  return withFields([
    { name: "secondary", fields: secondary },
    { name: "auxiliary", fields: inRow(0).slice(0, limit) },
    { name: "auxiliary", fields: inRow(1).slice(0, limit) },
  ]);
}

const withFields = (rows: readonly FieldRow[]) => rows.filter(({ fields }) => fields.length > 0);
