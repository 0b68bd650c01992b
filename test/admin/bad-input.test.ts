/**
 * Malformed bodies and paths, on all routes. Each is refused with its code and a pointer to the fault, and nothing is written.
 *
 * Well-formed bodies with invalid content are in bad-contents.test.ts, and query parameters in bad-parameters.test.ts.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { ADMIN_TOKEN, admin, allRefused, call, ORIGIN, type Problem, refused, stored } from "../harness.ts";

const PASS_TYPE = "pass.test.bad-input";
const KIB = 1024;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const { id } = await admin.makeTemplate(PASS_TYPE); // 1, as in the paths below
  const pass = await admin.issue(id, { values: { points: "1" }, tags: ["kept"], externalId: "kept" });
  const event = await admin.makeEvent({ values: { points: "2" }, externalId: "kept" });
  expect([id, pass.id, event.projectId, event.id]).toEqual([1, 1, 1, 1]);
});

/** Every route with a JSON body, and the most bytes that it takes. */
const BODIES: [method: string, path: string, maxBytes: number, optional?: "optional"][] = [
  ["POST", "/pass-types", 4 * KIB],
  ["POST", `/pass-types/${PASS_TYPE}/csr`, 4 * KIB, "optional"],
  ["PUT", `/pass-types/${PASS_TYPE}/certificate`, 64 * KIB],
  ["POST", "/apns-keys", 64 * KIB],
  ["POST", "/templates", 12 * KIB * KIB],
  ["PATCH", "/templates/1", 12 * KIB * KIB],
  ["POST", "/templates/1/passes", 2 * KIB * KIB, "optional"],
  ["PATCH", "/passes/1", 2 * KIB * KIB],
  ["POST", "/passes/1/redeem", 4 * KIB, "optional"],
  ["POST", "/passes/1/void", 4 * KIB, "optional"],
  ["POST", "/projects", 4 * KIB],
  ["PATCH", "/projects/1", 4 * KIB],
  ["POST", "/projects/1/events", 256 * KIB],
  ["PATCH", "/projects/1/events/1", 256 * KIB],
];

/** The route that gets every malformed body. All routes read theirs with the same function, so the others get one of each kind. */
const FULL = "PATCH /passes/1";

