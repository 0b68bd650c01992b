/**
 * The calls of the admin API that a scanner makes, and what their answers mean for it. Nothing here throws: a gate has to go on
 * when the network does not.
 */
import { parseJson, writeJson } from "../json.ts";
import type { LookUp, Me, ScanResult } from "./answers.ts";
import { parseLookUp, parseMe, parseProblem, parseResult, parseResults } from "./answers.ts";

/** `serverTime` is of the header field Date, in milliseconds: what the clock of a phone is compared with. */
export type Answer<T> =
  | { readonly kind: "ok"; readonly body: T; readonly serverTime: number | null }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      readonly serverTime: number | null;
    }
  | Unreachable;

export interface Unreachable {
  readonly kind: "unreachable";
  /**
   * network: no connection. timeout: no answer in time. busy: 408, 429 or 5xx. not_ours: something else answered, such as the
   * sign-in page of a Wi-Fi.
   */
  readonly reason: "network" | "timeout" | "busy" | "not_ours";
  readonly retryAfterMs: number | null;
}

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

const TIMEOUT_MS = 20_000;

/** What the browser gives. Tests give their own. */
export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly timeoutMs?: number;
}

export function createApi(key: string, network: Network = { fetch: (url, init) => fetch(url, init) }): Api {
  const call = <T>(method: string, path: string, parse: (body: unknown) => T | undefined, body?: unknown) =>
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

async function request<T>(
  { fetch, timeoutMs = TIMEOUT_MS }: Network,
  key: string,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: unknown },
  parse: (body: unknown) => T | undefined,
): Promise<Answer<T>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(`/admin/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: writeJson(body) }),
      cache: "no-store",
      redirect: "manual",
      signal: abort.signal,
    });
    return readAnswer(response, await response.text(), parse);
  } catch {
    return { kind: "unreachable", reason: abort.signal.aborted ? "timeout" : "network", retryAfterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

function readAnswer<T>(response: Response, text: string, parse: (body: unknown) => T | undefined): Answer<T> {
  const { status, headers } = response;
  if (status === 408 || status === 429 || status >= 500)
    return { kind: "unreachable", reason: "busy", retryAfterMs: retryAfterOf(headers) };
  const body = parseIfJson(text);
  const date = Date.parse(headers.get("Date") ?? "");
  const serverTime = Number.isNaN(date) ? null : date;
  if (status >= 200 && status < 300) {
    const parsed = parse(body);
    if (parsed !== undefined) return { kind: "ok", body: parsed, serverTime };
  } else if (status >= 400 && headers.get("Content-Type")?.startsWith("application/problem+json")) {
    const refusal = parseProblem(body);
    if (refusal !== undefined) return { kind: "refused", status, ...refusal, serverTime };
  }
  return { kind: "unreachable", reason: "not_ours", retryAfterMs: null };
}

/** @returns undefined if it is not JSON */
function parseIfJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** RFC 9110 §10.2.3, in seconds, as Edgepass and Cloudflare write it. */
function retryAfterOf(headers: Headers): number | null {
  const text = headers.get("Retry-After") ?? "";
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null;
}
