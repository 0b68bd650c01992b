/**
 * What phones get of a pass, as GET /passes/{id}/content shows it, and the images of passes and templates.
 *
 * Follows RFC 9110 (§8.8.3 ETag, §13.1.2 If-None-Match) and RFC 9111 (§5.2.2 Cache-Control of responses).
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../../src/passes/show.ts";
import type { ShownContent } from "../../../src/passes/shown-content.ts";
import type { Template } from "../../../src/templates/show.ts";
import { drawPng } from "../../apple/png.ts";
import { ADMIN_TOKEN, admin, call, download, get, icon, refused } from "../../harness.ts";
import { makeKey } from "../../keys/clients.ts";

const PASS_TYPE = "pass.test.contents";
const colour = (red: number) => drawPng(30, 10, () => [red, 0, 0, 255]).toBase64();
const strings = { fr: { POINTS: "POINTS FR" } };
/** What identifies a pass, and lets a phone fetch it. */
const IDENTITY = {
  formatVersion: 1,
  passTypeIdentifier: expect.any(String),
  teamIdentifier: expect.any(String),
  serialNumber: expect.any(String),
  authenticationToken: expect.any(String),
  webServiceURL: expect.any(String),
};

let template: Template;
let pass: Pass;
let event: { projectId: number; id: number };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  event = await admin.makeEvent({ values: { balance: 7 }, pass: { logoText: "Event" } });
  template = await admin.makeTemplate(PASS_TYPE, {
    projectId: event.projectId,
    images: { ...icon, "strip.png": colour(1), "logo.png": colour(2) },
    strings,
  });
  pass = await admin.issue(template.id, {
    eventId: event.id,
    values: { points: "5", until: { hidden: true } },
    pass: { foregroundColor: "rgb(1, 2, 3)" },
    images: { "strip.png": colour(3) },
  });
});

const contentOf = async (id: number) => (await call<ShownContent>("GET", `/passes/${id}/content`)).body;
const fetchImage = (path: string, more: Record<string, string> = {}) =>
  get(`/admin/v1${path}`, { Authorization: `Bearer ${ADMIN_TOKEN}`, ...more });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer()).toBase64();

test("the content of a pass is what is in its .pkpass, without what identifies it", async () => {
  const { files, pass: passJson, strings: translated } = await download(pass);
  const content = await contentOf(pass.id);
  expect({ ...content.pass, ...IDENTITY }).toEqual(passJson);
  expect(content).toMatchObject({ passId: pass.id, templateId: template.id, strings: translated });
  const paths = Object.keys(files).filter((path) => path.endsWith(".png"));
  expect(Object.keys(content.images).toSorted()).toEqual(paths.toSorted());
  for (const [path, { sha256, bytes }] of Object.entries(content.images)) {
    const image = await fetchImage(`/passes/${pass.id}/images/${sha256}`);
    expect([path, image.status, image.headers.get("content-type")]).toEqual([path, 200, "image/png"]);
    expect(await bytesOf(image), path).toBe(files[path]?.toBase64());
    expect(files[path]?.length, path).toBe(bytes);
  }
});

test("the content has no secret of the pass, also for a key that may issue passes", async () => {
  const { body } = await call<object>("GET", `/passes/${pass.id}/content`);
  const { pass: passJson } = await download(pass);
  const text = JSON.stringify(body);
  for (const secret of [pass.webToken, passJson.authenticationToken, passJson.webServiceURL])
    expect(text).not.toContain(String(secret));
});

test("a redeemed pass is voided in its content, as on phones", async () => {
  const { id } = await admin.issue(template.id);
  expect((await contentOf(id)).pass.voided).toBeUndefined();
  await admin.redeem(id);
  expect((await contentOf(id)).pass.voided).toBe(true);
});

