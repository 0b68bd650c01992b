/**
 * Templates of Apple's Pass Designer: how they are recognised and read, and what the linter demands of them.
 *
 * Source: Apple's Pass Builder 0.1.0 (github.com/apple/pass-builder).
 */
import { expect, test } from "vitest";
import type { Finding } from "../../src/pkpass/finding.ts";
import { inspectPkpass } from "../../src/pkpass/read/inspect.ts";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { archive } from "./archives.ts";
import { designerFiles, designerPass } from "./designer-files.ts";

type Content = Readonly<Record<string, string | Uint8Array>>;

function read(files: Content) {
  const bundle = readPkpass(archive(Object.entries(files).map(([path, content]) => ({ path, content }))));
  if (bundle.outcome === "refused") throw new Error(`${bundle.code}: ${bundle.why}`);
  return bundle;
}
const inspect = async (files: Content) => told(await inspectPkpass(read(files), 0));
const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
const inFolder = (files: Content, folder: string): Content =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

const EDITOR_DATA = ["warning editor_data /files/tooling.json", "warning editor_data /pass"];

test("a template of Pass Designer is read as one", async () => {
  const bundle = read(designerFiles);
  expect(bundle).toMatchObject({ kind: "template", documentName: undefined });
  expect(JSON.stringify(bundle.pass)).not.toContain('"_id"');
  expect(bundle.pass).toMatchObject({ eventTicket: { primaryFields: [{ key: "event", value: "Jazz" }] } });
  expect(bundle.strings).toEqual({ fr: { Seat: "Place" } });
  // Only the editor's own data is named: no identity, manifest, signature or @1x image is missing.
  expect(await inspect(designerFiles)).toEqual(EDITOR_DATA);
});

test("the folder that Finder packs is read like its content, and gives the template its name", async () => {
  const packed = {
    ...inFolder(designerFiles, "Jazz Night.pkpasstemplate"),
    "Jazz Night.pkpasstemplate/.DS_Store": "x",
    "__MACOSX/Jazz Night.pkpasstemplate/._pass.json": "x",
  };
  expect(read(packed)).toMatchObject({ kind: "template", documentName: "Jazz Night" });
  expect(await inspect(packed)).toEqual(EDITOR_DATA);
});

test("the name of the folder is enough to recognise a template", () => {
  const { "tooling.json": _, ...others } = designerFiles;
  expect(read(inFolder(others, "A.pkpasstemplate"))).toMatchObject({ kind: "template", documentName: "A" });
});

test("a finished pass with tooling.json, as Pass Builder signs it, is not a template", async () => {
  const signed = { ...designerFiles, "manifest.json": "{}", signature: "x" };
  expect(read(signed).kind).toBe("pass");
  const findings = await inspect(signed);
  expect(findings).toEqual(expect.arrayContaining([...EDITOR_DATA, "error signature_malformed /signature"]));
  expect(findings.filter((finding) => /unknown_key|stray_file/.test(finding))).toEqual([]);
});

test("a pass without tooling.json, manifest and signature is a pass that was not signed", async () => {
  const { "tooling.json": _, ...others } = designerFiles;
  expect(read(others).kind).toBe("pass");
  expect(await inspect(others)).toEqual(
    expect.arrayContaining(["error missing_manifest /manifest", "error missing_signature /signature"]),
  );
});

test("a template without an icon, or with a fault in pass.json, has an error", async () => {
  const { "icon@2x.png": _, "icon@3x.png": __, ...bare } = designerFiles;
  expect(await inspect(bare)).toContain("error missing_icon /images");
  const wrong = { ...designerFiles, "pass.json": JSON.stringify({ ...designerPass, logoText: 7 }) };
  expect(await inspect(wrong)).toContain("error wrong_type /pass/logoText");
});

test("userInfo belongs to the issuer's app, and keeps its _id", () => {
  const pass = { ...designerPass, userInfo: { _id: "mine" } };
  expect(read({ ...designerFiles, "pass.json": JSON.stringify(pass) }).pass).toMatchObject({
    userInfo: { _id: "mine" },
  });
});

test("a compatible pass that only Pass Designer would generate is named", async () => {
  const tooling = JSON.stringify({ automaticallyGenerateCompatiblePass: true });
  const { findings } = read({ ...designerFiles, "tooling.json": tooling });
  expect(findings.map(({ message }) => message).join()).toMatch(/compatible pass for older versions of iOS/);
});
