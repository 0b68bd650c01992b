/**
 * The header Idempotency-Key, and the hash by which a repeat of its request is recognized.
 *
 * Follows draft-ietf-httpapi-idempotency-key-header-07, except that a key is any printable text, with or without quotation marks.
 */
import { ApiError } from "../errors.ts";
import { MAX_CHARACTERS } from "../limits.ts";

export const IDEMPOTENCY_KEY = "Idempotency-Key";
export const IDEMPOTENCY_REPLAYED = "Idempotency-Replayed";

export const PRINTABLE_ASCII = /^[ -~]+$/;

/** The key of a request; undefined if it has none. @throws ApiError invalid_header */
export function idempotencyKeyOf({ headers }: Request): string | undefined {
  const key = headers.get(IDEMPOTENCY_KEY);
  if (key === null) return undefined;
  if (PRINTABLE_ASCII.test(key) && key.length <= MAX_CHARACTERS.idempotencyKey) return key;
  throw new ApiError(
    "invalid_header",
    `${IDEMPOTENCY_KEY} must have 1 to ${MAX_CHARACTERS.idempotencyKey} printable ASCII characters, such as a UUID.`,
  );
}

/** SHA-256 of method, path, query and body. @param body empty if the route reads none */
export async function hashRequest(
  { method, url }: Request,
  body: Uint8Array = new Uint8Array(),
): Promise<string> {
  const { pathname, search } = new URL(url);
  const bodyHash = await sha256(body);
  return sha256(new TextEncoder().encode(`${method} ${pathname}${search}\n${bodyHash}`));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
