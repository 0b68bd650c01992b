/**
 * Reads the body of a request to Passdock's API: a form or JSON, with `pass` and `thumbnail` as hashes. In a form these
 * are JSON text or nested keys. An error in the body is stored in `error`, because errors in the key and the path take
 * precedence.
 *
 * input.ts interprets the hashes. Follows the parameter tables and the examples of Passdock's API reference.
 */
import { ApiError } from "../../errors.ts";
import { jsonBody, readBody } from "../../http/body.ts";
import type { RequestContext } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { refuseUnpairedSurrogates } from "../../http/validate.ts";
import { isObject, parseJson, parseRounded } from "../../json.ts";
import { PARSED } from "../../memory.ts";
import { parseForm } from "./form.ts";

/** Passdock's word for a JSON object. */
export type Hash = Readonly<Record<string, unknown>>;

export interface Input {
  readonly query: Readonly<Record<string, string>>;
  /** Empty if the request has no body, or the body cannot be parsed. */
  readonly body: Hash;
  /** The bytes of a body that is JSON. */
  readonly json?: Uint8Array;
  /** Whether the body is a form. In a form, a `+` that was not escaped arrives as a space. */
  readonly isForm: boolean;
  /** What is wrong with the body. */
  readonly error: ApiError | undefined;
}

/** Input without a body. */
export function queryInput(query: Input["query"]): Input {
  return { query, body: {}, isForm: false, error: undefined };
}

/** Parses the body only as far as necessary to find the key, with rounded numbers. An ApiError is not thrown, but stored in `error`. */
export async function readInput(c: RequestContext, query: Input["query"]): Promise<Input> {
  const input = queryInput(query);
  return storeError(input, async () => {
    const bytes = await readBody(c, MAX_BODY_BYTES.pass);
    return { ...input, ...parseBody(bytes, c.req.raw.headers.get("content-type") ?? "") };
  });
}

/**
 * Parses the hashes in the body, with exact numbers. Call it only for authenticated clients. An ApiError is not thrown,
 * but stored in `error`.
 */
export async function parseHashes(input: Input): Promise<Input> {
  if (input.error !== undefined) return input;
  return storeError(input, async () => {
    const body = input.json === undefined ? input.body : parseObject(input.json, parseJson);
    refuseUnpairedSurrogates(body);
    return { ...input, body: { ...body, pass: parseHash(body.pass), thumbnail: parseHash(body.thumbnail) } };
  });
}

/** Whether the client asks for the texts of errors, in the query or in the body. */
export function wantsErrorTexts({ query, body }: Input): boolean {
  return [query.errors, body.errors].some((value) => value === "true" || value === true);
}

/** The key in the body. */
export function findApiToken({ body }: Input): string | undefined {
  return typeof body.api_token === "string" ? body.api_token : undefined;
}

/**
 * A boolean parameter, from the query or else from the body.
 * @throws ApiError for any other value, or the error of the body
 */
export function parseFlag({ query, body, error }: Input, name: string): boolean | undefined {
  if (error !== undefined) throw error;
  return parseBoolean(query[name] ?? body[name], name);
}

/** A boolean, or its text; undefined if absent. @throws ApiError invalid_parameter */
export function parseBoolean(value: unknown, name: string): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new ApiError("invalid_parameter", `"${name}" must be true or false.`, { pointer: `/${name}` });
}

async function storeError(input: Input, read: () => Promise<Input>): Promise<Input> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...input, error };
  }
}

function parseBody(bytes: Uint8Array, contentType: string): Pick<Input, "body" | "json" | "isForm"> {
  if (bytes.length === 0) return { body: {}, isForm: false };
  // curl -d always sends the Content-Type of a form, even for JSON. No form begins with a brace.
  const isJson =
    /^[^;]*\bjson\b/i.test(contentType) || /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
  if (/^multipart\//i.test(contentType))
    throw new ApiError(
      "invalid_body",
      "Multipart forms are not supported. Send a form as curl -d does, or JSON.",
    );
  if (!isJson) return { body: parseForm(bytes), isForm: true };
  return { body: parseObject(bytes, parseRounded), json: bytes, isForm: false };
}

/** @throws ApiError malformed_json or invalid_body */
function parseObject(bytes: Uint8Array, parseText: (text: string) => unknown): Hash {
  const body = jsonBody(bytes, PARSED.values, parseText);
  if (isObject(body)) return body;
  throw new ApiError("invalid_body", 'Send a JSON object, such as {"pass": {"serial_number": "1234567"}}.');
}

/** The reference says "must be a Hash", and its form examples send JSON text. @throws ApiError malformed_json */
function parseHash(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const hash = jsonBody(new TextEncoder().encode(value));
  refuseUnpairedSurrogates(hash);
  return hash;
}
