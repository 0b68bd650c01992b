/**
 * The schema of pass.json: it accepts every key that Apple documents, has the iOS version that introduced it, and rejects
 * values of the wrong type with their pointer. Also closed enumerations and limits.
 *
 * Follows Apple's "Pass" and the pages that it links (every-key.ts).
 */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { findMinimumVersion, schemaFindings } from "../../src/pkpass/lint/schema-findings.ts";
import {
  finishedPass,
  passOverrides,
  passPatch,
  personalizationJson,
  templatePass,
} from "../../src/pkpass/schema/schema.ts";
import { PASS, type Part, SMALLEST } from "./every-key.ts";
import { INNER_PARTS, PARTS } from "./every-part.ts";
import { TAG_PARTS } from "./every-tag.ts";

/** The value as JSON, in which what is undefined is absent. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const errorsOf = (pass: unknown, schema: z.ZodType = templatePass) =>
  schemaFindings(json(pass), schema).filter(({ severity }) => severity === "error");
/** All findings except those about deprecated keys. */
const complaintsOf = (pass: unknown, schema: z.ZodType = templatePass) =>
  schemaFindings(json(pass), schema).filter(({ code }) => code !== "deprecated_key");
const versionOf = (pass: unknown) => Number(findMinimumVersion(json(pass))?.version ?? 6);

/** One key of one object of the format. */
const everyKey = [PASS, ...PARTS, ...TAG_PARTS, ...INNER_PARTS].flatMap((part) =>
  Object.entries(part.keys).flatMap(([version, keys]) =>
    Object.entries(keys).map(([key, right]) => ({ part, name: part.name, version, key, right })),
  ),
);
const passWith = (part: Part, more: object) => part.within({ ...part.base, ...more });

describe.each(everyKey)("$name.$key", ({ part, version, key, right }) => {
  test("accepts a valid value", () => {
    expect(complaintsOf(passWith(part, { [key]: right }))).toEqual([]);
  });

  test("rejects a value of another type, with its pointer", () => {
    if (key === "userInfo") return; // any JSON
    const wrong = typeof right === "object" ? "text" : {};
    const pointer = `${part.pointer}/${key}`;
    const found = errorsOf(passWith(part, { [key]: wrong }));
    expect(found).toMatchObject([{ code: "wrong_type", pointer }]);
    const issues = templatePass.safeParse(json(passWith(part, { [key]: wrong }))).error?.issues ?? [];
    expect(issues.map(({ path }) => ["/pass", ...path].join("/"))).toEqual([pointer]);
  });

  test("has the iOS version that introduced it", () => {
    // Keys inside the value may be newer than the key itself.
    const shallow = Array.isArray(right) ? [] : typeof right === "object" ? {} : right;
    const pass = part.within({ ...part.base, [key]: shallow });
    expect(versionOf(pass)).toBe(Math.max(Number(part.since), Number(version)));
  });
});

test("the table has every key of the schema", () => {
  const { properties, $defs } = z.toJSONSchema(templatePass, { io: "input" });
  const keysOf = (part: Part) => Object.values(part.keys).flatMap((keys) => Object.keys(keys));
  const styles = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"];
  expect([...keysOf(PASS), ...styles].sort()).toEqual(Object.keys(properties ?? {}).sort());
  const parts = [...PARTS, ...TAG_PARTS];
  expect(parts.map(({ name }) => name).sort()).toEqual(Object.keys($defs ?? {}).sort());
  for (const part of parts) {
    const { properties } = z
      .object({ properties: z.record(z.string(), z.unknown()) })
      .parse($defs?.[part.name]);
    expect(keysOf(part).sort(), part.name).toEqual(Object.keys(properties).sort());
  }
});

test("in the OpenAPI document a number of any length is a number", () => {
  const { $defs } = z.toJSONSchema(templatePass, { io: "input" });
  expect($defs?.Location?.properties).toMatchObject({
    latitude: { type: "number", minimum: -90, maximum: 90 },
    altitude: { type: "number" },
  });
  expect($defs?.PassFieldContent?.properties?.value).toEqual({ type: ["string", "number"] });
});

