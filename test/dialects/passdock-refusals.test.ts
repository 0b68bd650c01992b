/**
 * Errors of Passdock's API: their codes, order and texts. A refused request changes nothing and logs no key.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, call as canonical, stored } from "../harness.ts";
import {
  boardingPass,
  call,
  callWith,
  created,
  freshSerial,
  make,
  pathOf,
  refusal,
  type Summary,
} from "./passdock-client.ts";

const PASS_TYPE = "pass.test.passdock-refusals";
let boarding: number;
let at: Summary;
let taken: string;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  boarding = await make(PASS_TYPE, boardingPass);
  taken = freshSerial();
  at = await created(boarding, { serial_number: taken });
});
afterEach(() => vi.restoreAllMocks());

/** The fault of each code, in Passdock's order, as a part of a pass. */
const faults: [code: number, () => object][] = [
  [400, () => ({ redeemed: "perhaps" })],
  [421, () => ({ serial_number: null })],
  [420, () => ({ seat: "1A" })],
  [422, () => ({ departure: "tomorrow", gate: true })],
];

describe("of several errors in one request", () => {
  const create = (pass: object, query = {}) =>
    refusal(call("POST", `/templates/${boarding}/passes`, query, { pass }));

  test("the first in the order 400, 421, 420, 422 is returned", async () => {
    for (let first = 0; first < faults.length; first++) {
      const pass = Object.assign(
        { serial_number: freshSerial() },
        ...faults
          .slice(first)
          .toReversed()
          .map(([, make]) => make()),
      );
      expect((await create(pass)).code).toBe(faults[first]?.[0]);
    }
  });

  test("a serial number in use is refused with 400, before an unknown key", async () => {
    expect((await create({ serial_number: taken, seat: "1A" })).code).toBe(400);
  });

  test("401 takes precedence over all others, and 404 over errors in the body", async () => {
    const wrong = { pass: { seat: "1A" }, debug: "yes" };
    expect(
      (await refusal(call("POST", "/templates/987654/passes", { api_token: "no" }, "pass={"))).code,
    ).toBe(401);
    expect((await refusal(call("POST", "/templates/987654/passes", {}, "pass={"))).code).toBe(404);
    expect((await refusal(call("PUT", `/templates/${boarding}/passes/987654`, {}, wrong))).code).toBe(404);
    expect((await refusal(call("PUT", `/templates/${boarding}/passes/987654/redeem`))).code).toBe(404);
    expect(
      (await refusal(call("DELETE", `/templates/${boarding}/passes/987654`, { errors: "yes" }))).code,
    ).toBe(404);
  });
});

test.each<[string, number, RegExp, () => Parameters<typeof call>]>([
  ["no key", 401, /Bearer/, () => ["GET", "/passes/search", { api_token: "" }]],
  ["an unknown template", 404, /template 987654/, () => ["GET", "/templates/987654/passes"]],
  ["an unknown pass", 404, /pass 987654/, () => ["GET", `/templates/${boarding}/passes/987654`]],
  ["no code", 400, /"code"/, () => ["GET", "/passes/search"]],
  ["a page that is none", 400, /"page"/, () => ["GET", `/templates/${boarding}/passes`, { page: "x" }]],
  ["no redeemed", 400, /"redeemed"/, () => ["PUT", `${pathOf(at)}/redeem`]],
  ["a form that was cut", 400, /JSON/, () => ["PUT", pathOf(at), {}, 'pass={"gate":']],
  ["no pass", 400, /"pass"/, () => ["PUT", pathOf(at), {}, "debug=true"]],
  [
    "another serial number",
    400,
    /cannot be changed/,
    () => ["PUT", pathOf(at), {}, { pass: { serial_number: "x" } }],
  ],
  [
    "no serial number",
    421,
    /"serial_number"/,
    () => ["POST", `/templates/${boarding}/passes`, {}, { pass: {} }],
  ],
  ["an unknown key", 420, /"seat".*gate, from/, () => ["PUT", pathOf(at), {}, { pass: { seat: "1" } }]],
  [
    "no date",
    422,
    /"departure".*2026-12-24T18:30/,
    () => ["PUT", pathOf(at), {}, { pass: { departure: "x" } }],
  ],
  ["no number", 422, /"price".*number/, () => ["PUT", pathOf(at), {}, { pass: { price: "x" } }]],
  [
    "no latitude",
    422,
    /relevance.locations.0.latitude.*number/,
    () => ["PUT", pathOf(at), {}, { pass: { relevance: { locations: [{ longitude: 5 }] } } }],
  ],
  ["a thumbnail", 422, /no thumbnail/, () => ["PUT", pathOf(at), {}, { pass: {}, thumbnail: { data: "x" } }]],
])("errors=true returns the error and how to fix it: %s", async (_, code, text, asked) => {
  const [method, path, query = {}, body] = asked();
  const before = await stored();
  const refused = await refusal(call(method, path, { ...query, errors: true }, body));
  expect(refused).toEqual({ code, text: expect.stringMatching(text) });
  expect(await refusal(call(method, path, query, body))).toEqual({ code });
  expect(await stored()).toEqual(before);
});

