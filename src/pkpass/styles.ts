/**
 * The names of the styles and of their sections, and how many fields of each section Wallet draws. It draws no others.
 *
 * It imports nothing, so that the drawing of a pass, which also runs in browsers, can use it. Follows Apple's "PassFields"
 * and the layouts of "Creating a poster generic pass".
 */

/** A pass has one of these styles. */
export const CLASSIC_STYLES = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"] as const;
/**
 * The classic styles come first, so that code that shows only one style of a pass shows the one that every phone
 * supports.
 */
export const STYLES = [...CLASSIC_STYLES, "posterGeneric"] as const;
export type Style = (typeof STYLES)[number];

export const SECTIONS = [
  "headerFields",
  "primaryFields",
  "secondaryFields",
  "auxiliaryFields",
  "footerFields",
  "backFields",
  "additionalInfoFields",
] as const;
export type Section = (typeof SECTIONS)[number];

type Limits = Readonly<Partial<Record<Section, number>>>;

const USUAL: Limits = { headerFields: 3, primaryFields: 1, secondaryFields: 4, auxiliaryFields: 4 };
/** How many fields of a section are drawn. A section without a limit is drawn as a whole, or not by this style. */
export const FIELD_LIMITS: Readonly<Record<Style, Limits>> = {
  boardingPass: { ...USUAL, primaryFields: 2, auxiliaryFields: 5 },
  coupon: USUAL,
  eventTicket: USUAL,
  generic: USUAL,
  posterGeneric: { headerFields: 1, primaryFields: 4, footerFields: 2 },
  storeCard: USUAL,
};
/** Styles that show secondary and auxiliary fields in one row. */
export const ONE_ROW: ReadonlySet<Style> = new Set(["coupon", "storeCard"]);
export const ROW_LENGTH = 4;

/** Sections that only these styles draw. */
export const ONLY_IN: Readonly<Partial<Record<Section, readonly Style[]>>> = {
  additionalInfoFields: ["eventTicket", "posterGeneric"],
  footerFields: ["posterGeneric"],
};
