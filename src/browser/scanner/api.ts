/**
 * The calls of the admin API that a scanner makes.
 */
import { type Me, parseMe } from "../me.ts";
import { type Answer, BROWSER_NETWORK, type Network, type Parse, request } from "../request.ts";
import type { LookUp, ScanResult } from "./answers.ts";
import { parseLookUp, parseResult, parseResults } from "./answers.ts";

export interface SentScan {
  readonly scanId: string;
  readonly code: string;
  /** Milliseconds by the server's clock. Undefined: now, as the server sees it. */
  readonly at: number | undefined;
  readonly place: string | null;
  readonly reward: boolean;
}

export interface Api {
  me(): Promise<Answer<Me>>;
  /** At most SCAN_LIMITS.perRequest. The results may be fewer than the scans. */
  send(scans: readonly SentScan[]): Promise<Answer<readonly ScanResult[]>>;
  undo(scanId: string): Promise<Answer<ScanResult>>;
  lookUp(code: string): Promise<Answer<LookUp>>;
}

export function createApi(key: string, network: Network = BROWSER_NETWORK): Api {
  const call = <T>(method: string, path: string, parse: Parse<T>, body?: unknown) =>
    request(network, key, { method, path, body }, parse);
  return {
    me: () => call("GET", "/me", parseMe),
    send: (scans) => call("POST", "/scans", parseResults, { scans: scans.map(toBody) }),
    undo: (scanId) => call("POST", `/scans/${encodeURIComponent(scanId)}/undo`, parseResult),
    lookUp: (code) => call("GET", `/scans/lookup?code=${encodeURIComponent(code)}`, parseLookUp),
  };
}

function toBody({ scanId, code, at, place, reward }: SentScan) {
  return {
    scanId,
    code,
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(place === null ? {} : { place }),
    ...(reward ? { reward } : {}),
  };
}
