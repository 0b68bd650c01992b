/**
 * Checks which sections a style has, and how many fields each of them shows. Wallet does not draw the others.
 *
 * Follows Apple's "PassFields" and the layouts of "Creating a poster generic pass".
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { FIELD_LIMITS, ONE_ROW, ONLY_IN, ROW_LENGTH, type Section, type Style } from "../styles.ts";
import type { View, ViewedField } from "./view.ts";

export function* sectionFindings(view: View): Iterable<Finding> {
  for (const style of view.styles) {
    const own = view.fields.filter((field) => field.style === style);
    yield* checkSections(style, own);
    if (ONE_ROW.has(style)) yield* checkSharedRow(style, own);
  }
  for (const { style, section, field, path } of view.fields) {
    if (field.row === undefined || (style === "eventTicket" && section === "auxiliaryFields")) continue;
    yield warning(
      "row_ignored",
      pointerTo([...path, "row"]),
      "row has an effect only in the auxiliaryFields of an event ticket.",
      "Remove row.",
    );
  }
}

function* checkSections(style: Style, own: readonly ViewedField[]): Iterable<Finding> {
  for (const [section, fields] of Map.groupBy(own, ({ section }) => section)) {
    const only = ONLY_IN[section];
    const [first] = fields;
    if (only !== undefined && !only.includes(style) && first !== undefined) {
      yield warning(
        "section_not_shown",
        pointerTo(first.path.slice(0, -1)),
        `Wallet does not show ${section} on ${style}.`,
        `Move the fields to backFields. Only ${only.join(" and ")} ${only.length === 1 ? "has" : "have"} ${section}.`,
      );
    }
    const limit = FIELD_LIMITS[style][section] ?? Number.POSITIVE_INFINITY;
    for (const row of groupByRow(style, section, fields)) {
      const surplus = row[limit];
      if (surplus !== undefined)
        yield tooMany(surplus, `Wallet shows ${limit} ${section} on ${style}`, row.length);
    }
  }
}

/** The auxiliary fields of an event ticket have two rows, set by `row`. */
function groupByRow(
  style: Style,
  section: Section,
  fields: readonly ViewedField[],
): (readonly ViewedField[])[] {
  if (style !== "eventTicket" || section !== "auxiliaryFields") return [fields];
  return [...Map.groupBy(fields, ({ field }) => field.row ?? 0).values()];
}

function* checkSharedRow(style: Style, own: readonly ViewedField[]): Iterable<Finding> {
  const secondary = own.filter(({ section }) => section === "secondaryFields");
  const auxiliary = own.filter(({ section }) => section === "auxiliaryFields");
  const surplus = auxiliary[Math.max(0, ROW_LENGTH - secondary.length)];
  if (surplus === undefined) return;
  yield tooMany(
    surplus,
    `secondaryFields and auxiliaryFields share one row of ${ROW_LENGTH} on ${style}`,
    secondary.length + auxiliary.length,
  );
}

function tooMany({ path }: ViewedField, limit: string, given: number): Finding {
  return warning(
    "too_many_fields",
    pointerTo(path),
    `${limit}, but there are ${given}: this field and those after it are not drawn.`,
    "Move them to another section, such as backFields.",
  );
}
