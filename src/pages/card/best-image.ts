/**
 * Which image of a slot is drawn: images without a language before those of the reader's language, and these before all others.
 *
 * Follows Apple's "Creating the source for a pass" (names, densities, localisations). Pure.
 */
import { slotOf } from "../../pkpass/images/names.ts";

/** Pixels in a point, by the name: 3 for `logo@3x.png`. */
export function densityOf(path: string): number {
  return Number(/@(\d)x\.png$/.exec(path)?.[1] ?? 1);
}

/**
 * The paths of a slot's images, the best first.
 * @param language the folder that the texts come from
 * @param wanted the density that is best: the highest, or the lowest for a small picture
 */
export function rankImages(
  paths: Iterable<string>,
  slot: string,
  language: string | undefined,
  wanted: "highest" | "lowest" = "highest",
): string[] {
  const rank = (path: string) => (!path.includes("/") ? 0 : path.startsWith(`${language}.lproj/`) ? 1 : 2);
  const sign = wanted === "highest" ? 1 : -1;
  return [...paths]
    .filter((path) => slotOf(path) === slot)
    .sort((a, b) => rank(a) - rank(b) || sign * (densityOf(b) - densityOf(a)));
}
