/**
 * The checks of single values: undocumented keys with a suggestion, deprecated keys, undocumented values of enumerations.
 * Each is reported once, and any JSON is accepted as input.
 *
 * Follows Apple's list of common problems ("misspelled keys") and RFC 6901.
 */
import { describe, expect, test } from "vitest";
import { findNearest } from "../../src/pkpass/lint/nearest.ts";
import { findMinimumVersion, schemaFindings } from "../../src/pkpass/lint/schema-findings.ts";
import {
  finishedPass,
  passOverrides,
  personalizationJson,
  templatePass,
} from "../../src/pkpass/schema/schema.ts";
import { DATE, SMALLEST } from "./every-key.ts";

const found = (more: object) => schemaFindings({ ...SMALLEST, ...more }, templatePass);
const field = (more: object) => ({ generic: { backFields: [{ key: "a", ...more }] } });
const entry = (more: object) => ({
  upcomingPassInformation: [{ identifier: "a", name: "b", type: "event", ...more }],
});
const FIELD = "/pass/generic/backFields/0";

test.each<[wrong: string, pointer: string, more: object, right: string]>([
  ["another case", "/pass/webserviceurl", { webserviceurl: "" }, "webServiceURL"],
  ["a letter too many", "/pass/logoTexts", { logoTexts: "" }, "logoText"],
  ["a letter lost", "/pass/descripton", { descripton: "" }, "description"],
  ["another spelling", "/pass/backgroundColour", { backgroundColour: "" }, "backgroundColor"],
  ["two letters swapped", "/pass/bracodes", { bracodes: [] }, "barcodes"],
  ["a style", "/pass/eventTickets", { eventTickets: {} }, "eventTicket"],
  ["a section", "/pass/generic/headerField", { generic: { headerField: [] } }, "headerFields"],
  ["a key of a field", `${FIELD}/changemessage`, field({ changemessage: "" }), "changeMessage"],
  ["a semantic tag", "/pass/semantics/flightNumer", { semantics: { flightNumer: 1 } }, "flightNumber"],
  ["a tag of a field", `${FIELD}/semantics/balances`, field({ semantics: { balances: 1 } }), "balance"],
  [
    "an address of an entry",
    "/pass/upcomingPassInformation/0/URLs/sellUrl",
    entry({ URLs: { sellUrl: "" } }),
    "sellURL",
  ],
])("%s: the correct key is suggested", (_what, pointer, more, right) => {
  const schema = right === "webServiceURL" ? finishedPass : templatePass;
  const [warning, ...others] = schemaFindings({ ...SMALLEST, ...more }, schema).filter(
    ({ severity }) => severity === "warning",
  );
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ code: "unknown_key", pointer, cure: `Rename it to ${right}.` });
  expect(warning?.message).toContain(`Did you mean "${right}"?`);
});

test.each<[key: string, where: string, more: object, pointer: string]>([
  ["logoText", "pass.json", { generic: { logoText: "" } }, "/pass/generic/logoText"],
  ["headerFields", "PassFields", { headerFields: [] }, "/pass/headerFields"],
  ["airlineCode", "SemanticTags", { airlineCode: "" }, "/pass/airlineCode"],
  ["label", "PassFieldContent", { label: "" }, "/pass/label"],
  ["encryptionPublicKey", "NFC", { encryptionPublicKey: "" }, "/pass/encryptionPublicKey"],
  ["bagPolicyURL", "pass.json or URLs", field({ bagPolicyURL: "" }), `${FIELD}/bagPolicyURL`],
])("%s in the wrong object: the right one is suggested: %s", (_key, where, more, pointer) => {
  expect(found(more)).toMatchObject([
    { severity: "warning", code: "unknown_key", pointer, cure: `Move it to ${where}.` },
  ]);
});

