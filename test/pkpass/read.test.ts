/**
 * Findings in the files of a .pkpass from another tool: JSON, images, manifest and stray files. Signatures are tested in
 * verify.test.ts, pass.strings in read-strings.test.ts.
 *
 * Sources: Apple's "Building a Pass" and "Creating the Source for a Pass", RFC 8259.
 */
import { describe, expect, test } from "vitest";
import { sha1 } from "../../src/pkpass/build/pack.ts";
import type { Finding } from "../../src/pkpass/finding.ts";
import { checkManifest } from "../../src/pkpass/read/manifest.ts";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { parseStrictJson } from "../../src/pkpass/strict-json.ts";
import { drawPng } from "../apple/png.ts";
import { archive, bytesOf, joined } from "./archives.ts";

const PNG = drawPng(29, 29, () => [1, 2, 3, 255]);
const LEAST = { "pass.json": "{}", "icon.png": PNG };

function read(files: Record<string, string | Uint8Array>) {
  const bundle = readPkpass(archive(Object.entries(files).map(([path, content]) => ({ path, content }))));
  if (bundle.outcome === "refused") throw new Error(`${bundle.code}: ${bundle.why}`);
  return bundle;
}
const told = (findings: readonly Finding[]) =>
  findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
const found = (files: Record<string, string | Uint8Array>) => told(read({ ...LEAST, ...files }).findings);

describe("files", () => {
  test("a valid .pkpass has no findings", () => {
    const files = {
      "fr.lproj/pass.strings": '"a" = "b";',
      "fr.lproj/logo.png": PNG,
      "personalization.json": "{}",
    };
    const bundle = read({ ...LEAST, ...files, "manifest.json": "{}", signature: "x" });
    expect(bundle.findings).toEqual([]);
    expect([...bundle.images.keys()]).toEqual(["icon.png", "fr.lproj/logo.png"]);
    expect(bundle).toMatchObject({ pass: {}, personalization: {}, strings: { fr: { a: "b" } } });
  });

  test.each([
    ["__MACOSX/._pass.json", "stray_file /files/__MACOSX~1._pass.json"],
    [".DS_Store", "stray_file /files/.DS_Store"],
    ["en.lproj/.DS_Store", "stray_file /files/en.lproj~1.DS_Store"],
    ["second.pkpass", "stray_file /files/second.pkpass"],
    ["README.md", "stray_file /files/README.md"],
    ["ICON@2X.PNG", "stray_file /files/ICON@2X.PNG"],
  ])("%s is reported as a stray file", (path, finding) => {
    expect(found({ [path]: "x" })).toEqual([`warning ${finding}`]);
  });

  test("a folder around all files is reported, and its files are read without it", () => {
    const files = { "card/pass.json": "{}", "card/icon.png": PNG, "__MACOSX/card/._icon.png": "x" };
    const bundle = read(files);
    expect(told(bundle.findings)).toEqual([
      "error wrapped_in_folder /files/card",
      "warning stray_file /files/__MACOSX~1card~1._icon.png",
    ]);
    expect(bundle.findings[0]?.cure).toMatch(/cd into it/);
    expect(bundle.pass).toEqual({});
    expect([...bundle.images.keys()]).toEqual(["icon.png"]);
  });

  test.each([
    [{ "Pass.json": "{}" }, "Rename Pass.json to pass.json."],
    [{ "a.pkpass": "PK" }, "This is a .pkpasses bundle: unpack it, and send one of the .pkpass files in it."],
    [{ "icon.png": PNG }, "Add pass.json at the top of the archive."],
  ])(
    "a missing pass.json has a cure that fits the files: %#",
    (files: Record<string, string | Uint8Array>, cure) => {
      const { findings } = read(files);
      expect(findings).toContainEqual(
        expect.objectContaining({ code: "missing_pass_json", pointer: "/pass", cure }),
      );
    },
  );

  test.each(["logo@2x.pdf", "fr.lproj/artwork.pdf"])(
    "a PDF image is reported as one that Apple does not document: %s",
    (path) => {
      expect(read({ ...LEAST, [path]: "%PDF-1.7" }).findings).toMatchObject([
        { severity: "warning", code: "pdf_image", pointer: `/files/${path.replace("/", "~1")}` },
      ]);
    },
  );

  test.each([
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "icon.png is a JPEG, despite its name."],
    ["a PDF", "%PDF-1.7", "icon.png is a PDF, and not a PNG."],
    ["text", "no image", "icon.png is not a PNG."],
    ["nothing", "", "icon.png is empty."],
    [
      "a PNG with a changed byte",
      PNG.with(45, (PNG[45] ?? 0) ^ 1),
      "icon.png is damaged: a chunk of the PNG has a wrong checksum or an unknown type.",
    ],
    ["half a PNG", PNG.subarray(0, 60), "icon.png is truncated: the PNG has no end."],
  ])("%s is reported as a broken image", (_what, content, message) => {
    const [finding, ...others] = read({ ...LEAST, "icon.png": content }).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: "error",
      code: "broken_image",
      pointer: "/images/icon.png",
      message,
    });
  });
});

