/**
 * The size of what a pass stores: its values, overrides and barcode texts. It is limited, so that no row is too
 * large for D1 (limits.ts).
 */
import type { SQL, SQLWrapper } from "drizzle-orm";
import { bytesInSql, bytesOf } from "../db/bytes.ts";
import { ApiError } from "../errors.ts";
import { MAX_STORED_BYTES } from "../limits.ts";

type Name = "values" | "pass" | "barcodeMessage" | "barcodeAltText";
type Content<Text> = { readonly [Key in Name]: Text };

/** SQL: the size in bytes of a pass with this content. */
export function passBytesInSql(content: Content<SQLWrapper>): SQL<number> {
  return bytesInSql(Object.values(content));
}

/** @throws ApiError content_too_large */
export function refuseLargePass(content: Partial<Content<string | null | undefined>>): void {
  const bytes = bytesOf(Object.values(content));
  if (bytes > MAX_STORED_BYTES.pass) throw passTooLarge(bytes);
}

export function passTooLarge(bytes: number): ApiError {
  return new ApiError(
    "content_too_large",
    `The pass would have ${bytes} bytes of values and overrides. At most ${MAX_STORED_BYTES.pass} are allowed. Shorten them, or remove values with null.`,
  );
}