const MALFORMED: [what: string, body: string | Uint8Array][] = [
  ["truncated", '{"name": "x"'],
  ["invalid by a trailing comma", '{"name": "x",}'],
  ["JavaScript, not JSON", "{name: undefined}"],
  ["a form", "name=x"],
  ["two JSON values", "{}{}"],
  ["not UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d)],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0)],
  ["very deep", `{"pass":${"[".repeat(1000)}${"]".repeat(1000)}}`],
  ["too deep for exact numbers", `{"pass":${"[".repeat(100_000)}1e100${"]".repeat(100_000)}}`],
];
const NO_OBJECTS = ["[]", "null", "7", '"text"', "true", "[{}]"];
const UNKNOWN_KEYS = ["nonsense", "constructor", "id", "a/b"];

describe.each(BODIES)("%s %s", (method, path, maxBytes) => {
  const some = <Item>(all: readonly Item[]) => (`${method} ${path}` === FULL ? all : all.slice(0, 1));

  test.each(some(MALFORMED))("a body that is %s is refused with malformed_json", async (_what, body) => {
    await refused([method, path, body], { status: 400, code: "malformed_json" });
  });

  test.each(some(NO_OBJECTS))("%s is refused, because it is not an object", async (body) => {
    await refused([method, path, body], { status: 400, code: "invalid_body", pointer: "" });
  });

  test.each(some(UNKNOWN_KEYS))("a body with the unknown key %s is refused", async (key) => {
    const body = `{${JSON.stringify(key)}: {"polluted": true}}`;
    const pointer = `/${key.replace("/", "~1")}`;
    const before = await stored();
    const answer = await call<Problem & { faults?: Problem[] }>(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_body" } });
    // If keys are missing too, all faults are listed.
    const faults = answer.body.faults ?? [answer.body];
    expect(faults.map((fault) => fault.pointer)).toContain(pointer);
    expect(await stored()).toEqual(before);
    expect({}).not.toHaveProperty("polluted");
  });

  test("another Content-Type, or none, is refused", async () => {
    const refusal = { status: 415, code: "unsupported_media_type" };
    if (path.endsWith("/certificate")) return; // takes other types as a file
    const types = ["", "text/plain", "application/x-www-form-urlencoded", "text/html; a=application/json"];
    const requests = types.map(
      (type): Parameters<typeof call> => [method, path, "{}", { "Content-Type": type }],
    );
    await allRefused(requests, refusal);
  });

  test("a body that is one byte too long is refused, whether streamed or with a Content-Length", async () => {
    const exactly = `{"nonsense":"${"x".repeat(maxBytes - 15)}"}`;
    expect(exactly.length).toBe(maxBytes);
    expect((await call(method, path, exactly)).body.status).toBe(400);
    const refusal = { status: 413, code: "body_too_large" };
    await refused([method, path, ` ${exactly}`], refusal);

    const before = await stored();
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
    const announced = { ...headers, "Content-Length": String(maxBytes + 1) };
    for (const init of [
      { headers: announced, body: "{}" },
      { headers, body: endless() },
    ]) {
      const request = new Request(`${ORIGIN}/admin/v1${path}`, { method, ...init });
      // Called directly: over HTTP the runtime would count the bytes itself.
      const response = await worker.fetch(request, env, createExecutionContext());
      expect([response.status, await response.json()]).toMatchObject([413, { code: "body_too_large" }]);
    }
    expect(await stored()).toEqual(before);
  });
});

test.each([
  ['{"name": "x"', "it ends where a comma or } is expected (line 1, column 13)"],
  ['{\n  "name": "x",\n}', "there is a comma before } (line 3, column 1)"],
  ["{name: undefined}", 'found "na" where a member or } is expected (line 1, column 2)'],
  ["{}{}", "there is text after the end of the JSON value (line 1, column 3)"],
  [`{"a": "${"\\n".repeat(2 * KIB * KIB)}",}`, "there is a comma before } (line 1, column 4194314)"],
  [
    `{"a": "${"x".repeat(4 * KIB * KIB)}`,
    "a string is not closed, or contains a control character or an escape that JSON does not have (line 1, column 7)",
  ],
  [Uint8Array.of(0x22, 0xff, 0x22), "it is not UTF-8"],
])("a malformed body is answered with what is wrong, its line and its column: %#", async (body, fault) => {
  const answer = await call<Problem>("POST", "/templates", body);
  expect(answer.body).toMatchObject({
    code: "malformed_json",
    detail: `The body is not valid JSON: ${fault}.`,
  });
});

test("an empty body is refused with malformed_json on routes that require a body", async () => {
  for (const [method, path, , optional] of BODIES) {
    if (optional === undefined) await refused([method, path, ""], { status: 400, code: "malformed_json" });
  }
});

test("a body of too many values is refused before it is parsed, but a template has 20,000 translations", async () => {
  const refusal = { status: 413, code: "body_too_large" };
  await refused(["POST", "/templates/1/passes", { values: Array(10_000).fill(1) }], refusal);
  await refused(["POST", "/templates", { strings: Array(30_000).fill(1) }], refusal);
  // 400,000 characters.
  const texts = Array.from({ length: 20_000 }, (_, i) => [`t${String(i).padStart(5, "0")}`, "a text"]);
  const strings = { fr: Object.fromEntries(texts.slice(0, -1)) };
  expect((await admin.makeTemplate(PASS_TYPE, { strings })).strings).toEqual(strings);
});

const BOSS = { role: "boss" };
const EXPIRING = { name: "A", role: "reader", expiresAt: "tomorrow" };
/** A request, and all of its faults: what is wrong, and what is expected. */
const DETAILS: [method: string, path: string, body: unknown, ...details: string[]][] = [
  ["POST", "/projects", {}, '"name" is missing'],
  ["POST", "/projects", { name: 7 }, '"name" must be a string, but is a number'],
  ["POST", "/projects", { name: [] }, '"name" must be a string, but is an array'],
  ["POST", "/projects", { name: "" }, '"name" must not be empty'],
  ["POST", "/projects", null, "The body must be an object, but is null"],
  ["POST", "/projects", { name: "A", b: 1, c: 2 }, '"b" is not a known key.', '"c" is not a known key.'],
  ["POST", "/templates/1/passes", { serialNumber: "" }, '"serialNumber" must not be empty'],
  ["POST", "/templates/1/passes", { eventId: 1.5 }, '"eventId" must be an integer, but is 1.5'],
  ["POST", "/keys", BOSS, '"name" is missing', '"role" must be one of scanner, reader, issuer, admin'],
  ["POST", "/keys", { name: "A" }, '"role" is missing. It must be one of scanner, reader, issuer, admin'],
  ["POST", "/keys", EXPIRING, '"expiresAt" must be a time such as 2026-12-01T09:00:00Z'],
  [
    "PATCH",
    "/templates/1",
    { scan: { action: "eat" } },
    'After the change, "scan.action" must be one of redeem, show, add.',
  ],
  ["GET", "/scans?from=yesterday", undefined, '"from" must be a time such as 2026-12-01T09:00:00Z'],
  ["GET", "/passes?status=lost", undefined, '"status" must be one of active, redeemed, voided, expired'],
];

test.each(DETAILS)(
  "%s %s %j says what is wrong, once for each place",
  async (method, path, body, ...details) => {
    const answer = await call<Problem & { faults?: { message: string }[] }>(method, path, body);
    expect(answer.status).toBe(400);
    const { detail, faults = [{ message: detail }] } = answer.body;
    expect(faults.map(({ message }) => message)).toEqual(details);
    expect(detail).toBe(details[0]);
  },
);

test("a long key is not repeated in each of many faults", async () => {
  const faults = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, 1]));
  const { body } = await call("POST", "/templates/1/passes", { values: { ["k".repeat(100_000)]: faults } });
  expect(JSON.stringify(body).length).toBeLessThan(10_000);
});

