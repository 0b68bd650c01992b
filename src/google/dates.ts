/**
 * Dates as Google reads them. Those of flights are local at the airport and have no UTC offset: Google refuses one. All others
 * keep the offset that they have in pass.json.
 *
 * Follows https://developers.google.com/wallet/reference/rest/v1/flightclass.
 */
import { type JsonObject, memberOf } from "../json.ts";
import { isW3cDate } from "../pkpass/dates.ts";
import { compact } from "./compact.ts";
import type { TimeInterval } from "./types.ts";

const OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

/** The date with seconds and its offset; undefined if it is none. */
export function toFullDate(date: unknown): string | undefined {
  if (!isW3cDate(date)) return undefined;
  const offset = OFFSET.exec(date)?.[0] ?? "";
  const local = date.slice(0, date.length - offset.length);
  return `${withSeconds(local)}${offset}`;
}

/**
 * The time on the clocks of an airport.
 * @param timeZone IANA, of the airport. Without one that Intl knows, the date's own offset is taken for the airport's.
 */
export function toAirportTime(date: unknown, timeZone?: string): string | undefined {
  if (!isW3cDate(date)) return undefined;
  const moment = timeZone === undefined ? undefined : inTimeZone(Date.parse(date), timeZone);
  return moment ?? withSeconds(date.replace(OFFSET, ""));
}

/** A date of a `google` part that may have an offset: without it. Other texts stay as they are. */
export function withoutOffset(date: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(date) ? date.replace(OFFSET, "") : date;
}

/** Whether both ends of an interval have an offset, or neither has one. Google refuses an interval of which only one has it. */
export function haveSameOffsets({ start, end }: JsonObject): boolean {
  const [from, until] = [memberOf(start, "date"), memberOf(end, "date")];
  return typeof from !== "string" || typeof until !== "string" || hasOffset(from) === hasOffset(until);
}

export function hasOffset(date: string): boolean {
  return withoutOffset(date) !== date;
}

/** The interval of two dates, without a start that is not before the end. */
export function toInterval(start: unknown, end: unknown): TimeInterval | undefined {
  const [from, until] = [toFullDate(start), toFullDate(end)];
  const isReversed = from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until);
  const begins = from === undefined || isReversed ? undefined : { date: from };
  const ends = until === undefined ? undefined : { date: until };
  if (begins === undefined && ends === undefined) return undefined;
  return compact<TimeInterval>({ start: begins, end: ends });
}

function withSeconds(local: string): string {
  return local.length === "2027-03-05T06:30".length ? `${local}:00` : local;
}

function inTimeZone(moment: number, timeZone: string): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat("en", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }).formatToParts(moment);
    const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
    return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}`;
  } catch {
    // A RangeError: nobody has checked the time zone.
    return undefined;
  }
}
