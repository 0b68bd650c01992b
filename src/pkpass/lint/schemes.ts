/**
 * The layouts that a pass asks for with preferredStyleSchemes: the poster event ticket and the semantic boarding pass.
 * What they need and lack, Wallet does not complain of: it shows the layout of before.
 *
 * Follows Apple's "Creating a poster event pass using semantic tags" and "Creating an airline boarding pass using
 * semantic tags".
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { boardingKeys } from "../schema/boarding.ts";
import type { Style } from "../schema/fields.ts";
import { posterKeys } from "../schema/poster.ts";
import { objectOf } from "./json.ts";
import { type LintSubject, unlessLater } from "./subject.ts";
import type { View } from "./view.ts";

const POSTER = "posterEventTicket";
const BOARDING = "semanticBoardingPass";
/** The style that a scheme draws, and the newer scheme that has to stand before it, if there is one. */
const SCHEMES: Readonly<Record<string, { readonly style: Style; readonly newer?: string }>> = {
  posterEventTicket: { style: "eventTicket" },
  eventTicket: { style: "eventTicket", newer: POSTER },
  semanticBoardingPass: { style: "boardingPass" },
  boardingPass: { style: "boardingPass", newer: BOARDING },
};

const EVENT_TAGS = ["eventName", "venueName", "venueRegionName", "venueRoom"];
const TAGS_OF_EVENT: Readonly<Record<string, readonly string[]>> = {
  PKEventTypeSports: ["homeTeamAbbreviation", "awayTeamAbbreviation"],
  PKEventTypeLivePerformance: ["performerNames"],
};
const FLIGHT_TAGS = [
  "airlineCode",
  "flightNumber",
  "departureAirportCode",
  "departureCityName",
  "departureLocationTimeZone",
  "destinationAirportCode",
  "destinationCityName",
  "destinationLocationTimeZone",
  "originalDepartureDate",
  "originalArrivalDate",
  "originalBoardingDate",
  "passengerName",
];

/** posterGeneric, which is a style and no scheme, has these too. */
const ALSO_GENERIC = ["footerBackgroundColor", "suppressHeaderDarkening", "useAutomaticColors"];

export function* schemeFindings(view: View): Iterable<Finding> {
  // What is missing is told of the template, and not of each of its passes.
  if (!view.isWhole) return;
  yield* ofSchemes(view);
  yield* ofKeys(view, POSTER, Object.keys(posterKeys));
  yield* ofKeys(view, BOARDING, Object.keys(boardingKeys));
  if (view.schemes.includes(POSTER)) yield* ofPoster(view);
  if (view.schemes.includes(BOARDING)) yield* ofBoarding(view);
}

function* ofSchemes({ schemes, styles }: View): Iterable<Finding> {
  const last = new Map(schemes.map((name, index) => [name, index]));
  for (const [index, name] of schemes.entries()) {
    const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
    if (scheme === undefined) continue;
    const pointer = pointerOf(["pass", "preferredStyleSchemes", index]);
    if (!styles.includes(scheme.style)) {
      yield warning(
        "scheme_without_style",
        pointer,
        `${name} is a layout of ${scheme.style}, and the pass is none.`,
        `Add ${scheme.style}, or remove ${name}.`,
      );
    }
    if (scheme.newer === undefined || (last.get(scheme.newer) ?? -1) < index) continue;
    yield warning(
      "scheme_order",
      pointer,
      `Every phone knows ${name}, and none comes to the ${scheme.newer} after it.`,
      `Write ${scheme.newer} first.`,
    );
  }
}

function* ofKeys(
  { pass, schemes, styles }: View,
  scheme: string,
  keys: readonly string[],
): Iterable<Finding> {
  if (schemes.includes(scheme)) return;
  for (const key of keys) {
    if (pass[key] === undefined || (styles.includes("posterGeneric") && ALSO_GENERIC.includes(key))) continue;
    yield warning(
      "key_without_scheme",
      pointerOf(["pass", key]),
      `Only a ${scheme} shows ${key}.`,
      `Write "${scheme}" into preferredStyleSchemes, or remove ${key}.`,
    );
  }
}

function* ofPoster({ pass, tags, images, subject }: View): Iterable<Finding> {
  const eventType = String(objectOf(pass.semantics).eventType);
  const needed = [
    ...EVENT_TAGS,
    ...((Object.hasOwn(TAGS_OF_EVENT, eventType) && TAGS_OF_EVENT[eventType]) || []),
  ];
  const missing = needed.filter((tag) => !tags.has(tag));
  if (missing.length > 0) yield semanticsMissing("poster_semantics_missing", "poster", missing, subject);
  if (pass.nfc === undefined) {
    yield warning(
      "poster_without_nfc",
      "/pass/nfc",
      `A poster event ticket is read over NFC, and there is no nfc: phones show the classic ticket.${unlessLater(subject)}`,
      "Add nfc, for which Apple has to allow it, or remove posterEventTicket from preferredStyleSchemes.",
    );
  }
  if (!images.some(({ slot }) => slot === "artwork" || slot === "background")) {
    yield warning(
      "poster_artwork_missing",
      "/images",
      `A poster event ticket is mostly its artwork, and there is none.${unlessLater(subject)}`,
      "Add artwork@2x.png and artwork@3x.png, of 358 by 448 points.",
    );
  }
  const isNamed = pass.eventLogoText !== undefined || images.some(({ slot }) => slot === "primaryLogo");
  if (pass.logoText === undefined || isNamed) return;
  yield warning(
    "logo_text_not_shown",
    "/pass/logoText",
    "A poster event ticket shows no logoText.",
    "Add eventLogoText or a primaryLogo; logoText stays for older phones.",
  );
}

function* ofBoarding({ pass, styles, fields, tags, subject }: View): Iterable<Finding> {
  if (!styles.includes("boardingPass")) return;
  const { transitType } = objectOf(pass.boardingPass);
  if (transitType !== "PKTransitTypeAir") {
    yield warning(
      "semantic_boarding_not_air",
      "/pass/boardingPass/transitType",
      "The semantic boarding pass is for flights: phones show the classic one.",
      'Write "PKTransitTypeAir", or remove semanticBoardingPass from preferredStyleSchemes.',
    );
  }
  const missing = FLIGHT_TAGS.filter((tag) => !tags.has(tag));
  if (missing.length > 0)
    yield semanticsMissing("boarding_semantics_missing", "boarding pass", missing, subject);
  if (fields.some(({ style, section }) => style === "boardingPass" && section !== "backFields")) return;
  yield warning(
    "boarding_without_fields",
    "/pass/boardingPass",
    "The pass has no fields: phones before iOS 26 show an empty one.",
    "Add headerFields, primaryFields and auxiliaryFields with the same facts.",
  );
}

function semanticsMissing(
  code: "poster_semantics_missing" | "boarding_semantics_missing",
  layout: string,
  missing: readonly string[],
  subject: LintSubject,
): Finding {
  return warning(
    code,
    "/pass/semantics",
    `The ${layout} needs ${missing.join(", ")}: without them phones show the classic layout.${unlessLater(subject)}`,
    `Add ${missing.length === 1 ? "it" : "them"} to semantics.`,
  );
}
