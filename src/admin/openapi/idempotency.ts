/**
 * The middleware of routes that write: a request with an Idempotency-Key takes effect once. A repeat is answered from what the
 * first one wrote, as it is now. No answer is stored.
 *
 * The write function inserts the mark of the request in the batch of its effect (db/requests.ts). So a first request costs no
 * further round trip. A repeat is refused, by the mark or because its effect is already there, and then the mark is read.
 */
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import * as z from "zod";
import { isRepeatedRequest } from "../../db/d1-errors.ts";
import { findMark, type Mark } from "../../db/requests.ts";
import { etagOf } from "../../db/revisions.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/context.ts";
import {
  hashRequest,
  IDEMPOTENCY_KEY,
  IDEMPOTENCY_REPLAYED,
  idempotencyKeyOf,
} from "../../http/idempotency.ts";
import { writeJson } from "../../json.ts";
import { MAX_CHARACTERS } from "../../limits.ts";
import type { Location } from "../location.ts";
import { describe } from "./parts.ts";

/** What an answer shows, and its revision if it has an ETag. */
type Shown = object & { readonly revision?: number };

/** The body of the first answer, from what was written. @param targetId of the mark @param status of the first answer */
type ShowAgain<Body extends Shown> = (
  c: HonoContext<AppEnv>,
  targetId: string,
  status: number,
) => Body | Promise<Body>;

interface Options<Body> {
  /** Whether a repeat is looked for before the request is executed: for an effect outside of D1. Its route reads no body. */
  readonly looksFirst?: boolean;
  /** The Location of 201. */
  readonly locate?: (shown: Body) => Location;
}

/**
 * Takes an Idempotency-Key. It comes directly after `operation`, before the middleware that reads the body.
 * @param status of the answer, unless the route creates something
 * @param showAgain undefined if the answer has no body
 */
export function takesIdempotencyKey<Body extends Shown>(
  status: number,
  showAgain?: ShowAgain<Body>,
  { looksFirst = false, locate }: Options<Body> = {},
): MiddlewareHandler<AppEnv> {
  const middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    const key = idempotencyKeyOf(c.req.raw);
    if (key === undefined) return next();
    const bodyHash = await hashRequest(c.req.raw);
    c.set("context", { ...c.var.context, request: { key, bodyHash, status } });
    const repeated = looksFirst ? await answerRepeat(c, showAgain, locate) : undefined;
    if (repeated !== undefined) return repeated;
    await next();
    if (c.error === undefined || !mayBeRepeat(c.error)) return;
    const response = await answerRepeat(c, showAgain, locate);
    if (response === undefined) return;
    c.res = undefined; // or Hono would add the headers of the refusal
    c.res = response;
  };
  return describe(middleware, {
    header: z.object({
      [IDEMPOTENCY_KEY]: z
        .string()
        .min(1)
        .max(MAX_CHARACTERS.idempotencyKey)
        .optional()
        .meta({
          description:
            "A text that you choose for this request, such as a UUID. If you send the request again within 24 hours with the " +
            "same key, it takes effect once, and is answered with the first status and the resource as it is then",
        }),
    }),
    responseHeader: z.object({
      [IDEMPOTENCY_REPLAYED]: z.literal("true").optional().meta({
        description: "The request was already executed with this Idempotency-Key, and was not executed again",
      }),
    }),
    refusals: ["invalid_header", "changed_meanwhile", "idempotency_key_reused"],
  });
}

/** Whether a repeat of an executed request would fail like this: it was refused, or its mark exists. An error of the deployment is no sign of it. */
function mayBeRepeat(error: Error): boolean {
  return error instanceof ApiError ? error.status < 500 : isRepeatedRequest(error);
}

/** @returns undefined if no request with this key was executed */
async function answerRepeat<Body extends Shown>(
  c: HonoContext<AppEnv>,
  showAgain: ShowAgain<Body> | undefined,
  locate: Options<Body>["locate"],
): Promise<Response | undefined> {
  const { db, actor, request } = c.var.context;
  if (request === undefined) return undefined;
  const mark = await findMark(db, actor, request.key);
  if (mark === undefined) return undefined;
  try {
    if (mark.bodyHash !== request.bodyHash) throw keyReused();
    return await showMarked(c, mark, showAgain, locate);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const refusal = error.toResponse();
    if (error.code !== "idempotency_key_reused") refusal.headers.set(IDEMPOTENCY_REPLAYED, "true");
    return refusal;
  }
}

/** The first answer, from what is stored now. */
async function showMarked<Body extends Shown>(
  c: HonoContext<AppEnv>,
  { status, targetId }: Mark,
  showAgain: ShowAgain<Body> | undefined,
  locate: Options<Body>["locate"],
): Promise<Response> {
  const headers = { [IDEMPOTENCY_REPLAYED]: "true" };
  if (showAgain === undefined) return new Response(null, { status, headers });
  const shown = await showAgain(c, targetId, status);
  return new Response(writeJson(shown), {
    status,
    headers: {
      ...headers,
      "Content-Type": "application/json",
      ...(status === 201 ? locate?.(shown) : undefined),
      ...(shown.revision === undefined ? {} : { ETag: etagOf(shown.revision) }),
    },
  });
}

function keyReused(): ApiError {
  return new ApiError(
    "idempotency_key_reused",
    `Another request was sent with this ${IDEMPOTENCY_KEY} in the last 24 hours: it had another method, path, query or body. Choose a new key for each request, and repeat a request without any change.`,
  );
}
