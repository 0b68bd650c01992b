/**
 * Reads the body of a request and parses its JSON. It never reads more than the limit, whatever Content-Length says. An
 * upload can take minutes, so the time of a request with a body is when the body has arrived.
 *
 * The limits are in limits.ts; schemas are applied by validate.ts.
 */
import { readAtMost } from "../bytes.ts";
import { ApiError } from "../errors.ts";
import { isExactNumber, parseJson } from "../json.ts";
import { type RequestContext, restartClock } from "./context.ts";

/**
 * Reads the body, and then sets `c.var.context.now`. So read `c.var.context` after this, not before.
 * @param maxBytes an entry of MAX_BODY_BYTES
 * @throws ApiError body_too_large, or invalid_body if the upload is aborted
 */
export async function readBody(c: RequestContext, maxBytes: number): Promise<Uint8Array> {
  const request = c.req.raw;
  const announced = Number(request.headers.get("content-length") ?? 0);
  const body = announced > maxBytes ? undefined : await readWhole(request.body, maxBytes);
  restartClock(c, Date.now());
  if (body !== undefined) return body;
  throw new ApiError("body_too_large", `The body may have at most ${maxBytes} bytes.`);
}

async function readWhole(stream: ReadableStream<Uint8Array> | null, maxBytes: number) {
  try {
    return await readAtMost(stream, maxBytes);
  } catch {
    throw new ApiError("invalid_body", "The body is incomplete: the upload was aborted.");
  }
}

/** No pass.json is nested deeper. JSON.stringify overflows the stack at a few thousand levels. */
const MAX_DEPTH = 64;

/**
 * Parses UTF-8 JSON.
 * @param parseText parseRounded for a body of which only strings are read and whose sender is unknown
 * @throws ApiError malformed_json, with the message of the parser
 */
export function jsonBody(body: Uint8Array, parseText: (text: string) => unknown = parseJson): unknown {
  const value = parse(body, parseText);
  if (isDeeperThan(value, MAX_DEPTH)) throw tooDeep();
  return value;
}

function tooDeep(): ApiError {
  return new ApiError("malformed_json", `The body is nested more than ${MAX_DEPTH} levels deep.`);
}

function parse(body: Uint8Array, parseText: (text: string) => unknown): unknown {
  try {
    return parseText(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(); // the stack of the parser is full
    if (body.length === 0) throw new ApiError("malformed_json", "The body is empty. Send a JSON object.");
    const reason = error instanceof SyntaxError ? error.message : "it is not UTF-8";
    throw new ApiError("malformed_json", `The body is not valid JSON: ${reason}`);
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null || isExactNumber(value)) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
