/**
 * The accent of a join page: a colour of the template that stands out from the page, in its light and in its dark form.
 *
 * The result is built from numbers, so no text of the issuer gets into a style. Follows WCAG 2.2: 3:1 for the edge of a
 * control (1.4.11), and the more readable of black and white for the text on it.
 */
import { contrastRatio, formatRgb, parseColour, type Rgb } from "../../pkpass/colours.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";

export const LIGHT_PAGE: Rgb = [255, 255, 255];
export const DARK_PAGE: Rgb = [20, 20, 22];
const LIGHT_INK: Rgb = [255, 255, 255];
/** Pure black: then one of the two inks has at least 4.5:1 on every colour. */
const DARK_INK: Rgb = [0, 0, 0];
const ENOUGH_CONTRAST = 3;

/** CSS colours. */
export interface Accent {
  readonly accent: string;
  /** The colour of text on the accent. */
  readonly onAccent: string;
}

/** @param page the background of the page */
export function chooseAccent(pass: TemplatePass, page: Rgb): Accent {
  const own = [pass.backgroundColor, pass.foregroundColor, pass.labelColor].map((text) =>
    parseColour(text ?? ""),
  );
  const ink = page === DARK_PAGE ? LIGHT_INK : DARK_INK;
  const accent =
    own.find((colour) => colour !== undefined && contrastRatio(colour, page) >= ENOUGH_CONTRAST) ?? ink;
  const isDark = contrastRatio(accent, LIGHT_INK) >= contrastRatio(accent, DARK_INK);
  return { accent: formatRgb(accent), onAccent: formatRgb(isDark ? LIGHT_INK : DARK_INK) };
}
