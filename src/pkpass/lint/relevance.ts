/**
 * When and where a pass comes up by itself, and what it leads to.
 *
 * Follows Apple's "Pass", "Pass.Locations", "Pass.Beacons" and "Pass.RelevantDates".
 */
import { type Finding, pointerOf, warning } from "../finding.ts";
import { isW3cDate } from "../schema/primitives.ts";
import { listOf, objectOf } from "./json.ts";
import type { View } from "./view.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

export function* relevanceFindings(view: View): Iterable<Finding> {
  yield* ofDates(view);
  yield* ofPlaces(view);
  yield* ofKeys(view);
}

function* ofDates({ pass }: View): Iterable<Finding> {
  const entries = listOf(pass.relevantDates).map(objectOf);
  for (const [index, { startDate, endDate }] of entries.entries()) {
    const [start, end] = [timeOf(startDate), timeOf(endDate)];
    if (start === undefined || end === undefined) continue;
    const pointer = pointerOf(["pass", "relevantDates", index, "endDate"]);
    if (end < start) {
      yield warning(
        "interval_reversed",
        pointer,
        "endDate is before startDate: the pass never comes up.",
        "Exchange the two.",
      );
    }
    if (end - start > DAY_MS) {
      yield warning(
        "interval_too_long",
        pointer,
        "The interval is longer than 24 hours, and Wallet takes no longer one.",
        "Write several intervals, each of 24 hours at most.",
      );
    }
  }
  const relevant = [
    pass.relevantDate,
    ...entries.flatMap((entry) => [entry.date, entry.relevantDate, entry.startDate]),
  ];
  // No spread: a call has only so many arguments.
  const last = relevant.reduce<number>(
    (latest, date) => Math.max(latest, timeOf(date) ?? latest),
    Number.NEGATIVE_INFINITY,
  );
  const expires = timeOf(pass.expirationDate);
  if (expires === undefined || expires >= last) return;
  yield warning(
    "expires_too_early",
    "/pass/expirationDate",
    "The pass expires before the last date on which it is relevant.",
    "Write an expirationDate after it.",
  );
}

function* ofPlaces({ pass, isWhole }: View): Iterable<Finding> {
  for (const key of ["locations", "beacons"]) {
    const index = listOf(pass[key]).findIndex((place) => (objectOf(place).relevantText ?? "") === "");
    if (index < 0) continue;
    yield warning(
      "relevant_text_missing",
      pointerOf(["pass", key, index]),
      "The place has no relevantText: the lock screen does not say why the pass comes up there.",
      'Add a relevantText, such as "Welcome to our shop in Rue Cler".',
    );
  }
  if (!isWhole || pass.maxDistance === undefined || listOf(pass.locations).length > 0) return;
  yield warning(
    "max_distance_without_locations",
    "/pass/maxDistance",
    "maxDistance is measured from locations, and there are none.",
    "Add locations, or remove maxDistance.",
  );
}

function* ofKeys({ pass, isWhole, styles }: View): Iterable<Finding> {
  if (!isWhole) return;
  if (pass.appLaunchURL !== undefined && listOf(pass.associatedStoreIdentifiers).length === 0) {
    yield warning(
      "app_launch_without_app",
      "/pass/appLaunchURL",
      "appLaunchURL is handed to an app, and associatedStoreIdentifiers names none.",
      "Add associatedStoreIdentifiers with your app's number in the App Store.",
    );
  }
  const isGrouped = styles.includes("boardingPass") || styles.includes("eventTicket");
  if (pass.groupingIdentifier === undefined || isGrouped || styles.length === 0) return;
  yield warning(
    "grouping_not_applied",
    "/pass/groupingIdentifier",
    "Wallet groups boarding passes and event tickets only.",
    "Remove groupingIdentifier.",
  );
}

function timeOf(date: unknown): number | undefined {
  return typeof date === "string" && isW3cDate(date) ? Date.parse(date) : undefined;
}
