/**
 * The size of what an event stores. It is limited, because every fetch of a pass reads the row of its event.
 */
import { type SQL, sql } from "drizzle-orm";
import { bytesInSql, bytesOf } from "../db/bytes.ts";
import { ApiError } from "../errors.ts";
import { MAX_CHARACTERS, MAX_STORED_BYTES } from "../limits.ts";

/** SQL: the sizes of an event with this content. */
export function sizesInSql({ values, pass }: { readonly values: SQL; readonly pass: SQL }) {
  return { bytes: bytesInSql([values]), passCharacters: sql<number>`length(${pass})` };
}

/** SQL: whether an event may have these sizes. */
export function fitsInSql({ bytes, passCharacters }: ReturnType<typeof sizesInSql>): SQL {
  return sql`(${bytes} <= ${MAX_STORED_BYTES.eventValues} AND ${passCharacters} <= ${MAX_CHARACTERS.passJson})`;
}

/** @throws ApiError content_too_large */
export function refuseLargeEvent({ bytes, passCharacters }: { bytes: number; passCharacters: number }): void {
  if (bytes > MAX_STORED_BYTES.eventValues) {
    throw new ApiError(
      "content_too_large",
      `The event would have ${bytes} bytes of values. At most ${MAX_STORED_BYTES.eventValues} are allowed. Shorten them, or remove some with null.`,
      { pointer: "/values" },
    );
  }
  if (passCharacters > MAX_CHARACTERS.passJson) {
    throw new ApiError(
      "content_too_large",
      `The event would override pass.json with ${passCharacters} characters. At most ${MAX_CHARACTERS.passJson} are allowed. Shorten them, or remove some with null.`,
      { pointer: "/pass" },
    );
  }
}

/** The sizes of a new event. */
export function sizesOf(values: string, pass: string) {
  return { bytes: bytesOf([values]), passCharacters: pass.length };
}
