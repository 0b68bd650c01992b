/**
 * Reads a body, bounded: no more is taken in than is allowed, whatever Content-Length says.
 *
 * What the JSON means is the schema's matter, not this file's.
 */
import { readAtMost } from "../bytes.ts";
import { ApiError } from "../errors.ts";
import { parseJson } from "../json.ts";

/** @throws ApiError body_too_large */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  const body = announced > maxBytes ? undefined : await readWhole(request.body, maxBytes);
  if (body !== undefined) return body;
  throw new ApiError("body_too_large", `This route takes at most ${maxBytes} bytes.`);
}

async function readWhole(stream: ReadableStream<Uint8Array> | null, maxBytes: number) {
  try {
    return await readAtMost(stream, maxBytes);
  } catch {
    throw new ApiError("invalid_body", "The body broke off before its end.");
  }
}

/** Deeper than any pass.json; JSON.stringify gives up on some thousands. */
const MAX_DEPTH = 64;

/** @throws ApiError malformed_json, with what the parser stumbled over */
export function jsonBody(body: Uint8Array): unknown {
  const value = parse(body);
  if (isDeeperThan(value, MAX_DEPTH)) {
    throw new ApiError("malformed_json", `The body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return value;
}

function parse(body: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch (error) {
    if (body.length === 0) throw new ApiError("malformed_json", "The body is empty. Send a JSON object.");
    const why = error instanceof SyntaxError ? error.message : "it is not UTF-8";
    throw new ApiError("malformed_json", `The body cannot be read as JSON: ${why}`);
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