const inField = (field: object) => ({ ...SMALLEST, generic: { backFields: [{ key: "a", ...field }] } });
const words = (prefix: string, list: string) => list.split(" ").map((word) => prefix + word);
test.each<[what: string, at: string, pass: (word: string) => object, words: string[]]>([
  [
    "transitType",
    "boardingPass/transitType",
    (transitType) => ({ ...SMALLEST, generic: undefined, boardingPass: { transitType } }),
    words("PKTransitType", "Air Boat Bus Generic Train"),
  ],
  [
    "a barcode's format",
    "barcodes/0/format",
    (format) => ({ ...SMALLEST, barcodes: [{ format }] }),
    words("PKBarcodeFormat", "QR PDF417 Aztec Code128 Code39 Codabar EAN13 I2of5"),
  ],
  [
    "dateStyle",
    "generic/backFields/0/dateStyle",
    (dateStyle) => inField({ dateStyle }),
    words("PKDateStyle", "None Short Medium Long Full"),
  ],
  [
    "timeStyle",
    "generic/backFields/0/timeStyle",
    (timeStyle) => inField({ timeStyle }),
    words("PKDateStyle", "None Short Medium Long Full"),
  ],
  [
    "numberStyle",
    "generic/backFields/0/numberStyle",
    (numberStyle) => inField({ numberStyle }),
    words("PKNumberStyle", "Decimal Percent Scientific SpellOut"),
  ],
  [
    "textAlignment",
    "generic/backFields/0/textAlignment",
    (textAlignment) => inField({ textAlignment }),
    words("PKTextAlignment", "Left Center Right Natural"),
  ],
])("%s has one of Apple's values, and the nearest is suggested", (_what, at, pass, words) => {
  for (const word of words) expect(complaintsOf(pass(word))).toEqual([]);
  const [word = ""] = words;
  const refused = { code: "invalid_value", pointer: `/pass/${at}` };
  expect(errorsOf(pass(word.toLowerCase()))).toMatchObject([{ ...refused, cure: `Write ${word}.` }]);
  expect(errorsOf(pass("something else"))).toMatchObject([
    { ...refused, cure: `Write one of ${words.join(", ")}.` },
  ]);
});