test("9000 faults are refused, and the response lists only some", async () => {
  const list = Array(9000).fill(1);
  const pass = { description: "x", organizationName: "x", storeCard: {}, barcodes: list };
  const body = { name: "x", passTypeIdentifier: PASS_TYPE, pass, images: {} };
  const answers = [
    await call("POST", "/templates", body),
    await call("POST", "/templates/1/passes", { tags: list }),
  ];
  for (const answer of answers) {
    expect([400, 422]).toContain(answer.status);
    expect(JSON.stringify(answer.body).length).toBeLessThan(100_000);
  }
});

test("a certificate file that is too large is refused", async () => {
  const body = new Uint8Array(64 * KIB + 1);
  const headers = { "Content-Type": "application/octet-stream" };
  await refused(["PUT", `/pass-types/${PASS_TYPE}/certificate`, body, headers], {
    status: 413,
    code: "body_too_large",
  });
});

const IDS = [
  "0",
  "-1",
  "+1",
  "01",
  "1.0",
  "1e9",
  "0x1",
  "abc",
  "null",
  "%00",
  "%20",
  "1%20",
  "٣",
  "1;2",
  "%E0%A4%A",
];
test.each([...IDS, "99999999999999999999", "9".repeat(10_000), "x".repeat(10_000)])(
  "%s is refused as an id on every route",
  async (id) => {
    const ofId: Parameters<typeof call>[] = [
      ["GET", `/templates/${id}`],
      ["PATCH", `/templates/${id}`, {}],
      ["DELETE", `/templates/${id}`],
      ["POST", `/templates/${id}/passes`],
      ["GET", `/passes/${id}`],
      ["PATCH", `/passes/${id}`, {}],
      ["DELETE", `/passes/${id}`],
      ["POST", `/passes/${id}/redeem`],
      ["POST", `/passes/${id}/unredeem`],
      ["POST", `/passes/${id}/void`],
      ["POST", `/passes/${id}/unvoid`],
      ["GET", `/passes/${id}/download`],
      ["GET", `/projects/${id}`],
      ["PATCH", `/projects/${id}`, {}],
      ["DELETE", `/projects/${id}`],
      ["POST", `/projects/${id}/events`, { name: "x" }],
      ["GET", `/projects/${id}/events/1`],
    ];
    await allRefused(ofId, { status: 400, code: "invalid_parameter", pointer: "/id" });
    const path = `/projects/1/events/${id}`;
    const ofEventId: Parameters<typeof call>[] = [
      ["GET", path],
      ["PATCH", path, {}],
      ["DELETE", path],
    ];
    await allRefused(ofEventId, { status: 400, code: "invalid_parameter", pointer: "/eventId" });
  },
);

