/**
 * Reads the body of a request and parses its JSON. It never reads more than the limit, whatever Content-Length says. An
 * upload can take minutes, so the time of a request with a body is when the body has arrived.
 *
 * The limits are in limits.ts; schemas are applied by validate.ts.
 */
import { readAtMost } from "../bytes.ts";
import { ApiError } from "../errors.ts";
import { measureJson, parseJson } from "../json.ts";
import { PARSED } from "../memory.ts";
import { findJsonFault } from "../pkpass/strict-json.ts";
import { type RequestContext, restartClock } from "./context.ts";
import { hashRequest } from "./idempotency.ts";

/**
 * Reads the body, and then sets `c.var.context.now`. So read `c.var.context` after this, not before.
 * @param maxBytes an entry of MAX_BODY_BYTES
 * @throws ApiError body_too_large, upload_too_slow, or invalid_body if the upload is aborted
 */
export async function readBody(c: RequestContext, maxBytes: number): Promise<Uint8Array> {
  const request = c.req.raw;
  const announced = Number(request.headers.get("content-length") ?? 0);
  const body = announced > maxBytes ? undefined : await readWhole(request.body, maxBytes, c.var.upload);
  restartClock(c, Date.now());
  if (body !== undefined) {
    await hashBody(c, body);
    return body;
  }
  throw new ApiError("body_too_large", `The body may have at most ${maxBytes} bytes.`);
}

/** Without an Idempotency-Key, nothing is hashed. */
async function hashBody(c: RequestContext, body: Uint8Array): Promise<void> {
  const { context } = c.var;
  if (context.request === undefined) return;
  const bodyHash = await hashRequest(c.req.raw, body);
  c.set("context", { ...context, request: { ...context.request, bodyHash } });
}

async function readWhole(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal | undefined,
) {
  try {
    return await readAtMost(stream, maxBytes, signal);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("invalid_body", "The body is incomplete: the upload was aborted.");
  }
}

/**
 * Parses UTF-8 JSON. It measures the text first, because a few bytes of it can become a large object.
 * @param maxValues the largest number of objects, arrays and members
 * @param parseText parseRounded, for a body from an unknown sender, if only its strings are read
 * @throws ApiError body_too_large, or malformed_json with the line and the column
 */
export function jsonBody(
  body: Uint8Array,
  maxValues: number = PARSED.values,
  parseText: (text: string) => unknown = parseJson,
): unknown {
  const { values, depth } = measureJson(body, { values: maxValues, depth: PARSED.depth });
  if (values > maxValues)
    throw new ApiError(
      "body_too_large",
      `The body may have at most ${maxValues} objects, arrays and members.`,
    );
  if (depth > PARSED.depth)
    throw new ApiError("malformed_json", `The body is nested more than ${PARSED.depth} levels deep.`);
  if (body.length === 0) throw new ApiError("malformed_json", "The body is empty. Send a JSON object.");
  const text = decodeUtf8(body);
  try {
    return parseText(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The messages of JSON.parse are for JavaScript programmers, and some of them name no place.
    const fault = findJsonFault(text, maxValues);
    throw new ApiError(
      "malformed_json",
      `The body is not valid JSON${fault === undefined ? "" : `: ${fault}`}.`,
    );
  }
}

function decodeUtf8(body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    throw new ApiError("malformed_json", "The body is not valid JSON: it is not UTF-8.");
  }
}
