/**
 * The HTTP requests of the simulated iPhone: URLs, headers and success codes of every request to a web service, exactly
 * as iOS's daemon passd makes them. It stores nothing, and its only decision is whether iOS would accept the response.
 *
 * Follows Apple's "Adding a Web Service to Update Passes". The success codes, the encodings and the limit of 15 MiB are
 * the observed behaviour of iOS 16 and 17, which is stricter than Apple's pages.
 */
import { REASONS } from "./complaints.ts";

export type Fetch = (request: Request) => Promise<Response>;

/** A request and the status of its response; undefined if there was no response. */
export interface Exchange {
  method: string;
  url: string;
  status: number | undefined;
}

export type Answer =
  | { kind: "answered"; status: number; lastModified: string | undefined; body: Uint8Array }
  /** `isPosted` says whether the failure is reported to the server through its log. */
  | { kind: "failed"; reason: string; isPosted: boolean };

export interface CallDetails {
  authenticationToken?: string;
  ifModifiedSince?: string | undefined;
  json?: unknown;
}

/** Every code that is not listed is a failure, including 204 to DELETE and 201 to a log. */
const CALLS = {
  register: { method: "POST", success: [200, 201], reports401: true },
  unregister: { method: "DELETE", success: [200, 201], reports401: true },
  list: { method: "GET", success: [200, 204], reports401: false },
  pass: { method: "GET", success: [200, 304], reports401: true },
  personalize: { method: "POST", success: [200], reports401: true },
  log: { method: "POST", success: [200], reports401: false },
} as const satisfies Record<string, { method: string; success: readonly number[]; reports401: boolean }>;

export type CallName = keyof typeof CALLS;

const USER_AGENT = "passd/1.0 CFNetwork/1410.0.3 Darwin/22.6.0";
const LARGEST_ANSWER = 15 * 1024 * 1024;
/** Foundation's URLPathAllowedCharacterSet and URLQueryAllowedCharacterSet. */
const PATH_ALLOWED = /[A-Za-z0-9!$&'()*+,\-./:=@_~]/;
const QUERY_ALLOWED = /[A-Za-z0-9!$&'()*+,\-./:;=?@_~]/;

/**
 * The URL of an endpoint. Each component is percent-encoded and then appended by a call that encodes the percent signs
 * again, so `a b` is sent as `a%2520b`, and a slash is sent as a slash. The tag is encoded once, and `+ & = ?` are not
 * encoded.
 */
export function endpoint(webServiceURL: string, components: string[], tag?: string): string {
  const encoded = components.map((component) => encode(encode(component, PATH_ALLOWED), PATH_ALLOWED));
  const query = tag === undefined ? "" : `?passesUpdatedSince=${encode(tag, QUERY_ALLOWED)}`;
  return `${webServiceURL.replace(/\/$/, "")}/v1/${encoded.join("/")}${query}`;
}

function encode(text: string, allowed: RegExp): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x80 && allowed.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/**
 * Makes one request, adds it to `exchanges`, and checks the response. It never throws: a failed connection is a
 * failure.
 */
export async function send(
  fetch: Fetch,
  exchanges: Exchange[],
  call: CallName,
  url: string,
  { authenticationToken, ifModifiedSince, json }: CallDetails,
): Promise<Answer> {
  const { method, success, reports401 } = CALLS[call];
  const headers = new Headers({
    "User-Agent": USER_AGENT,
    Accept: "*/*",
    "Accept-Language": "en-US,en;q=0.9",
    "Accept-Encoding": "gzip, deflate, br",
  });
  if (authenticationToken !== undefined) headers.set("Authorization", `ApplePass ${authenticationToken}`);
  if (ifModifiedSince !== undefined) headers.set("If-Modified-Since", ifModifiedSince);
  if (json !== undefined) headers.set("Content-Type", "application/json");
  const body = json === undefined ? null : JSON.stringify(json);
  const exchange: Exchange = { method, url, status: undefined };
  exchanges.push(exchange);
  try {
    const response = await fetch(new Request(url, { method, headers, body, redirect: "manual" }));
    exchange.status = response.status;
    if (!(success as readonly number[]).includes(response.status)) {
      await response.body?.cancel();
      const isRefusal = response.status === 401 && reports401;
      const reason = isRefusal
        ? REASONS.authenticationFailure()
        : REASONS.unexpectedResponseCode(response.status);
      return { kind: "failed", reason, isPosted: true };
    }
    if (response.headers.has("Set-Cookie")) {
      // A real phone silently drops the cookie. A web service has no reason to send one, so the simulated phone
      // objects.
      await response.body?.cancel();
      return { kind: "failed", reason: "The answer sets a cookie", isPosted: false };
    }
    const lastModified = response.headers.get("Last-Modified") ?? undefined;
    return { kind: "answered", status: response.status, lastModified, body: await readLimited(response) };
  } catch (error) {
    return { kind: "failed", reason: REASONS.connection(String(error)), isPosted: false };
  }
}

async function readLimited(response: Response): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    chunks.push(part.value);
    length += part.value.length;
    if (length <= LARGEST_ANSWER) continue;
    await reader?.cancel();
    throw new Error("the answer is larger than 15 MiB");
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
