/**
 * Requests that take much memory take turns (turns.ts, memory.ts). The body of a request that waits is not read, so it stays
 * with the client. While another request waits, an upload has a limited time: otherwise a slow client would keep its turn.
 *
 * Requests of phones never wait.
 */
import type { MiddlewareHandler, Next } from "hono";
import { ApiError } from "../errors.ts";
import { PASS_BODY } from "../memory.ts";
import {
  heavyTurns,
  PASS_WAIT_MS,
  passBodyTurns,
  type Turns,
  takeTurn,
  unauthenticatedBodyTurns,
} from "../turns.ts";
import type { AppEnv, RequestContext } from "./context.ts";

/** How long a request waits for its turn, and how long its upload may take while another one waits. */
interface Patience {
  readonly waitMs: number;
  readonly uploadMs: number;
}

/** Clients of an API usually wait for 30 seconds or longer. */
const HEAVY: Patience = { waitMs: 20_000, uploadMs: 30_000 };
/** A stranger can send one slow body after another, so their time is short. */
const UNAUTHENTICATED: Patience = { waitMs: 10_000, uploadMs: 5_000 };
const RETRY_AFTER_SECONDS = 5;
const LOOK_MS = 1000;

/** For routes that take a template or an archive. @throws ApiError busy or upload_too_slow */
export const heavyBody: MiddlewareHandler<AppEnv> = (c, next) => inTurn(c, heavyTurns, HEAVY, next);

/** For routes that take one pass, which may have images or long texts. It never refuses a request. */
export const passBody: MiddlewareHandler = async (c, next) => {
  const release = isLong(c.req.raw) ? await takeTurn(passBodyTurns, PASS_WAIT_MS) : undefined;
  try {
    await next();
  } finally {
    release?.();
  }
};

/** For the body of one pass whose sender is known only when it is read. @throws ApiError busy or upload_too_slow */
export function unauthenticatedBody(c: RequestContext, next: Next): Promise<void> {
  return isLong(c.req.raw) ? inTurn(c, unauthenticatedBodyTurns, UNAUTHENTICATED, next) : next();
}

async function inTurn(
  c: RequestContext,
  turns: Turns,
  { waitMs, uploadMs }: Patience,
  next: Next,
): Promise<void> {
  const release = await takeTurn(turns, waitMs);
  if (release === undefined) throw busy();
  const until = Date.now() + uploadMs;
  const upload = new AbortController();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now >= until && turns.isAwaited(now)) upload.abort(tooSlow(uploadMs));
  }, LOOK_MS);
  c.set("upload", upload.signal);
  try {
    await next();
  } finally {
    clearInterval(timer);
    release();
  }
}

/** Whether the body is long according to its Content-Length, or has no Content-Length. */
function isLong({ body, headers }: Request): boolean {
  const announced = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  return body !== null && announced > PASS_BODY.smallBytes;
}

function busy(): ApiError {
  return new ApiError(
    "busy",
    `Other requests with images or archives have not finished. Send this one again in ${RETRY_AFTER_SECONDS} seconds.`,
    { headers: { "Retry-After": `${RETRY_AFTER_SECONDS}` } },
  );
}

function tooSlow(uploadMs: number): ApiError {
  return new ApiError(
    "upload_too_slow",
    `The upload took longer than ${uploadMs / 1000} seconds, and other requests wait for it to end. Send it again from a faster connection, or when there are no other requests.`,
  );
}
