/**
 * When and where a pass appears on the lock screen.
 *
 * Follows Apple's "Pass.Locations", "Pass.Beacons" and "Pass.RelevantDates".
 */
import * as z from "zod";
import { toDouble } from "../../json.ts";
import { exactNumber } from "./exact-number.ts";
import { date, replaced, since, text } from "./primitives.ts";

/** RFC 9562 §4, any version, because beacon vendors use all versions. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const location = z
  .looseObject({
    latitude: exactNumber({ minimum: -90, maximum: 90 }),
    longitude: exactNumber({ minimum: -180, maximum: 180 }),
    altitude: exactNumber().optional(),
    relevantText: text.optional(),
  })
  .meta({ id: "Location" });

const beacon = z
  .looseObject({
    proximityUUID: z.string().regex(UUID, "must be a UUID such as e2c56db5-dffb-48d2-b060-d0f5a71096e0"),
    major: z.int().min(0).max(65535).optional(),
    minor: z.int().min(0).max(65535).optional(),
    relevantText: text.optional(),
  })
  .meta({ id: "Beacon" });

/** In iOS 18 `date` was called relevantDate. */
const relevantDate = z
  .looseObject({
    date: since("26.0", date),
    relevantDate: replaced("date", date),
    startDate: date.optional(),
    endDate: date.optional(),
  })
  .refine((entry) => (entry.startDate === undefined) === (entry.endDate === undefined), {
    error: "must have both startDate and endDate, or neither",
    params: { cure: "Add the missing date, so that there are both startDate and endDate." },
  })
  .refine((entry) => (entry.date ?? entry.relevantDate ?? entry.startDate) !== undefined, {
    error: "must have a date, or startDate and endDate",
    params: { cure: "Add a date, or startDate and endDate." },
  })
  .meta({ id: "RelevantDate" });

/** The keys of pass.json for dates, locations and beacons. */
export const relevanceKeys = {
  relevantDate: replaced("relevantDates", date),
  relevantDates: since("18.0", z.array(relevantDate)),
  locations: z.array(location).max(10, "must have at most 10 items, which is Wallet's limit").optional(),
  maxDistance: since(
    "7.0",
    exactNumber()
      .refine((distance) => toDouble(distance) > 0, "must be greater than 0")
      .meta({ exclusiveMinimum: 0 }),
  ),
  beacons: since("7.0", z.array(beacon).max(10, "must have at most 10 items, which is Wallet's limit")),
};
