/** What the stand-in Google is sent and what it answers, without sockets. */
import type { GoogleFault } from "./faults.ts";
import { errorBody } from "./refusals.ts";

export interface WireRequest {
  readonly method: string;
  /** The path with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** "hang" is no answer at all; "reset" closes the connection. */
export type Outcome = WireAnswer | "hang" | "reset";

export function jsonAnswer(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function htmlAnswer(body: string, status = 200): WireAnswer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

export const isSlowSuccess = (fault: GoogleFault) =>
  "status" in fault && fault.status === 200 && fault.mode !== "html";

/** The answer that a fault asks for. */
export function faulty(fault: GoogleFault): Outcome {
  if (!("status" in fault)) return fault.mode;
  if (fault.mode === "html") return htmlAnswer("<!doctype html><title>Error</title>", fault.status);
  const { status, message = "The service is currently unavailable.", reason = "backendError" } = fault;
  return jsonAnswer(errorBody(status, message, reason, { domain: "global" }), status, fault.headers);
}
