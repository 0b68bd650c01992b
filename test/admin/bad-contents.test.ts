/**
 * Well-formed bodies with invalid content: images, pass.json, strings, values. Each is refused with a pointer to the
 * fault, and nothing is written. And names such as `constructor` are ordinary keys.
 *
 * Follows Apple's "Pass", "PassFields" and "PassFieldContent", the PNG specification (§5), and RFC 6901 (pointers).
 */
import { beforeAll, expect, test } from "vitest";
import { drawPng } from "../apple/png.ts";
import { admin, call, download, icon, refused, storeCard } from "../harness.ts";

const PASS_TYPE = "pass.test.bad-contents";
const png = drawPng(3, 3, () => [1, 2, 3, 255]);
const base64 = (text: string) => new TextEncoder().encode(text).toBase64();
/** The body of a valid template, with these changes. */
const template = (more: Record<string, unknown>) => ({
  name: "Card",
  passTypeIdentifier: PASS_TYPE,
  pass: storeCard,
  images: icon,
  ...more,
});

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const { id } = await admin.makeTemplate(PASS_TYPE, { externalId: "first" }); // 1, as in the paths below
  const pass = await admin.issue(id, { values: { points: "1" }, tags: ["kept"], externalId: "first" });
  expect([id, pass.id]).toEqual([1, 1]);
});

/** Expects the same error when a template is created and when it is changed. A change removes what is undefined. */
async function refusedOfTemplate(
  part: Record<string, unknown>,
  expected: { status: number; code: string; pointer: string },
) {
  await refused(["POST", "/templates", template(part)], expected);
  const patch = JSON.stringify(part, (_key, value: unknown) => (value === undefined ? null : value));
  await refused(["PATCH", "/templates/1", patch], expected);
}

test.each([
  "../icon.png",
  "/icon.png",
  "fr.lproj/../icon.png",
  "..\\icon.png",
  "a/b/icon.png",
  "icon.PNG",
  "icon.gif",
  "icon@4x.png",
  "icon.png\u0000",
  "icon.png\n",
  "EN.lproj/icon.png",
  "pass.json",
  "manifest.json",
  "signature",
  "fr.lproj/pass.strings",
  "constructor",
  "",
])("the image name %j is refused", async (path) => {
  const images = { ...icon, [path]: png.toBase64() };
  const pointer = `/images/${path.replaceAll("/", "~1")}`;
  await refusedOfTemplate({ images }, { status: 422, code: "invalid_image", pointer });
});

test.each<[what: string, content: string]>([
  ["text that is not base64", "not base64!"],
  ["truncated base64", png.toBase64().slice(0, 21)],
  ["an empty text", ""],
  ["text", base64("icon")],
  ["a GIF", base64("GIF89a\u0001\u0000\u0001\u0000\u0080\u0000\u0000")],
  ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, ...new Uint8Array(60)).toBase64()],
  ["SVG", base64("<svg xmlns='http://www.w3.org/2000/svg'/>")],
  ["only the signature of a PNG", png.slice(0, 8).toBase64()],
  ["a PNG truncated within its header", png.slice(0, 24).toBase64()],
  ["a PNG truncated after its header", png.slice(0, 33).toBase64()],
  ["a PNG truncated within its pixels", png.slice(0, 50).toBase64()],
  ["a PNG without its last chunk", png.slice(0, -12).toBase64()],
  ["a PNG without width", png.with(19, 0).toBase64()],
])("%s is refused as an image", async (_what, content) => {
  const pointer = "/images/icon.png";
  await refusedOfTemplate(
    { images: { "icon.png": content } },
    { status: 422, code: "invalid_image", pointer },
  );
});

test("a template needs icon.png, or a sharper icon for every language to scale it from", async () => {
  const missing = { status: 422, code: "missing_icon", pointer: "/images" };
  for (const images of [
    {},
    { "fr.lproj/icon@3x.png": icon["icon@2x.png"] },
    { "fr.lproj/icon.png": icon["icon.png"] },
  ]) {
    await refused(["POST", "/templates", template({ images })], missing);
    await refused(["PATCH", "/templates/1", { images: { ...images, "icon.png": null } }], missing);
  }
});

