/**
 * Input of Passdock's API: the formats that a pass can be sent in, and how each value is converted.
 */
import { beforeAll, expect, test } from "vitest";
import { ADMIN_TOKEN, admin, download, ORIGIN, send } from "../harness.ts";
import {
  boardingPass,
  call,
  created,
  freshSerial,
  genericPass,
  make,
  pathOf,
  portrait,
  read,
  refusal,
  type Summary,
  show,
  update,
} from "./passdock-client.ts";

const PASS_TYPE = "pass.test.passdock-input";
let templateId: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = await make(PASS_TYPE, boardingPass);
});

const PASSES = () => `/templates/${templateId}/passes`;
const post = (body: unknown) => call("POST", PASSES(), {}, body);
const codeOf = async (pass: object) =>
  (await refusal(post({ pass: { serial_number: freshSerial(), ...pass } }))).code;
const rendered = async (at: Summary) => (await download({ downloadUrl: at.download })).pass;
const formText = (pass: object) => `pass=${JSON.stringify({ serial_number: freshSerial(), ...pass })}`;

test.each<[string, () => unknown]>([
  ["an object in JSON", () => ({ pass: { serial_number: freshSerial(), gate: "53" } })],
  ["a JSON text in JSON", () => ({ pass: JSON.stringify({ serial_number: freshSerial(), gate: "53" }) })],
  ["a JSON text in a form, not escaped", () => formText({ gate: "53" })],
  [
    "a JSON text in a form, escaped",
    () => `pass=${encodeURIComponent(formText({ gate: "53" }).slice("pass=".length))}`,
  ],
  ["nested form keys", () => `pass[serial_number]=${freshSerial()}&pass[gate]=53`],
  ["nested form keys of a hash", () => `pass[serial_number]=${freshSerial()}&pass[gate][value]=53`],
  [
    "JSON that curl calls a form",
    () => JSON.stringify({ pass: { serial_number: freshSerial(), gate: "53" } }),
  ],
  ["a hash of value alone", () => ({ pass: { serial_number: freshSerial(), gate: { value: "53" } } })],
])("the pass can be sent as %s", async (_, body) => {
  const at = await read<Summary>(post(body()), 201);
  expect((await show(at)).header).toEqual([
    { key: "gate", label: "GATE", value: "53", changeMessage: "Gate changed to %@" },
  ]);
});

test("value, label and changeMessage of a key override the template's, but omitted members do not", async () => {
  const at = await created(templateId, { gate: { label: "PORTE", changeMessage: "" } });
  expect((await show(at)).header).toEqual([{ key: "gate", label: "PORTE", value: "", changeMessage: "" }]);
});

test("in a form, a + that became a space is restored in dates and image data only", async () => {
  const generic = await make(PASS_TYPE, genericPass);
  const pass = {
    serial_number: freshSerial(),
    gate: "T10:00 02:00",
    departure: "2026-12-24T18:30:00+02:00",
    relevance: { relevantDate: "2026-12-24T18:30+01:00" },
  };
  let data = portrait(1);
  for (let shade = 2; !data.includes("+"); shade++) data = portrait(shade);
  const thumbnail = JSON.stringify({ filename: "a.png", data });
  const body = `pass=${JSON.stringify(pass)}&thumbnail=${thumbnail}`;
  const at = await read<Summary>(call("POST", `/templates/${generic}/passes`, {}, body), 201);
  expect(await show(at)).toMatchObject({
    header: [{ value: "T10:00 02:00" }],
    auxiliary: [{ value: "2026-12-24T18:30:00+02:00" }],
    relevance: { relevantDate: "2026-12-24T18:30+01:00" },
  });
  const { files } = await download({ downloadUrl: at.download });
  expect(files["thumbnail.png"]?.toBase64()).toBe(data);
});

test("in JSON, a date with a space for its + is refused", async () => {
  expect(await codeOf({ departure: "2026-12-24T18:30:00 02:00" })).toBe(422);
  expect(await codeOf({ relevance: { relevantDate: "2026-12-24T18:30:00 02:00" } })).toBe(422);
});

test.each([
  ["12.5", 12.5],
  [" 12.5 ", 12.5],
  ["-3", -3],
  ["1e3", 1000],
  [7, 7],
])("the price %j, of a field with a currency, becomes the number %d", async (price, number) => {
  const pass = await rendered(await created(templateId, { price }));
  expect(pass).toMatchObject({ boardingPass: { secondaryFields: [{ value: number, currencyCode: "EUR" }] } });
});

test.each(["12,50", "twelve", "0x10", "1e999", "Infinity", "1 2"])(
  "the price %j is refused with 422, because it is not a number",
  async (price) => {
    expect(await codeOf({ price })).toBe(422);
  },
);

test("a blank date or number is not stored as a value, and Wallet accepts the pass", async () => {
  const at = await created(templateId, { departure: "", price: { value: " ", label: "COST" } });
  expect(await show(at)).toMatchObject({
    auxiliary: [{ value: "" }],
    secondary: [{ value: "", label: "COST" }],
  });
  expect((await admin.show(at.id)).values).toEqual({ price: { label: "COST" } });
  await rendered(at);
});

test("an update with a blank date or number removes the pass's own value and keeps its label", async () => {
  const at = await created(templateId, {
    departure: "2026-12-24T18:30Z",
    price: { value: "5", label: "COST" },
  });
  await read(update(at, { pass: { departure: "", price: "" } }));
  expect((await admin.show(at.id)).values).toEqual({ departure: {}, price: { label: "COST" } });
});

