/**
 * Passes that another library made, with passkit-generator's own signature, imported with real curl. A pass that is
 * issued from the template has the same content on a phone as the file, key for key and byte for byte. The only
 * differences are the identity and the web service, a barcode message that was the serial number, and the key
 * `barcode`, which Edgepass writes for other wallets in addition to `barcodes`.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import type { Finding } from "../../src/pkpass/finding.ts";
import type { Template } from "../../src/templates/show.ts";
import { curl } from "./curl.ts";
import { adminToken, bundle, downloaded, makePassType, origin } from "./instance.ts";
import {
  type Certificates,
  makeCertificates,
  passOf,
  SERIAL_NUMBER,
  STRINGS,
  STYLES,
  type Style,
} from "./passkit-generator.ts";

const IDENTITY = [
  "passTypeIdentifier",
  "teamIdentifier",
  "serialNumber",
  "authenticationToken",
  "webServiceURL",
];

type Imported = Template & { readonly lint: { readonly findings: readonly Finding[] } };
let work: string;
let passTypeIdentifier: string;
let certificates: Certificates;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "edgepass-import-"));
  passTypeIdentifier = await makePassType();
  certificates = await makeCertificates();
});

afterAll(() => rm(work, { recursive: true, force: true }));

async function send(path: string, file: Buffer, type = "application/vnd.apple.pkpass") {
  const name = join(work, "pass.pkpass");
  await writeFile(name, file);
  const authorization = ["-H", `Authorization: Bearer ${adminToken}`];
  return curl([
    "-i",
    ...authorization,
    "-H",
    `Content-Type: ${type}`,
    "--data-binary",
    `@${name}`,
    `${origin}/admin/v1${path}`,
  ]);
}

async function issue(templateId: number, body: object = {}): Promise<Pass> {
  const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
  const address = `${origin}/admin/v1/templates/${templateId}/passes`;
  const answer = await curl(["-i", "-H", `Authorization: Bearer ${adminToken}`, ...json, address]);
  expect(answer.status).toBe(201);
  return answer.json<Pass>();
}

/** The files as unpacked by unzip: path → bytes. */
async function unzipped(folder: string, file: string): Promise<Map<string, Buffer>> {
  const out = join(folder, "out");
  await mkdir(out);
  execFileSync("unzip", ["-q", file, "-d", out], { cwd: folder });
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (path) => [path.slice(out.length + 1), await readFile(path)] as const)),
  );
}

async function unpack(file: Buffer): Promise<Map<string, Buffer>> {
  const folder = await mkdtemp(join(work, "file-"));
  await writeFile(join(folder, "pass.pkpass"), file);
  return unzipped(folder, "pass.pkpass");
}

const download = (pass: Pass) =>
  downloaded(["-f", "-o", "pass.pkpass", pass.downloadUrl], (folder) => unzipped(folder, "pass.pkpass"));

function passJson(files: Map<string, Buffer>): Record<string, unknown> {
  const pass = JSON.parse(String(files.get("pass.json")));
  for (const key of [...IDENTITY, "barcode"]) delete pass[key];
  return pass;
}

const imagesIn = (files: Map<string, Buffer>) =>
  Object.fromEntries(
    [...files]
      .filter(([path]) => path.endsWith(".png"))
      .map(([path, bytes]) => [path, bytes.toString("base64")]),
  );

const errorsIn = ({ lint }: Pick<Imported, "lint">) =>
  lint.findings
    .filter(({ severity }) => severity === "error")
    .map(({ code, pointer }) => `${code} ${pointer}`);