test("too many images, and images with too many bytes, are refused", async () => {
  const languages = Array.from({ length: 201 }, (_, i) => `aa-${String(i).padStart(4, "0")}.lproj/icon.png`);
  const many = Object.fromEntries(languages.map((path) => [path, icon["icon.png"]]));
  const refusal = { status: 422, code: "invalid_image" };
  await refusedOfTemplate({ images: { ...icon, ...many } }, { ...refusal, pointer: "/images" });
  const chunk = new Uint8Array(8.5 * 1024 * 1024);
  chunk.set([0, 0x87, 0xff, 0xf4, 0x74, 0x45, 0x58, 0x74]); // length, tEXt
  const huge = new Uint8Array([...png.subarray(0, 33), ...chunk, ...png.subarray(-12)]).toBase64();
  const images = { "icon.png": huge };
  await refusedOfTemplate({ images }, { ...refusal, pointer: "/images/icon.png" });
});

const location = { latitude: 1, longitude: 1 };
const field = { key: "a", value: "1" };
/** A pass with one field that has these members. */
const one = (more: Record<string, unknown>) => ({ storeCard: { primaryFields: [{ ...field, ...more }] } });
const ONE = "/storeCard/primaryFields/0";
const twice = { storeCard: { headerFields: [field], backFields: [{ key: "b" }, field] } };
const many = { storeCard: { backFields: Array.from({ length: 101 }, (_, i) => ({ key: `k${i}` })) } };
const boarding = (boardingPass: object) => ({ storeCard: undefined, boardingPass });
test.each<[what: string, pass: Record<string, unknown>, pointer: string]>([
  ["date and number styles in one field", one({ dateStyle: "PKDateStyleShort", currencyCode: "EUR" }), ONE],
  ["30 February", { expirationDate: "2026-02-30T10:00Z" }, "/expirationDate"],
  ["a relevant date without a date", { relevantDates: [{}] }, "/relevantDates/0"],
  [
    "a relevant interval without an end",
    { relevantDates: [{ startDate: "2026-12-24T18:30Z" }] },
    "/relevantDates/0",
  ],
  ["an unknown barcode format", { barcodes: [{ format: "PKBarcodeFormatBogus" }] }, "/barcodes/0/format"],
  ["an unknown date style", one({ dateStyle: "long" }), `${ONE}/dateStyle`],
  ["an unknown time style", one({ timeStyle: 1 }), `${ONE}/timeStyle`],
  ["an unknown number style", one({ numberStyle: "PKNumberStyleX" }), `${ONE}/numberStyle`],
  ["an invalid currency code", one({ currencyCode: "euro" }), `${ONE}/currencyCode`],
  ["an unknown alignment", one({ textAlignment: "left" }), `${ONE}/textAlignment`],
  ["a field without a key", one({ key: undefined }), `${ONE}/key`],
  ["a field with an empty key", one({ key: "" }), `${ONE}/key`],
  ["a value that is an object", one({ value: {} }), `${ONE}/value`],
  ["fields that are not a list", { storeCard: { headerFields: field } }, "/storeCard/headerFields"],
  ["a repeated field key", twice, "/storeCard/backFields/1/key"],
  ["101 fields", many, "/storeCard"],
  ["no style", { storeCard: undefined }, "/generic"],
  ["two styles", { coupon: {} }, "/storeCard"],
  ["a boarding pass without transitType", boarding({}), "/boardingPass/transitType"],
  [
    "a boarding pass with an unknown transitType",
    boarding({ transitType: "rocket" }),
    "/boardingPass/transitType",
  ],
  ["an empty description", { description: "" }, "/description"],
  ["no organizationName", { organizationName: undefined }, "/organizationName"],
  ["another formatVersion", { formatVersion: 2 }, "/formatVersion"],
])("a template with %s is refused", async (_what, changed, pointer) => {
  const pass = { ...storeCard, ...changed };
  await refusedOfTemplate({ pass }, { status: 422, code: "invalid_pass", pointer: `/pass${pointer}` });
});

