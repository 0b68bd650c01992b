/**
 * Reads the answers of Google's API and of its token endpoint. Pure.
 *
 * Errors are `{error: {code, message, status, errors: [{reason}], details: [{reason}]}}`, and those of the token endpoint
 * `{error, error_description}` (RFC 6749 §5.2).
 */
import { isObject, type JsonObject, memberOf, parseJson } from "../json.ts";
import { maskTokens } from "../mask.ts";
import type { GoogleFailure, GoogleProblem } from "./problems.ts";

export type GoogleAnswer =
  | { readonly ok: true; readonly body: JsonObject }
  | ({ readonly ok: false } & GoogleFailure);

const MAX_DETAIL = 300;
/** A longer Retry-After is one of a mistake: then Google is asked once an hour. */
const LONGEST_RETRY_AFTER_SECONDS = 3600;

const ABOUT_ACCOUNT_OR_RESOURCE: ReadonlySet<number> = new Set([401, 403, 404, 409]);

/** @param text of the body */
export function readGoogleAnswer(status: number, text: string, retryAfter: string | null): GoogleAnswer {
  const body = readObject(text);
  if (status >= 200 && status < 300) {
    if (body !== undefined || text.trim() === "") return { ok: true, body: body ?? {} };
    return failed("unavailable", status, "The answer is not JSON");
  }
  const error = memberOf(body, "error");
  const detail = textOf(memberOf(error, "message")) ?? `HTTP ${status}`;
  // Such a page is of a proxy, and says nothing about the account or the resource.
  const isOfProxy = error === undefined && ABOUT_ACCOUNT_OR_RESOURCE.has(status);
  const code = isOfProxy ? "unavailable" : problemOf(status, reasonsOf(error), detail);
  return failed(code, status, detail, retryAfter);
}

/** The token, and in how many seconds it ends. */
export interface GrantedToken {
  readonly token: string;
  readonly expiresIn: number;
}

/** @returns the token, or why there is none */
export function readTokenAnswer(status: number, text: string, retryAfter: string | null) {
  const body = readObject(text);
  const { access_token: token, expires_in: expiresIn } = body ?? {};
  if (status === 200 && typeof token === "string" && token !== "") {
    const granted: GrantedToken = { token, expiresIn: typeof expiresIn === "number" ? expiresIn : 3600 };
    return { ok: true, granted } as const;
  }
  const words = [textOf(body?.error), textOf(body?.error_description)].filter((word) => word !== undefined);
  const detail = words.length === 0 ? `HTTP ${status}` : words.join(": ");
  if (status === 429) return failed("quota_exceeded", status, detail, retryAfter);
  // 400 invalid_grant, 401 invalid_client: the account or its key. Anything else is not about them.
  const isRefusal = (status === 400 || status === 401 || status === 403) && words.length > 0;
  return failed(isRefusal ? "key_refused" : "unavailable", status, detail, retryAfter);
}

export function failed(
  code: GoogleProblem,
  status: number | null,
  detail: string,
  retryAfter: string | null = null,
): { readonly ok: false } & GoogleFailure {
  const seconds = retryAfter === null ? Number.NaN : Math.ceil(Number(retryAfter));
  return {
    ok: false,
    code,
    status,
    detail: maskTokens(detail).slice(0, MAX_DETAIL),
    ...(seconds >= 0 && { retryAfterSeconds: Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) }),
  };
}

function problemOf(status: number, reasons: readonly string[], message: string): GoogleProblem {
  const has = (pattern: RegExp) => reasons.some((reason) => pattern.test(reason));
  if (has(/^(accessNotConfigured|SERVICE_DISABLED)$/)) return "api_disabled";
  if (
    status === 429 ||
    has(/(rate|daily)LimitExceeded|quotaExceeded|RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED/i) ||
    /quota ?exceeded/i.test(message)
  )
    return "quota_exceeded";
  if (/\bdemo mode\b|publishing access/i.test(message)) return "demo_mode";
  switch (status) {
    case 401:
      return "key_refused";
    case 403:
      return "not_invited";
    case 404:
      return "resource_unknown";
    case 409:
      return "resource_exists";
    default:
      return status === 408 || status >= 500 || status < 400 ? "unavailable" : "refused";
  }
}

/** Google has the reason in up to three places. */
function reasonsOf(error: unknown): string[] {
  const listed = ["errors", "details"].flatMap((name) => {
    const items = memberOf(error, name);
    return Array.isArray(items) ? items.map((item) => memberOf(item, "reason")) : [];
  });
  return [memberOf(error, "status"), ...listed].filter((reason) => typeof reason === "string");
}

function readObject(text: string): JsonObject | undefined {
  try {
    const json = parseJson(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
