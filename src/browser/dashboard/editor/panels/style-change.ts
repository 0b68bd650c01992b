/**
 * The style of a pass, and what changes with it: the fields move to the new style. Pure.
 */
import { isObject, type JsonObject } from "../../../../json.ts";
import { CLASSIC_STYLES, SECTIONS, type Section, STYLES, type Style } from "../../../../pkpass/styles.ts";

/** The style that phones show first. Undefined: it has none yet. */
export function shownStyle(pass: JsonObject): Style | undefined {
  return isObject(pass.posterGeneric) ? "posterGeneric" : classicStyle(pass);
}

/** Phones before iOS 27 show this one. */
export function classicStyle(pass: JsonObject): Style | undefined {
  return CLASSIC_STYLES.find((style) => isObject(pass[style]));
}

const POSTER_SECTIONS: readonly Section[] = [
  ...(["headerFields", "primaryFields", "footerFields"] as const),
  ...(["backFields", "additionalInfoFields"] as const),
];
/** Wallet shows these sections of a classic style. */
const CLASSIC_SECTIONS: readonly Section[] = [
  ...(["headerFields", "primaryFields", "secondaryFields"] as const),
  ...(["auxiliaryFields", "backFields"] as const),
];

function sectionsOf(style: Style): readonly Section[] {
  if (style === "posterGeneric") return POSTER_SECTIONS;
  return style === "eventTicket" ? [...CLASSIC_SECTIONS, "additionalInfoFields"] : CLASSIC_SECTIONS;
}

/**
 * The pass in another style. Fields of a section that the new style does not have go to the back. A poster is added to the classic
 * style, because older phones refuse a pass without one. If the pass has that classic style already, its fields stay as they are, and
 * those that only the poster has go to the back.
 */
export function withStyle(pass: JsonObject, style: Style): JsonObject {
  const before = shownStyle(pass);
  if (before === style) return pass;
  const content = before === undefined ? {} : pass[before];
  const fields = isObject(pass[style])
    ? withMissingFields(pass[style], isObject(content) ? content : {})
    : moveFields(isObject(content) ? content : {}, style);
  const others = Object.entries(pass).filter(([key]) => !STYLES.some((each) => each === key));
  if (style === "posterGeneric") {
    const classic = classicStyle(pass);
    const fallback = classic === undefined || classic === "boardingPass" ? "generic" : classic;
    const old =
      classic === fallback ? pass[fallback] : moveFields(isObject(content) ? content : {}, fallback);
    return { ...Object.fromEntries(others), posterGeneric: fields, [fallback]: old };
  }
  return { ...Object.fromEntries(others), [style]: fields };
}

/** Adds the fields of the other style that this one does not have to its back. */
function withMissingFields(content: JsonObject, other: JsonObject): JsonObject {
  const keys = new Set(fieldsOf(content).map(({ key }) => key));
  const missing = fieldsOf(other).filter(({ key }) => !keys.has(key));
  const back = Array.isArray(content.backFields) ? content.backFields : [];
  return missing.length === 0 ? content : { ...content, backFields: [...back, ...missing] };
}

function fieldsOf(content: JsonObject): readonly JsonObject[] {
  return SECTIONS.flatMap((section) => {
    const fields = content[section];
    return Array.isArray(fields) ? fields.filter(isObject) : [];
  });
}

function moveFields(content: JsonObject, style: Style): JsonObject {
  const known = sectionsOf(style);
  const moved = SECTIONS.filter((section) => !known.includes(section)).flatMap((section) => {
    const fields = content[section];
    return Array.isArray(fields) ? fields : [];
  });
  const { transitType, ...rest } = content;
  const kept = Object.entries(rest).filter(
    ([key]) => !SECTIONS.some((each) => each === key) || known.some((each) => each === key),
  );
  const back = Array.isArray(content.backFields) ? content.backFields : [];
  return {
    ...(style === "boardingPass" ? { transitType: transitType ?? "PKTransitTypeGeneric" } : {}),
    ...Object.fromEntries(kept),
    ...(moved.length === 0 ? {} : { backFields: [...back, ...moved] }),
  };
}
