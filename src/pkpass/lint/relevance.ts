/**
 * Checks when and where a pass appears on the lock screen, its expiry, its app and its grouping.
 *
 * Follows Apple's "Pass", "Pass.Locations", "Pass.Beacons" and "Pass.RelevantDates".
 */
import { DAY_MS } from "../../durations.ts";
import { pointerTo } from "../../json.ts";
import { type Finding, warning } from "../finding.ts";
import { isW3cDate } from "../schema/primitives.ts";
import { asArray, asObject } from "./narrow.ts";
import type { View } from "./view.ts";

export function* relevanceFindings(view: View): Iterable<Finding> {
  yield* checkDates(view);
  yield* checkPlaces(view);
  yield* checkAppAndGrouping(view);
}

function* checkDates({ pass }: View): Iterable<Finding> {
  const entries = asArray(pass.relevantDates).map(asObject);
  for (const [index, { startDate, endDate }] of entries.entries()) {
    const [start, end] = [parseTime(startDate), parseTime(endDate)];
    if (start === undefined || end === undefined) continue;
    const pointer = pointerTo(["pass", "relevantDates", index, "endDate"]);
    if (end < start) {
      yield warning(
        "interval_reversed",
        pointer,
        "endDate is before startDate, so the pass never appears on the lock screen.",
        "Swap the two dates.",
      );
    }
    if (end - start > DAY_MS) {
      yield warning(
        "interval_too_long",
        pointer,
        "The interval is longer than 24 hours, the maximum that Wallet supports.",
        "Split it into intervals of at most 24 hours.",
      );
    }
  }
  const relevant = [
    pass.relevantDate,
    ...entries.flatMap((entry) => [entry.date, entry.relevantDate, entry.startDate]),
  ];
  // Math.max(...relevant) would fail: the number of arguments of a call is limited.
  const last = relevant.reduce<number>(
    (latest, date) => Math.max(latest, parseTime(date) ?? latest),
    Number.NEGATIVE_INFINITY,
  );
  const expires = parseTime(pass.expirationDate);
  if (expires === undefined || expires >= last) return;
  yield warning(
    "expires_too_early",
    "/pass/expirationDate",
    "The pass expires before its last relevant date.",
    "Write an expirationDate after that date.",
  );
}

function* checkPlaces({ pass, isWhole }: View): Iterable<Finding> {
  for (const key of ["locations", "beacons"]) {
    const index = asArray(pass[key]).findIndex((place) => (asObject(place).relevantText ?? "") === "");
    if (index < 0) continue;
    yield warning(
      "relevant_text_missing",
      pointerTo(["pass", key, index]),
      "There is no relevantText, so the lock screen does not say why the pass appears there.",
      'Add a relevantText, such as "Welcome to our shop in Rue Cler".',
    );
  }
  if (!isWhole || pass.maxDistance === undefined || asArray(pass.locations).length > 0) return;
  yield warning(
    "max_distance_without_locations",
    "/pass/maxDistance",
    "maxDistance has no effect without locations.",
    "Add locations, or remove maxDistance.",
  );
}

function* checkAppAndGrouping({ pass, isWhole, styles }: View): Iterable<Finding> {
  if (!isWhole) return;
  if (pass.appLaunchURL !== undefined && asArray(pass.associatedStoreIdentifiers).length === 0) {
    yield warning(
      "app_launch_without_app",
      "/pass/appLaunchURL",
      "appLaunchURL has no effect without associatedStoreIdentifiers: Wallet does not know which app to open.",
      "Add associatedStoreIdentifiers with the App Store ID of your app.",
    );
  }
  const isGrouped = styles.includes("boardingPass") || styles.includes("eventTicket");
  if (pass.groupingIdentifier === undefined || isGrouped || styles.length === 0) return;
  yield warning(
    "grouping_ignored",
    "/pass/groupingIdentifier",
    "Wallet groups only boarding passes and event tickets.",
    "Remove groupingIdentifier.",
  );
}

/** Milliseconds. */
export function parseTime(date: unknown): number | undefined {
  return typeof date === "string" && isW3cDate(date) ? Date.parse(date) : undefined;
}
