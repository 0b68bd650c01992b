/**
 * Every error that Edgepass answers with: one class, and one table of stable codes.
 *
 * It is not for bugs: app.ts answers every other exception with a 500 without details. Follows RFC 9457 (problem+json)
 * and RFC 6901 (the pointer to the fault).
 */
import { logEvent } from "./log-events.ts";

/**
 * code → [HTTP status, meaning]. The meaning is the same for every error with this code; `detail` describes the single
 * error.
 */
export const ERRORS = {
  malformed_json: [400, "The body is not JSON"],
  invalid_body: [400, "The body does not match the schema of this route"],
  invalid_parameter: [400, "A URL parameter is invalid"],
  invalid_header: [400, "A header field is invalid"],
  pass_not_delivered: [400, "The pass is not found or not delivered"],

  unauthorized: [401, "The Authorization header is missing or wrong"],
  key_revoked: [401, "The key was revoked"],
  key_expired: [401, "The key has expired"],
  forbidden_role: [403, "The role of the key does not allow this"],
  forbidden_scope: [403, "The scope of the key does not allow this"],
  foreign_origin: [403, "The Origin may not call this route"],
  google_callback_refused: [403, "Google has not signed this callback, or it has expired"],
  registration_limit: [403, "The pass has reached its limit of registrations"],

  pass_type_not_found: [404, "There is no such pass type"],
  template_not_found: [404, "There is no such template"],
  pass_not_found: [404, "There is no such pass"],
  project_not_found: [404, "There is no such project"],
  event_not_found: [404, "There is no such event"],
  dead_letter_not_found: [404, "There is no such dead letter"],
  scan_not_found: [404, "There is no such scan"],
  join_not_found: [404, "There is no such join page"],
  key_not_found: [404, "There is no such key"],
  google_issuer_not_found: [404, "There is no such issuer of Google Wallet"],
  image_not_found: [404, "There is no such image"],
  personalization_not_found: [404, "The pass has no personal data"],
  apple_not_offered: [404, "The pass cannot be added to Apple Wallet"],
  google_not_offered: [404, "The pass cannot be added to Google Wallet"],
  route_not_found: [404, "There is no such route"],

  method_not_allowed: [405, "The route does not have this method"],

  upload_too_slow: [408, "The upload takes too long while other requests wait"],

  pass_type_exists: [409, "The pass type already exists"],
  serial_number_taken: [409, "The serial number was used before"],
  external_id_taken: [409, "The externalId is already in use"],
  slug_taken: [409, "Another template's join page has this slug"],
  external_id_ambiguous: [409, "Passes of several pass types have the externalId"],
  google_issuer_exists: [409, "The issuer of Google Wallet already exists"],
  google_issuer_in_use: [409, "The issuer has passes in Google Wallet"],
  pass_type_in_use: [409, "The pass type has templates, or passes were issued with it"],
  template_in_use: [409, "The template has passes"],
  project_in_use: [409, "The project has events or templates"],
  passes_become_valid: [409, "Passes would be valid again without the event"],
  already_redeemed: [409, "The pass is already redeemed"],
  pass_voided: [409, "The pass is voided"],
  pass_expired: [409, "The pass has expired"],
  voided_by_content: [409, "The content of the pass says that it is voided"],
  value_out_of_range: [409, "The sum would be beyond a bound"],
  redemption_id_mismatch: [409, "The pass was redeemed with another redemptionId"],
  shown_once: [409, "The request was executed, and its answer is not shown again"],
  other_template: [409, "The pass is of another template"],
  nothing_to_undo: [409, "The scan changed nothing"],
  undo_too_late: [409, "The scan can no longer be undone"],
  changed_since_scan: [409, "The pass was changed after the scan"],
  scan_by_another_key: [409, "Another key made the scan"],
  changed_meanwhile: [409, "Another request made a change at the same time"],

  precondition_failed: [412, "The resource has another revision"],

  body_too_large: [413, "The body is too large for this route"],
  unsupported_media_type: [415, "The route does not accept this Content-Type"],

  invalid_pass: [422, "Wallet would reject this pass"],
  null_not_allowed: [422, "Only a PATCH may contain null"],
  content_too_large: [422, "The pass, event or template would be too large to store"],
  invalid_image: [422, "The image cannot be used in a pass"],
  missing_icon: [422, "Every pass needs icon.png"],
  unreadable_pkpass: [422, "The file is not a readable .pkpass"],
  duplicate_pass: [422, "A pass is listed twice"],
  bundle_too_large: [422, "The passes are too large for one download"],
  serial_number_missing: [422, "The serial number is missing"],
  idempotency_key_reused: [422, "The Idempotency-Key belongs to another request"],
  unknown_field: [422, "The template has no field with this key"],
  number_not_exact: [422, "The number is too large to be read"],
  key_not_allowed: [422, "The key cannot be stored"],
  value_does_not_fit: [422, "The value does not fit the style of its field"],
  value_not_a_number: [422, "The field shows no number that can be added to"],

  pass_type_prefix_missing: [422, "The identifier of a pass type begins with pass."],
  certificate_malformed: [422, "This is not a readable certificate"],
  key_malformed: [422, "This is not a readable private key"],
  certificate_instead_of_key: [422, "This is a certificate; a private key is expected"],
  key_instead_of_certificate: [422, "This is a private key; a certificate is expected"],
  csr_instead_of_certificate: [422, "This is a certificate signing request; a certificate is expected"],
  csr_instead_of_key: [422, "This is a certificate signing request; a private key is expected"],
  pkcs12_unsupported: [422, "This is a .p12 file, which is not supported"],
  key_encrypted: [422, "The private key is encrypted with a password"],
  unsupported_key: [422, "The key must be RSA with at least 2048 bits, or P-256"],
  key_mismatch: [422, "The certificate was issued for another key"],
  pass_type_mismatch: [422, "The certificate is for another pass type"],
  team_mismatch: [422, "The certificate belongs to another team"],
  certificate_expired: [422, "The certificate has expired"],
  certificate_not_yet_valid: [422, "The certificate is not valid yet"],
  intermediate_missing: [422, "The intermediate certificate (WWDR) is missing"],
  intermediate_expired: [422, "The intermediate certificate (WWDR) has expired"],
  intermediate_mismatch: [422, "The intermediate certificate did not issue this certificate"],
  chain_untrusted: [422, "The certificate chain does not end at Apple's root"],
  apns_key_malformed: [422, "This is not an APNs key (.p8)"],
  service_account_malformed: [422, "This is not the JSON key of a service account of Google Cloud"],

  push_check_too_soon: [429, "The pass type was checked a moment ago"],
  google_check_too_soon: [429, "The issuer was checked a moment ago"],
  too_many_misses: [429, "Too many requests from this network asked for things that do not exist"],

  pass_not_built: [500, "The pkPass file cannot be built"],
  internal_error: [500, "Edgepass failed"],

  busy: [503, "Too many requests with images or archives at the same time"],
  not_configured: [503, "Edgepass is not configured"],
  not_migrated: [503, "The database lacks tables or columns of this version"],
  database_unavailable: [503, "The database is not available at the moment"],
  service_unavailable: [503, "A service of Cloudflare is not available at the moment"],
  google_unavailable: [503, "The pass cannot be added to Google Wallet at the moment"],
  google_keys_unavailable: [503, "Google's keys for callbacks are not available at the moment"],
  no_certificate: [503, "The pass type has no certificate"],
  signing_certificate_expired: [
    503,
    "The pass type's certificate has expired, so its passes cannot be signed",
  ],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;
type Status = (typeof ERRORS)[ErrorCode][0];

/** The phrases of RFC 9110 §15 and RFC 6585 §4. */
const PHRASES: Readonly<Record<Status, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** The phrase of an HTTP status. RFC 9457 §4.2.1 recommends it as the title of a problem of type about:blank. */
export function phraseOf(status: Status): string {
  return PHRASES[status];
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERRORS, code);
}

