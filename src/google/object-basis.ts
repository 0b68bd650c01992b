/**
 * What the objects of a class take from template and event. If it is the same before and after a change of them, no object changes,
 * and the change is one call. Pure.
 *
 * An object has the fields that its pass sets. Of template and event it takes their labels and formats, and seldom their values: of the
 * few fields that its type shows as members of their own, and of fields of which the pass sets something else than the value.
 */
import { writeJson } from "../json.ts";
import type { Layer } from "../pkpass/build/render.ts";
import type { Field, TemplatePass } from "../pkpass/schema/schema.ts";
import { SECTIONS, type Section, STYLES } from "../pkpass/styles.ts";
import { type SharedSource, toSharedCard } from "./render.ts";
import type { SharedCard } from "./shared-card.ts";
import type { GoogleType } from "./types.ts";

/**
 * A text that is the same as before if no object of the class can have changed. If in doubt it differs: then each object is rendered
 * once, and only those that differ are sent.
 * @param withValues whether an object of the class shows a value that its pass does not set (`takesSharedValues`)
 */
export function objectBasisOf(source: SharedSource, withValues = false): string {
  const card = toSharedCard(source);
  const { template, event, google, strings, images } = source;
  const { class: _class, ...ofObject } = google ?? {};
  const isShown = withValues ? () => true : shownFields(card);
  return writeJson([
    card.chosen.type,
    withoutValues(template, isShown),
    event && { ...event, values: valuesOf(event.values, isShown) },
    ofObject,
    strings,
    card.texts.map(({ id }) => id),
    [...card.linkKeys],
    [...card.titleKeys],
    // Only generic objects have the images of the template.
    card.chosen.type === "generic" ? images : null,
  ]);
}

/** Whether the object of a pass shows a value of template or event because the pass sets only something else of its field. */
export function takesSharedValues({ values }: Pick<Layer, "values">): boolean {
  return Object.values(values).some(
    (override) => override !== undefined && override.value === undefined && override.hidden !== true,
  );
}

/** The sections whose values an object can have as members, by type. Hinted fields are added to them. */
const SHOWN_SECTIONS: Readonly<Record<GoogleType, readonly Section[]>> = {
  generic: ["primaryFields"],
  loyalty: ["headerFields", "primaryFields"],
  transit: ["primaryFields"],
  // The balance may be any field with a currency.
  giftCard: SECTIONS,
  eventTicket: [],
  flight: [],
  offer: [],
};

function shownFields({ chosen, content, template }: SharedCard): (key: string) => boolean {
  const keys = new Set(Object.values(content.hints));
  for (const style of STYLES) {
    for (const section of SHOWN_SECTIONS[chosen.type]) {
      for (const { key } of template[style]?.[section] ?? []) keys.add(key);
    }
  }
  return (key) => keys.has(key);
}

function withoutValues(template: TemplatePass, isShown: (key: string) => boolean): TemplatePass {
  const pass: TemplatePass = { ...template };
  for (const style of STYLES) {
    const given = template[style];
    if (given === undefined) continue;
    const sections = SECTIONS.flatMap((section) => {
      const fields = given[section];
      return fields === undefined ? [] : [[section, fields.map((field) => bare(field, isShown))]];
    });
    Object.assign(pass, { [style]: { ...given, ...Object.fromEntries(sections) } });
  }
  return pass;
}

function bare(field: Field, isShown: (key: string) => boolean) {
  if (isShown(field.key)) return field;
  const { value: _value, attributedValue: _attributed, ...others } = field;
  return others;
}

function valuesOf(values: Layer["values"], isShown: (key: string) => boolean): Layer["values"] {
  const entries = Object.entries(values).map(([key, override]) => {
    if (override === undefined || isShown(key)) return [key, override];
    const { value: _value, ...others } = override;
    return [key, others];
  });
  return Object.fromEntries(entries);
}