test("the ETag of the content changes with the pass, its template and its event, and is answered 304 until then", async () => {
  const path = `/passes/${pass.id}/content`;
  const changes = [
    () => admin.change(pass.id, { values: { points: "6" } }),
    () => admin.changeTemplate(template.id, { pass: { logoText: "New" } }),
    () => admin.changeEvent(event, { values: { balance: 8 } }),
  ];
  const etags = new Set<string>();
  for (const change of changes) {
    const etag = (await call("GET", path)).headers.get("etag") ?? "";
    etags.add(etag);
    expect(await call("GET", path, undefined, { "If-None-Match": etag })).toMatchObject({
      ...{ status: 304, body: "" },
    });
    await change();
    expect((await call("GET", path, undefined, { "If-None-Match": etag })).status).toBe(200);
  }
  expect(etags.size).toBe(3);
});

test("a template's image is answered as it was sent, and kept by the browser for its key only", async () => {
  for (const [path, { sha256 }] of Object.entries(template.images)) {
    const image = await fetchImage(`/templates/${template.id}/images/${sha256}`);
    expect(image.status).toBe(200);
    expect(Object.fromEntries(image.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "private, max-age=31536000, immutable",
      vary: expect.stringContaining("Authorization"),
      etag: `"${sha256}"`,
      "x-content-type-options": "nosniff",
    });
    const sent: Record<string, string> = { ...icon, "strip.png": colour(1), "logo.png": colour(2) };
    if (path in sent) expect(await bytesOf(image), path).toBe(sent[path]);
    else await image.arrayBuffer();
  }
});

test("an image that the browser has is answered 304, without a body", async () => {
  const sha256 = template.images["logo.png"]?.sha256 ?? "";
  for (const path of [`/templates/${template.id}/images/${sha256}`, `/passes/${pass.id}/images/${sha256}`]) {
    const again = await fetchImage(path, { "If-None-Match": `"${sha256}"` });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
  }
});

test("an image of another pass or template, a replaced one, and one that never existed are 404", async () => {
  const other = await admin.makeTemplate(PASS_TYPE, { images: { ...icon, "logo.png": colour(9) } });
  const foreign = other.images["logo.png"]?.sha256;
  const replaced = template.images["strip.png"]?.sha256;
  const own = (await contentOf(pass.id)).images["strip.png"]?.sha256;
  for (const path of [
    `/templates/${template.id}/images/${foreign}`,
    `/templates/${template.id}/images/${own}`,
    `/passes/${pass.id}/images/${foreign}`,
    `/passes/${pass.id}/images/${replaced}`,
    `/passes/${pass.id}/images/${"0".repeat(64)}`,
  ]) {
    await refused(["GET", path], { status: 404, code: "image_not_found" });
    expect((await fetchImage(path)).headers.get("cache-control"), path).toBe("private, no-store");
  }
  await refused(["GET", `/templates/999999/images/${foreign}`], { status: 404, code: "template_not_found" });
  const malformed = { status: 400, code: "invalid_parameter", pointer: "/sha256" };
  await refused(["GET", `/templates/${template.id}/images/x`], malformed);
});

test("a key with a scope gets the content and the images in it, and nothing else", async () => {
  const { id } = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const { key } = await makeKey({ role: "reader", scope: { templates: [template.id] } });
  const sha256 = template.images["icon.png"]?.sha256;
  const status = async (path: string) => (await fetchImage(path, { Authorization: `Bearer ${key}` })).status;
  expect(await status(`/passes/${pass.id}/content`)).toBe(200);
  expect(await status(`/passes/${pass.id}/images/${sha256}`)).toBe(200);
  expect(await status(`/templates/${template.id}/images/${sha256}`)).toBe(200);
  expect(await status(`/passes/${id}/content`)).toBe(404);
  expect(await status(`/passes/${id}/images/${sha256}`)).toBe(404);
});

test("a deleted pass has no content", async () => {
  const { id } = await admin.issue(template.id);
  await admin.delete(id);
  for (const path of ["content", `images/${template.images["icon.png"]?.sha256}`])
    await refused(["GET", `/passes/${id}/${path}`], { status: 404, code: "pass_not_found" });
});
