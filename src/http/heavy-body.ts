/**
 * Requests that take much memory take turns (turns.ts, memory.ts). The body of a request that waits is not read, so it stays
 * with the client.
 *
 * Requests of phones never wait.
 */
import type { MiddlewareHandler } from "hono";
import { ApiError } from "../errors.ts";
import { PASS_BODY } from "../memory.ts";
import { heavyTurns, passBodyTurns, takeTurn } from "../turns.ts";
import type { AppEnv } from "./context.ts";

/** Clients of an API usually wait for 30 seconds or longer. */
const HEAVY_WAIT_MS = 20_000;
const RETRY_AFTER_SECONDS = 5;
/** A pass is more urgent than memory: after this time it goes on without a turn. */
const PASS_WAIT_MS = 10_000;

/** For routes that take a template or an archive. @throws ApiError busy */
export const heavyBody: MiddlewareHandler<AppEnv> = async (_, next) => {
  const release = await takeTurn(heavyTurns, HEAVY_WAIT_MS);
  if (release === undefined) {
    throw new ApiError(
      "busy",
      `Other requests with images or archives have not finished. Send this one again in ${RETRY_AFTER_SECONDS} seconds.`,
      { headers: { "Retry-After": `${RETRY_AFTER_SECONDS}` } },
    );
  }
  try {
    await next();
  } finally {
    release();
  }
};

/** For routes that take one pass, with images or long texts if the body is long. It is never refused. */
export const passBody: MiddlewareHandler = async (c, next) => {
  const announced = Number(c.req.raw.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  const isLong = c.req.raw.body !== null && announced > PASS_BODY.smallBytes;
  const release = isLong ? await takeTurn(passBodyTurns, PASS_WAIT_MS) : undefined;
  try {
    await next();
  } finally {
    release?.();
  }
};