test("an unknown key without a similar known one is a warning without a suggestion, and is passed on", () => {
  const pass = { ...SMALLEST, "new/key": { any: [1] } };
  const [warning, ...others] = schemaFindings(pass, templatePass);
  expect(others).toEqual([]);
  expect(warning).toMatchObject({ severity: "warning", code: "unknown_key", pointer: "/pass/new~1key" });
  expect(`${warning?.message}${warning?.cure}`).not.toMatch(/Did you mean|Rename|Move/);
  expect(templatePass.parse(pass)).toEqual(pass);
});

test("the contents of userInfo and of unknown keys are not checked", () => {
  expect(found({ userInfo: { barcodez: 1, deep: [{ lable: 2 }] } })).toEqual([]);
  expect(found({ userInfo: "text" })).toEqual([]);
  expect(found({ somethingElse: { lable: 1 } })).toHaveLength(1);
});

describe("a deprecated key", () => {
  const barcode = { format: "PKBarcodeFormatQR" };
  test("is a warning without its replacement", () => {
    expect(found({ barcode })).toMatchObject([
      { severity: "warning", code: "deprecated_key", pointer: "/pass/barcode" },
    ]);
    expect(found({ relevantDate: DATE })).toMatchObject([
      { severity: "warning", code: "deprecated_key", pointer: "/pass/relevantDate" },
    ]);
    expect(found({ relevantDates: [{ relevantDate: DATE }] })).toMatchObject([
      { severity: "warning", code: "deprecated_key", pointer: "/pass/relevantDates/0/relevantDate" },
    ]);
  });

  test("is accepted together with its replacement, for older phones", () => {
    expect(found({ barcode, barcodes: [barcode] })).toEqual([]);
    expect(found({ relevantDate: DATE, relevantDates: [{ date: DATE, relevantDate: DATE }] })).toEqual([]);
  });
});

test.each<[more: object, pointer: string, right: string]>([
  [{ preferredStyleSchemes: ["posterEventticket"] }, "preferredStyleSchemes/0", "posterEventTicket"],
  [
    { featuredActions: [{ identifier: "a", type: "shops", url: "https://a.example" }] },
    "featuredActions/0/type",
    "shop",
  ],
  [{ semantics: { eventType: "PKEventTypeSport" } }, "semantics/eventType", "PKEventTypeSports"],
  [{ semantics: { passengerServiceSSRs: ["WCHR", "wchs"] } }, "semantics/passengerServiceSSRs/1", "WCHS"],
  [
    { semantics: { passengerEligibleSecurityPrograms: ["PKTransitSecurityProgramOS"] } },
    "semantics/passengerEligibleSecurityPrograms/0",
    "PKTransitSecurityProgramOSS",
  ],
  [
    { semantics: { passengerCapabilities: ["PKPassengerCapabilityCarryOn"] } },
    "semantics/passengerCapabilities/0",
    "PKPassengerCapabilityCarryon",
  ],
  [
    field({ dataDetectorTypes: ["PKDataDetectorTypeLinks"] }),
    "generic/backFields/0/dataDetectorTypes/0",
    "PKDataDetectorTypeLink",
  ],
  [entry({ type: "Event" }), "upcomingPassInformation/0/type", "event"],
])("an undocumented value of an open enumeration is a warning with a suggestion: %j", (more, at, right) => {
  expect(found(more)).toMatchObject([
    { severity: "warning", code: "unknown_value", pointer: `/pass/${at}`, cure: `Write ${right}.` },
  ]);
});

test("a value with an error has no additional warning", () => {
  expect(found({ serialNumber: "1" })).toMatchObject([
    { code: "reserved_key", pointer: "/pass/serialNumber" },
  ]);
  expect(schemaFindings({ generic: {} }, passOverrides)).toMatchObject([
    { code: "reserved_key", pointer: "/pass/generic" },
  ]);
  expect(found({ barcode: 1 })).toMatchObject([{ code: "wrong_type", pointer: "/pass/barcode" }]);
});

