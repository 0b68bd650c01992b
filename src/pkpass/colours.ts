/**
 * Parses the colours of pass.json, and computes the contrast between two of them.
 *
 * The schema reports invalid colours; here they are undefined.
 * Follows Apple's "Pass" for the colours, and WCAG 2.2 for relative luminance and contrast.
 */

/** Each from 0 to 255, in sRGB. */
export type Rgb = readonly [red: number, green: number, blue: number];

const WHITE: Rgb = [255, 255, 255];
const RGB = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/;
const RGBA = /^rgba\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(0?\.\d+|0|1(?:\.0+)?)\s*\)$/;
const HEX = /^#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})$/;

/** What a colour of pass.json may look like. An empty string means that there is none. */
export const COLOUR_SYNTAX = new RegExp(["^$", ...[RGB, RGBA, HEX].map(({ source }) => source)].join("|"));

/**
 * Parses `rgb(60, 30, 10)`, `rgba(60, 30, 10, 0.5)` or `#3c1e0a`.
 * @param behind what shines through a colour with an alpha below 1
 * @returns the colour as the eye sees it
 */
export function parseColour(text: string, behind: Rgb = WHITE): Rgb | undefined {
  const [match, radix] = text.startsWith("#")
    ? [HEX.exec(text), 16]
    : [RGB.exec(text) ?? RGBA.exec(text), 10];
  if (match === null) return undefined;
  const alpha = Number(match[4] ?? 1);
  const channel = (index: 0 | 1 | 2) => {
    const own = Math.min(255, Number.parseInt(match[index + 1] ?? "0", radix));
    return Math.round(own * alpha + behind[index] * (1 - alpha));
  };
  return [channel(0), channel(1), channel(2)];
}

/** The colour as CSS. It is also the form that Apple documents for pass.json. */
export function formatRgb([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** WCAG's contrast ratio: from 1 (the same colour) to 21 (black on white). */
export function contrastRatio(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
