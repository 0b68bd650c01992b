/**
 * When nothing of an issuer is sent for a while: Google has asked for a pause, or the operator has to do something about the account.
 */
import type { IssuerRow } from "../google-wallet/issuers.ts";
import { type GoogleFailure, type GoogleProblem, needsAction } from "../google-wallet/problems.ts";
import { ACCOUNT_PAUSE_MS } from "../google-wallet/repeats.ts";
import { parseJson } from "../json.ts";

/** Without Retry-After. Google's quota is one of a minute or of a second. */
const QUOTA_PAUSE_MS = 5000;

/** Until when Google has asked this isolate to wait. Other isolates do not know of it, and Google asks them too. */
const asked = new Map<string, number>();

/** @returns until when nothing is sent, in milliseconds; undefined if it may be sent now */
export function pausedUntil(issuer: IssuerRow, now: number): number | undefined {
  const { issuerId, checkedAt, checkProblem } = issuer;
  const problem = checkProblem === null ? undefined : parseJson(checkProblem);
  const isRefused = problem !== undefined && needsAction(problem.code as GoogleProblem);
  const ofAccount = isRefused && checkedAt !== null ? checkedAt + ACCOUNT_PAUSE_MS : 0;
  const until = Math.max(ofAccount, asked.get(issuerId) ?? 0);
  return until > now ? until : undefined;
}

/** @returns whether the run of this issuer has to end */
export function pauseFor(issuerId: string, failure: GoogleFailure, now: number): boolean {
  if (needsAction(failure.code)) return true;
  if (failure.code !== "quota_exceeded") return false;
  const seconds = failure.retryAfterSeconds;
  const until = now + (seconds === undefined ? QUOTA_PAUSE_MS : seconds * 1000);
  asked.set(issuerId, Math.max(until, asked.get(issuerId) ?? 0));
  return true;
}
