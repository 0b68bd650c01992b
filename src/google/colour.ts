/**
 * Colours as Google writes them. It chooses the colour of texts by itself.
 */
import { parseColour } from "../pkpass/colours.ts";

/** `rgb(60, 30, 10)` → `#3c1e0a`; undefined if it is no colour. */
export function toHexColour(colour: string | undefined): string | undefined {
  const rgb = colour === undefined ? undefined : parseColour(colour);
  if (rgb === undefined) return undefined;
  return `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