/** An error for the client. `detail` is public: what is wrong and how to fix it, never a secret. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  /** RFC 6901 pointer to the fault in the request body. */
  readonly pointer: string | undefined;
  /** Additional public members of the problem document. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    detail: string,
    more: {
      pointer?: string | undefined;
      extra?: Record<string, unknown>;
      headers?: Record<string, string>;
      /** The underlying error, without secrets. It is only logged. */
      cause?: unknown;
    } = {},
  ) {
    super(`${code}: ${detail}`, more.cause === undefined ? {} : { cause: more.cause });
    this.name = "ApiError";
    this.code = code;
    this.detail = detail;
    this.pointer = more.pointer;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }

  get status(): Status {
    return ERRORS[this.code][0];
  }

  /** The response, as RFC 9457 problem+json. */
  toResponse(): Response {
    return Response.json(
      {
        type: "about:blank",
        title: phraseOf(this.status),
        status: this.status,
        code: this.code,
        detail: this.detail,
        ...(this.pointer === undefined ? {} : { pointer: this.pointer }),
        ...this.extra,
      },
      { status: this.status, headers: { ...this.headers, "Content-Type": "application/problem+json" } },
    );
  }
}

/** Logs an error that the operator has to fix (5xx, but not `busy`). Errors of clients are not logged. */
export function logServerError(error: ApiError): void {
  if (error.status < 500 || error.code === "busy") return;
  logEvent("server_error", { code: error.code, detail: error.detail, cause: error.cause });
}
