/**
 * Import and lint of a template of Apple's Pass Designer, sent as a ZIP.
 */
import { zipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import type { Template } from "../../../src/templates/show.ts";
import { admin, call, download, refused } from "../../harness.ts";
import { bytesOf } from "../../pkpass/archives.ts";
import { designerFiles, designerPass } from "../../pkpass/designer-files.ts";
import { PKPASS, path } from "./file.ts";

const PASS_TYPE = "pass.test.import-designer";

type Imported = Template & { readonly lint: { readonly findings: readonly Finding[] } };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

/** The folder, as Finder packs it. */
function packed(pass: object): Uint8Array {
  const files = Object.entries({ ...designerFiles, "pass.json": JSON.stringify(pass) });
  const inFolder = files.map(([name, content]) => [`Jazz.pkpasstemplate/${name}`, bytesOf(content)]);
  return zipSync({ ...Object.fromEntries(inFolder), "__MACOSX/._Jazz.pkpasstemplate": bytesOf("x") });
}

async function imported(bytes: Uint8Array, query = "") {
  const target = path(`?passTypeIdentifier=${PASS_TYPE}${query}`);
  const { status, body } = await call<Imported>("POST", target, bytes, PKPASS);
  if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
const findingsOf = ({ findings }: { readonly findings: readonly Finding[] }) =>
  findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);

test("a template of Pass Designer becomes a template, without the editor's data", async () => {
  const template = await imported(packed(designerPass));
  expect(template).toMatchObject({ name: "Jazz ticket", strings: { fr: { Seat: "Place" } } });
  expect(JSON.stringify(template.pass)).not.toMatch(/"_id"|"serialNumber"|"teamIdentifier"/);
  expect(template.pass).toMatchObject({
    description: "Jazz ticket",
    eventTicket: { primaryFields: [{ key: "event", label: "Event", value: "Jazz" }] },
    featuredActions: [{ identifier: "shop" }],
  });
  expect(Object.keys(template.images)).toEqual(
    expect.arrayContaining(["icon.png", "icon@2x.png", "icon@3x.png"]),
  );
  expect(findingsOf(template.lint)).toEqual([
    "warning editor_data /files/tooling.json",
    "warning editor_data /pass",
    "warning pass_specific_value /pass/eventTicket",
    "warning pass_specific_value /pass/semantics/seats",
  ]);
  const { pass } = await download(
    await admin.issue(template.id, { serialNumber: "J-1", values: { seat: "A 4" } }),
  );
  expect(pass).toMatchObject({
    passTypeIdentifier: PASS_TYPE,
    serialNumber: "J-1",
    eventTicket: { auxiliaryFields: [{ key: "seat", value: "A 4" }] },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "J-1" }],
  });
});

test("what Pass Designer leaves empty is filled in, and a finding names it", async () => {
  const { formatVersion: _, passTypeIdentifier: __, ...others } = designerPass;
  const nfc = { encryptionPublicKey: "", message: "" };
  const empty = packed({ ...others, description: "", organizationName: "", nfc });
  const template = await imported(empty);
  expect(template).toMatchObject({
    name: "Jazz",
    pass: { description: "Jazz", organizationName: "Jazz" },
  });
  expect(template.pass).not.toHaveProperty("nfc");
  expect(findingsOf(template.lint).filter((finding) => !/editor_data|pass_specific/.test(finding))).toEqual([
    "warning placeholder_replaced /pass/description",
    "warning placeholder_replaced /pass/nfc",
    "warning placeholder_replaced /pass/organizationName",
  ]);
  expect((await imported(empty, "&name=Night")).pass).toMatchObject({ organizationName: "Night" });
});

test("without a pass type, the refusal says how to name one", async () => {
  const { detail } = await refused(["POST", path(), packed(designerPass), PKPASS], {
    status: 404,
    code: "pass_type_not_found",
    pointer: "/passTypeIdentifier",
  });
  expect(detail).toContain("?passTypeIdentifier=");
});

test("the linter demands neither identity nor signature of it", async () => {
  const { status, body } = await call<Imported["lint"]>("POST", "/lint", packed(designerPass), {
    "Content-Type": "application/zip",
  });
  expect([status, findingsOf(body)]).toEqual([
    200,
    ["warning editor_data /files/tooling.json", "warning editor_data /pass"],
  ]);
});