test("an unknown id gives 404", async () => {
  for (const id of ["999999", "999999999999999"]) {
    const ofTemplate: Parameters<typeof call>[] = [
      ["GET", `/templates/${id}`],
      ["PATCH", `/templates/${id}`, { name: "x" }],
      ["PATCH", `/templates/${id}`, { strings: { fr: { a: "b" } } }],
      ["DELETE", `/templates/${id}`],
      ["POST", `/templates/${id}/passes`, {}],
    ];
    await allRefused(ofTemplate, { status: 404, code: "template_not_found" });
    const ofPass: Parameters<typeof call>[] = [
      ["GET", `/passes/${id}`],
      ["PATCH", `/passes/${id}`, { tags: ["x"], values: { a: "b" } }],
      ["DELETE", `/passes/${id}`],
      ["POST", `/passes/${id}/redeem`],
      ["POST", `/passes/${id}/unredeem`],
      ["GET", `/passes/${id}/download`],
    ];
    await allRefused(ofPass, { status: 404, code: "pass_not_found" });
  }
});

test.each([
  "nodots",
  "a..b",
  ".a.b",
  "a.b.",
  "%00",
  "pass.é.x",
  "a.b%2Fc",
  "pass.x'--",
  `pass.${"x".repeat(200)}`,
])("%s is refused as a pass type identifier", async (name) => {
  const pointer = "/passTypeIdentifier";
  const inPath = { status: 400, code: "invalid_parameter", pointer };
  const path = `/pass-types/${name}`;
  const requests: Parameters<typeof call>[] = [
    ["GET", path],
    ["GET", `${path}/csr`],
    ["POST", `${path}/csr`],
    ["PUT", `${path}/certificate`, { certificate: "x" }],
  ];
  await allRefused(requests, inPath);
  const passTypeIdentifier = decodeURIComponent(name);
  await refused(["POST", "/pass-types", { passTypeIdentifier }], {
    status: 400,
    code: "invalid_body",
    pointer,
  });
});

/** A body that never ends, without a Content-Length. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(64 * KIB).fill(0x20));
    },
  });
}

test.each([
  ['{"values":{"points":"\\ud83d"}}', "/values/points"],
  ['{"pass":{"logoText":"a\\ude00b"}}', "/pass/logoText"],
  ['{"values":{"\\ud83d":"1"}}', "/values"],
  ['{"tags":["whole","\\ud83d"]}', "/tags/1"],
])("half of an emoji is refused with a pointer: %s", async (body, pointer) => {
  await refused(["POST", "/templates/1/passes", body], { status: 400, code: "invalid_body", pointer });
});
