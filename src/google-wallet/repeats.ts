/**
 * When something that did not get through to Google is sent again, and when a click does not try it again. Pure.
 */
import type { StoredProblem } from "../db/schema.ts";
import { MINUTE_MS } from "../durations.ts";
import { type Json, parseJson } from "../json.ts";
import { type GoogleFailure, type GoogleProblem, needsAction } from "./problems.ts";

const FIRST_PAUSE_SECONDS = 10;
const LONGEST_PAUSE_SECONDS = 3600;
/** Of the issuer, while the operator has to do something about the account. A good check ends it, so no row waits much longer. */
export const ACCOUNT_PAUSE_MS = 10 * MINUTE_MS;
/** How long a click gets the last refusal again, without a call. Short, so that a pass that was corrected works soon. */
const REFUSED_AGAIN_MS = 10_000;

/**
 * What a failure means for a row.
 *
 * - account: nothing of this issuer gets through until the operator does something, and nothing is given up
 * - repeat: it may get through later
 * - refused: it never will, as it is
 */
export type FailureKind = "account" | "repeat" | "refused";

/** @param attempts how many there were before this failure */
export function kindOfFailure(code: GoogleProblem, attempts: number): FailureKind {
  if (needsAction(code)) return "account";
  // Its class is sent again before the repeat.
  if (code === "resource_unknown" && attempts < 3) return "repeat";
  return code === "quota_exceeded" || code === "unavailable" ? "repeat" : "refused";
}

/**
 * Milliseconds until the next attempt: doubled each time, an hour at most (of the account ten minutes), never shorter than what Google asks for, and longer by up
 * to a quarter.
 * @param attempts how many there were before this failure
 * @param random 0 to 1
 */
export function pauseAfterFailure(
  { code, retryAfterSeconds = 0 }: Pick<GoogleFailure, "code" | "retryAfterSeconds">,
  attempts: number,
  random: number,
): number {
  const longest = needsAction(code) ? ACCOUNT_PAUSE_MS / 1000 : LONGEST_PAUSE_SECONDS;
  const doubled = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts, 20), longest);
  return Math.ceil(Math.max(doubled, retryAfterSeconds) * (1 + random / 4) * 1000);
}

/**
 * The refusal that a click gets again: people tap several times, and each attempt would count for Google's quota.
 * @param at when Google refused it, in milliseconds
 * @returns undefined if there is no refusal, or if it is older than that
 */
export function recentRefusal(
  problem: Json<StoredProblem> | null,
  at: number | null,
  now: number,
): GoogleFailure | undefined {
  if (problem === null || at === null || now - at >= REFUSED_AGAIN_MS) return undefined;
  const { code, detail } = parseJson(problem);
  return { code: code as GoogleProblem, status: null, detail };
}
