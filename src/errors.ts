/**
 * Every refusal that Edgepass can answer: one error class, one table of stable codes.
 *
 * It is not for bugs: whatever is thrown that is not an ApiError becomes an opaque 500 in app.ts.
 * Follows RFC 9457 (problem+json) and RFC 6901 (the pointer to the fault).
 */

/** code → HTTP status and the title that never changes. The detail says what to do about this very fault. */
export const ERRORS = {
  malformed_json: [400, "The body is not JSON"],
  invalid_body: [400, "The body does not have the shape that this route takes"],
  invalid_parameter: [400, "A parameter of the address is not usable"],
  pass_not_delivered: [400, "The pass is not found or not delivered"],
  unauthorized: [401, "The authorization is missing or wrong"],
  pass_type_not_found: [404, "There is no such pass type"],
  template_not_found: [404, "There is no such template"],
  pass_not_found: [404, "There is no such pass"],
  project_not_found: [404, "There is no such project"],
  event_not_found: [404, "There is no such event"],
  dead_letter_not_found: [404, "There is no such dead letter"],
  personalization_not_found: [404, "There is no personalization"],
  route_not_found: [404, "There is nothing at this address"],
  pass_type_exists: [409, "This pass type exists already"],
  serial_number_taken: [409, "This serial number was given out before"],
  external_id_taken: [409, "This externalId is in use"],
  template_in_use: [409, "The template has living passes"],
  project_in_use: [409, "The project has events or templates"],
  already_redeemed: [409, "The pass was redeemed before"],
  another_redemption: [409, "The pass was redeemed by another redemption"],
  changed_meanwhile: [409, "Somebody else changed this at the same moment"],
  body_too_large: [413, "The body is larger than this route takes"],
  unsupported_media_type: [415, "The body's Content-Type is not the one that this route takes"],
  invalid_pass: [422, "Wallet would refuse this pass"],
  invalid_image: [422, "This image cannot go into a pass"],
  missing_icon: [422, "Every pass needs icon.png"],
  unreadable_pkpass: [422, "This is no .pkpass file that can be read"],
  pass_repeated: [422, "One download holds each pass once"],
  serial_number_missing: [422, "A pass of this API brings its serial number"],
  unknown_field: [422, "The template has no field with this key"],
  value_does_not_fit: [422, "The value does not fit its field's style"],
  certificate_malformed: [422, "This is not a certificate"],
  key_malformed: [422, "This is not a private key"],
  certificate_given_as_key: [422, "This is a certificate, and a private key goes here"],
  key_given_as_certificate: [422, "This is a private key, and a certificate goes here"],
  csr_given_as_certificate: [422, "This is a certificate signing request, and a certificate goes here"],
  pkcs12_given: [422, "This is a .p12 file"],
  encrypted_key_given: [422, "This private key is locked with a password"],
  unsupported_key: [422, "Passes are signed with RSA (2048 bits or more) or P-256 keys"],
  key_of_another_certificate: [422, "The certificate was made for another key"],
  certificate_for_another_pass_type: [422, "The certificate is for another pass type"],
  certificate_of_another_team: [422, "The certificate belongs to another team"],
  certificate_expired: [422, "The certificate has expired"],
  certificate_not_yet_valid: [422, "The certificate is not valid yet"],
  intermediate_missing: [422, "The intermediate certificate (WWDR) is missing"],
  intermediate_expired: [422, "The intermediate certificate (WWDR) has expired"],
  intermediate_mismatch: [422, "The intermediate certificate did not issue this certificate"],
  chain_untrusted: [422, "The chain does not end at Apple's root"],
  apns_key_malformed: [422, "This is not an APNs key (.p8)"],
  registration_limit: [403, "This pass has as many registrations as are allowed"],
  pass_not_built: [500, "The pkPass file cannot be built"],
  not_configured: [503, "Edgepass is not configured"],
  no_certificate: [503, "The pass type has no usable certificate"],
  signing_certificate_expired: [
    503,
    "The pass type's certificate has expired, and nothing is signed with it",
  ],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal. `detail` is public: what is wrong and how to cure it, never a secret. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  /** RFC 6901 pointer into the body that was sent. */
  readonly pointer: string | undefined;
  /** Further public members of the problem document. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    detail: string,
    more: { pointer?: string; extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = "ApiError";
    this.code = code;
    this.detail = detail;
    this.pointer = more.pointer;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return ERRORS[this.code][0];
  }

  /** The answer, as RFC 9457 writes it. */
  toResponse(): Response {
    return Response.json(
      {
        type: "about:blank",
        title: ERRORS[this.code][1],
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

/** Tells the operator of a refusal that is this service's own fault; a client's is the client's to know. */
export function logIfOurs(error: ApiError): void {
  if (error.status < 500) return;
  console.error(JSON.stringify({ event: "refused", code: error.code, detail: error.detail }));
}
