/**
 * How many fields a section shows in each style, and which sections a style has. What stands beyond is not drawn.
 *
 * Follows Apple's "PassFields" and the layouts of "Creating a poster generic pass".
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import type { Style } from "../schema/fields.ts";
import type { Section, View, ViewedField } from "./view.ts";

type Limits = Readonly<Partial<Record<Section, number>>>;

const USUAL: Limits = { headerFields: 3, primaryFields: 1, secondaryFields: 4, auxiliaryFields: 4 };
const LIMITS: Readonly<Record<Style, Limits>> = {
  boardingPass: { ...USUAL, primaryFields: 2, auxiliaryFields: 5 },
  coupon: USUAL,
  eventTicket: USUAL,
  generic: USUAL,
  posterGeneric: { headerFields: 1, primaryFields: 4, footerFields: 2 },
  storeCard: USUAL,
};
/** Their secondary and auxiliary fields stand in one row. */
const ONE_ROW: ReadonlySet<Style> = new Set(["coupon", "storeCard"]);
const ROW_LENGTH = 4;

/** Sections that only these styles draw. */
const ONLY_IN: Readonly<Partial<Record<Section, readonly Style[]>>> = {
  additionalInfoFields: ["eventTicket", "posterGeneric"],
  footerFields: ["posterGeneric"],
};

export function* sectionFindings(view: View): Iterable<Finding> {
  for (const style of view.styles) {
    const own = view.fields.filter((field) => field.style === style);
    yield* ofSections(style, own);
    if (ONE_ROW.has(style)) yield* ofRow(style, own);
  }
  for (const { style, section, field, path } of view.fields) {
    if (field.row === undefined || (style === "eventTicket" && section === "auxiliaryFields")) continue;
    yield warning(
      "row_not_applied",
      pointerOf([...path, "row"]),
      "Only the auxiliary fields of an event ticket stand in two rows.",
      "Remove row.",
    );
  }
}

function* ofSections(style: Style, own: readonly ViewedField[]): Iterable<Finding> {
  for (const [section, fields] of Map.groupBy(own, ({ section }) => section)) {
    const only = ONLY_IN[section];
    const [first] = fields;
    if (only !== undefined && !only.includes(style) && first !== undefined) {
      yield warning(
        "section_not_shown",
        pointerOf(first.path.slice(0, -1)),
        `Wallet shows no ${section} on ${style}.`,
        `Move the fields to backFields; ${section} belongs to ${only.join(" and ")}.`,
      );
    }
    const limit = LIMITS[style][section] ?? Number.POSITIVE_INFINITY;
    for (const row of rowsOf(style, section, fields)) {
      const surplus = row[limit];
      if (surplus !== undefined)
        yield tooMany(surplus, `Wallet shows ${limit} ${section} on ${style}`, row.length);
    }
  }
}

/** An event ticket's auxiliary fields stand in two rows, by their `row`. */
function rowsOf(style: Style, section: Section, fields: readonly ViewedField[]): (readonly ViewedField[])[] {
  if (style !== "eventTicket" || section !== "auxiliaryFields") return [fields];
  return [...Map.groupBy(fields, ({ field }) => field.row ?? 0).values()];
}

function* ofRow(style: Style, own: readonly ViewedField[]): Iterable<Finding> {
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
    pointerOf(path),
    `${limit}, and there are ${given}: this field and those after it are not drawn.`,
    "Move it to another section, or to backFields.",
  );
}
