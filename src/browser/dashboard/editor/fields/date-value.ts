/**
 * Dates of fields: the local time and the UTC offset that W3C's NOTE-datetime has, and how they are edited. Pure, except that
 * `offsetHere` reads the time zone of this computer.
 */

export interface DateParts {
  /** As a datetime-local field has it: 2026-12-24T18:30. */
  readonly local: string;
  /** Z, or such as +01:00. */
  readonly offset: string;
}

/** @returns undefined if it is no date as Wallet reads them */
export function readDate(value: unknown): DateParts | undefined {
  if (typeof value !== "string") return undefined;
  const [, local, offset] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(Z|[+-]\d\d:\d\d)$/.exec(value) ?? [];
  return local === undefined || offset === undefined ? undefined : { local, offset };
}

/** The date as text, without milliseconds, which Wallet refuses. Undefined: it is no date. */
export function writeDate({ local, offset }: DateParts): string | undefined {
  return local === "" ? undefined : local.slice(0, 19) + offset;
}

/** Changes the local time. If the offset is that of this computer, it follows summer time. */
export function withLocal(before: DateParts | undefined, local: string, here = offsetHere): DateParts {
  if (before !== undefined && before.offset !== here(before.local)) return { ...before, local };
  return { local, offset: here(local) };
}

/** The offset of this computer at a local time. */
export function offsetHere(local: string): string {
  const minutes = -new Date(local).getTimezoneOffset();
  if (Number.isNaN(minutes)) return "Z";
  const two = (number: number) => String(Math.floor(number)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

/** The offset of each place without summer time. */
const PLACES: Readonly<Record<string, string>> = {
  "-11:00": "Pago Pago",
  "-10:00": "Honolulu",
  "-09:00": "Anchorage",
  "-08:00": "Los Angeles",
  "-07:00": "Denver",
  "-06:00": "Chicago",
  "-05:00": "New York",
  "-04:00": "Halifax",
  "-03:30": "St. John’s",
  "-03:00": "São Paulo",
  "-02:00": "South Georgia",
  "-01:00": "Azores",
  "+00:00": "London",
  "+01:00": "Berlin",
  "+02:00": "Athens",
  "+03:00": "Istanbul",
  "+03:30": "Tehran",
  "+04:00": "Dubai",
  "+04:30": "Kabul",
  "+05:00": "Karachi",
  "+05:30": "Delhi",
  "+05:45": "Kathmandu",
  "+06:00": "Dhaka",
  "+06:30": "Yangon",
  "+07:00": "Bangkok",
  "+08:00": "Singapore",
  "+09:00": "Tokyo",
  "+09:30": "Darwin",
  "+10:00": "Brisbane",
  "+11:00": "Nouméa",
  "+12:00": "Fiji",
  "+13:00": "Samoa",
};

/** The offsets to choose from, including the chosen one. */
export function offsetOptions(chosen: string): readonly (readonly [string, string])[] {
  const known = Object.entries(PLACES).map(([offset, place]) => [offset, `UTC${offset} (${place})`] as const);
  const own = chosen === "Z" ? "UTC" : `UTC${chosen}`;
  return Object.hasOwn(PLACES, chosen) ? known : [[chosen, own], ...known];
}
