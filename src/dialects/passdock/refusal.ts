/**
 * A refusal as Passdock's API words it: {"code": 422}, and with errors=true the texts beside the code.
 */
import type { ApiError, ErrorCode } from "../../errors.ts";

/** Where Passdock's API reference has another status than Edgepass. It knows 400, 401, 404, 420, 421 and 422. */
const STATUSES: Partial<Record<ErrorCode, number>> = {
  unknown_field: 420,
  serial_number_missing: 421,
  serial_number_taken: 400,
  external_id_taken: 400,
  concurrent_change: 400,
  body_too_large: 400,
  unsupported_media_type: 400,
};

/** The answer. @param withTexts whether errors=true was sent */
export function refusalOf(error: ApiError, withTexts: boolean): Response {
  const code = STATUSES[error.code] ?? error.status;
  const headers = { ...error.headers, "Cache-Control": "private, no-store" };
  return Response.json(withTexts ? { code, errors: [error.detail] } : { code }, { status: code, headers });
}
