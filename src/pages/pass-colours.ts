/**
 * The colours of a pass's page, from those of pass.json: checked, and chosen to be readable where they are missing.
 *
 * What comes out is built from numbers, so nothing that an issuer wrote reaches a style as it stands.
 * Follows Apple's "Pass", and WCAG 2.2 for relative luminance and contrast.
 */
import type { TemplatePass } from "../pkpass/schema.ts";

/** CSS colours. */
export interface Colours {
  readonly background: string;
  readonly foreground: string;
  readonly label: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

const LIGHT: Rgb = [255, 255, 255];
const DARK: Rgb = [28, 28, 30];
const RGB = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/;
const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;
/** Of the foreground in a label that has no colour of its own. */
const LABEL_STRENGTH = 0.72;

/** @param isDimmed a darkened picture lies under the text, whatever the backgroundColor */
export function coloursOf(pass: TemplatePass, isDimmed: boolean): Colours {
  const ownForeground = parsed(pass.foregroundColor);
  const ownBackground = parsed(pass.backgroundColor);
  const background = ownBackground ?? (ownForeground === undefined ? LIGHT : readableOn(ownForeground));
  const foreground = ownForeground ?? readableOn(isDimmed ? DARK : background);
  const label = parsed(pass.labelColor) ?? mixed(foreground, isDimmed ? DARK : background);
  return { background: css(background), foreground: css(foreground), label: css(label) };
}

function parsed(colour: string | undefined): Rgb | undefined {
  const rgb = RGB.exec(colour ?? "");
  const hex = HEX.exec(colour ?? "");
  if (rgb !== null) return [channel(rgb[1], 10), channel(rgb[2], 10), channel(rgb[3], 10)];
  if (hex !== null) return [channel(hex[1], 16), channel(hex[2], 16), channel(hex[3], 16)];
  return undefined;
}

const channel = (digits: string | undefined, radix: number) =>
  Math.min(255, Number.parseInt(digits ?? "0", radix));

const css = ([red, green, blue]: Rgb) => `rgb(${red}, ${green}, ${blue})`;

function mixed(foreground: Rgb, background: Rgb): Rgb {
  const at = (index: 0 | 1 | 2) =>
    Math.round(foreground[index] * LABEL_STRENGTH + background[index] * (1 - LABEL_STRENGTH));
  return [at(0), at(1), at(2)];
}

/** Light or dark, whichever stands out more. */
const readableOn = (ground: Rgb): Rgb => (contrast(ground, LIGHT) >= contrast(ground, DARK) ? LIGHT : DARK);

function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
