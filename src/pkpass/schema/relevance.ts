/**
 * When and where a pass comes up on the lock screen.
 *
 * Follows Apple's "Pass.Locations", "Pass.Beacons" and "Pass.RelevantDates".
 */
import * as z from "zod";
import { date, replaced, since, text } from "./primitives.ts";

/** RFC 9562 §4, of any version: beacons are given what their makers like. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const location = z
  .looseObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    altitude: z.number().optional(),
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

/** iOS 18 called `date` relevantDate. */
const relevantDate = z
  .looseObject({
    date: since("26.0", date),
    relevantDate: replaced("date", date),
    startDate: date.optional(),
    endDate: date.optional(),
  })
  .refine((entry) => (entry.startDate === undefined) === (entry.endDate === undefined), {
    error: "needs both startDate and endDate, or neither",
    params: { cure: "Give both startDate and endDate." },
  })
  .refine((entry) => (entry.date ?? entry.relevantDate ?? entry.startDate) !== undefined, {
    error: "needs a date, or startDate and endDate",
    params: { cure: "Give a date, or startDate and endDate." },
  })
  .meta({ id: "RelevantDate" });

/** The keys of pass.json that say when and where. */
export const relevanceKeys = {
  relevantDate: replaced("relevantDates", date),
  relevantDates: since("18.0", z.array(relevantDate)),
  locations: z.array(location).max(10, "Wallet takes at most 10 locations").optional(),
  maxDistance: since("7.0", z.number().positive()),
  beacons: since("7.0", z.array(beacon).max(10, "Wallet takes at most 10 beacons")),
};
