/**
 * Files that the import of the admin API refuses, without writing anything: each with all findings.
 */
import { zipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import { admin, call, refused } from "../../harness.ts";
import { archive, bytesOf } from "../../pkpass/archives.ts";
import { file, icon, PKPASS, path, wholePass } from "./file.ts";

const PASS_TYPE = "pass.test.import-refusals";
const WHOLE = wholePass(PASS_TYPE);

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test.each<[what: string, bytes: Uint8Array, pointer: string, finding: string]>([
  ["no pass.json", zipSync({ "icon.png": icon }), "/pass", "missing_pass_json /pass"],
  ["a pass.json that is not JSON", zipSync({ "pass.json": bytesOf("{,}") }), "/pass", "invalid_json /pass"],
  ["a pass.json that is a list", file([]), "/pass", "wrong_type /pass"],
  ["a key of a wrong type", file({ ...WHOLE, logoText: 7 }), "/pass/logoText", "wrong_type /pass/logoText"],
  [
    "a logo that is not an image",
    file(WHOLE, { "logo.png": bytesOf("GIF") }),
    "/images/logo.png",
    "broken_image /images/logo.png",
  ],
  [
    "strings that cannot be read",
    file(WHOLE, { "fr.lproj/pass.strings": bytesOf('"a" "b"') }),
    "/files/fr.lproj~1pass.strings",
    "broken_strings /files/fr.lproj~1pass.strings",
  ],
  [
    "a personalization.json without a description",
    file(WHOLE, { "personalization.json": bytesOf("{}") }),
    "/personalization/description",
    "missing_key /personalization/description",
  ],
  [
    "a personalization.json that is not JSON",
    file(WHOLE, { "personalization.json": bytesOf("{,}") }),
    "/personalization",
    "invalid_json /personalization",
  ],
])("%s is refused with all findings", async (_what, bytes, pointer, finding) => {
  const problem = await refused(["POST", path(`?passTypeIdentifier=${PASS_TYPE}`), bytes, PKPASS], {
    status: 422,
    code: "invalid_pass",
    pointer,
  });
  const findings = problem.findings as Finding[];
  expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toContain(finding);
  expect(problem.detail).toMatch(/\S\.$/);
});

test("a file without an icon, of an unknown pass type, or with a hostile archive is refused", async () => {
  const bare = zipSync({ "pass.json": bytesOf(JSON.stringify(WHOLE)) });
  await refused(["POST", path(), bare, PKPASS], { status: 422, code: "missing_icon", pointer: "/images" });
  const elsewhere = file({ ...WHOLE, passTypeIdentifier: "pass.com.example.unknown" });
  const { detail } = await refused(["POST", path(), elsewhere, PKPASS], {
    status: 404,
    code: "pass_type_not_found",
    pointer: "/passTypeIdentifier",
  });
  expect(detail).toMatch(/pass\.com\.example\.unknown.*POST \/admin\/v1\/pass-types.*use another/);
  const hostile = archive([{ path: "pass.json", content: "{}", flags: 1 }]);
  await refused(["POST", path(), hostile, PKPASS], {
    status: 422,
    code: "unreadable_pkpass",
    pointer: "/files/pass.json",
  });
  await refused(["POST", path(), JSON.stringify(WHOLE)], { status: 415, code: "unsupported_media_type" });
  expect((await call("POST", path(), file(WHOLE), { ...PKPASS, Authorization: "" })).status).toBe(401);
});
