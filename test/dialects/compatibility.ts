/**
 * What each endpoint of Apple's web service and of the dialects answers, and the test that proves it. This is the data of
 * the tables in src/dialects/README.md, which `npm run compatibility` writes and CI checks (test/tools/compatibility.ts).
 *
 * Follows Apple's "Adding a Web Service to Update Passes", VoltMX's "Getting the Latest Version of a Pass", Airship's
 * "List event passes" and Passdock's API reference.
 */

export interface CompatibilityRow {
  /** As Markdown. */
  readonly endpoint: string;
  readonly status: string;
  readonly when: string;
  /** The path of the test file from the root of the repository. */
  readonly file: string;
  /**
   * The title of a test or of a `describe`, or its beginning, as it is in the source: `%s` and its relatives match any
   * text. "a > b" is b inside of a. Every test that it matches has to pass.
   */
  readonly test: string;
}

export interface CompatibilitySection {
  readonly title: string;
  readonly rows: readonly CompatibilityRow[];
}

export const COMPATIBILITY: readonly CompatibilitySection[] = [
  {
    title: "Apple's web service (`/v1`)",
    rows: [
      {
        endpoint: "`POST /v1/devices/…/registrations/…/{serial}`",
        status: "201",
        when: "new",
        file: "test/devices/register.test.ts",
        test: "a new registration is answered 201 without a body, and the same again 200",
      },
      {
        endpoint: "`POST /v1/devices/…/registrations/…/{serial}`",
        status: "200",
        when: "registered before; the new pushToken is stored",
        file: "test/devices/register.test.ts",
        test: "registering again saves the new pushToken",
      },
      {
        endpoint: "`POST /v1/devices/…/registrations/…/{serial}`",
        status: "401",
        when: "missing or wrong token",
        file: "test/wallet/authorization.test.ts",
        test: "%s is answered 401 by each request",
      },
      {
        endpoint: "`DELETE …`",
        status: "200",
        when: "also if nothing was registered",
        file: "test/devices/register.test.ts",
        test: "a request is answered 200 without a body, and 200 again when there is no registration any more",
      },
      {
        endpoint: "`DELETE …`",
        status: "401",
        when: "",
        file: "test/devices/register.test.ts",
        test: "a request without the pass's token is answered 401, and the registration stays",
      },
      {
        endpoint: "`GET /v1/devices/…/registrations/{pti}`",
        status: "200",
        when: "what changed since the tag",
        file: "test/devices/updates.test.ts",
        test: "every pass that changed since the tag is listed, not only the newest, and the new tag is answered 204",
      },
      {
        endpoint: "`GET /v1/devices/…/registrations/{pti}`",
        status: "204",
        when: "nothing",
        file: "test/devices/updates.test.ts",
        test: "every pass that changed since the tag is listed, not only the newest, and the new tag is answered 204",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "200",
        when: "the newest version",
        file: "test/wallet/fetch.test.ts",
        test: "a fetch is answered 200 with the built pass and each header as the clients need it",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "304",
        when: "If-None-Match or If-Modified-Since",
        file: "test/wallet/fetch.test.ts",
        test: "If-None-Match with %s is answered 304 without a body",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "401",
        when: "",
        file: "test/wallet/fetch.test.ts",
        test: "a fetch without the token is answered 401, with or without conditions",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "404",
        when: "deleted, with the pass's own token",
        file: "test/wallet/fetch.test.ts",
        test: "a deleted pass is answered 404 with its own token, even to a phone that has its last version",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "200",
        when: "the signed token; repeated calls too",
        file: "test/passes/personalize.test.ts",
        test: "the response is 200 with the detached signature of the token's bytes, and contains nothing about the holder",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "400, 413",
        when: "no token, or none of the fields that the template asks for",
        file: "test/passes/personalize-refusals.test.ts",
        test: "an invalid body is refused with a pointer, without quoting it and without an effect",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "401",
        when: "",
        file: "test/passes/personalize-refusals.test.ts",
        test: "a sign-up without the pass's own token is refused with 401",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "404",
        when: "deleted",
        file: "test/passes/personalize-refusals.test.ts",
        test: "a sign-up with the pass's token is refused with 404 > for a deleted pass",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "404",
        when: "the template asks for no sign-up",
        file: "test/passes/personalize-refusals.test.ts",
        test: "for a pass whose template has no personalization, or no longer has one",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "503",
        when: "no certificate can sign",
        file: "test/passes/personalize-refusals.test.ts",
        test: "a sign-up that cannot be signed is answered 503 and stores nothing, and the next attempt counts as the first",
      },
      {
        endpoint: "`POST /v1/log`",
        status: "200",
        when: "always",
        file: "test/wallet/answers.test.ts",
        test: "each request gets exactly the success code that iOS accepts, no cookie, no redirect and no compression",
      },
      {
        endpoint: "every route but `POST /v1/log`",
        status: "503",
        when: "the database does not respond; with Retry-After",
        file: "test/d1-errors.test.ts",
        test: "iPhones get 503 with Retry-After, so that they come again",
      },
    ],
  },
  {
    title: "VoltMX, “Getting the Latest Version of a Pass” (`/api/v1`)",
    rows: [
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "200",
        when: "the .pkpass file",
        file: "test/dialects/voltmx.test.ts",
        test: "V1 V3: the latest version is answered 200",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "304",
        when: "entity tag, HTTP date or milliseconds",
        file: "test/dialects/voltmx.test.ts",
        test: "V4: a current entity tag, HTTP date or number of milliseconds is answered 304",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "304",
        when: "`passesUpdatedSince`",
        file: "test/dialects/voltmx.test.ts",
        test: "V2: passesUpdatedSince is answered 304 if nothing has changed since that tag, and an unknown tag is ignored",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "400",
        when: "no such pass",
        file: "test/dialects/voltmx.test.ts",
        test: "V5: a pass that is not found is answered 400, whatever the token is",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "400",
        when: "the pass was deleted",
        file: "test/dialects/voltmx.test.ts",
        test: "V5: a deleted pass is answered 400",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "401",
        when: "",
        file: "test/dialects/voltmx.test.ts",
        test: "V6: a missing token, a wrong token and another pass's token are answered 401",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "429",
        when: "too many from one network, never with the pass's token",
        file: "test/http/misses.test.ts",
        test: "a guess of a serial number in VoltMX's API",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "500",
        when: "the file cannot be built",
        file: "test/dialects/voltmx.test.ts",
        test: "V7: an expired certificate gives 500, and 503 on Apple's path",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "500",
        when: "the database does not respond; with Retry-After",
        file: "test/d1-errors.test.ts",
        test: "VoltMX's fetch is answered as ever after one error, and after three 500 with Retry-After",
      },
      {
        endpoint: "the rest of the device protocol",
        status: "200, 201, 204",
        when: "as Apple",
        file: "test/dialects/voltmx.test.ts",
        test: "iPhones get Apple's own codes: 201 and 200 to register, 200 and 204 for the list, 200 to unregister and log",
      },
    ],
  },
  {
    title: "Airship, “List event passes” (`/v1`)",
    rows: [
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "the page, with `pagination` and `count`",
        file: "test/curl/airship.test.ts",
        test: "%s returns the fields of the sample",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "each `status`",
        file: "test/dialects/airship.test.ts",
        test: "E3: status selects the passes that are, were and never were installed, and count counts them",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "`pageSize`, `page`",
        file: "test/dialects/airship.test.ts",
        test: "E3: pages begin at 1, the effective parameters are returned, and count is the total of all pages",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "`order`, `direction`",
        file: "test/dialects/airship.test.ts",
        test: "E3: passes are ordered by id, createdAt or updatedAt, in either direction, in upper or lower case",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "400",
        when: "a parameter with a wrong value",
        file: "test/dialects/airship.test.ts",
        test: "E3: %s is refused with 400, and the error names the parameter",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "400",
        when: "another `Api-Revision`",
        file: "test/dialects/airship.test.ts",
        test: "E4: Api-Revision must be 1.2 or absent, and another is refused with 400",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "401",
        when: "",
        file: "test/dialects/airship.test.ts",
        test: "E5: the key is accepted as Bearer, or as the password of Basic with any user",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "429",
        when: "too many wrong keys from one network, never with the right one",
        file: "test/http/misses.test.ts",
        test: "a guess of a key in Airship's API",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "404",
        when: "no such event",
        file: "test/dialects/airship.test.ts",
        test: "E7: an event that does not exist, belongs to another project or was deleted is refused with 404",
      },
      {
        endpoint: "`GET /v1/pass/{id}/download`",
        status: "200, 304, 400, 401, 404",
        when: "the address in a pass's `url`",
        file: "test/dialects/airship.test.ts",
        test: "url returns the pass only to clients with the key",
      },
      {
        endpoint: "both",
        status: "503",
        when: "the database does not respond; with Retry-After",
        file: "test/d1-errors.test.ts",
        test: "Airship's clients get 503 as problem+json",
      },
    ],
  },
  {
    title: "Passdock (`/api/v1`)",
    rows: [
      {
        endpoint: "`GET …/templates/{id}/passes`",
        status: "200",
        when: "full, compact, page by page",
        file: "test/curl/passdock.test.ts",
        test: "Get All Passes",
      },
      {
        endpoint: "`GET …/templates/{id}/passes`",
        status: "200",
        when: "50 a page, newest first",
        file: "test/curl/passdock-rules.test.ts",
        test: "returns 50 passes per page, newest first, and an empty page after the end",
      },
      {
        endpoint: "`GET …/templates/{id}/passes`",
        status: "400",
        when: "`page`, `compact`",
        file: "test/curl/passdock-rules.test.ts",
        test: "refuses %j with 400",
      },
      {
        endpoint: "`GET …/passes/{id}`",
        status: "200",
        when: "with `render_html_url`",
        file: "test/curl/passdock.test.ts",
        test: "Show Pass",
      },
      {
        endpoint: "`GET …/passes/{id}`",
        status: "404",
        when: "",
        file: "test/curl/passdock-rules.test.ts",
        test: "refuses an unknown pass, or one of another template, with 404",
      },
      {
        endpoint: "`POST …/passes`",
        status: "201",
        when: "",
        file: "test/curl/passdock.test.ts",
        test: "Create Pass > %s (201, the serial number as printed)",
      },
      {
        endpoint: "`POST …/passes`",
        status: "200",
        when: "with `debug`",
        file: "test/curl/passdock.test.ts",
        test: "Create Pass > %s (200, with debug)",
      },
      {
        endpoint: "`POST …/passes`",
        status: "400",
        when: "no `pass`, or no JSON",
        file: "test/curl/passdock-refusals.test.ts",
        test: "a request without a pass, or with a pass that is not JSON, with 400",
      },
      {
        endpoint: "`POST …/passes`",
        status: "400",
        when: "the serial number is taken",
        file: "test/curl/passdock-refusals.test.ts",
        test: "a serial number that is in use with 400",
      },
      {
        endpoint: "`POST …/passes`",
        status: "420",
        when: "a key that is not in the template",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D3, Create Pass, refuses > a key that the template does not have",
      },
      {
        endpoint: "`POST …/passes`",
        status: "421",
        when: "no serial number",
        file: "test/curl/passdock-refusals.test.ts",
        test: "a pass without a serial number with 421",
      },
      {
        endpoint: "`POST …/passes`",
        status: "422",
        when: "wrong format",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D3, Create Pass, refuses > a date field without a date",
      },
      {
        endpoint: "`POST …/passes`",
        status: "422",
        when: "a thumbnail of the wrong kind",
        file: "test/curl/passdock-refusals.test.ts",
        test: "thumbnails > are refused with 422",
      },
      {
        endpoint: "`PUT …/passes/{id}`",
        status: "200",
        when: "",
        file: "test/curl/passdock.test.ts",
        test: "Update Pass",
      },
      {
        endpoint: "`PUT …/passes/{id}`",
        status: "400",
        when: "a serial number other than the pass's",
        file: "test/curl/passdock-rules.test.ts",
        test: "accepts the same serial number, and refuses another one with 400",
      },
      {
        endpoint: "`PUT …/passes/{id}`",
        status: "420, 422",
        when: "",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D4, Update Pass, refuses",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "200",
        when: "repeated; the first time stays",
        file: "test/curl/passdock-rules.test.ts",
        test: "answers 200 to a second request, and keeps the time of the first",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "200",
        when: "two at once; one of them redeems",
        file: "test/dialects/passdock-changes.test.ts",
        test: "two redemptions at the same time are both answered 200, and only the first is a change",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "400",
        when: "`redeemed` is missing",
        file: "test/curl/passdock-rules.test.ts",
        test: "refuses the query %j with 400",
      },
      {
        endpoint: "`DELETE …/passes/{id}`",
        status: "200",
        when: "no body",
        file: "test/curl/passdock.test.ts",
        test: "Delete a Pass > %s (200, without a body)",
      },
      {
        endpoint: "`DELETE …/passes/{id}`",
        status: "404",
        when: "afterwards",
        file: "test/curl/passdock-rules.test.ts",
        test: "removes the pass from all lists, and every request for it gets 404",
      },
      {
        endpoint: "`GET …/passes/search`",
        status: "200, 400, 404",
        when: "in one template, or in all",
        file: "test/curl/passdock-rules.test.ts",
        test: "refuses a request without a code with 400, and an unknown code with 404",
      },
      {
        endpoint: "each of them",
        status: "401",
        when: "",
        file: "test/curl/passdock-refusals.test.ts",
        test: "%s is refused with 401 without a token, or with a wrong one",
      },
      {
        endpoint: "each of them",
        status: "429",
        when: "too many wrong keys from one network, never with the right one",
        file: "test/http/misses.test.ts",
        test: "a guess of a key in Passdock's API",
      },
      {
        endpoint: "each of them",
        status: "404",
        when: "unknown template",
        file: "test/curl/passdock-refusals.test.ts",
        test: "%s is refused with 404 for an unknown template",
      },
      {
        endpoint: "each of them",
        status: "401, 404, 400, 421, 420, 422",
        when: "of several faults, in this order",
        file: "test/curl/passdock-refusals.test.ts",
        test: "among several codes",
      },
      {
        endpoint: "`GET /passes/{n}/{web_token}.pkpass`",
        status: "200",
        when: "the download link",
        file: "test/curl/passdock-rules.test.ts",
        test: "returns a link whose download needs no token and is accepted by Wallet",
      },
      {
        endpoint: "`GET /p/{id}/{web_token}`",
        status: "200",
        when: "`render_html_url`",
        file: "test/pages/pass-page.test.ts",
        test: "shows every field of every section, label and value",
      },
      {
        endpoint: "every route",
        status: "503",
        when: "the database does not respond; with Retry-After",
        file: "test/d1-errors.test.ts",
        test: "Passdock's clients get 503 in the form of their API",
      },
    ],
  },
];
