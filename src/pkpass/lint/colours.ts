/**
 * Checks the contrast between text and background.
 *
 * Follows Apple's "Pass" for the colours, and WCAG 2.2 for contrast.
 */

import { pointerTo } from "../../json.ts";
import { contrastRatio, parseColour } from "../colours.ts";
import { type Finding, warning } from "../finding.ts";
import { asString } from "./narrow.ts";
import type { View } from "./view.ts";

/** WCAG demands 4.5 and 3; below 1.5 text is invisible. */
const MIN_CONTRAST = 1.5;

export function* colourFindings({ pass, styles, images }: View): Iterable<Finding> {
  const background = parseColour(asString(pass.backgroundColor) ?? "");
  // An event ticket with a background image does not use backgroundColor, and with useAutomaticColors Wallet chooses.
  const isCovered = styles.includes("eventTicket") && images.some(({ slot }) => slot === "background");
  if (background === undefined || isCovered || pass.useAutomaticColors === true) return;
  for (const key of ["foregroundColor", "labelColor"]) {
    const text = parseColour(asString(pass[key]) ?? "");
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
