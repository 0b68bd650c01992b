/**
 * Whether the texts stand out from their ground.
 *
 * Follows Apple's "Pass" for the colours, and WCAG 2.2 for contrast.
 */
import { colourIn, contrastOf } from "../colours.ts";
import { type Finding, pointerOf, warning } from "../finding.ts";
import { textOf } from "./json.ts";
import type { View } from "./view.ts";

/** WCAG asks for 4.5 and 3; below this a text is as good as not there. */
const LEAST_CONTRAST = 1.5;

export function* colourFindings({ pass, styles, images }: View): Iterable<Finding> {
  const ground = colourIn(textOf(pass.backgroundColor) ?? "");
  // A picture lies under the texts of such a ticket, and Wallet chooses the colours itself where it is told to.
  const isCovered = styles.includes("eventTicket") && images.some(({ slot }) => slot === "background");
  if (ground === undefined || isCovered || pass.useAutomaticColors === true) return;
  for (const key of ["foregroundColor", "labelColor"]) {
    const text = colourIn(textOf(pass[key]) ?? "");
    if (text === undefined) continue;
    const contrast = contrastOf(text, ground);
    if (contrast >= LEAST_CONTRAST) continue;
    yield warning(
      "low_contrast",
      pointerOf(["pass", key]),
      `${key} is nearly backgroundColor (contrast ${contrast.toFixed(1)} to 1): the texts cannot be read.`,
      "Choose a much lighter or darker colour, with a contrast of 4.5 or more.",
    );
  }
}
