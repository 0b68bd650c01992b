/**
 * What iOS 27 brought: the posterGeneric style and the featured actions.
 *
 * Follows Apple's "Creating a poster generic pass" and what was shown at WWDC 2026, session 209.
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { listOf, objectOf, textOf } from "./json.ts";
import type { View } from "./view.ts";

const FALLBACKS = ["coupon", "eventTicket", "generic", "storeCard"] as const;
const MOST_ACTIONS = 2;

export function* posterGenericFindings({ pass, styles }: View): Iterable<Finding> {
  if (styles.includes("posterGeneric") && !FALLBACKS.some((style) => styles.includes(style))) {
    yield warning(
      "poster_generic_without_fallback",
      "/pass/posterGeneric",
      "iOS 26 and earlier do not know posterGeneric, and refuse a pass that has no other style.",
      `Add ${FALLBACKS.join(" or ")} with the same facts.`,
    );
  }
  const actions = listOf(pass.featuredActions);
  if (actions.length > MOST_ACTIONS) {
    yield warning(
      "too_many_actions",
      pointerOf(["pass", "featuredActions", MOST_ACTIONS]),
      `Wallet shows ${MOST_ACTIONS} featured actions, and there are ${actions.length}.`,
      "Keep the two that matter most, the first one first.",
    );
  }
  for (const [index, action] of actions.entries()) {
    const { type, url, placeIdentifier } = objectOf(action);
    const path = ["pass", "featuredActions", index];
    if (type === "place" && url !== undefined && placeIdentifier === undefined) {
      yield warning(
        "action_target",
        pointerOf([...path, "url"]),
        "An action of the type place opens a place of Apple Maps, and no url.",
        "Write the placeIdentifier of the place in its stead.",
      );
    } else if (type === "call" && textOf(url)?.startsWith("tel:") === false) {
      yield warning(
        "action_target",
        pointerOf([...path, "url"]),
        "An action of the type call dials a number, and its url is none.",
        "Write a url such as tel:+33140205050.",
      );
    } else if (type !== "place" && url === undefined && placeIdentifier !== undefined) {
      yield warning(
        "action_target",
        pointerOf([...path, "placeIdentifier"]),
        "Only an action of the type place has a placeIdentifier.",
        "Write a url in its stead, or the type place.",
      );
    }
  }
}
