/**
 * The linter in the admin API: for the JSON of a template, for a file, and in the response when a template or pass is
 * created or changed. The rules have tests of their own (pkpass/).
 *
 * Follows RFC 6901 (pointers) and RFC 9457 (problems).
 */
import { zipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import { drawPng } from "../../apple/png.ts";
import { admin, call, icon, ORIGIN, refused, send, storeCard } from "../../harness.ts";
import { archive, bytesOf } from "../../pkpass/archives.ts";
import { pngOf } from "../../pkpass/png-files.ts";

const PASS_TYPE = "pass.test.lint";
const PKPASS = { "Content-Type": "application/vnd.apple.pkpass" };

interface Report {
  readonly findings: Finding[];
}

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  ({ id: templateId } = await admin.makeTemplate(PASS_TYPE));
});

const lint = (body: unknown, headers?: Record<string, string>) =>
  call<Report>("POST", "/lint", body, headers);
/** The findings as texts, one for each place. */
const formatFindings = ({ findings }: Report) =>
  findings.flatMap(({ severity, code, pointer, pointers = [pointer] }) =>
    pointers.map((place) => `${severity} ${code} ${place}`),
  );
/** All three densities, so that there is no finding about it. */
const icons = Object.fromEntries(
  [1, 2, 3].map((n) => [
    n === 1 ? "icon.png" : `icon@${n}x.png`,
    drawPng(29 * n, 29 * n, () => [9, 9, 200, 255]).toBase64(),
  ]),
);

async function downloaded(): Promise<Uint8Array> {
  const { downloadUrl } = await admin.issue(templateId);
  return new Uint8Array(await (await send(new Request(downloadUrl))).arrayBuffer());
}

describe("POST /lint with JSON", () => {
  test("a valid template has no findings", async () => {
    const { status, body } = await lint({ pass: storeCard, images: icons });
    expect([status, body]).toEqual([200, { findings: [] }]);
  });

  test("faults are findings with severity, code, pointer, message and cure; the status is 200", async () => {
    const pass = { ...storeCard, organisationName: "x", organizationName: 7 };
    const { status, body } = await lint({ pass, images: { "icon.png": bytesOf("GIF89a").toBase64() } });
    expect(status).toBe(200);
    expect(formatFindings(body)).toEqual(
      expect.arrayContaining([
        "error broken_image /images/icon.png",
        "error wrong_type /pass/organizationName",
        "warning unknown_key /pass/organisationName",
      ]),
    );
    for (const finding of body.findings) {
      expect(Object.keys(finding).sort()).toEqual(["code", "cure", "message", "pointer", "severity"]);
      expect(finding.message).toMatch(/\S[.?]$/);
      expect(finding.cure).toMatch(/^[A-Z].*\.$/);
    }
    const pointers = body.findings.map(({ pointer }) => pointer);
    expect(pointers).toEqual([...pointers].sort());
  });

  test.each([
    ["text"],
    [7],
    [null],
    [[]],
    [{}],
    [{ storeCard: [] }],
    [{ storeCard: { primaryFields: [null] } }],
  ])("%j as pass gives findings with at least one error", async (pass) => {
    const { status, body } = await lint({ pass, images: icons });
    expect(status).toBe(200);
    expect(body.findings.some(({ severity }) => severity === "error")).toBe(true);
  });

  test("a pass with a serial number is linted as the content of a file, which requires the identity", async () => {
    const { body } = await lint({ pass: { ...storeCard, serialNumber: "1" }, images: icons });
    expect(formatFindings(body)).toContain("error missing_key /pass/teamIdentifier");
    expect(formatFindings((await lint({ pass: storeCard, images: icons })).body)).toEqual([]);
  });

  test("an icon that can be scaled from a sharper one is not missing", async () => {
    const { "icon@3x.png": sharp } = icons;
    expect(formatFindings((await lint({ pass: storeCard, images: { "icon@3x.png": sharp } })).body)).toEqual(
      [],
    );
    expect(formatFindings((await lint({ pass: storeCard })).body)).toContain("error missing_icon /images");
  });

  test("an icon that cannot be scaled from a sharper one is an error, as when creating a template", async () => {
    const broken = pngOf({ width: 87, height: 87, type: 2, idat: [Uint8Array.of(1, 2, 3)] });
    const images = { "icon@3x.png": broken.toBase64() };
    const template = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images };
    await refused(["POST", "/templates", template], {
      status: 422,
      code: "missing_icon",
      pointer: "/images",
    });
    expect(formatFindings((await lint({ pass: storeCard, images })).body)).toContain(
      "error missing_icon /images",
    );
  });

  test("an invalid body is refused, as on every route", async () => {
    await refused(["POST", "/lint", {}], { status: 400, code: "invalid_body", pointer: "/pass" });
    await refused(["POST", "/lint", { pass: {}, more: 1 }], {
      status: 400,
      code: "invalid_body",
      pointer: "/more",
    });
    await refused(["POST", "/lint", "{"], { status: 400, code: "malformed_json" });
    const images = { "icon.png": "no base64!" };
    await refused(["POST", "/lint", { pass: {}, images }], {
      status: 422,
      code: "invalid_image",
      pointer: "/images/icon.png",
    });
    await refused(["POST", "/lint?x=1", { pass: {} }], {
      status: 400,
      code: "invalid_parameter",
      pointer: "/x",
    });
  });

  test("the route requires the key", async () => {
    expect((await call("POST", "/lint", { pass: {} }, { Authorization: "" })).status).toBe(401);
  });
});

