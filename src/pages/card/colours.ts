/**
 * Chooses the colours of a pass's page: those of pass.json if they are valid, readable defaults for the others.
 *
 * The result is built from numbers, so no text of the issuer gets into a style.
 * Follows Apple's "Pass", and WCAG 2.2 for contrast.
 */
import { contrastRatio, formatRgb, parseColour, type Rgb } from "../../pkpass/colours.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";

/** CSS colours. */
export interface Colours {
  readonly background: string;
  readonly foreground: string;
  readonly label: string;
}

const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [28, 28, 30];
/** The share of the foreground colour in the default colour of labels. The rest is background. */
const LABEL_STRENGTH = 0.72;

/** @param isDimmed whether a darkened image covers the background behind the text */
export function chooseColours(pass: TemplatePass, isDimmed: boolean): Colours {
  const ownBackground = parseColour(pass.backgroundColor ?? "");
  const behind = isDimmed ? DARK : ownBackground;
  // Wallet then takes the colours of a poster from its artwork. Here they are those that are readable on a dark one.
  const isAutomatic = isDimmed && pass.useAutomaticColors === true;
  const ownForeground = isAutomatic ? LIGHT : parseColour(pass.foregroundColor ?? "", behind);
  const background = ownBackground ?? (ownForeground === undefined ? LIGHT : chooseReadable(ownForeground));
  const ground = isDimmed ? DARK : background;
  const foreground = ownForeground ?? chooseReadable(ground);
  const ownLabel = isAutomatic ? undefined : parseColour(pass.labelColor ?? "", ground);
  const label = ownLabel ?? mix(foreground, ground);
  return {
    background: formatRgb(background),
    foreground: formatRgb(foreground),
    label: formatRgb(label),
  };
}

function mix(foreground: Rgb, background: Rgb): Rgb {
  const at = (index: 0 | 1 | 2) =>
    Math.round(foreground[index] * LABEL_STRENGTH + background[index] * (1 - LABEL_STRENGTH));
  return [at(0), at(1), at(2)];
}

/** Light or dark, whichever has more contrast. */
const chooseReadable = (ground: Rgb): Rgb =>
  contrastRatio(ground, LIGHT) >= contrastRatio(ground, DARK) ? LIGHT : DARK;
