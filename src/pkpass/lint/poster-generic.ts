/**
 * Checks the features that are new in iOS 27: the posterGeneric style and the featured actions.
 *
 * Follows Apple's "Creating a poster generic pass" and Apple's WWDC 2026, session 209.
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { asArray, asObject, asString } from "./narrow.ts";
import type { View } from "./view.ts";

const FALLBACKS = ["coupon", "eventTicket", "generic", "storeCard"] as const;
const MAX_ACTIONS = 2;

export function* posterGenericFindings({ pass, styles }: View): Iterable<Finding> {
  if (styles.includes("posterGeneric") && !FALLBACKS.some((style) => styles.includes(style))) {
    yield warning(
      "poster_generic_without_fallback",
      "/pass/posterGeneric",
      "iOS 26 and earlier do not know posterGeneric, and refuse a pass without another style.",
      `Add ${FALLBACKS.join(" or ")} with the same information.`,
    );
  }
  const actions = asArray(pass.featuredActions);
  if (actions.length > MAX_ACTIONS) {
    yield warning(
      "too_many_actions",
      pointerTo(["pass", "featuredActions", MAX_ACTIONS]),
      `Wallet shows ${MAX_ACTIONS} featured actions, but there are ${actions.length}.`,
      "Keep the two most important ones, in order of importance.",
    );
  }
  for (const [index, action] of actions.entries()) {
    const { type, url, placeIdentifier } = asObject(action);
    const path = ["pass", "featuredActions", index];
    if (type === "place" && url !== undefined && placeIdentifier === undefined) {
      yield warning(
        "action_target_mismatch",
        pointerTo([...path, "url"]),
        "An action of type place opens a place in Apple Maps, not a url.",
        "Replace url with the placeIdentifier of the place.",
      );
    } else if (type === "call" && asString(url)?.startsWith("tel:") === false) {
      yield warning(
        "action_target_mismatch",
        pointerTo([...path, "url"]),
        "An action of type call dials a phone number, but its url is not a tel: URL.",
        "Write a url such as tel:+33140205050.",
      );
    } else if (type !== "place" && url === undefined && placeIdentifier !== undefined) {
      yield warning(
        "action_target_mismatch",
        pointerTo([...path, "placeIdentifier"]),
        "Only an action of type place uses placeIdentifier.",
        "Replace placeIdentifier with a url, or change the type to place.",
      );
    }
  }
}
