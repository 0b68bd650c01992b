/**
 * Checks the upcoming events of a poster event ticket.
 *
 * Follows Apple's "UpcomingPassInformationEntry".
 */
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { asArray, asObject, asString } from "./narrow.ts";
import type { View } from "./view.ts";

export function* upcomingFindings({ pass, schemes, isWhole }: View): Iterable<Finding> {
  const entries = asArray(pass.upcomingPassInformation).map(asObject);
  if (entries.length > 0 && isWhole && !schemes.includes("posterEventTicket")) {
    yield warning(
      "upcoming_without_poster",
      "/pass/upcomingPassInformation",
      "Only a poster event ticket shows upcomingPassInformation.",
      'Add "posterEventTicket" to preferredStyleSchemes, or remove upcomingPassInformation.',
    );
  }
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const identifier = asString(entry.identifier);
    if (identifier === undefined) continue;
    if (seen.has(identifier)) {
      yield warning(
        "duplicate_upcoming_identifier",
        pointerTo(["pass", "upcomingPassInformation", index, "identifier"]),
        `The identifier "${identifier}" is used twice, so Wallet cannot tell the events apart.`,
        "Give each event a unique identifier that stays the same when the event changes.",
      );
    }
    seen.add(identifier);
  }
}
