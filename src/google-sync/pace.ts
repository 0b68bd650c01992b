/**
 * How often Google is called: the calls of an issuer start evenly spread, and at most CALLS_PER_SECOND.
 */
import { CALLS_PER_SECOND, type GoogleFetch } from "../google-wallet/transport.ts";

const SPACING_MS = 1000 / CALLS_PER_SECOND;

export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** When the next call of each issuer may start. Consumers run one after another, mostly in one isolate. */
const nextStarts = new Map<string, number>();

/** A fetch that waits for its turn. Requests of tokens do not count: they have a limit of their own. */
export function pacedFetch(
  fetch: GoogleFetch,
  issuerId: string,
  api: string,
  { now, sleep }: Clock,
): GoogleFetch {
  return async (url, init) => {
    if (url.startsWith(`${api}/walletobjects/`)) {
      const start = Math.max(now(), nextStarts.get(issuerId) ?? 0);
      nextStarts.set(issuerId, start + SPACING_MS);
      const wait = start - now();
      if (wait > 0) await sleep(wait);
    }
    return fetch(url, init);
  };
}
