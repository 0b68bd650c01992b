/**
 * A sample as the body of a template: its images drawn, a gradient in the card's own colours each, and of each only the
 * sharpest, since Edgepass makes the other densities of it.
 */
import { parseColour, type Rgb } from "../../../src/pkpass/colours.ts";
import { STYLES } from "../../../src/pkpass/schema/schema.ts";
import { drawPng, type Pixel } from "../../apple/png.ts";
import { toBase64 } from "../../tools/fuzz/wire.ts";
import type { Sample } from "./sample.ts";

const SHARPEST = "@3x.png";
const LIGHT: Rgb = [250, 250, 250];
const DARK: Rgb = [60, 60, 70];

/**
 * The body for POST /admin/v1/templates, all but the pass type.
 * @param images path → PNG in base64
 */
export function templateOf(sample: Sample, images: Readonly<Record<string, string>> = drawGradients(sample)) {
  const { name, pass, strings, personalization, google } = sample;
  const asked = personalization === undefined ? {} : { personalization };
  return { name, pass, images, strings, ...asked, ...(google && { google: google.part }) };
}

function drawGradients({ pass, images, google }: Sample): Record<string, string> {
  const from = parseColour(pass.labelColor ?? "") ?? LIGHT;
  const to = parseColour(pass.backgroundColor ?? "") ?? DARK;
  const drawn = [...images.filter(([path]) => path.endsWith(SHARPEST)), ...(google?.images ?? [])].map(
    ([path, width, height]) => [path, toBase64(gradient(width, height, from, to))],
  );
  return Object.fromEntries(drawn);
}

/** The layout that the newest iPhone shows: a scheme where the pass prefers one, else its style, a poster first. */
export function layoutOf({ pass }: Sample): string {
  const styles = STYLES.filter((style) => pass[style] !== undefined);
  return pass.preferredStyleSchemes?.[0] ?? styles.at(-1) ?? "none";
}

function gradient(width: number, height: number, from: Rgb, to: Rgb): Uint8Array {
  const rows = Array.from({ length: height }, (_, y): Pixel => {
    const at = (index: 0 | 1 | 2) => Math.round(from[index] + ((to[index] - from[index]) * y) / height);
    return [at(0), at(1), at(2), 255];
  });
  return drawPng(width, height, (_x, y) => rows[y] ?? [0, 0, 0, 0]);
}
