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
        test: "%s is answered 401 by each call",
      },
      {
        endpoint: "`DELETE …`",
        status: "200",
        when: "also if nothing was registered",
        file: "test/devices/register.test.ts",
        test: "it is answered 200 without a body, and 200 again although nothing is left",
      },
      {
        endpoint: "`DELETE …`",
        status: "401",
        when: "",
        file: "test/devices/register.test.ts",
        test: "without the pass's token it is answered 401 and the registration stands",
      },
      {
        endpoint: "`GET /v1/devices/…/registrations/{pti}`",
        status: "200",
        when: "what changed since the tag",
        file: "test/devices/updates.test.ts",
        test: "it names every pass that changed since the tag",
      },
      {
        endpoint: "`GET /v1/devices/…/registrations/{pti}`",
        status: "204",
        when: "nothing",
        file: "test/devices/updates.test.ts",
        test: "it names every pass that changed since the tag, not only the newest, and then answers 204",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "200",
        when: "the newest version",
        file: "test/wallet/fetch.test.ts",
        test: "it is answered 200 with the bundle and each header as the clients need it",
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
        test: "without the token it is answered 401, with or without conditions",
      },
      {
        endpoint: "`GET /v1/passes/{pti}/{serial}`",
        status: "404",
        when: "deleted, with the pass's own token",
        file: "test/wallet/fetch.test.ts",
        test: "a deleted pass is answered 404 with its own token",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "200",
        when: "the signed token; repeated calls too",
        file: "test/passes/personalize.test.ts",
        test: "the answer is 200 with the detached signature of the token's bytes",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "400, 413",
        when: "no token, or none of the fields that the template asks for",
        file: "test/passes/personalize-refusals.test.ts",
        test: "400 and 413: what cannot be a sign-up",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "401",
        when: "",
        file: "test/passes/personalize-refusals.test.ts",
        test: "401: without the pass's own token nobody signs up",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "404",
        when: "deleted",
        file: "test/passes/personalize-refusals.test.ts",
        test: "for a pass that was deleted, to who has its token",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "404",
        when: "the template asks for no sign-up",
        file: "test/passes/personalize-refusals.test.ts",
        test: "for a pass whose template asks for nothing",
      },
      {
        endpoint: "`POST …/personalize`",
        status: "503",
        when: "no certificate can sign",
        file: "test/passes/personalize-refusals.test.ts",
        test: "503 where nothing can sign",
      },
      {
        endpoint: "`POST /v1/log`",
        status: "200",
        when: "always",
        file: "test/wallet/answers.test.ts",
        test: "each call has exactly the success code that iOS takes",
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
        test: "V4: 304 for an entity tag, an HTTP date, and milliseconds in digits",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "304",
        when: "`passesUpdatedSince`",
        file: "test/dialects/voltmx.test.ts",
        test: "V2: 304 for passesUpdatedSince",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "400",
        when: "no such pass",
        file: "test/dialects/voltmx.test.ts",
        test: "V5: 400 for a pass that is not found",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "400",
        when: "the pass was deleted",
        file: "test/dialects/voltmx.test.ts",
        test: "V5: 400 for a pass that was deleted",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "401",
        when: "",
        file: "test/dialects/voltmx.test.ts",
        test: "V6: 401 for a missing, a wrong and another pass's token",
      },
      {
        endpoint: "`GET /api/v1/passes/{pti}/{serial}`",
        status: "500",
        when: "the file cannot be built",
        file: "test/dialects/voltmx.test.ts",
        test: "V7: 500 if the certificate has expired",
      },
      {
        endpoint: "the rest of the device protocol",
        status: "200, 201, 204",
        when: "as Apple",
        file: "test/dialects/voltmx.test.ts",
        test: "iPhones find Apple's own codes",
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
        test: "%s: the answer is the sample's, field by field",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "each `status`",
        file: "test/dialects/airship.test.ts",
        test: "E3: status finds the passes",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "`pageSize`, `page`",
        file: "test/dialects/airship.test.ts",
        test: "E3: pages begin at 1",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "200",
        when: "`order`, `direction`",
        file: "test/dialects/airship.test.ts",
        test: "E3: order is by id, createdAt or updatedAt",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "400",
        when: "a parameter with a wrong value",
        file: "test/dialects/airship.test.ts",
        test: "E3: %s is 400, and names the parameter",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "400",
        when: "another `Api-Revision`",
        file: "test/dialects/airship.test.ts",
        test: "E4: Api-Revision is 1.2 or absent",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "401",
        when: "",
        file: "test/dialects/airship.test.ts",
        test: "E5: the key comes as Bearer, or as the password of Basic",
      },
      {
        endpoint: "`GET /v1/events/project/{projectId}/{eventId}/passes`",
        status: "404",
        when: "no such event",
        file: "test/dialects/airship.test.ts",
        test: "E7: 404 for an event that does not exist",
      },
      {
        endpoint: "`GET /v1/pass/{id}/download`",
        status: "200, 304, 400, 401, 404",
        when: "the address in a pass's `url`",
        file: "test/dialects/airship.test.ts",
        test: "url serves the bundle to who brings the key",
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
        test: "50 a page, newest first, and nothing beyond the end",
      },
      {
        endpoint: "`GET …/templates/{id}/passes`",
        status: "400",
        when: "`page`, `compact`",
        file: "test/curl/passdock-rules.test.ts",
        test: "400 for %j",
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
        test: "404 for a pass that is unknown, or another template's",
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
        test: "400 without a pass, or with one that is no JSON",
      },
      {
        endpoint: "`POST …/passes`",
        status: "400",
        when: "the serial number is taken",
        file: "test/curl/passdock-refusals.test.ts",
        test: "400 for a serial number that is taken",
      },
      {
        endpoint: "`POST …/passes`",
        status: "420",
        when: "a key that is not in the template",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D3, Create Pass > a key that the template has not",
      },
      {
        endpoint: "`POST …/passes`",
        status: "421",
        when: "no serial number",
        file: "test/curl/passdock-refusals.test.ts",
        test: "421 without a serial number",
      },
      {
        endpoint: "`POST …/passes`",
        status: "422",
        when: "wrong format",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D3, Create Pass > a date field without a date",
      },
      {
        endpoint: "`POST …/passes`",
        status: "422",
        when: "a thumbnail of the wrong kind",
        file: "test/curl/passdock-refusals.test.ts",
        test: "thumbnails > 422 for",
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
        test: "the same serial number may be sent, another is refused with 400",
      },
      {
        endpoint: "`PUT …/passes/{id}`",
        status: "420, 422",
        when: "",
        file: "test/curl/passdock-refusals.test.ts",
        test: "D4, Update Pass",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "200",
        when: "repeated; the first time stays",
        file: "test/curl/passdock-rules.test.ts",
        test: "twice is 200 both times, and the first time stays",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "200",
        when: "two at once; one of them redeems",
        file: "test/dialects/passdock-changes.test.ts",
        test: "of two redeems at once both are 200",
      },
      {
        endpoint: "`PUT …/passes/{id}/redeem`",
        status: "400",
        when: "`redeemed` is missing",
        file: "test/curl/passdock-rules.test.ts",
        test: "400 for the query %j",
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
        test: "a deleted pass is 404 everywhere, and in no list",
      },
      {
        endpoint: "`GET …/passes/search`",
        status: "200, 400, 404",
        when: "in one template, or in all",
        file: "test/curl/passdock-rules.test.ts",
        test: "400 without a code, 404 for what nobody carries",
      },
      {
        endpoint: "each of them",
        status: "401",
        when: "",
        file: "test/curl/passdock-refusals.test.ts",
        test: "%s: 401 without a token, or with a wrong one",
      },
      {
        endpoint: "each of them",
        status: "404",
        when: "unknown template",
        file: "test/curl/passdock-refusals.test.ts",
        test: "%s: 404 for a template that is unknown",
      },
      {
        endpoint: "each of them",
        status: "401, 404, 400, 421, 420, 422",
        when: "of several faults, in this order",
        file: "test/curl/passdock-refusals.test.ts",
        test: "of several codes",
      },
      {
        endpoint: "`GET /passes/{n}/{web_token}.pkpass`",
        status: "200",
        when: "the download link",
        file: "test/curl/passdock-rules.test.ts",
        test: "the download needs no token, and is what Wallet accepts",
      },
      {
        endpoint: "`GET /p/{id}/{web_token}`",
        status: "200",
        when: "`render_html_url`",
        file: "test/pages/pass-page.test.ts",
        test: "shows every field of every section, label and value",
      },
    ],
  },
];