test.each<[what: string, at: string, more: object]>([
  [
    "a date that is none inside semantics",
    "semantics/originalDepartureDate",
    { semantics: { originalDepartureDate: "noon" } },
  ],
  [
    "a place off the globe inside semantics",
    "semantics/venueLocation/latitude",
    { semantics: { venueLocation: { latitude: 91, longitude: 0 } } },
  ],
  [
    "a network without its password",
    "semantics/wifiAccess/0/password",
    { semantics: { wifiAccess: [{ ssid: "a" }] } },
  ],
  [
    "a beacon's major beyond 65535",
    "beacons/0/major",
    { beacons: [{ proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0", major: 65536 }] },
  ],
  [
    "a beacon's minor of a half",
    "beacons/0/minor",
    { beacons: [{ proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0", minor: 0.5 }] },
  ],
  [
    "an action without a target",
    "featuredActions/0",
    { featuredActions: [{ identifier: "a", type: "shop" }] },
  ],
  [
    "an upcoming entry without a name",
    "upcomingPassInformation/0/name",
    { upcomingPassInformation: [{ identifier: "a", type: "event" }] },
  ],
  [
    "a field without a value in an upcoming entry, which no pass can bring",
    "upcomingPassInformation/0/backFields/0/value",
    { upcomingPassInformation: [{ identifier: "a", type: "event", name: "b", backFields: [{ key: "a" }] }] },
  ],
  [
    "a remote image that is not https",
    "upcomingPassInformation/0/images/venueMap/URLs/0/URL",
    {
      upcomingPassInformation: [
        {
          identifier: "a",
          type: "event",
          name: "b",
          images: { venueMap: { URLs: [{ URL: "http://a", SHA256: "" }] } },
        },
      ],
    },
  ],
  [
    "a third row of auxiliary fields",
    "generic/auxiliaryFields/0/row",
    { generic: { auxiliaryFields: [{ key: "a", row: 2 }] } },
  ],
])("%s is refused", (_what, at, more) => {
  expect(errorsOf({ ...SMALLEST, ...more })).toMatchObject([{ pointer: `/pass/${at}` }]);
});

test("a finished pass must have everything that a phone needs", () => {
  const whole = {
    ...SMALLEST,
    formatVersion: 1,
    passTypeIdentifier: "pass.com.example",
    serialNumber: "1",
    teamIdentifier: "TEAM000001",
    generic: { primaryFields: [{ key: "a", value: 1 }] },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "1", messageEncoding: "iso-8859-1" }],
  };
  expect(complaintsOf(whole, finishedPass)).toEqual([]);
  const absent = (more: object) => errorsOf({ ...whole, ...more }, finishedPass);
  for (const key of [
    "formatVersion",
    "passTypeIdentifier",
    "serialNumber",
    "teamIdentifier",
    "description",
  ]) {
    expect(absent({ [key]: undefined })).toMatchObject([{ code: "missing_key", pointer: `/pass/${key}` }]);
  }
  const format = "PKBarcodeFormatQR";
  expect(absent({ generic: { primaryFields: [{ key: "a" }] } })).toMatchObject([
    { code: "missing_key", pointer: "/pass/generic/primaryFields/0/value" },
  ]);
  expect(absent({ barcodes: [{ format }] }).map(({ pointer }) => pointer)).toEqual([
    "/pass/barcodes/0/message",
    "/pass/barcodes/0/messageEncoding",
  ]);
  expect(absent({ webServiceURL: "https://a.example" })).toMatchObject([
    { code: "missing_key", pointer: "/pass/authenticationToken" },
  ]);
  expect(
    absent({ webServiceURL: "https://a.example", authenticationToken: "0123456789abcde" }),
  ).toMatchObject([{ code: "invalid_value", pointer: "/pass/authenticationToken" }]);
});

test.each([
  ["rgba(255, 255, 255, 0.75)", true],
  ["rgba(220, 58, 92, 1.00)", true],
  ["rgba( 0 ,0,0, 0 )", true],
  ["rgba(0,0,0,.5)", true],
  ["rgba(0, 0, 0, 1.5)", false],
  ["rgba(0, 0, 0, -0.5)", false],
  ["rgba(0, 0, 0, 50%)", false],
  ["rgba(0, 0, 0)", false],
  ["rgba(256, 0, 0, 0.999)", false],
  ["rgb(0, 0, 0, 0.5)", false],
])("the alpha of a colour is from 0 to 1: %s", (labelColor, isValid) => {
  for (const schema of [templatePass, passOverrides]) {
    const found = errorsOf(schema === templatePass ? { ...SMALLEST, labelColor } : { labelColor }, schema);
    expect(found.map(({ pointer }) => pointer)).toEqual(isValid ? [] : ["/pass/labelColor"]);
  }
});

test("one run reports everything: types, styles, repeated keys, reserved keys", () => {
  const twice = { backFields: [{ key: "a", value: {} }, { key: "a" }] };
  const found = errorsOf({ ...SMALLEST, generic: twice, coupon: {}, serialNumber: "1", voided: "no" });
  expect(found.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
    "duplicate_field_key /pass/generic/backFields/1/key",
    "reserved_key /pass/serialNumber",
    "style_count /pass/generic",
    "wrong_type /pass/generic/backFields/0/value",
    "wrong_type /pass/voided",
  ]);
});

test("only a change of a pass may have null, for each key and inside objects, but not in arrays", () => {
  const keys = Object.keys(passOverrides.shape).filter((key) => key !== "userInfo");
  expect(keys.length).toBeGreaterThan(30);
  for (const key of keys) {
    expect(errorsOf({ [key]: null }, passPatch), key).toEqual([]);
    expect(errorsOf({ [key]: null }, passOverrides), key).toMatchObject([{ pointer: `/pass/${key}` }]);
  }
  const partial = { nfc: { message: null }, semantics: { venueLocation: { latitude: null } }, newKey: null };
  expect(errorsOf(partial, passPatch)).toEqual([]);
  expect(errorsOf({ locations: [{ latitude: null, longitude: 1 }] }, passPatch)).toMatchObject([
    { pointer: "/pass/locations/0/latitude" },
  ]);
  expect(errorsOf({ nfc: { message: 5 }, storeCard: null }, passPatch).map(({ pointer }) => pointer)).toEqual(
    ["/pass/nfc/message", "/pass/storeCard"],
  );
});

test("personalization.json needs fields and a description", () => {
  const right = {
    description: "Join",
    requiredPersonalizationFields: words(
      "PKPassPersonalizationField",
      "Name PostalCode EmailAddress PhoneNumber",
    ),
    termsAndConditions: "<a href='https://a.example'>Terms</a>",
  };
  expect(schemaFindings(right, personalizationJson, "personalization")).toEqual([]);
  for (const key of ["description", "requiredPersonalizationFields"]) {
    expect(
      schemaFindings(json({ ...right, [key]: undefined }), personalizationJson, "personalization"),
    ).toMatchObject([{ code: "missing_key", pointer: `/personalization/${key}` }]);
  }
  for (const key of Object.keys(right)) {
    expect(schemaFindings({ ...right, [key]: 5 }, personalizationJson, "personalization")).toMatchObject([
      { severity: "error", code: "wrong_type", pointer: `/personalization/${key}` },
    ]);
  }
});
