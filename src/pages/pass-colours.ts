/**
 * The colours of a pass's page, from those of pass.json: checked, and chosen to be readable where they are missing.
 *
 * What comes out is built from numbers, so nothing that an issuer wrote reaches a style as it stands.
 * Follows Apple's "Pass", and WCAG 2.2 for contrast.
 */
import { contrastRatio, parseColour, type Rgb } from "../pkpass/colours.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";

/** CSS colours. */
export interface Colours {
  readonly background: string;
  readonly foreground: string;
  readonly label: string;
}

const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [28, 28, 30];
/** Of the foreground in a label that has no colour of its own. */
const LABEL_STRENGTH = 0.72;

/** @param isDimmed a darkened picture lies under the text, whatever the backgroundColor */
export function coloursOf(pass: TemplatePass, isDimmed: boolean): Colours {
  const ownForeground = parseColour(pass.foregroundColor ?? "");
  const ownBackground = parseColour(pass.backgroundColor ?? "");
  const background = ownBackground ?? (ownForeground === undefined ? LIGHT : readableOn(ownForeground));
  const foreground = ownForeground ?? readableOn(isDimmed ? DARK : background);
  const label = parseColour(pass.labelColor ?? "") ?? mixed(foreground, isDimmed ? DARK : background);
  return { background: css(background), foreground: css(foreground), label: css(label) };
}

const css = ([red, green, blue]: Rgb) => `rgb(${red}, ${green}, ${blue})`;

function mixed(foreground: Rgb, background: Rgb): Rgb {
  const at = (index: 0 | 1 | 2) =>
    Math.round(foreground[index] * LABEL_STRENGTH + background[index] * (1 - LABEL_STRENGTH));
  return [at(0), at(1), at(2)];
}

/** Light or dark, whichever stands out more. */
const readableOn = (ground: Rgb): Rgb =>
  contrastRatio(ground, LIGHT) >= contrastRatio(ground, DARK) ? LIGHT : DARK;
