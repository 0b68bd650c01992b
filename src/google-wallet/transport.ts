/**
 * One request to Google with a time-out. It never throws: a failed connection is an answer too.
 */
import { failed } from "./answers.ts";

export type GoogleFetch = (url: string, init: RequestInit) => Promise<Response>;

/** For one issuer. Google takes 20 calls a second for a project; the other five are for clicks on links, which are not counted here. */
export const CALLS_PER_SECOND = 15;

const TIMEOUT_MS = 10_000;
/** A class has 5,000 characters, and a list of issuers a few hundred. */
const MAX_BODY_CHARACTERS = 1_000_000;

/** @param read turns status, body and Retry-After into the result */
export async function requestGoogle<Answer>(
  fetch: GoogleFetch,
  url: string,
  init: RequestInit,
  read: (status: number, text: string, retryAfter: string | null) => Answer,
): Promise<Answer | ReturnType<typeof failed>> {
  // AbortSignal.timeout would keep the invocation open until it fires, also after a response.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    // A redirect could take the token to another host. workerd does not support "error".
    const response = await fetch(url, { ...init, redirect: "manual", signal: abort.signal });
    const text = (await response.text()).slice(0, MAX_BODY_CHARACTERS);
    return read(response.status, text, response.headers.get("retry-after"));
  } catch {
    const why = abort.signal.aborted ? `No answer within ${TIMEOUT_MS / 1000} s` : "No connection";
    return failed("unavailable", null, why);
  } finally {
    clearTimeout(timer);
  }
}
