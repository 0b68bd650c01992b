/**
 * A request to the admin API with a key, and what can come back. Nothing here throws: a page has to go on when the network does not.
 */
import { parseJson, writeJson } from "../json.ts";
import { parseProblem } from "./parse-answer.ts";

/** `serverTime` is of the header field Date, in milliseconds: what the clock of a phone is compared with. */
export type Answer<T> =
  | { readonly kind: "ok"; readonly body: T; readonly serverTime: number | null }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      /** JSON Pointer to the fault in the request's body, if the server says it. */
      readonly pointer?: string | undefined;
      /** What the linter says, if it refused the content. */
      readonly findings?: readonly RefusalFinding[] | undefined;
      readonly serverTime: number | null;
    }
  | Unreachable;

interface RefusalFinding {
  readonly severity: string;
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly cure: string;
}

export interface Unreachable {
  readonly kind: "unreachable";
  /**
   * network: no connection. timeout: no answer in time. busy: 408, 429 or 5xx. not_ours: something else answered, such as the
   * sign-in page of a Wi-Fi.
   */
  readonly reason: "network" | "timeout" | "busy" | "not_ours";
  readonly retryAfterMs: number | null;
  /** What the server says, if it says anything. */
  readonly detail?: string | undefined;
}

/** A request to `/admin/v1` + path. `body` is sent as JSON, and `file` as it is. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly file?: Uint8Array<ArrayBuffer>;
  readonly idempotencyKey?: string;
  /** The ETag of the only revision that may be changed, such as `"3"`. */
  readonly ifMatch?: string;
}

const TIMEOUT_MS = 20_000;

/** What the browser gives. Tests give their own. */
export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly timeoutMs?: number;
}

// fetch must be called as a function of the window.
export const BROWSER_NETWORK: Network = { fetch: (url, init) => fetch(url, init) };

/** @returns undefined if the body is not the answer of Edgepass */
export type Parse<T> = (body: unknown) => T | undefined;

export function request<T>(network: Network, key: string, call: Call, parse: Parse<T>): Promise<Answer<T>> {
  return ask(network, key, call, "no-store", async (response) =>
    readAnswer(response, parseIfJson(await response.text()), parse),
  );
}

/** The bytes at an address whose content never changes, so the browser may take them from its cache. @param type what they must be */
export function requestBytes(
  network: Network,
  key: string,
  path: string,
  type: string,
): Promise<Answer<Uint8Array<ArrayBuffer>>> {
  return ask(network, key, { method: "GET", path }, undefined, async (response) => {
    const isFile = response.ok && response.headers.get("Content-Type") === type;
    const bytes = isFile ? new Uint8Array(await response.arrayBuffer()) : undefined;
    const body = isFile ? undefined : parseIfJson(await response.text());
    return readAnswer(response, body, () => bytes);
  });
}

async function ask<T>(
  { fetch, timeoutMs = TIMEOUT_MS }: Network,
  key: string,
  { method, path, body, file, idempotencyKey, ifMatch }: Call,
  cache: "no-store" | undefined,
  read: (response: Response) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await fetch(`/admin/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
        ...(ifMatch === undefined ? {} : { "If-Match": ifMatch }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(file === undefined ? {} : { "Content-Type": "application/octet-stream" }),
      },
      ...(body === undefined ? {} : { body: writeJson(body) }),
      ...(file === undefined ? {} : { body: file }),
      ...(cache === undefined ? {} : { cache }),
      redirect: "manual",
      signal: abort.signal,
    });
    return await read(response);
  } catch {
    return { kind: "unreachable", reason: abort.signal.aborted ? "timeout" : "network", retryAfterMs: null };
  } finally {
    clearTimeout(timer);
  }
}

function readAnswer<T>({ status, headers }: Response, body: unknown, parse: Parse<T>): Answer<T> {
  if (status === 408 || status === 429 || status >= 500) {
    const detail = parseProblem(body)?.detail;
    return { kind: "unreachable", reason: "busy", retryAfterMs: retryAfterOf(headers), detail };
  }
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
