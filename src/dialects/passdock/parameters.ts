/**
 * Parses the parameters in the path and the query of Passdock's API: ids, pages, searches and redemptions.
 *
 * Follows the parameter tables of Passdock's API reference.
 */
import { ApiError, type ErrorCode } from "../../errors.ts";
import { type Input, parseFlag } from "./body.ts";
import type { PassSearch } from "./queries.ts";

const MAX_PAGE = 1_000_000_000;

/** An id in the path, with or without `.json` at its end. @throws ApiError with the given code */
export function parseId(text: string | undefined, code: ErrorCode = "invalid_parameter"): number {
  const digits = (text ?? "").replace(/\.json$/, "");
  // No id is greater, and D1 could not store a greater one.
  if (/^\d+$/.test(digits)) return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  throw new ApiError(code, "The ids in the path must be numbers, such as /templates/106/passes/199.");
}

/** Get All Passes. @throws ApiError invalid_parameter */
export function parseListQuery(input: Input): { compact: boolean; page: number } {
  parseFlag(input, "errors");
  const compact = parseFlag(input, "compact") ?? false;
  const page = input.query.page ?? "1";
  if (/^[1-9]\d{0,14}$/.test(page)) return { compact, page: Math.min(Number(page), MAX_PAGE) };
  throw new ApiError(
    "invalid_parameter",
    `"page" must be a positive number; received "${page.slice(0, 20)}".`,
  );
}

/** Search for a Pass. @throws ApiError invalid_parameter */
export function parseSearchQuery(input: Input): { filter: PassSearch; many: boolean } {
  parseFlag(input, "errors");
  const many = parseFlag(input, "many") ?? false;
  const { code, serial_number: serialNumber } = input.query;
  if (code) return { filter: { code }, many };
  if (serialNumber) return { filter: { serialNumber }, many };
  throw new ApiError("invalid_parameter", 'Send "code": the message of the barcode, with spaces as %20.');
}

/** Redeem a Pass. @throws ApiError invalid_parameter */
export function parseRedemption(input: Input): { redeemed: boolean; debug: boolean } {
  parseFlag(input, "errors");
  const debug = parseFlag(input, "debug") ?? false;
  const redeemed = parseFlag(input, "redeemed");
  if (redeemed !== undefined) return { redeemed, debug };
  throw new ApiError("invalid_parameter", 'Send "redeemed": true to redeem the pass, false to undo that.');
}
