/**
 * Import of files that phones accept although a template could not contain them as they are: hand-written JSON, repeated
 * field keys, colours with an alpha. They are mended, and a finding names each change.
 */
import { zipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import type { Template } from "../../../src/templates/show.ts";
import { admin, call, download, refused } from "../../harness.ts";
import { bytesOf } from "../../pkpass/archives.ts";
import { file, icon, PKPASS, path, wholePass } from "./file.ts";

const PASS_TYPE = "pass.test.import-mended";
const WHOLE = wholePass(PASS_TYPE);

type Imported = Template & { readonly lint: { readonly findings: readonly Finding[] } };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

async function imported(bytes: Uint8Array) {
  const { status, body } = await call<Imported>("POST", path(), bytes, PKPASS);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
const withCode = ({ lint }: Imported, code: string) =>
  lint.findings.filter((finding) => finding.code === code);

test("trailing commas and comments are removed, and findings name their places", async () => {
  const text = JSON.stringify(WHOLE).replace(/}$/, ",\n// the end\n}");
  const template = await imported(zipSync({ "pass.json": bytesOf(text), "icon@3x.png": icon }));
  expect(template.pass).toEqual((await imported(file(WHOLE))).pass);
  const [comma] = withCode(template, "json_trailing_comma");
  expect(comma).toMatchObject({ severity: "warning", pointer: "/pass" });
  expect(comma?.message).toMatch(/\(line 1, column \d+\)/);
  expect(withCode(template, "json_comment")[0]?.message).toContain("(line 2, column 1)");
});

test("control characters in texts are removed and reported, and the codes for machines keep theirs", async () => {
  const barcodes = [{ format: "PKBarcodeFormatQR", message: "01\u001d10", messageEncoding: "iso-8859-1" }];
  const pass = {
    ...WHOLE,
    ...{ description: "Ca\u0001rd\u0000", barcodes, userInfo: { a: "\u0002" } },
    storeCard: { primaryFields: [{ key: "line", label: "LI\u0007NE", value: "a\nb\tc" }] },
  };
  const strings = { "fr.lproj/pass.strings": bytesOf('"LI\u0007NE" = "LI\u0008GNE";') };
  const template = await imported(file(pass, strings));
  expect(template).toMatchObject({
    name: "Card",
    pass: {
      description: "Card",
      barcodes: [{ message: "01\u001d10" }],
      userInfo: { a: "\u0002" },
      storeCard: { primaryFields: [{ key: "line", label: "LINE", value: "a\nb\tc" }] },
    },
    strings: { fr: { LINE: "LIGNE" } },
  });
  const pointers = withCode(template, "control_character").flatMap(
    ({ pointer, pointers = [pointer] }) => pointers,
  );
  expect(pointers).toEqual([
    "/pass/description",
    "/pass/storeCard/primaryFields/0/label",
    "/strings/fr/LI\u0007NE",
  ]);
  const { id, pass: stored, strings: texts } = template;
  const change = { name: template.name, pass: stored, strings: texts };
  expect((await call("PATCH", `/templates/${id}`, change)).status).toBe(200);
});

test.each([
  ["a control character", "name=a%01b", "/name"],
  ["a control character", "externalId=%00", "/externalId"],
  ["two values", "name=a&name=b", "/name"],
])("a query parameter with %s is refused: %s", async (_fault, query, pointer) => {
  const target = `${path()}${path().includes("?") ? "&" : "?"}${query}`;
  const { status, body } = await call<{ code: string; pointer: string }>("POST", target, file(WHOLE), PKPASS);
  expect([status, body.code, body.pointer]).toEqual([400, "invalid_parameter", pointer]);
});

test("a number of more than 1000 digits is refused, as in the body of a new template", async () => {
  const text = JSON.stringify({ ...WHOLE, userInfo: { id: "N" } }).replace('"N"', "1".repeat(1001));
  const bytes = zipSync({ "pass.json": bytesOf(text), "icon@3x.png": icon });
  const { status, body } = await call("POST", path(), bytes, PKPASS);
  expect([status, body]).toMatchObject([422, { code: "number_not_exact", pointer: "/pass/userInfo/id" }]);
});

test("the body of a new template stays strict JSON", async () => {
  const body = JSON.stringify({ passTypeIdentifier: PASS_TYPE, name: "x", pass: {} }).replace(/}$/, ",}");
  await refused(["POST", "/templates", body], { status: 400, code: "malformed_json" });
});

