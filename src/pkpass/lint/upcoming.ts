/**
 * The events that a poster event ticket leads to next.
 *
 * Follows Apple's "UpcomingPassInformationEntry".
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { listOf, objectOf, textOf } from "./json.ts";
import type { View } from "./view.ts";

export function* upcomingFindings({ pass, schemes, isWhole }: View): Iterable<Finding> {
  const entries = listOf(pass.upcomingPassInformation).map(objectOf);
  if (entries.length > 0 && isWhole && !schemes.includes("posterEventTicket")) {
    yield warning(
      "upcoming_without_poster",
      "/pass/upcomingPassInformation",
      "Only a poster event ticket shows the events that come next.",
      'Write "posterEventTicket" into preferredStyleSchemes, or remove upcomingPassInformation.',
    );
  }
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const identifier = textOf(entry.identifier);
    if (identifier === undefined) continue;
    if (seen.has(identifier)) {
      yield warning(
        "upcoming_repeated",
        pointerOf(["pass", "upcomingPassInformation", index, "identifier"]),
        `"${identifier}" stands twice: Wallet cannot tell the events apart.`,
        "Give each event an identifier of its own, and keep it when the event changes.",
      );
    }
    seen.add(identifier);
  }
}
