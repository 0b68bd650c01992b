/**
 * The dates that Wallet can parse. Follows Apple's "PassFieldContent" and W3C's NOTE-datetime.
 *
 * It imports nothing, so that the drawing of a pass, which also runs in browsers, can use it.
 */

/** Apple: "W3C date time stamp". Hours, minutes and a time zone are required; Wallet refuses milliseconds. */
const W3C_DATE = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** Whether Wallet can parse the value as a date: one that exists, with hours, minutes and a time zone. */
export function isW3cDate(value: unknown): value is string {
  if (typeof value !== "string" || !W3C_DATE.test(value) || Number.isNaN(Date.parse(value))) return false;
  // Date.parse turns 30 February into 2 March, but Wallet refuses it.
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
}