test.each<[string, object]>([
  ["a value of 100,001 characters", { gate: "x".repeat(100_001) }],
  ["a label of 100,001 characters", { gate: { label: "x".repeat(100_001) } }],
  ["another member", { gate: { value: "53", colour: "red" } }],
  ["a value that is true", { gate: true }],
  ["a value that is null", { gate: null }],
  ["a list", { gate: ["53"] }],
  ["a bar with another member", { bar: { message: "m", format: "PKBarcodeFormatQR" } }],
  ["a bar whose message is a number", { bar: { message: 5 } }],
  ["a bar whose altText is too long", { bar: { altText: "x".repeat(1001) } }],
  ["a relevance with another member", { relevance: { maxDistance: 5 } }],
  [
    "a location with another member",
    { relevance: { locations: [{ latitude: 1, longitude: 2, name: "x" }] } },
  ],
  ["a latitude that is a blank", { relevance: { locations: [{ latitude: "", longitude: 2 }] } }],
  [
    "an altitude that is no number",
    { relevance: { locations: [{ latitude: 1, longitude: 2, altitude: "high" }] } },
  ],
  ["eleven locations", { relevance: { locations: Array(11).fill({ latitude: 1, longitude: 2 }) } }],
  ["a serial number that is a number", { serial_number: 1234567 }],
  ["a serial number that ends with a slash", { serial_number: "a/" }],
  ["a serial number that ends like a route", { serial_number: "a/personalize" }],
  ["a serial number of 201 characters", { serial_number: "x".repeat(201) }],
])("%s is refused with 422", async (_, pass) => {
  expect(await codeOf(pass)).toBe(422);
});

test("bar and relevance reach the phone", async () => {
  const location = { latitude: "-12.5", longitude: "64.25", altitude: "30", relevantText: "Here" };
  const relevance = { locations: [location], relevantDate: "2026-12-24T18:30Z" };
  const at = await created(templateId, { bar: { message: "ABC", altText: "A B C" }, relevance });
  expect(await rendered(at)).toMatchObject({
    barcodes: [{ message: "ABC", altText: "A B C" }],
    locations: [{ latitude: -12.5, longitude: 64.25, altitude: 30, relevantText: "Here" }],
    relevantDate: "2026-12-24T18:30Z",
  });
});

test("one location can be a hash, as nested form keys send it", async () => {
  const where = "pass[relevance][locations]";
  const form = `pass[serial_number]=${freshSerial()}&${where}[latitude]=12.1&${where}[longitude]=64.1`;
  const at = await read<Summary>(post(form), 201);
  expect((await show(at)).relevance).toEqual({ locations: [{ latitude: 12.1, longitude: 64.1 }] });
});

test("a blank or null relevantDate is removed, and locations and all other overrides stay", async () => {
  const at = await created(templateId, { relevance: { relevantDate: "", locations: [] } });
  expect((await admin.show(at.id)).pass).toEqual({ locations: [] });
  await admin.change(at.id, { pass: { logoText: "Own", locations: [{ latitude: 1, longitude: 2 }] } });
  for (const blank of ["", null]) {
    await read(update(at, { pass: { relevance: { relevantDate: "2026-12-24T18:30Z" } } }));
    expect((await show(at)).relevance).toHaveProperty("relevantDate");
    await read(update(at, { pass: { relevance: { relevantDate: blank } } }));
    const kept = { logoText: "Own", locations: [{ latitude: 1, longitude: 2 }] };
    expect((await admin.show(at.id)).pass).toEqual(kept);
  }
});

test.each<[string, unknown]>([
  ["half a character", '{"pass": {"serial_number": "s", "gate": "\\ud83d"}}'],
  ["half a character in a text of JSON", { pass: '{"serial_number": "s", "gate": "\\ud83d"}' }],
  ["a form key of many levels", `pass${"[a]".repeat(50_000)}=1`],
  ["JSON of many levels", `{"pass": ${"[".repeat(5000)}${"]".repeat(5000)}}`],
  ["more than 2 MB", `pass=${"x".repeat(2 * 1024 * 1024)}`],
  ["a list", []],
  ["nothing", ""],
  ["a pass that is a number", "pass=5"],
  ["a thumbnail that is no JSON", `${formText({})}&thumbnail=test.png`],
])("a body with %s is refused with 400", async (_, body) => {
  expect((await refusal(post(body))).code).toBe(400);
});

test.each(["__proto__", "constructor", "toString"])("the key %s has no special meaning", async (key) => {
  expect((await refusal(post(`pass[serial_number]=${freshSerial()}&pass[${key}][value]=1`))).code).toBe(420);
  const text = `{"pass": {"serial_number": "${freshSerial()}", "${key}": "1"}}`;
  expect((await refusal(post(text))).code).toBe(420);
});

test("of a repeated form key the last value is used, and keys outside of the pass are ignored", async () => {
  const at = await read<Summary>(post(`x[=1&utf8=%E2%9C%93&pass={&${formText({ gate: "53" })}`), 201);
  expect((await show(at)).header[0]?.value).toBe("53");
});

test("an update needs no Content-Type, and a DELETE can send its key in a form", async () => {
  const at = await created(templateId);
  const at_ = `${ORIGIN}/api/v1${pathOf(at)}`;
  const bytes = new TextEncoder().encode(`api_token=${ADMIN_TOKEN}&pass[gate]=9`);
  expect((await send(new Request(at_, { method: "PUT", body: bytes }))).status).toBe(200);
  expect((await show(at)).header[0]?.value).toBe("9");
  const body = new URLSearchParams({ api_token: ADMIN_TOKEN });
  expect((await send(new Request(at_, { method: "DELETE", body }))).status).toBe(200);
});
