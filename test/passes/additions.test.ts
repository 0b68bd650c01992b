/**
 * Additions to the numbers of a pass (src/passes/additions.ts): where they start, exact sums, their bounds, and many at the
 * same time.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createContext } from "../../src/http/context.ts";
import { changePass } from "../../src/passes/change.ts";
import type { Pass } from "../../src/passes/show.ts";
import { failingD1 } from "../failing-d1.ts";
import { admin, call, download, storeCard } from "../harness.ts";
import { changesOf } from "../rows.ts";

const PASS_TYPE = "pass.test.additions";
const ODD_KEY = 'a"b.c[0]$\\';
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const fields = [
    { key: "stamps", label: "STAMPS", value: 0 },
    { key: "text", value: "none" },
    { key: "empty" },
    { key: ODD_KEY, value: 7 },
  ];
  const until = { key: "until", value: "2027-01-01T00:00Z", dateStyle: "PKDateStyleShort" };
  // The other style has the same field, whose value is another one. The keys of semantics look like fields.
  const pass = {
    ...storeCard,
    storeCard: { primaryFields: [{ key: "balance", value: 12.5 }], backFields: [...fields, until] },
    posterGeneric: { primaryFields: [{ key: "stamps", value: 5 }] },
    userInfo: { storeCard: "text", backFields: [{ key: "stamps", value: 99 }] },
  };
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass })).id;
});
afterEach(() => vi.restoreAllMocks());

/** Adds to a field of a new pass. @param value its own value before; undefined for none */
async function sumOf(value: unknown, addition: object, key = "stamps") {
  const { id } = await admin.issue(templateId, value === undefined ? {} : { values: { [key]: value } });
  return call<Pass>("PATCH", `/passes/${id}`, { values: { [key]: addition } });
}

test("twelve tills add a stamp at the same time, and a card with ten places gets ten", async () => {
  const { id } = await admin.issue(templateId);
  const body = { values: { stamps: { add: 1, max: 10 } } };
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => call<Pass>("PATCH", `/passes/${id}`, body)),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(
    done.map((answer) => answer.body.values.stamps?.value).sort((a, b) => Number(a) - Number(b)),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const refused = { code: "value_out_of_range", value: 10, max: 10, pointer: "/values/stamps/add" };
  expect(answers.filter(({ status }) => status === 409).map((answer) => answer.body)).toMatchObject([
    refused,
    refused,
  ]);
  expect((await changesOf({ passId: id })).map(({ kind }) => kind)).toEqual([
    "issued",
    ...Array(10).fill("changed"),
  ]);
  expect((await download(await admin.show(id))).pass.storeCard).toMatchObject({
    backFields: [{ value: 10 }, {}, {}, {}, {}],
  });
});

test("an addition starts from the number that the pass shows: its own, its event's or its template's", async () => {
  const { id: eventId } = await admin.makeEvent({ values: { stamps: 40 } });
  const { id } = await admin.issue(templateId, { eventId });
  const add = async (more: object = {}) =>
    (await admin.change(id, { values: { stamps: { add: 1 } }, ...more })).values.stamps;
  expect(await add()).toEqual({ value: 41 });
  expect(await add()).toEqual({ value: 42 });
  await admin.change(id, { values: { stamps: { label: "STARS" } } });
  expect(await add()).toEqual({ value: 43, label: "STARS" });
  await admin.change(id, { values: { stamps: null }, eventId: null });
  expect(await add({ values: { stamps: { add: 2, label: "S" } } })).toEqual({ value: 2, label: "S" });
  expect((await sumOf(undefined, { add: 0.25 }, "balance")).body.values).toEqual({
    balance: { value: 12.75 },
  });
  expect((await sumOf(undefined, { add: 1 }, ODD_KEY)).body.values).toEqual({ [ODD_KEY]: { value: 8 } });
});

test.each([
  ["9", "1", "10"],
  ["0.1", "0.2", "0.3"],
  ["1.005", "1", "2.005"],
  ["0.5", "0.5", "1"],
  ["-0.5", "0.25", "-0.25"],
  ["0.25", "-0.25", "0"],
  ["-3", "3", "0"],
  ["100", "-0.000001", "99.999999"],
  ["0.000001", "0.000001", "0.000002"],
  ["123456789012.123456", "0.000001", "123456789012.123457"],
  ["999999999998.5", "-999999999998", "0.5"],
  ["1.0", "9.00", "10"],
])("%s and %s are exactly %s", async (value, add, sum) => {
  const { id } = await admin.issue(templateId);
  await call("PATCH", `/passes/${id}`, `{"values": {"stamps": ${value}}}`);
  const { status } = await call("PATCH", `/passes/${id}`, `{"values": {"stamps": {"add": ${add}}}}`);
  expect(status).toBe(200);
  const [row] = (await env.DB.prepare("SELECT field_values FROM passes WHERE id = ?").bind(id).raw()).flat();
  expect(row).toBe(`{"stamps":{"value":${sum}}}`);
});

