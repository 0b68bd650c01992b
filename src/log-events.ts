/**
 * The Worker's log: every event that it can have, and the only function that writes to the console.
 *
 * A line is one JSON object with `event`. .github/OPERATIONS.md says what each event means and what to do. Follows OWASP's
 * Logging Cheat Sheet ("Data to exclude"): no URL, no IP address, no serial number, no token, nothing that a holder entered.
 */
import { DrizzleQueryError } from "drizzle-orm";
import { maskAll } from "./mask.ts";

/** The members of events. A name means the same in every event. */
interface Members {
  /** What was thrown. `logEvent` writes it without the parameters of a query. */
  readonly error: unknown;
  /** The underlying error of an ApiError, in the same way. */
  readonly cause: unknown;
  readonly stack: string | undefined;
  /** What was sent to D1, never its text: read, write or batch. */
  readonly statement: string;
  readonly method: string;
  /** A code of errors.ts. */
  readonly code: string;
  readonly detail: string | undefined;
  /** A step of a cron trigger. */
  readonly step: string;
  readonly changeId: number;
  readonly reader: string;
  readonly table: string | undefined;
  readonly row: string | undefined;
  /** The kind of a queue message. */
  readonly kind: string;
  readonly passTypeIdentifier: string;
  readonly attempt: number;
  readonly reason: string;
  /** How many. */
  readonly tokens: number;
  readonly cure: string;
}

/** `error`: something is lost, or waits for the operator. `warn`: it is repeated, or costs only time. */
type Level = "error" | "warn";

/** event → its level and its members. */
export const LOG_EVENTS = {
  server_error: ["error", "code", "detail", "cause"],
  unexpected_error: ["error", "method", "error", "stack"],
  download_aborted: ["error", "error"],
  built_pass_not_stored: ["warn", "error"],
  built_pass_deletion_postponed: ["warn", "error"],
  unauthenticated_write_failed: ["warn", "error"],
  rate_limit_failed: ["warn", "error"],
  key_use_not_stored: ["warn", "error"],
  healthz_failed: ["error", "error"],
  counters_failed: ["warn", "error"],

  d1_repeated: ["warn", "statement", "attempt", "error"],

  google_callback_refused: ["warn", "reason"],
  google_callback_ignored: ["warn", "reason"],

  outbox_send_failed: ["warn", "changeId", "error"],
  outbox_sweep_failed: ["warn", "error"],
  reader_failed: ["error", "reader", "error"],
  reader_overtaken: ["warn", "reader"],
  minute_step_failed: ["error", "step", "error"],
  hourly_step_failed: ["error", "step", "error"],
  reseal_failed: ["error", "table", "row", "error"],

  queue_message_failed: ["warn", "kind", "error"],
  no_apns_key: ["error", "passTypeIdentifier", "attempt", "cure"],
  push_bad_token_unconfirmed: ["warn", "passTypeIdentifier", "attempt", "reason", "tokens"],
  push_delayed: ["warn", "passTypeIdentifier", "attempt", "reason", "detail", "tokens"],
  push_refused: ["error", "passTypeIdentifier", "attempt", "reason", "tokens"],
  push_gave_up: ["error", "passTypeIdentifier", "attempt", "reason", "tokens"],

  google_message_refused: ["error", "kind", "code", "detail"],
  google_wake_failed: ["warn", "error"],
  google_delayed: ["warn", "kind", "code", "detail"],
  google_refused: ["error", "kind", "code", "detail"],
} as const satisfies Record<string, readonly [Level, ...(keyof Members)[]]>;

export type LogEvent = keyof typeof LOG_EVENTS;
type MembersOf<Event extends LogEvent> = (typeof LOG_EVENTS)[Event] extends readonly [
  Level,
  ...infer Names extends (keyof Members)[],
]
  ? Pick<Members, Names[number]>
  : never;

/** Writes one event. Texts are masked: an error message is written by others, and may quote anything. */
export function logEvent<Event extends LogEvent>(event: Event, members: MembersOf<Event>): void {
  const masked = Object.entries<unknown>(members).map(([name, value]) => {
    const isThrown = (name === "error" || name === "cause") && value !== undefined;
    const plain = isThrown ? String(loggable(value)) : value;
    return [name, typeof plain === "string" ? maskAll(plain) : plain];
  });
  console[LOG_EVENTS[event][0]](JSON.stringify({ event, ...Object.fromEntries(masked) }));
}

/**
 * An error without secrets, for a log. The message of a failed query contains its parameters, and some of them are
 * secrets (push tokens, sealed keys, device identifiers). For such an error, only the database's own message is logged.
 */
export function loggable(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? (error.cause ?? "a query failed") : error;
}
