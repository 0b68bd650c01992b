/**
 * Parses the colours of pass.json, and computes the contrast between two of them.
 *
 * The schema reports invalid colours; here they are undefined.
 * Follows Apple's "Pass" for the colours, and WCAG 2.2 for relative luminance and contrast.
 */

/** Each from 0 to 255, in sRGB. */
export type Rgb = readonly [red: number, green: number, blue: number];

const RGB = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/;
const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

/** Parses `rgb(60, 30, 10)` or `#3c1e0a`. */
export function parseColour(text: string): Rgb | undefined {
  const [match, radix] = text.startsWith("#") ? [HEX.exec(text), 16] : [RGB.exec(text), 10];
  if (match === null) return undefined;
  const channel = (digits = "0") => Math.min(255, Number.parseInt(digits, radix));
  return [channel(match[1]), channel(match[2]), channel(match[3])];
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