describe("JSON", () => {
  test.each([
    ["a comma without a value", "[,]", "a value is missing before , (line 1, column 2)"],
    ["two trailing commas", '{"a": 1,,}', 'a key in double quotes is missing before "," (line 1, column 9)'],
    ["a missing comma", '{"a": 1\n "b": 2}', 'a comma or } is missing before "\\"b\\"" (line 2, column 2)'],
    ["a missing colon", '{"a" 1}', "a colon is missing after a key (line 1, column 6)"],
    ["a missing value", '{"a": }', "a value is missing before } (line 1, column 7)"],
    ["an open comment", "{ /* note\n}", "JSON has no comments (line 1, column 3)"],
    ["single quotes", "{'a': 1}", "strings need double quotes, not single quotes (line 1, column 2)"],
    ["a bare key", "{a: 1}", 'found "a:" where a member or } is expected (line 1, column 2)'],
    ["a bare word", '{"a": True}', 'found "Tr" where a value is expected (line 1, column 7)'],
    ["a leading zero", '{"a": 01}', 'a comma or } is missing before "1" (line 1, column 8)'],
    ["an end too early", '{"a": [1', "it ends where a comma or ] is expected (line 1, column 9)"],
    ["more after the end", "{} {}", "there is text after the end of the JSON value (line 1, column 4)"],
    ["nothing", "", "it is empty"],
    ["a number for a key", "{1: 1}", 'a key in double quotes is missing before "1" (line 1, column 2)'],
  ])("%s is reported with line and column", (_what, text, why) => {
    expect(parseStrictJson(bytesOf(text))).toEqual({ outcome: "broken", why });
    expect(found({ "pass.json": text })).toEqual(["error invalid_json /pass"]);
    expect(() => JSON.parse(text)).toThrow();
  });

  test.each([
    ["a line feed in a string", '{"a": "b\n"}', /^a string is not closed, or contains a control character/],
    ["an invalid escape", '{"a": "\\x"}', /escape that JSON does not have \(line 1, column 7\)$/],
    ["half a character", '{"a": "\\ud83d"}', /^a string contains half a character/],
    ["a thousand levels", `${"[".repeat(1000)}${"]".repeat(1000)}`, /^it is nested more than 64 levels deep/],
  ])("%s is rejected", (_what, text, why) => {
    expect(parseStrictJson(bytesOf(text))).toMatchObject({
      outcome: "broken",
      why: expect.stringMatching(why),
    });
  });

  test("valid JSON gives the same value as JSON.parse", () => {
    const legal =
      '\t{"a":[-0.5e+3, true,null ,"\\u00e9\\n\\ud83d\\ude00",{}, []],"":{"":""},"__proto__":{"x":1}}\r\n';
    expect(parseStrictJson(bytesOf(legal))).toMatchObject({
      outcome: "json",
      value: JSON.parse(legal),
      repeated: [],
    });
  });

  test("a long string and a long array are read", () => {
    const large = JSON.stringify({
      text: "é\\".repeat(120_000),
      list: Array.from({ length: 9000 }, () => 1),
    });
    expect(parseStrictJson(bytesOf(large))).toMatchObject({ outcome: "json", value: JSON.parse(large) });
  });

  test("more values than a Worker has memory for are not parsed", () => {
    const list = (length: number) => bytesOf(JSON.stringify(Array(length).fill(1)));
    expect(parseStrictJson(list(9999))).toMatchObject({ outcome: "json" });
    expect(parseStrictJson(list(10_000))).toEqual({
      outcome: "broken",
      why: "it has more than 10000 values (line 1, column 20000)",
    });
  });

  test("encodings other than UTF-8 are reported", () => {
    const utf16 = Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0);
    expect(parseStrictJson(utf16)).toEqual({ outcome: "broken", why: "it is UTF-16, but must be UTF-8" });
    const latin1 = joined([bytesOf('{\n"a": "'), Uint8Array.of(0xe9), bytesOf('"\n}')]);
    expect(parseStrictJson(latin1)).toEqual({ outcome: "broken", why: "line 2 is not valid UTF-8" });
  });

  test("trailing commas are removed and named, because iPhones accept them", () => {
    const bundle = read({
      ...LEAST,
      "pass.json": '{\n  "a": [1, 2,],\n  "b": 1,\n}',
      "personalization.json": "[1,]",
    });
    expect(bundle).toMatchObject({ pass: { a: [1, 2], b: 1 }, personalization: [1] });
    expect(told(bundle.findings)).toEqual([
      "warning json_trailing_comma /pass",
      "warning json_trailing_comma /personalization",
    ]);
    expect(bundle.findings[0]?.message).toContain("before } or ] (line 2, column 13; line 3, column 9)");
  });

  test("comments are removed and named, although Wallet refuses them", () => {
    const bundle = read({ ...LEAST, "pass.json": '// card\n{"a": /* one */ 1 }' });
    expect(bundle.pass).toEqual({ a: 1 });
    expect(told(bundle.findings)).toEqual(["error json_comment /pass"]);
    expect(bundle.findings[0]?.message).toContain("comments (line 1, column 1; line 2, column 7)");
  });

  test("a file that is broken in another way too is not read, and both faults are named", () => {
    const bundle = read({ ...LEAST, "pass.json": '{"a": [1,],\n b}' });
    expect(bundle.pass).toBeUndefined();
    expect(told(bundle.findings)).toEqual(["warning json_trailing_comma /pass", "error invalid_json /pass"]);
    expect(bundle.findings[1]?.message).toContain("(line 2, column 2)");
  });

  test("a byte order mark and a repeated key are warnings, and the file is read", () => {
    expect(found({ "pass.json": "\uFEFF{}" })).toEqual(["warning byte_order_mark /pass"]);
    const twice = '{"generic":{"primaryFields":[{"key":"a"},{"key":"b","a/b":1,"a/b":2}]}}';
    expect(found({ "pass.json": twice })).toEqual([
      "warning duplicate_json_key /pass/generic/primaryFields/1/a~1b",
    ]);
  });
});

