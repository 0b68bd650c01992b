/**
 * Times as people read them: in the time zone of this phone or computer, and without the day or the year of now.
 */
import { DAY_MS } from "../durations.ts";

const LOCALE = "en-GB";

/** "14:03"; on another day "12 June, 14:03"; in another year "12 June 2025, 14:03". */
export function timeWords(time: number, now: number): string {
  const clock = clockWords(time);
  return isSameDay(time, now) ? clock : `${dayWords(new Date(time), new Date(now))}, ${clock}`;
}

/** The same with the word before it: "at 14:03", "on 12 June, 14:03". */
export function atTimeWords(time: number, now: number): string {
  return `${isSameDay(time, now) ? "at" : "on"} ${timeWords(time, now)}`;
}

/** "18:00 today", "Saturday 18:00" within the next six days, and later "12 June, 18:00". */
export function endWords(time: number, now: number): string {
  if (isSameDay(time, now)) return `${clockWords(time)} today`;
  const isSoon = time > now && time - now < 6 * DAY_MS;
  if (!isSoon) return timeWords(time, now);
  return `${new Intl.DateTimeFormat(LOCALE, { weekday: "long" }).format(time)} ${clockWords(time)}`;
}

/**
 * The day of a date as an event has it, such as 2026-06-12T20:00+02:00: the day there, wherever this phone is.
 * @returns undefined if the text does not begin with a date
 */
export function eventDayWords(text: string, now: number): string | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(date.getTime()) ? undefined : dayWords(date, new Date(now));
}

/** "Friday, 12 June"; in another year "Thursday, 12 June 2025". */
export function dateWords(time: number, now: number): string {
  const weekday = new Intl.DateTimeFormat(LOCALE, { weekday: "long" }).format(time);
  return `${weekday}, ${dayWords(new Date(time), new Date(now))}`;
}

/** Parses a time that the server writes. @returns undefined if it is none */
export function timeFrom(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function clockWords(time: number): string {
  return new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" }).format(time);
}

function dayWords(day: Date, today: Date): string {
  const isThisYear = day.getFullYear() === today.getFullYear();
  return new Intl.DateTimeFormat(LOCALE, {
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(day);
}

function isSameDay(time: number, now: number): boolean {
  return new Date(time).toDateString() === new Date(now).toDateString();
}
