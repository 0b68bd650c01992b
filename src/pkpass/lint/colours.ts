/**
 * Checks the contrast between text and background, and reports colours with an alpha.
 *
 * Follows Apple's "Pass" for the colours, and WCAG 2.2 for contrast.
 */

import { pointerTo } from "../../json.ts";
import { contrastRatio, formatRgb, parseColour } from "../colours.ts";
import { type Finding, warning } from "../finding.ts";
import { asString } from "./narrow.ts";
import type { View } from "./view.ts";

/** WCAG demands 4.5 and 3; below 1.5 text is invisible. */
const MIN_CONTRAST = 1.5;

export function* colourFindings(view: View): Iterable<Finding> {
  yield* checkAlpha(view);
  yield* checkContrast(view);
}

/** The colour without its alpha is the one that the eye sees over the background of the pass. */
function* checkAlpha({ pass }: View): Iterable<Finding> {
  for (const [key, value] of Object.entries(pass)) {
    if (!key.endsWith("Color") || typeof value !== "string" || !value.startsWith("rgba(")) continue;
    const behind = key === "backgroundColor" ? undefined : parseColour(asString(pass.backgroundColor) ?? "");
    const opaque = parseColour(value, behind);
    if (opaque === undefined) continue; // the schema reports it
    yield warning(
      "colour_with_alpha",
      pointerTo(["pass", key]),
      `${key} has an alpha. iPhones accept it, but Apple documents only rgb(red, green, blue), and other wallets may ignore the colour.`,
      `Write ${formatRgb(opaque)} for the same colour without an alpha.`,
    );
  }
}

function* checkContrast({ pass, styles, images }: View): Iterable<Finding> {
  const background = parseColour(asString(pass.backgroundColor) ?? "");
  // An event ticket with a background image does not use backgroundColor, and with useAutomaticColors Wallet chooses.
  const isCovered = styles.includes("eventTicket") && images.some(({ slot }) => slot === "background");
  if (background === undefined || isCovered || pass.useAutomaticColors === true) return;
  for (const key of ["foregroundColor", "labelColor"]) {
    const text = parseColour(asString(pass[key]) ?? "", background);
    if (text === undefined) continue;
    const contrast = contrastRatio(text, background);
    if (contrast >= MIN_CONTRAST) continue;
    yield warning(
      "low_contrast",
      pointerTo(["pass", key]),
      `${key} is almost the same as backgroundColor (contrast ${contrast.toFixed(1)}:1), so the text cannot be read.`,
      "Choose a much lighter or darker colour, with a contrast of at least 4.5:1.",
    );
  }
}