describe("manifest.json", () => {
  const digest = sha1(PNG);
  const judged = async (
    manifest: (digests: Record<string, string>) => unknown,
    more: Record<string, string> = {},
  ) => {
    const files = new Map(
      Object.entries({ ...LEAST, ...more }).map(([path, content]) => [path, bytesOf(content)]),
    );
    const digests = Object.fromEntries(
      await Promise.all([...files].map(async ([path, bytes]) => [path, await sha1(bytes)] as const)),
    );
    files.set("manifest.json", bytesOf(JSON.stringify(manifest(digests))));
    files.set("signature", new Uint8Array());
    return told(await checkManifest(files));
  };

  test("a manifest with the SHA-1 of every file has no findings", async () => {
    expect(await judged((digests) => digests, { "fr.lproj/pass.strings": "" })).toEqual([]);
  });

  test("a missing manifest, and one that is not a JSON object, are reported", async () => {
    expect(told(await checkManifest(new Map()))).toEqual(["error missing_manifest /manifest"]);
    expect(await judged(() => [])).toEqual(["error invalid_json /manifest"]);
    const broken = new Map([["manifest.json", bytesOf('{"a":}')]]);
    expect(told(await checkManifest(broken))).toEqual(["error invalid_json /manifest"]);
  });

  test("a byte order mark and a repeated file are reported, and the files are still compared", async () => {
    const pass = bytesOf("{}");
    const line = `"pass.json":"${await sha1(pass)}"`;
    const judgedAs = async (text: string) =>
      told(
        await checkManifest(
          new Map([
            ["manifest.json", bytesOf(text)],
            ["pass.json", pass],
          ]),
        ),
      );
    expect(await judgedAs(`{${line}}`)).toEqual([]);
    expect(await judgedAs(`\uFEFF{${line}}`)).toEqual(["warning byte_order_mark /manifest"]);
    expect(await judgedAs(`{${line},${line}}`)).toEqual(["warning duplicate_json_key /manifest/pass.json"]);
    expect(await judgedAs("\uFEFF{}")).toEqual([
      "warning byte_order_mark /manifest",
      "error unlisted_file /manifest/pass.json",
    ]);
  });

  test.each<[what: string, manifest: (digests: Record<string, string>) => object, finding: string]>([
    [
      "a file that is not listed",
      ({ "pass.json": pass }) => ({ "pass.json": pass }),
      "unlisted_file /manifest/icon.png",
    ],
    [
      "a file that is listed and absent",
      (all) => ({ ...all, "en.lproj/a.png": "" }),
      "listed_file_missing /manifest/en.lproj~1a.png",
    ],
    ["itself", (all) => ({ ...all, "manifest.json": "00" }), "listed_file_missing /manifest/manifest.json"],
    [
      "another SHA-1",
      (all) => ({ ...all, "icon.png": "0".repeat(40) }),
      "digest_mismatch /manifest/icon.png",
    ],
    [
      "a SHA-1 in upper case",
      (all) => ({ ...all, "icon.png": all["icon.png"]?.toUpperCase() }),
      "digest_malformed /manifest/icon.png",
    ],
    ["a SHA-256", (all) => ({ ...all, "icon.png": "0".repeat(64) }), "digest_malformed /manifest/icon.png"],
    ["a number", (all) => ({ ...all, "icon.png": 7 }), "digest_malformed /manifest/icon.png"],
  ])("%s is an error", async (_what, manifest, finding) => {
    expect(await digest).toMatch(/[a-f]/);
    expect(await judged(manifest)).toEqual([`error ${finding}`]);
  });

  test("a trailing comma is mended, and a comment is not, because Wallet would not read the manifest", async () => {
    const files = new Map([["icon.png", PNG]]);
    const withText = async (text: string) =>
      told(await checkManifest(new Map([...files, ["manifest.json", bytesOf(text)]])));
    expect(await withText(`{"icon.png": "${await digest}",}`)).toEqual([
      "warning json_trailing_comma /manifest",
    ]);
    expect(await withText(`{"icon.png": "${await digest}"} // mine`)).toEqual([
      "error invalid_json /manifest",
    ]);
  });

  test("the manifest of another pass gives a limited number of findings", async () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, ""]));
    expect(await judged((all) => ({ ...all, ...many }))).toHaveLength(20);
  });
});
