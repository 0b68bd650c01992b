/**
 * Checks that the pass shows anything at all. Wallet accepts a style without fields (Apple's "PassFields" requires none)
 * and shows an empty card.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { asArray, asString } from "./narrow.ts";
import { unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

const TEXTS = ["logoText", "eventLogoText", "logoSymbolName"] as const;

export function* emptyPassFindings(view: View): Iterable<Finding> {
  const [style] = view.styles;
  if (!view.isWhole || style === undefined || showsSomething(view)) return;
  yield warning(
    "pass_empty",
    pointerTo(["pass", style]),
    `The pass shows nothing: it has no fields, no logoText, no barcode, and no image but the icon.${unlessLater(view.subject)}`,
    `Add fields to ${style}.`,
  );
}

function showsSomething({ pass, fields, images, schemes, tags }: View): boolean {
  return (
    fields.length > 0 ||
    TEXTS.some((key) => (asString(pass[key]) ?? "") !== "") ||
    pass.barcode !== undefined ||
    asArray(pass.barcodes).length > 0 ||
    images.some(({ slot }) => slot !== "icon") ||
    // The newer layouts are drawn from semantic tags.
    (schemes.length > 0 && tags.size > 0)
  );
}
