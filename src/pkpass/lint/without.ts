/**
 * Lints `without`: a key that Apple does not document is probably misspelled, and then removes nothing.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { passOverrides } from "../schema/pass.ts";
import { didYouMean, findNearest } from "./nearest.ts";

/** The findings in the keys that a pass or an event removes. */
export function withoutFindings(keys: readonly string[]): Finding[] {
  const known = Object.keys(passOverrides.shape);
  return keys.flatMap((key, index) => {
    if (known.includes(key)) return [];
    const meant = findNearest(key, known);
    const message = `"${key}" is not a documented key of pass.json${didYouMean(meant)}`;
    const cure = meant === undefined ? "Remove it, unless the template has this key." : `Write ${meant}.`;
    return warning("unknown_key", pointerTo(["without", index]), message, cure);
  });
}