/** Members that a template and a pass both have. */
test.each<[what: string, pass: Record<string, unknown>, pointer: string]>([
  ["serialNumber", { serialNumber: "1" }, "/serialNumber"],
  ["authenticationToken", { authenticationToken: "0123456789abcdef" }, "/authenticationToken"],
  ["webServiceURL", { webServiceURL: "https://evil.example" }, "/webServiceURL"],
  ["passTypeIdentifier", { passTypeIdentifier: PASS_TYPE }, "/passTypeIdentifier"],
  ["teamIdentifier", { teamIdentifier: "TEAM000001" }, "/teamIdentifier"],
  ["a colour by name", { backgroundColor: "red" }, "/backgroundColor"],
  ["a colour followed by other text", { labelColor: "rgb(1,2,3);background:url(x)" }, "/labelColor"],
  ["a date without a time zone", { expirationDate: "2027-01-01T00:00" }, "/expirationDate"],
  ["a date with milliseconds", { relevantDate: "2027-01-01T00:00:00.000Z" }, "/relevantDate"],
  ["11 locations", { locations: Array(11).fill(location) }, "/locations"],
  ["a latitude above 90", { locations: [location, { latitude: 91, longitude: 0 }] }, "/locations/1/latitude"],
  [
    "11 beacons",
    { beacons: Array(11).fill({ proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0" }) },
    "/beacons",
  ],
  ["an unknown barcode format", { barcodes: [{ format: "QR" }] }, "/barcodes/0/format"],
  ["voided as text", { voided: "yes" }, "/voided"],
])("a template and a pass with %s are refused", async (_what, pass, pointer) => {
  const refusal = { status: 422, code: "invalid_pass", pointer: `/pass${pointer}` };
  await refusedOfTemplate({ pass: { ...storeCard, ...pass } }, refusal);
  await refused(["POST", "/templates/1/passes", { pass }], refusal);
  await refused(["PATCH", "/passes/1", { pass }], refusal);
});

test("a pass that overrides its template's style is refused", async () => {
  const refusal = { status: 422, code: "invalid_pass", pointer: "/pass/storeCard" };
  await refused(["POST", "/templates/1/passes", { pass: { storeCard: {} } }], refusal);
  await refused(["PATCH", "/passes/1", { pass: { storeCard: {} } }], refusal);
});

test.each<[what: string, body: Record<string, unknown>, pointer: string]>([
  ["a value that is true", { values: { points: true } }, "/values/points"],
  [
    "a value with an unknown member",
    { values: { points: { value: "1", color: "red" } } },
    "/values/points/color",
  ],
  ["values as a list", { values: ["1"] }, "/values"],
  ["a text of 100,001 characters", { values: { points: "x".repeat(100_001) } }, "/values/points"],
  ["an empty tag", { tags: ["a", ""] }, "/tags/1"],
  ["101 tags", { tags: Array.from({ length: 101 }, (_, i) => `t${i}`) }, "/tags"],
  ["an empty externalId", { externalId: "" }, "/externalId"],
  ["a barcodeMessage of 4,001 characters", { barcodeMessage: "x".repeat(4001) }, "/barcodeMessage"],
])("a pass with %s is refused", async (_what, body, pointer) => {
  const refusal = { status: 400, code: "invalid_body", pointer };
  await refused(["POST", "/templates/1/passes", body], refusal);
  await refused(["PATCH", "/passes/1", body], refusal);
});

const ENDING = "must not end with personalize or passLifecycleUpdate";
const SLASHES = "must not begin or end with a slash, or contain two slashes in a row";
const DOTS = "must not be . or ..";
const CHARACTERS = "must not contain \\ ? # or control characters";

test.each([
  ["", ""],
  ["a\\b", CHARACTERS],
  ["a?b", CHARACTERS],
  ["a#b", CHARACTERS],
  ["a/\nb", CHARACTERS],
  ["\u0000", "control character"],
  ["a/\u007f", CHARACTERS],
  ["/a", SLASHES],
  ["a/", SLASHES],
  ["a//b", SLASHES],
  ["/", SLASHES],
  [".", DOTS],
  ["..", DOTS],
  ["a/./b", DOTS],
  ["a/..", DOTS],
  ["../a", DOTS],
  ["personalize", ENDING],
  ["a/personalize", ENDING],
  ["a/b/passLifecycleUpdate", ENDING],
  ["a/\ud800", "half a character"],
  ["x".repeat(201), ""],
  [`${"x/".repeat(100)}x`, ""],
])("%j is refused as a serialNumber, with the reason: %s", async (serialNumber, reason) => {
  const refusal = { status: 400, code: "invalid_body", pointer: "/serialNumber" };
  const { detail } = await refused(["POST", "/templates/1/passes", { serialNumber }], refusal);
  expect(detail).toContain(reason);
});

test("a refused change changes nothing", async () => {
  const tags = ["new"];
  const unknown = { status: 422, code: "unknown_field", pointer: "/values/nope" };
  await refused(["PATCH", "/passes/1", { tags, externalId: "new", values: { nope: "1" } }], unknown);
  const taken = { status: 409, code: "external_id_taken", pointer: "/externalId" };
  const other = await admin.issue(1, { externalId: "second" });
  await refused(["PATCH", "/passes/1", { tags, values: { points: "9" }, externalId: "second" }], taken);
  await refused(["POST", "/templates/1/passes", { externalId: "second", tags }], taken);
  await admin.makeTemplate(PASS_TYPE, { externalId: "second" });
  await refused(["PATCH", "/templates/1", { name: "new", externalId: "second", images: icon }], taken);
  await refused(["POST", "/templates", template({ externalId: "second" })], taken);
  await admin.delete(other.id);
});

test.each([
  ["name", { name: "" }],
  ["name", { name: "x".repeat(201) }],
  ["passTypeIdentifier", { passTypeIdentifier: "pass" }],
  ["strings/french", { strings: { french: { a: "b" } } }],
  ["strings/fr/a", { strings: { fr: { a: 1 } } }],
  ["strings", { strings: { fr: { a: "x".repeat(400_000) } } }],
  ["pass", { pass: { ...storeCard, userInfo: "x".repeat(100_000) } }],
])("a template with an invalid %s is refused", async (place, part) => {
  const refusal = { status: 400, code: "invalid_body", pointer: `/${place}` };
  await refused(["POST", "/templates", template(part)], refusal);
});

test("a template with an unknown pass type is refused", async () => {
  const body = template({ passTypeIdentifier: "pass.test.nowhere" });
  await refused(["POST", "/templates", body], {
    status: 404,
    code: "pass_type_not_found",
    pointer: "/passTypeIdentifier",
  });
});

test("9000 unknown values are refused with unknown_field", async () => {
  const values = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`k${i}`, 1]));
  await refused(["PATCH", "/passes/1", { values }], {
    status: 422,
    code: "unknown_field",
    pointer: "/values/k0",
  });
});

