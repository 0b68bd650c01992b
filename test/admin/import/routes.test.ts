/**
 * Import in the admin API: which parts of a file become a template, which are left out and reported. What is
 * refused is in refusals.test.ts. The import of another library's passes is tested with that library (curl/).
 */
import { beforeAll, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import type { Template } from "../../../src/templates/show.ts";
import { drawPng } from "../../apple/png.ts";
import { admin, call, download, refused, storeCard } from "../../harness.ts";
import { rewards } from "../../passes/rewards.ts";
import { bytesOf } from "../../pkpass/archives.ts";
import { file, icon, PKPASS, path, wholePass } from "./file.ts";

const PASS_TYPE = "pass.test.import";
const WHOLE = wholePass(PASS_TYPE);

type Imported = Template & { readonly lint: { readonly findings: readonly Finding[] } };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

async function imported(bytes: Uint8Array, query = "") {
  const { status, body } = await call<Imported>("POST", path(query), bytes, PKPASS);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
const placesOf = ({ pointer, pointers = [pointer] }: Finding) => pointers;
const formatFindings = ({ lint }: Imported) =>
  lint.findings.flatMap((finding) => placesOf(finding).map((place) => `${finding.code} ${place}`));

test("the template has everything in the file, including unknown keys, except the identity of the pass", async () => {
  const { logoText, ...card } = { ...storeCard, logoText: "x" };
  const unknown = { futureKey: { deep: [1, { a: null }] }, userInfo: { at: "2026-01-01T00:00:00.5Z" } };
  const template = await imported(file({ ...WHOLE, ...unknown, logoText }));
  expect(template).toMatchObject({
    passTypeIdentifier: PASS_TYPE,
    name: "Coffee card",
    webService: "/",
    strings: {},
  });
  expect(template.pass).toEqual({ ...card, logoText, ...unknown, formatVersion: 1 });
  expect(Object.keys(template.images)).toContain("icon.png"); // of icon@3x.png
  const shown = await call<Template>("GET", `/templates/${template.id}`);
  expect({ ...shown.body, lint: template.lint }).toEqual(template);
});

test("a barcode's message stays, unless it is the serial number: then each pass shows its own", async () => {
  const barcodes = [
    { format: "PKBarcodeFormatQR", message: "42", altText: "42", messageEncoding: "iso-8859-1" },
    { format: "PKBarcodeFormatPDF417", message: "for all", altText: "No. 42" },
  ];
  const barcode = { format: "PKBarcodeFormatQR", message: "42" };
  const template = await imported(file({ ...WHOLE, barcodes, barcode }));
  expect(template.pass.barcodes).toEqual([
    { format: "PKBarcodeFormatQR", messageEncoding: "iso-8859-1" },
    barcodes[1],
  ]);
  // Without the empty altText, barcodeText would add a text that the file did not have.
  expect(template.pass.barcode).toEqual({ format: "PKBarcodeFormatQR", altText: "" });
  expect(template.barcodeText).toBe("message");
  const { pass } = await download(await admin.issue(template.id, { serialNumber: "43" }));
  expect(pass.barcodes).toMatchObject([
    { message: "43", altText: "43" },
    { message: "for all", altText: "No. 42" },
  ]);
  expect(pass.barcode).toEqual({ format: "PKBarcodeFormatQR", message: "43", messageEncoding: "iso-8859-1" });
});

test("pass-specific values that stay in the template are reported", async () => {
  const { nfc } = rewards.pass;
  const template = await imported(
    file({
      ...WHOLE,
      voided: true,
      expirationDate: "2020-01-01T00:00:00.5Z",
      barcodes: [
        { format: "PKBarcodeFormatQR", message: "42" },
        { format: "PKBarcodeFormatQR", message: "M1DOE/JANE" },
      ],
      barcode: { format: "PKBarcodeFormatQR", message: "M1DOE/JANE" },
      nfc,
      semantics: {
        passengerName: { givenName: "Jane" },
        seats: [{ seatNumber: "1A" }],
        attendeeName: "Jane",
        confirmationNumber: "ABC",
        membershipProgramNumber: "7",
        eventName: "Concert",
      },
      storeCard: {
        primaryFields: [
          {
            key: "who",
            label: "Name",
            value: "Jane",
            semantics: { attendeeName: "Jane", eventName: "Concert" },
          },
        ],
      },
    }),
  );
  const { findings } = template.lint;
  const named = findings.filter(({ code }) => code === "pass_specific_value");
  expect(
    named.flatMap((finding) => placesOf(finding).map((place) => `${finding.severity} ${place}`)),
  ).toEqual([
    "warning /pass/barcode/message",
    "warning /pass/barcodes/1/message",
    "warning /pass/expirationDate",
    "warning /pass/nfc/message",
    "warning /pass/semantics/attendeeName",
    "warning /pass/semantics/confirmationNumber",
    "warning /pass/semantics/membershipProgramNumber",
    "warning /pass/semantics/passengerName",
    "warning /pass/semantics/seats",
    "warning /pass/storeCard",
    "warning /pass/storeCard/primaryFields/0/semantics/attendeeName",
    "warning /pass/voided",
  ]);
  for (const { cure } of named) expect(cure).toMatch(/^\S.*\.$/);
  expect(template.pass).not.toHaveProperty("voided");
  expect(template.pass).toMatchObject({ nfc, expirationDate: "2020-01-01T00:00:00Z" });
});

test("pass-specific values in the fields of posterGeneric are reported too", async () => {
  const posterGeneric = {
    headerFields: [{ key: "who", value: "Jane", semantics: { attendeeName: "Jane" } }],
  };
  const { lint } = await imported(file({ ...WHOLE, posterGeneric }));
  const named = lint.findings.filter(({ code }) => code === "pass_specific_value");
  expect(named.map(({ pointer }) => pointer)).toEqual(
    expect.arrayContaining([
      "/pass/posterGeneric",
      "/pass/posterGeneric/headerFields/0/semantics/attendeeName",
    ]),
  );
});

test("values that may be meant for all passes of the template are not reported as pass-specific", async () => {
  const fields = { primaryFields: [{ key: "points", label: "Points" }] };
  const template = await imported(
    file({
      ...WHOLE,
      expirationDate: "2999-01-01T00:00:00Z",
      barcodes: [{ format: "PKBarcodeFormatQR", message: "42" }],
      semantics: { eventName: "Concert" },
      storeCard: fields,
    }),
  );
  expect(formatFindings(template).filter((finding) => finding.startsWith("pass_specific_value"))).toEqual([]);
});

test("fractions of seconds are removed from dates, but not from text", async () => {
  const at = "2027-01-02T03:04:05.678Z";
  const whole = "2027-01-02T03:04:05Z";
  const pass = (date: string) => ({
    expirationDate: date,
    relevantDates: [{ startDate: date, endDate: "2027-01-02T05:00:00+01:00" }],
    semantics: { eventStartDate: date, seats: [{ seatNumber: at }] },
    storeCard: {
      primaryFields: [{ key: "a", label: at, value: date, dateStyle: "PKDateStyleShort" }],
      backFields: [{ key: "b", label: "Printed", value: at }],
    },
  });
  const template = await imported(file({ ...WHOLE, ...pass(at) }));
  const expected = pass(whole);
  expect(template.pass).toMatchObject({
    expirationDate: whole,
    relevantDates: expected.relevantDates,
    semantics: { eventStartDate: whole },
    storeCard: expected.storeCard,
  });
  expect(formatFindings(template)).toContain("invalid_value /pass/expirationDate"); // found in the file, and already corrected in the template
});

test("the query parameters set name, externalId, project, pass type and web service", async () => {
  await admin.makePassType(`${PASS_TYPE}.other`);
  const project = await admin.makeProject();
  const query = `?passTypeIdentifier=${PASS_TYPE}.other&name=Card&externalId=from-file&projectId=${project.id}&webService=%2Fapi`;
  expect(await imported(file(WHOLE), query)).toMatchObject({
    passTypeIdentifier: `${PASS_TYPE}.other`,
    name: "Card",
    externalId: "from-file",
    projectId: project.id,
    webService: "/api",
  });
  await refused(["POST", path(query), file(WHOLE), PKPASS], {
    status: 409,
    code: "external_id_taken",
    pointer: "/externalId",
  });
  await refused(["POST", path("?color=red"), file(WHOLE), PKPASS], {
    status: 400,
    code: "invalid_parameter",
    pointer: "/color",
  });
});

test("language folders of other tools are renamed, and files that cannot be imported are reported", async () => {
  const template = await imported(
    file(WHOLE, {
      "en_GB.lproj/pass.strings": bytesOf('"POINTS" = "Points";'),
      "en_GB.lproj/logo.png": icon,
      "Base.lproj/pass.strings": bytesOf('"POINTS" = "base";'),
      "banner.png": icon,
      LICENSE: bytesOf("x"),
    }),
  );
  expect(template.strings).toEqual({ "en-GB": { POINTS: "Points" } });
  expect(Object.keys(template.images)).toContain("en-GB.lproj/logo.png");
  expect(formatFindings(template)).toEqual(
    expect.arrayContaining([
      "not_imported /files/Base.lproj~1pass.strings",
      "not_imported /files/banner.png",
      "stray_file /files/LICENSE",
    ]),
  );
});

test("if two folders are one language, the first one is imported, and what the second one lacks is reported", async () => {
  const template = await imported(
    file(WHOLE, {
      "en-GB.lproj/pass.strings": bytesOf('"POINTS" = "Points";'),
      "en-GB.lproj/logo.png": icon,
      "en_GB.lproj/pass.strings": bytesOf('"POINTS" = "Pts"; "Terms" = "Conditions";'),
      "en_GB.lproj/logo.png": icon,
    }),
  );
  expect(template.strings).toEqual({ "en-GB": { POINTS: "Points", Terms: "Conditions" } });
  expect(formatFindings(template)).toEqual(
    expect.arrayContaining([
      "not_imported /files/en_GB.lproj~1logo.png",
      "not_imported /files/en_GB.lproj~1pass.strings",
    ]),
  );
});

test("personalization.json is imported, and the passes of the template contain it", async () => {
  const { images: _, pass, personalization } = rewards;
  const whole = { ...WHOLE, nfc: pass.nfc };
  const more = {
    "personalization.json": bytesOf(JSON.stringify(personalization)),
    "personalizationLogo@3x.png": drawPng(450, 120, () => [9, 9, 200, 255]),
  };
  const template = await imported(file(whole, more));
  expect(template.personalization).toEqual(personalization);
  const { files } = await download(await admin.issue(template.id));
  expect(JSON.parse(new TextDecoder().decode(files["personalization.json"]))).toEqual(personalization);
  expect((await imported(file(whole))).personalization).toBeNull();
});

test("faults of manifest and signature are reported, and do not prevent the import", async () => {
  const template = await imported(
    file(WHOLE, {
      "manifest.json": bytesOf("{}"),
      signature: bytesOf("x"),
      "__MACOSX/._icon.png": bytesOf("x"),
    }),
  );
  expect(formatFindings(template)).toEqual(
    expect.arrayContaining([
      "unlisted_file /manifest/pass.json",
      "signature_malformed /signature",
      "stray_file /files/__MACOSX~1._icon.png",
    ]),
  );
});