describe("POST /lint with a file", () => {
  test.each(["application/vnd.apple.pkpass", "application/zip", "application/octet-stream; charset=binary"])(
    "a pass of Edgepass, sent as %s, has no findings but image_density_missing",
    async (type) => {
      const { status, body } = await lint(await downloaded(), { "Content-Type": type });
      expect(status).toBe(200);
      expect(formatFindings(body).filter((finding) => !finding.includes("image_density_missing"))).toEqual(
        [],
      );
    },
  );

  test("faults in manifest, signature, JSON, strings, images and stray files are all reported at once", async () => {
    const bytes = zipSync({
      "pass.json": bytesOf('{"formatVersion":1 2}'),
      "manifest.json": bytesOf('{"icon.png":"00"}'),
      signature: bytesOf("no signature"),
      "icon.png": bytesOf("no image"),
      "fr.lproj/pass.strings": bytesOf('"a" = "b"'),
      ".DS_Store": bytesOf("x"),
    });
    const { status, body } = await lint(bytes, PKPASS);
    expect(status).toBe(200);
    expect(formatFindings(body)).toEqual([
      "warning stray_file /files/.DS_Store",
      "error broken_strings /files/fr.lproj~1pass.strings",
      "error broken_image /images/icon.png",
      "error unlisted_file /manifest/.DS_Store",
      "error unlisted_file /manifest/fr.lproj~1pass.strings",
      "error unlisted_file /manifest/pass.json",
      "error digest_malformed /manifest/icon.png",
      "error invalid_json /pass",
      "error signature_malformed /signature",
    ]);
  });

  test("a teamIdentifier that differs from the certificate's is reported as certificate_mismatch", async () => {
    const { unzipSync } = await import("fflate");
    const files = unzipSync(await downloaded());
    const pass = JSON.parse(new TextDecoder().decode(files["pass.json"]));
    const changed = {
      ...files,
      "pass.json": bytesOf(JSON.stringify({ ...pass, teamIdentifier: "OTHER00000" })),
    };
    const { body } = await lint(zipSync(changed), PKPASS);
    expect(formatFindings(body).filter((finding) => finding.startsWith("error"))).toEqual([
      "error digest_mismatch /manifest/pass.json",
      "error certificate_mismatch /pass/teamIdentifier",
    ]);
  });

  test("an archive that cannot be read is refused, with the reason and the entry", async () => {
    const hostile = archive([{ path: "../pass.json", content: "{}" }]);
    const problem = await refused(["POST", "/lint", hostile, PKPASS], {
      status: 422,
      code: "unreadable_pkpass",
      pointer: "/files/..~1pass.json",
    });
    expect(problem).toMatchObject({
      reason: "invalid_name",
      detail: '"../pass.json": The name points outside the archive.',
    });
    const text = await refused(["POST", "/lint", bytesOf("{}"), PKPASS], {
      status: 422,
      code: "unreadable_pkpass",
    });
    expect(text.reason).toBe("not_a_zip");
  });

  test.each([
    ["multipart/form-data; boundary=x", /--data-binary/],
    ["application/x-www-form-urlencoded", /--data-binary/],
    ["image/png", /application\/json/],
  ])("%s is refused, and the detail names the cure", async (type, word) => {
    const { detail } = await refused(["POST", "/lint", bytesOf("x"), { "Content-Type": type }], {
      status: 415,
      code: "unsupported_media_type",
    });
    expect(detail).toMatch(word);
  });

  test("a file that is too large is refused by its Content-Length", async () => {
    const request = new Request(`${ORIGIN}/admin/v1/lint`, {
      method: "POST",
      headers: { Authorization: "Bearer admin-token-of-the-tests", ...PKPASS, "Content-Length": "33554433" },
      body: "x",
    });
    expect((await send(request)).status).toBe(413);
  });
});