test("repeated field keys are renamed, and a finding names each", async () => {
  const field = (key: string, value: string) => ({ key, label: value, value, changeMessage: "Now %@" });
  const storeCard = {
    backFields: [field("name", "D"), field("name_2", "E"), field("", "F"), field("name", "G")],
    auxiliaryFields: [field("name", "A"), field("name", "B")],
    headerFields: [field("seat", "C")],
  };
  const strings = { "fr.lproj/pass.strings": bytesOf('"D" = "Nom";') };
  const template = await imported(file({ ...WHOLE, storeCard }, strings));
  expect(template.pass).toMatchObject({
    storeCard: {
      headerFields: [field("seat", "C")],
      auxiliaryFields: [field("name", "A"), field("name_3", "B")],
      backFields: [field("name_4", "D"), field("name_2", "E"), field("field", "F"), field("name_5", "G")],
    },
  });
  expect(template.strings).toEqual({ fr: { D: "Nom" } });
  const renamed = withCode(template, "field_key_renamed");
  expect(renamed.map(({ pointer }) => pointer)).toEqual([
    "/pass/storeCard/auxiliaryFields/1/key",
    "/pass/storeCard/backFields/0/key",
    "/pass/storeCard/backFields/2/key",
    "/pass/storeCard/backFields/3/key",
  ]);
  expect(renamed[1]).toMatchObject({
    message: expect.stringMatching(/"name".*"name_4"/),
    cure: expect.stringContaining('"name_4"'),
  });
  expect(withCode(template, "duplicate_field_key")).toEqual([]);
  const { pass } = await download(await admin.issue(template.id, { values: { name_4: "Z", name: "Y" } }));
  expect(pass.storeCard).toMatchObject({
    auxiliaryFields: [{ value: "Y" }, { value: "B" }],
    backFields: [{ value: "Z" }, { value: "E" }, { value: "F" }, { value: "G" }],
  });
});

test("posterGeneric and its fallback style keep the keys that they share, also the new ones", async () => {
  const fields = { headerFields: [{ key: "a", value: 1 }], backFields: [{ key: "a", value: 2 }] };
  const { pass } = await imported(file({ ...WHOLE, storeCard: fields, posterGeneric: fields }));
  const keyed = { headerFields: [{ key: "a" }], backFields: [{ key: "a_2" }] };
  expect(pass).toMatchObject({ storeCard: keyed, posterGeneric: keyed });
});

test("a colour with an alpha passes through the import and into the passes, and other overrides take one too", async () => {
  const template = await imported(file({ ...WHOLE, labelColor: "rgba(255, 255, 255, 0.75)" }));
  expect(template.pass).toMatchObject({ labelColor: "rgba(255, 255, 255, 0.75)" });
  expect(withCode(template, "colour_with_alpha")).toMatchObject([
    { severity: "warning", pointer: "/pass/labelColor" },
  ]);
  const event = await admin.makeEvent({
    pass: { backgroundColor: "rgba(10, 20, 30, 1.00)" },
  });
  const issued = await admin.issue(template.id, {
    eventId: event.id,
    pass: { foregroundColor: "rgba(0,0,0,.9)" },
  });
  const { pass } = await download(issued);
  expect(pass).toMatchObject({
    labelColor: "rgba(255, 255, 255, 0.75)",
    backgroundColor: "rgba(10, 20, 30, 1.00)",
    foregroundColor: "rgba(0,0,0,.9)",
  });
});