test("every cure is a sentence", () => {
  const wrong = {
    ...SMALLEST,
    description: "",
    logoText: 1,
    locations: [{ latitude: 91 }],
    beacons: Array(11).fill({ proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0" }),
    relevantDates: [{ startDate: DATE }, { date: "noon" }],
    backgroundColor: "red",
    labelColor: "rgb(1, 2, 300)",
    generic: { backFields: [{ key: "x".repeat(201), currencyCode: "euro", value: null }, { key: "" }] },
    coupon: { primaryFields: [{ key: "a", dateStyle: "PKDateStyleFull", currencyCode: "EUR" }] },
    maxDistance: 0,
  };
  const findings = schemaFindings(wrong, templatePass);
  expect(findings).toHaveLength(15);
  for (const { message, cure } of findings) {
    expect(message).toMatch(/^\S.*[^.]\.$/s);
    expect(cure).toMatch(/^[A-Z].*[^.]\.$/s);
    expect(message + cure).not.toMatch(/undefined|Invalid input|\[object|expected/);
  }
});

test.each<[what: string, pass: unknown]>([
  ["text", "pass"],
  ["null", null],
  ["a list", [SMALLEST]],
])("%s is not a pass.json", (_what, pass) => {
  for (const schema of [templatePass, passOverrides, finishedPass]) {
    expect(schemaFindings(pass, schema)).toMatchObject([
      { severity: "error", code: "wrong_type", pointer: "/pass" },
    ]);
  }
  expect(schemaFindings(pass, personalizationJson, "personalization")).toMatchObject([
    { pointer: "/personalization" },
  ]);
  expect(findMinimumVersion(pass)).toBeUndefined();
});

test("names of inherited JavaScript properties are ordinary keys", () => {
  const text =
    '{"__proto__": 1, "constructor": 2, "toString": {"a": 1}, "shape": 3, "generic": {"hasOwnProperty": []}}';
  const findings = schemaFindings(
    { ...JSON.parse(text), ...SMALLEST, generic: JSON.parse(text).generic },
    templatePass,
  );
  expect(findings.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
    "unknown_key /pass/__proto__",
    "unknown_key /pass/constructor",
    "unknown_key /pass/generic/hasOwnProperty",
    "unknown_key /pass/shape",
    "unknown_key /pass/toString",
  ]);
});

test("the minimum iOS version is that of the newest key", () => {
  expect(findMinimumVersion(SMALLEST)).toBeUndefined();
  expect(findMinimumVersion({ ...SMALLEST, voided: true })).toEqual({
    version: "7.0",
    pointer: "/pass/voided",
  });
  const ticket = { eventLogoText: "a", useAutomaticColors: true, semantics: { eventStartDateInfo: {} } };
  expect(findMinimumVersion(ticket)).toEqual({ version: "18.1", pointer: "/pass/eventLogoText" });
  expect(findMinimumVersion({ ...SMALLEST, posterGeneric: {} })).toEqual({
    version: "27.0",
    pointer: "/pass/posterGeneric",
  });
  const nested = { generic: { backFields: [{ key: "a" }, { key: "b", semantics: { boardingZone: "1" } }] } };
  expect(findMinimumVersion(nested)).toEqual({
    version: "26.0",
    pointer: "/pass/generic/backFields/1/semantics/boardingZone",
  });
  expect(findMinimumVersion({ userInfo: { posterGeneric: 1 }, expirationDate: null })?.version).toBe("7.0");
});

test("findNearest allows at most two edits, and fewer for short words", () => {
  const known = ["description", "nfc", "beacons", "locations"];
  const guesses = {
    descrption: "description",
    Beacon: "beacons",
    locaton: "locations",
    NFC: "nfc",
    ncf: undefined,
  };
  for (const [name, guess] of Object.entries(guesses)) expect(findNearest(name, known), name).toBe(guess);
  for (const name of ["", "x", "descptin__", "beac", "x".repeat(1000)]) {
    expect(findNearest(name, known), name).toBeUndefined();
  }
});