test("a sum beyond a bound changes nothing, and the rest of the request neither", async () => {
  const { id } = await admin.issue(templateId, { values: { stamps: 3, text: "before" }, tags: ["a"] });
  const before = await admin.show(id);
  const rest = { externalId: "rest", tags: ["b"], barcodeMessage: "new" };
  for (const [addition, expected] of [
    [{ add: 8, max: 10 }, { max: 10 }],
    [{ add: -4, min: 0 }, { min: 0 }],
    [{ add: 0.5, max: 3.25, min: 0 }, { max: 3.25 }],
    [{ add: 999_999_999_999 }, { max: 999_999_999_999 }],
  ] as const) {
    const values = { stamps: addition, text: "after" };
    const { status, body } = await call("PATCH", `/passes/${id}`, { ...rest, values });
    expect([status, body]).toMatchObject([409, { code: "value_out_of_range", value: 3, ...expected }]);
    expect(await admin.show(id)).toEqual(before);
  }
  const values = { stamps: { add: 7, max: 10, min: 10 } };
  expect(await admin.change(id, { ...rest, values })).toMatchObject({
    ...rest,
    values: { stamps: { value: 10 } },
  });
});

test("one request may add to several fields, and all of it counts or nothing", async () => {
  const { id } = await admin.issue(templateId);
  const values = (max: number) => ({ stamps: { add: 2 }, balance: { add: 10, max } });
  expect((await call("PATCH", `/passes/${id}`, { values: values(20) })).body).toMatchObject({
    value: 12.5,
    max: 20,
  });
  expect((await admin.show(id)).values).toEqual({});
  const changed = await admin.change(id, { values: values(30) });
  expect(changed.values).toEqual({ stamps: { value: 2 }, balance: { value: 22.5 } });
});

test("a field without a number that can be added to is refused", async () => {
  for (const [key, value] of [
    ["text", undefined],
    ["text", "12"],
    ["text", "-1"],
    ["empty", undefined],
    ["stamps", 1e21],
    ["stamps", 0.0000001],
    ["stamps", 1_000_000_000_000],
  ] as const) {
    const { status, body } = await sumOf(value, { add: 1 }, key);
    expect([key, value, status, body]).toMatchObject([key, value, 422, { code: "value_not_a_number" }]);
  }
  expect((await sumOf(undefined, { add: 1 }, "unknown")).body).toMatchObject({ code: "unknown_field" });
  expect((await sumOf(undefined, { add: 1 }, "until")).body).toMatchObject({ code: "value_does_not_fit" });
});

test("a malformed addition is refused", async () => {
  for (const addition of [
    { add: 1, value: 1 },
    { max: 10 },
    { min: 0, value: 1 },
    { add: "1" },
    { add: null },
    { add: 0.0000001 },
    { add: 1e12 },
    { add: 1, max: "10" },
    { add: 1, times: 2 },
  ]) {
    const { status, body } = await sumOf(undefined, addition);
    expect([addition, status, body]).toMatchObject([addition, 400, { code: "invalid_body" }]);
  }
  const values = { stamps: { add: 1 } };
  expect((await call("POST", `/templates/${templateId}/passes`, { values })).status).toBe(400);
  const { id, projectId } = await admin.makeEvent();
  expect((await call("PATCH", `/projects/${projectId}/events/${id}`, { values })).status).toBe(400);
});

test("an addition whose answer was lost is not repeated", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id } = await admin.issue(templateId);
  const { DB, calls } = failingD1(env.DB, { of: "writes", when: "after" });
  const context = createContext({ env: { ...env, DB }, executionCtx: createExecutionContext() }, Date.now());
  await expect(changePass(context, id, { additions: { stamps: { add: 1 } } })).rejects.toThrow();
  expect([calls(), (await admin.show(id)).values]).toEqual([1, { stamps: { value: 1 } }]);
});
