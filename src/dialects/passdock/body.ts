/**
 * What a client of Passdock's API sent: a form or JSON, with `pass` and `thumbnail` as hashes whichever way they came
 * (a JSON text in the form, nested form keys, an object). A fault of the body is kept until it is its turn to be told.
 *
 * What the hashes mean is input.ts. Follows the parameter tables and the examples of Passdock's API reference, and the
 * URL standard's application/x-www-form-urlencoded.
 */

import { ApiError } from "../../errors.ts";
import { jsonBody, readBody } from "../../http/body.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { refuseUnpairedSurrogates } from "../../http/validate.ts";

export type Hash = Readonly<Record<string, unknown>>;

export interface Sent {
  readonly query: Readonly<Record<string, string>>;
  /** Empty where none was sent, or none could be read. */
  readonly body: Hash;
  /** Whether it came as a form: then a `+` that nobody escaped has become a space. */
  readonly form: boolean;
  /** What is wrong with the body. */
  readonly fault: ApiError | undefined;
}

/** `pass[relevance][locations][latitude]` has four. */
const MAX_LEVELS = 8;
/** A template has 100 fields, and each has three parts. */
const MAX_PAIRS = 1000;

/** Reads the body, as far as the key in it can be found. Throws no ApiError: it is in `fault`. */
export async function sentIn(request: Request, query: Sent["query"]): Promise<Sent> {
  const sent: Sent = { query, body: {}, form: false, fault: undefined };
  try {
    return {
      ...sent,
      ...bodyIn(await readBody(request, MAX_BODY_BYTES.pass), request.headers.get("content-type")),
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...sent, fault: error };
  }
}

/** With the hashes in it read: what strangers are not worth. Throws no ApiError: it is in `fault`. */
export function understood(sent: Sent): Sent {
  if (sent.fault !== undefined) return sent;
  try {
    refuseUnpairedSurrogates(sent.body);
    const { pass, thumbnail } = sent.body;
    return { ...sent, body: { ...sent.body, pass: hashIn(pass), thumbnail: hashIn(thumbnail) } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...sent, fault: error };
  }
}

/** Whether the texts of a refusal are asked for, in the address or in the body. */
export function wantsErrors({ query, body }: Sent): boolean {
  return [query.errors, body.errors].some((value) => value === "true" || value === true);
}

/** The key in the body. */
export function apiTokenIn({ body }: Sent): string | undefined {
  return typeof body.api_token === "string" ? body.api_token : undefined;
}

/** A parameter that is true or false, in the address or else in the body. @throws ApiError for anything else */
export function flagIn({ query, body, fault }: Sent, name: string): boolean | undefined {
  if (fault !== undefined) throw fault;
  return booleanIn(query[name] ?? body[name], name);
}

/** A value that is true or false, or a text that says so; undefined if absent. @throws ApiError invalid_parameter */
export function booleanIn(value: unknown, name: string): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new ApiError("invalid_parameter", `"${name}" must be true or false.`, { pointer: `/${name}` });
}

/** Whether it is an object of JSON, or what nested form keys made. */
export function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bodyIn(bytes: Uint8Array, contentType: string | null): Pick<Sent, "body" | "form"> {
  if (bytes.length === 0) return { body: {}, form: false };
  // curl -d says that it sends a form, whatever it sends. No form begins so.
  const type = contentType ?? "";
  const json = /^[^;]*\bjson\b/i.test(type) || /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));
  if (/^multipart\//i.test(type))
    throw new ApiError("invalid_body", "A multipart form is not read. Send a form as curl -d does, or JSON.");
  if (!json) return { body: formIn(bytes), form: true };
  const body = jsonBody(bytes);
  if (isHash(body)) return { body, form: false };
  throw new ApiError("invalid_body", 'Send a JSON object, such as {"pass": {"serial_number": "1234567"}}.');
}

function formIn(bytes: Uint8Array): Hash {
  const body = emptyHash();
  const pairs = [...new URLSearchParams(utf8In(bytes))];
  if (pairs.length > MAX_PAIRS)
    throw new ApiError("invalid_body", `The form has more than ${MAX_PAIRS} keys.`);
  for (const [name, value] of pairs) {
    const path = pathOf(name);
    const last = path.pop() ?? name;
    let at = body;
    for (const key of path) {
      const inner = at[key];
      const hash = isHash(inner) ? inner : emptyHash();
      at[key] = hash;
      at = hash;
    }
    at[last] = value;
  }
  return body;
}

/** The URL standard would put U+FFFD where a form is no UTF-8, and the pass would show it. */
function utf8In(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
    for (const [escaped] of text.matchAll(/(%[89a-f][0-9a-f])+/gi)) decodeURIComponent(escaped);
    return text;
  } catch {
    throw new ApiError("invalid_body", "The form is not UTF-8.");
  }
}

/** `pass[bar][message]` as its keys. A name that has no such form is a key by itself. */
function pathOf(name: string): string[] {
  if (!/^[^[\]]+(\[[^[\]]+\])+$/.test(name)) {
    if (!/^(pass|thumbnail)\[/.test(name)) return [name];
    const detail = `"${name.slice(0, 80)}" cannot be read. Lists go into a form as JSON: pass={"relevance": {"locations": […]}}.`;
    throw new ApiError("invalid_body", detail);
  }
  const path = name.slice(0, -1).split(/\]?\[/);
  if (path.length <= MAX_LEVELS) return path;
  throw new ApiError("invalid_body", `The form has a key of more than ${MAX_LEVELS} levels.`);
}

/** Without a prototype: the keys are a client's. */
function emptyHash(): Record<string, unknown> {
  return Object.create(null);
}

/** The reference says "must be a Hash", and its forms send the JSON text of one. @throws ApiError malformed_json */
function hashIn(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const hash = jsonBody(new TextEncoder().encode(value));
  refuseUnpairedSurrogates(hash);
  return hash;
}