const place = { latitude: 12.1, longitude: 64.1 };

test.each<[string, number, object]>([
  ["a key that the template does not have", 420, { seat: "1A" }],
  ["a key that every JavaScript object has", 420, { constructor: "1A" }],
  ["a date field without a date", 422, { departure: "tomorrow" }],
  ["a date that does not exist", 422, { departure: "2012-02-30T10:00:00Z" }],
  ["a date without a time zone", 422, { departure: "2012-12-18T14:34:10" }],
  ["a value that is a list", 422, { gate: ["53"] }],
  ["a value that is an object", 422, { gate: { value: { a: 1 } } }],
  ["a label that is not a string", 422, { gate: { value: "53", label: 5 } }],
  ["a bar that is no hash", 422, { bar: "QRRSNDKAIUDS923" }],
  ["a message that is not a string", 422, { bar: { message: { a: 1 } } }],
  ["a relevance that is not a hash", 422, { relevance: "Milan" }],
  ["locations that are a text", 422, { relevance: { locations: "Milan" } }],
  ["a location without longitude", 422, { relevance: { locations: [{ latitude: 12.1 }] } }],
  ["a latitude that is not a number", 422, { relevance: { locations: [{ ...place, latitude: "north" }] } }],
  ["a latitude that is too far north", 422, { relevance: { locations: [{ ...place, latitude: 90.1 }] } }],
  ["a longitude that is too far west", 422, { relevance: { locations: [{ ...place, longitude: -180.1 }] } }],
  ["a relevantDate that is not a date", 422, { relevance: { relevantDate: "today" } }],
  ["redeemed that is neither true nor false", 400, { redeemed: "maybe" }],
])("%s is %i in a new pass and in a change, and nothing is stored", async (_, code, pass) => {
  const before = await stored();
  const create = call(
    "POST",
    `/templates/${boarding}/passes`,
    {},
    { pass: { serial_number: freshSerial(), ...pass } },
  );
  expect((await refusal(create)).code).toBe(code);
  expect((await refusal(call("PUT", pathOf(at), {}, { pass: { gate: "98", ...pass } }))).code).toBe(code);
  expect(await stored()).toEqual(before);
});

test("errors=true in a body is read, even if the error is in the body", async () => {
  const refused = { code: 400, text: expect.stringMatching(/JSON/) };
  expect(await refusal(call("PUT", pathOf(at), {}, "errors=true&pass={"))).toEqual(refused);
  expect(await refusal(call("PUT", pathOf(at), {}, { errors: true, pass: "{" }))).toEqual(refused);
  expect(
    await refusal(call("PUT", pathOf(at), {}, { errors: "true", pass: {}, debug: "yes" })),
  ).toMatchObject({
    code: 400,
    text: expect.stringContaining('"debug"'),
  });
});

test("the parameter errors is refused with 400 if it is neither true nor false", async () => {
  for (const [method, path] of [
    ["GET", `/templates/${boarding}/passes`],
    ["GET", "/passes/search"],
    ["PUT", `${pathOf(at)}/redeem`],
    ["DELETE", pathOf(at)],
  ] as const) {
    const answer = call(method, path, { errors: "yes", code: "x", redeemed: true });
    expect((await refusal(answer)).code).toBe(400);
  }
});

test("a disabled dialect answers route_not_found", async () => {
  for (const path of ["/passes/search", pathOf(at), `/templates/${boarding}/passes`]) {
    const answer = await callWith({ DIALECTS: "voltmx" }, "GET", path, { errors: true });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, code: "route_not_found" });
  }
});

describe("errors of the server", () => {
  test("a pass type without a certificate gives 503, and the log entry does not contain the key", async () => {
    await canonical("POST", "/pass-types", {
      passTypeIdentifier: "pass.test.passdock-bare",
      keyAlgorithm: "P-256",
    });
    const bare = await created(await make("pass.test.passdock-bare", boardingPass));
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await refusal(callWith({}, "GET", pathOf(bare), { show: true }))).code).toBe(503);
    expect(log.mock.calls).toEqual([[expect.stringContaining("no_certificate")]]);
    expect(JSON.stringify(log.mock.calls)).not.toContain(ADMIN_TOKEN);
  });

  test("an unexpected error gives the 500 of app.ts, and is logged once and without the key", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const broken = forwarding(env.DB, {
      prepare: () => {
        throw new Error("D1 is away");
      },
    });
    const answer = await callWith(
      { DB: broken },
      "PUT",
      pathOf(at),
      { errors: true },
      { pass: { gate: "1" } },
    );
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "internal_error" });
    expect(log.mock.calls).toEqual([[expect.stringContaining('"event":"unexpected_error"')]]);
    expect(JSON.stringify(log.mock.calls)).not.toContain(ADMIN_TOKEN);
  });
});
