/**
 * The forms that issue and change passes: which input a field has, and what is sent of what was typed.
 */
import { expect, test } from "vitest";
import { dateOfLocal, localText, plusOne, shownText } from "../../../src/browser/dashboard/change/entered.ts";
import {
  type ChangeablePass,
  inputFields,
  inputFieldsOfContent,
  newPassBody,
  passChangeBody,
} from "../../../src/browser/dashboard/change/pass-form.ts";
import { isObject, type JsonObject, parseJson, writeJson } from "../../../src/json.ts";

const template = {
  storeCard: {
    primaryFields: [{ key: "points", label: "Points", value: 0, numberStyle: "PKNumberStyleDecimal" }],
    secondaryFields: [
      { key: "stamps", label: " ", value: 3 },
      { key: "level", label: "Level", value: "Silver" },
      { key: "since", label: "Since", dateStyle: "PKDateStyleShort" },
      { label: "without a key" },
    ],
    backFields: "wrong",
  },
};
const NEW = inputFields(template);
const EXACT = "12345678901234567890.10";
const read = (text: string): JsonObject => {
  const value = parseJson(text);
  return isObject(value) ? value : {};
};
const pass: ChangeablePass = {
  eventId: 4,
  externalId: "order-1",
  barcodeMessage: null,
  tags: ["vip"],
  pass: { expirationDate: "2026-12-24T18:30:00Z" },
};
const VALUES = read(`{"points": {"value": ${EXACT}}}`);
const FIELDS = inputFields(template, VALUES, { level: { value: "Gold" } });
const change = (typed: Record<string, string>) => passChangeBody(pass, FIELDS, typed);

test("the input of a field is that of its style, and a field without a style takes a number if it has one", () => {
  expect(NEW.map(({ key, name, kind }) => [key, name, kind])).toEqual([
    ["points", "Points", "number"],
    ["stamps", "stamps", "number"],
    ["level", "Level", "text"],
    ["since", "Since", "date"],
  ]);
});

test("a form shows the pass's own value, then that of its event, then that of the template", () => {
  expect(FIELDS.map(shownText)).toEqual([EXACT, "3", "Gold", ""]);
});

test("without the template, the fields come from the pass's content, in which an own value hides the value of the layer below", () => {
  const content = {
    storeCard: {
      primaryFields: [
        { key: "seat", value: "2" },
        { key: "gate", value: "B" },
      ],
    },
  };
  const fields = inputFieldsOfContent(content, { seat: { value: "2" } });
  expect(fields.map(({ own, below }) => [own, below])).toEqual([
    ["2", undefined],
    [undefined, "B"],
  ]);
});

test("nothing is sent if nothing was typed, or if everything is as before", () => {
  expect(change({})).toEqual({ body: {}, fault: null });
  const same = {
    "value:points": EXACT,
    "value:level": "Gold",
    tags: " vip ",
    eventId: "4",
    externalId: "order-1",
  };
  expect(change(same)).toEqual({ body: {}, fault: null });
  expect(newPassBody(NEW, { "value:level": "  ", tags: "", expirationDate: "" })).toEqual({
    body: {},
    fault: null,
  });
});

test("a number keeps its exact digits, and a text stays a text", () => {
  const { body } = change({ "value:points": "98765432109876543210", "value:level": "007" });
  expect(writeJson(body)).toBe(
    '{"values":{"points":{"value":98765432109876543210},"level":{"value":"007"}}}',
  );
});

test.each(["1,5", "1.000,00", "007", "+5", "Gold", "1e", "NaN"])(
  "%s is not a number, and its field says so",
  (typed) => {
    expect(change({ "value:points": typed }).fault).toMatchObject({ pointer: "/values/points", code: null });
  },
);

test("emptying a field removes the pass's own value, if it had one", () => {
  expect(change({ "value:points": "", "value:level": "" }).body).toEqual({
    values: { points: { value: null } },
  });
});

test("an emptied code, event, id or end is removed", () => {
  const { body } = change({ externalId: "", eventId: "", expirationDate: "", tags: "", barcodeMessage: "" });
  expect(body).toEqual({ externalId: null, eventId: null, pass: { expirationDate: null }, tags: [] });
});

test("a date has a time zone and no parts of seconds, and is shown again as it was typed", () => {
  const typed = "2026-12-24T18:30";
  const { body } = newPassBody(NEW, { "value:since": typed, expirationDate: typed });
  const date = dateOfLocal(typed) ?? "";
  expect(body).toEqual({ values: { since: { value: date } }, pass: { expirationDate: date } });
  expect(date).toMatch(/^2026-12-24T18:30(Z|[+-]\d\d:\d\d)$/);
  expect(localText(date)).toBe(typed);
  expect(localText("tomorrow")).toBe("");
  expect(newPassBody(NEW, { "value:since": "soon" }).fault).toMatchObject({ pointer: "/values/since" });
});

test("a date that ignores the time zone keeps its own", () => {
  expect(localText("2026-12-24T18:30:05+11:00", true)).toBe("2026-12-24T18:30");
  expect(dateOfLocal("2026-12-24T19:00", "2026-12-24T18:30:05+11:00")).toBe("2026-12-24T19:00+11:00");
});

test("a new pass has what was typed, and each tag once", () => {
  const typed = { "value:points": "120", serialNumber: " 42 ", tags: "vip, row-7,,vip", eventId: "4" };
  expect(newPassBody(NEW, typed).body).toEqual({
    ...{ serialNumber: "42", values: { points: { value: 120 } }, tags: ["vip", "row-7"], eventId: 4 },
  });
});

test.each([
  ["3", "4"],
  ["-1", "0"],
  ["-0.50", "0.50"],
  ["-1.5", "-0.5"],
  ["9.99", "10.99"],
  ["99999999999999999999", "100000000000000000000"],
  ["", undefined],
  ["Gold", undefined],
])("one more than %s is %s", (text, sum) => {
  expect(plusOne(text)).toBe(sum);
});
