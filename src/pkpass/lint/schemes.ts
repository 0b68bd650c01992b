/**
 * Checks the layouts in preferredStyleSchemes: the poster event ticket and the semantic boarding pass. If something
 * that they need is missing, Wallet does not report an error, but shows the older layout.
 *
 * Follows Apple's "Creating a poster event pass using semantic tags" and "Creating an airline boarding pass using
 * semantic tags". required-tags.ts checks the semantic tags.
 */
import { isObject, pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { boardingKeys } from "../schema/boarding.ts";
import type { Style } from "../schema/fields.ts";
import { posterKeys } from "../schema/poster.ts";
import { asObject } from "./narrow.ts";
import { flightTagFindings, posterTagFindings } from "./required-tags.ts";
import { unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

const POSTER = "posterEventTicket";
const BOARDING = "semanticBoardingPass";
/** Scheme → its style, and the newer scheme that must come before it. */
const SCHEMES: Readonly<Record<string, { readonly style: Style; readonly newer?: string }>> = {
  posterEventTicket: { style: "eventTicket" },
  eventTicket: { style: "eventTicket", newer: POSTER },
  semanticBoardingPass: { style: "boardingPass" },
  boardingPass: { style: "boardingPass", newer: BOARDING },
};

/** posterGeneric, which is a style and not a scheme, uses these too. */
const ALSO_GENERIC = ["footerBackgroundColor", "suppressHeaderDarkening", "useAutomaticColors"];

export function* schemeFindings(view: View): Iterable<Finding> {
  // Missing parts are reported once for the template, and not for each of its passes.
  if (!view.isWhole) return;
  yield* checkOrder(view);
  yield* checkKeys(view, POSTER, Object.keys(posterKeys));
  yield* checkKeys(view, BOARDING, Object.keys(boardingKeys));
  if (view.schemes.includes(POSTER)) yield* checkPoster(view);
  if (view.schemes.includes(BOARDING)) yield* checkBoardingPass(view);
}

function* checkOrder({ schemes, styles }: View): Iterable<Finding> {
  const last = new Map(schemes.map((name, index) => [name, index]));
  for (const [index, name] of schemes.entries()) {
    const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
    if (scheme === undefined) continue;
    const pointer = pointerTo(["pass", "preferredStyleSchemes", index]);
    if (!styles.includes(scheme.style)) {
      yield warning(
        "scheme_without_style",
        pointer,
        `${name} is a layout of the style ${scheme.style}, which the pass does not have.`,
        `Add ${scheme.style}, or remove ${name}.`,
      );
    }
    if (scheme.newer === undefined || (last.get(scheme.newer) ?? -1) < index) continue;
    yield warning(
      "scheme_order",
      pointer,
      `Phones use the first scheme that they support. All of them support ${name}, so none uses ${scheme.newer}, which comes after it.`,
      `Put ${scheme.newer} first.`,
    );
  }
}

function* checkKeys(
  { pass, schemes, styles }: View,
  scheme: string,
  keys: readonly string[],
): Iterable<Finding> {
  if (schemes.includes(scheme)) return;
  for (const key of keys) {
    if (pass[key] === undefined || (styles.includes("posterGeneric") && ALSO_GENERIC.includes(key))) continue;
    yield warning(
      "key_without_scheme",
      pointerTo(["pass", key]),
      `${key} has an effect only with the scheme ${scheme}.`,
      `Add "${scheme}" to preferredStyleSchemes, or remove the key.`,
    );
  }
}

function* checkPoster(view: View): Iterable<Finding> {
  const { pass, images, subject } = view;
  yield* posterTagFindings(view);
  if (pass.nfc === undefined) {
    yield warning(
      "poster_without_nfc",
      "/pass/nfc",
      `A poster event ticket needs nfc. Without it phones show the classic ticket.${unlessLater(subject)}`,
      "Add nfc (it needs an NFC certificate from Apple), or remove posterEventTicket from preferredStyleSchemes.",
    );
  } else if (isObject(pass.nfc) && pass.nfc.requiresAuthentication === undefined) {
    // Only Apple's Pass Builder requires it. Apple's "Pass.NFC" says that it is optional, and false by default.
    yield warning(
      "poster_nfc_without_authentication",
      "/pass/nfc/requiresAuthentication",
      "Apple's Pass Builder requires requiresAuthentication in the nfc of a poster event ticket.",
      "Add it: true if the holder has to unlock the phone for each use of the ticket, otherwise false.",
    );
  }
  if (!images.some(({ slot }) => slot === "artwork" || slot === "background")) {
    yield warning(
      "poster_artwork_missing",
      "/images",
      `A poster event ticket needs an artwork or background image, but has none.${unlessLater(subject)}`,
      "Add artwork@2x.png and artwork@3x.png with 358 × 448 points.",
    );
  }
  const isNamed = pass.eventLogoText !== undefined || images.some(({ slot }) => slot === "primaryLogo");
  if (pass.logoText === undefined || isNamed) return;
  yield warning(
    "logo_text_not_shown",
    "/pass/logoText",
    "A poster event ticket does not show logoText.",
    "Add eventLogoText or a primaryLogo. You may keep logoText for older phones.",
  );
}

function* checkBoardingPass(view: View): Iterable<Finding> {
  const { pass, styles, fields } = view;
  if (!styles.includes("boardingPass")) return;
  const { transitType } = asObject(pass.boardingPass);
  if (transitType !== "PKTransitTypeAir") {
    yield warning(
      "semantic_boarding_not_air",
      "/pass/boardingPass/transitType",
      "The semantic boarding pass is only for flights. Phones show the classic boarding pass.",
      'Write "PKTransitTypeAir", or remove semanticBoardingPass from preferredStyleSchemes.',
    );
  }
  yield* flightTagFindings(view);
  if (fields.some(({ style, section }) => style === "boardingPass" && section !== "backFields")) return;
  yield warning(
    "boarding_without_fields",
    "/pass/boardingPass",
    "The pass has no fields, so phones before iOS 26 show an empty pass.",
    "Add headerFields, primaryFields and auxiliaryFields with the same information.",
  );
}
