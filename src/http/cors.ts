/**
 * Lets pages of the origins in CORS_ORIGINS call the admin API. Without the setting, browsers keep other origins out.
 *
 * Follows the Fetch standard ("CORS protocol"). No cookies are used, so credentials are not allowed.
 */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./context.ts";

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match";
const RESPONSE_HEADERS = "ETag, Location, Idempotency-Replayed, Retry-After";
/** For how long a browser keeps the answer to a preflight. */
const PREFLIGHT_SECONDS = "7200";

/** Answers a preflight itself, so it comes before authentication: a preflight has no key. */
export const allowOrigins: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { corsOrigins } = c.var.context.config;
  if (corsOrigins.size === 0) return next();
  const origin = c.req.header("origin");
  const isAllowed = origin !== undefined && corsOrigins.has(origin);
  const isPreflight =
    c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined;
  if (isPreflight && isAllowed) {
    c.res = new Response(null, {
      status: 204,
      headers: {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": PREFLIGHT_SECONDS,
      },
    });
  } else await next();
  // Refusals have them too, so that the page can read why.
  c.res.headers.append("Vary", "Origin");
  if (!isAllowed) return;
  c.res.headers.set("Access-Control-Allow-Origin", origin);
  c.res.headers.set("Access-Control-Expose-Headers", RESPONSE_HEADERS);
};