test("names of JavaScript's built-in members are ordinary keys", async () => {
  const own = ["constructor", "toString", "hasOwnProperty", "valueOf", "prototype"];
  const storeCardFields = { backFields: own.map((key) => ({ key, value: "of the template", label: key })) };
  const made = await admin.makeTemplate(PASS_TYPE, {
    pass: { ...storeCard, storeCard: storeCardFields },
    strings: { fr: { constructor: "constructeur", toString: "texte" } },
  });
  const issued = await admin.issue(made.id, {
    serialNumber: "constructor",
    externalId: "__proto__",
    tags: [...own, "__proto__"],
    values: { constructor: "of the pass", toString: { label: "L" } },
  });
  expect(issued.tags).toEqual([...own, "__proto__"].sort());
  await admin.change(issued.id, { values: { valueOf: "of the change", toString: null } });
  const { pass, strings } = await download(issued);
  expect(pass.storeCard).toMatchObject({
    backFields: [
      { key: "constructor", value: "of the pass" },
      { key: "toString", value: "of the template", label: "toString" },
      { key: "hasOwnProperty", value: "of the template" },
      { key: "valueOf", value: "of the change" },
      { key: "prototype", value: "of the template" },
    ],
  });
  expect(strings.fr).toEqual({ constructor: "constructeur", toString: "texte" });
  const found = await call<{ items: unknown[] }>("GET", "/passes?tag=__proto__");
  expect(found.body.items).toHaveLength(1);
});

test.each([
  '{"values": {"__proto__": {"value": "polluted"}}}',
  '{"values": {"points": {"__proto__": {"value": "polluted"}}}}',
  '{"pass": {"__proto__": {"description": "polluted"}}}',
  '{"pass": {"constructor": {"prototype": {"polluted": "polluted"}}}}',
  '{"pass": {"userInfo": {"__proto__": {"polluted": "polluted"}}}}',
])("%s does not change a prototype", async (body) => {
  const { status } = await call("POST", "/templates/1/passes", body);
  expect([201, 400, 422]).toContain(status);
  expect(Object.values({ ...{} })).toEqual([]);
  for (const name of ["polluted", "value", "description"]) expect(Reflect.get({}, name)).toBeUndefined();
  expect((await admin.issue(1)).values).toEqual({});
});