describe.each(Object.keys(STYLES) as Style[])("a %s of passkit-generator", (style) => {
  test("has a valid signature and manifest, and no error except the fraction of a second", async () => {
    const answer = await send("/lint", passOf(style, certificates));
    expect(answer.status).toBe(200);
    expect(errorsIn({ lint: answer.json() })).toEqual(["invalid_value /pass/expirationDate"]);
  });

  test("has the same meaning after it was imported, issued and downloaded", async () => {
    const file = passOf(style, certificates);
    const answer = await send(`/templates/import?passTypeIdentifier=${passTypeIdentifier}`, file);
    expect([answer.status, answer.body.slice(0, answer.status === 201 ? 0 : 2000)]).toEqual([201, ""]);
    const template = answer.json<Imported>();
    expect(template).toMatchObject({
      passTypeIdentifier,
      name: "Ticket of Example",
      strings: STRINGS,
      webService: "/",
    });
    expect(Object.keys(template.pass).filter((key) => IDENTITY.includes(key))).toEqual([]);

    const pass = await issue(template.id);
    const [before, after] = [await unpack(file), await download(pass)];
    const original = passJson(before);
    expect(original.expirationDate).toBe("2027-01-02T03:04:05.000Z");
    const [qr, pdf417] = original.barcodes as object[];
    expect(passJson(after)).toEqual({
      ...original,
      expirationDate: "2027-01-02T03:04:05Z",
      barcodes: [{ ...qr, message: pass.serialNumber }, pdf417],
    });
    expect(imagesIn(after)).toEqual(imagesIn(before));
    expect((await bundle(pass.downloadUrl)).strings).toEqual(STRINGS);
  });
});

test("a pass that is issued with the serial number of the imported file equals the file, including the barcode", async () => {
  const file = passOf("storeCard", certificates);
  const { id } = (
    await send(`/templates/import?passTypeIdentifier=${passTypeIdentifier}`, file)
  ).json<Imported>();
  const pass = await issue(id, { serialNumber: SERIAL_NUMBER });
  const expected = { ...passJson(await unpack(file)), expirationDate: "2027-01-02T03:04:05Z" };
  expect(passJson(await download(pass))).toEqual(expected);
});

test("values of the issued pass override those of the file", async () => {
  const file = passOf("eventTicket", certificates);
  const { id } = (
    await send(`/templates/import?passTypeIdentifier=${passTypeIdentifier}`, file)
  ).json<Imported>();
  const { pass } = await bundle((await issue(id, { values: { seat: "1B" } })).downloadUrl);
  expect(pass.eventTicket).toMatchObject({ headerFields: [{ key: "seat", label: "Seat", value: "1B" }] });
});

test("a file that was packed manually, in a folder and without a signature, is imported with findings", async () => {
  const folder = await mkdtemp(join(work, "hand-"));
  await mkdir(join(folder, "card"));
  for (const [path, bytes] of await unpack(passOf("generic", certificates))) {
    if (path.includes("/") || path === "signature" || path === "manifest.json") continue;
    await writeFile(join(folder, "card", path), bytes);
  }
  execFileSync("zip", ["-q", "-r", "card.pkpass", "card"], { cwd: folder });
  const file = await readFile(join(folder, "card.pkpass"));
  const answer = await send(
    `/templates/import?passTypeIdentifier=${passTypeIdentifier}&name=By+hand`,
    file,
    "application/zip",
  );
  expect(answer.status).toBe(201);
  expect(errorsIn(answer.json<Imported>())).toEqual([
    "wrapped_in_folder /files/card",
    "missing_manifest /manifest",
    "invalid_value /pass/expirationDate",
    "missing_signature /signature",
  ]);
  const { id, name } = answer.json<Imported>();
  expect(name).toBe("By hand");
  await bundle((await issue(id)).downloadUrl);
});

test("a file of an unknown pass type and a form are refused with the cure", async () => {
  const file = passOf("coupon", certificates);
  const unknown = await send("/templates/import", file);
  expect([unknown.status, unknown.json()]).toMatchObject([404, { code: "pass_type_not_found" }]);
  const name = join(work, "form.pkpass");
  await writeFile(name, file);
  const form = ["-F", `file=@${name}`, `${origin}/admin/v1/templates/import`];
  const refused = await curl(["-i", "-H", `Authorization: Bearer ${adminToken}`, ...form]);
  expect([refused.status, refused.json()]).toMatchObject([
    415,
    { detail: expect.stringContaining("--data-binary") },
  ]);
});
