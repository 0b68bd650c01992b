/**
 * Errors in the form of Passdock's API: {"code": 422}, and with errors=true also the texts.
 */
import type { ApiError, ErrorCode } from "../../errors.ts";

/** Codes whose status differs in Passdock's API reference. It has only 400, 401, 404, 420, 421 and 422. */
const STATUS_BY_CODE: Partial<Record<ErrorCode, number>> = {
  unknown_field: 420,
  serial_number_missing: 421,
  serial_number_taken: 400,
  external_id_taken: 400,
  changed_meanwhile: 400,
  pass_voided: 400,
  pass_expired: 400,
  body_too_large: 400,
  unsupported_media_type: 400,
};

/** @param withTexts whether the client sent errors=true */
export function toPassdockResponse(error: ApiError, withTexts: boolean): Response {
  const code = STATUS_BY_CODE[error.code] ?? error.status;
  const headers = { ...error.headers, "Cache-Control": "private, no-store" };
  return Response.json(withTexts ? { code, errors: [error.detail] } : { code }, { status: code, headers });
}
