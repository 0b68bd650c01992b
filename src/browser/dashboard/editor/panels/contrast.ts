/**
 * Whether the colours of a pass can be read, and colours that can. Pure.
 */
import type { JsonObject } from "../../../../json.ts";
import { chooseColours } from "../../../../pages/card/colours.ts";
import { contrastRatio, formatRgb, parseColour, type Rgb } from "../../../../pkpass/colours.ts";

const WHITE: Rgb = [255, 255, 255];
/** WCAG 2.2: of usual text, and of large text. */
const READABLE = 4.5;
const READABLE_IF_LARGE = 3;

const colourOf = (value: unknown) => (typeof value === "string" ? value : "");

/** The colours that a phone shows: where the pass has none, or a wrong one, those that the preview chooses. */
export function shownColours(pass: JsonObject) {
  const [backgroundColor, foregroundColor, labelColor] = [
    colourOf(pass.backgroundColor),
    colourOf(pass.foregroundColor),
    colourOf(pass.labelColor),
  ];
  const texts = { description: "", organizationName: "" };
  return chooseColours({ ...texts, backgroundColor, foregroundColor, labelColor }, false);
}

export interface Contrast {
  readonly ratio: number;
  readonly tone: "good" | "warning" | "bad";
  readonly words: string;
}

/** @param text a colour, as `shownColours` has it */
export function contrastOf(text: string, background: string): Contrast {
  const ratio = contrastRatio(parseColour(text) ?? WHITE, parseColour(background) ?? WHITE);
  if (ratio >= READABLE) return { ratio, tone: "good", words: "Easy to read" };
  if (ratio >= READABLE_IF_LARGE) return { ratio, tone: "warning", words: "Only large text is easy to read" };
  return { ratio, tone: "bad", words: "Hard to read" };
}

/** Text and labels that can be read on the background of the pass. */
export function readableColours(pass: JsonObject): {
  readonly foregroundColor: string;
  readonly labelColor: string;
} {
  const { background } = shownColours(pass);
  const { foreground, label } = shownColours({ backgroundColor: background });
  const isLabelReadable = contrastOf(label, background).ratio >= READABLE;
  return { foregroundColor: foreground, labelColor: isLabelReadable ? label : foreground };
}

/** `#rrggbb` for the field of a browser. */
export function hexOf(colour: string): string {
  const rgb = parseColour(colour) ?? WHITE;
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** What Apple documents for pass.json: `rgb(60, 30, 10)`. */
export function rgbOf(hex: string): string {
  return formatRgb(parseColour(hex) ?? WHITE);
}