describe("the report in the response", () => {
  test("for a template has the findings of all its parts, and not only of those in the request", async () => {
    const images = { ...icon, "strip.png": drawPng(10, 10, () => [1, 2, 3, 255]).toBase64() };
    const made = await call<{ id: number; lint: Report }>("POST", "/templates", {
      ...{ name: "Card", passTypeIdentifier: PASS_TYPE, images },
      pass: { ...storeCard, logotext: "x" },
    });
    expect(made.status).toBe(201);
    const report = formatFindings(made.body.lint);
    expect(report).toContain("warning unknown_key /pass/logotext");
    expect(report.some((finding) => finding.includes("/images/strip.png"))).toBe(true);

    const changed = await call<{ lint: Report }>("PATCH", `/templates/${made.body.id}`, {
      pass: { ...storeCard, logotext: null },
    });
    expect(changed.status).toBe(200);
    expect(formatFindings(changed.body.lint)).toEqual(
      report.filter((finding) => !finding.includes("logotext")),
    );
    const { body } = await call<object>("GET", `/templates/${made.body.id}`);
    expect(body).not.toHaveProperty("lint");
  });

  test("for a pass has the findings in its own parts, and none of its template", async () => {
    const pass = {
      ...storeCard,
      logotext: "x",
      barcodes: [{ format: "PKBarcodeFormatEAN13", message: "4006381333931" }],
    };
    const { id } = await admin.makeTemplate(PASS_TYPE, { pass });
    const plain = await call<{ id: number; lint: Report }>("POST", `/templates/${id}/passes`, {});
    expect([plain.status, plain.body.lint]).toEqual([201, { findings: [] }]);

    const own = {
      barcodeMessage: "no number",
      pass: { loctions: [] },
      values: { points: { changeMessage: "more points" } },
    };
    const changed = await call<{ lint: Report }>("PATCH", `/passes/${plain.body.id}`, own);
    expect(changed.status).toBe(200);
    expect(formatFindings(changed.body.lint)).toEqual([
      "warning barcode_message_invalid /barcodeMessage",
      "warning unknown_key /pass/loctions",
      "warning change_message_without_placeholder /values/points",
    ]);
    const issued = await call<{ lint: Report }>("POST", `/templates/${id}/passes`, own);
    expect(issued.body.lint).toEqual(changed.body.lint);
  });

  test("for a pass has the findings in its own images, combined with its template's images", async () => {
    const images = { "thumbnail.png": drawPng(400, 10, () => [1, 2, 3, 255]).toBase64() };
    const { body } = await call<{ lint: Report }>("POST", `/templates/${templateId}/passes`, { images });
    expect(body.lint.findings.length).toBeGreaterThan(0);
    for (const { pointer } of body.lint.findings) expect(pointer).toBe("/images/thumbnail.png");
  });

  test("for a pass takes the values of its event into account", async () => {
    const event = await admin.makeEvent({ values: { points: { changeMessage: "Now %@" } } });
    const quiet = await admin.makeTemplate(PASS_TYPE, {
      pass: {
        ...storeCard,
        storeCard: { primaryFields: [{ key: "points", label: "P", changeMessage: "silent" }] },
      },
    });
    const values = { points: { value: "3", changeMessage: "also silent" } };
    const { body } = await call<{ lint: Report }>("POST", `/templates/${quiet.id}/passes`, {
      values: { points: "3" },
      eventId: event.id,
    });
    expect(formatFindings(body.lint)).toEqual([]);
    const own = await call<{ lint: Report }>("POST", `/templates/${quiet.id}/passes`, {
      values,
      eventId: event.id,
    });
    expect(formatFindings(own.body.lint)).toEqual([
      "warning change_message_without_placeholder /values/points",
    ]);
  });
});
