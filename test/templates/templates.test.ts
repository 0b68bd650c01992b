/**
 * Templates: create, show, list, change, delete; and what each part of a template becomes in the built passes.
 *
 * Follows Apple's "Pass" (the five styles) and "Creating the source for a pass" (images, pass.strings).
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import worker from "../../src/index.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { counted, forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, call, download, icon, ORIGIN, refused, send, storeCard } from "../harness.ts";
import { kindsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.templates";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
const list = (query = "") => call<Page<Template>>("GET", `/templates${query}`);

/** A PNG of one colour, in base64. */
function colour(red: number, size = 29): string {
  return drawPng(size, size, () => [red, 0, 0, 255]).toBase64();
}

async function sha256(base64: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.fromBase64(base64));
  return new Uint8Array(digest).toHex();
}

test("a template is shown as it was created, its images by hash and size", async () => {
  const strings = { fr: { POINTS: "POINTS FR" } };
  const made = await call<Template>("POST", "/templates", {
    name: "Card",
    passTypeIdentifier: PASS_TYPE,
    externalId: "card-1",
    pass: storeCard,
    strings,
    images: { ...icon, "fr.lproj/logo@2x.png": `data:image/png;base64,${colour(7, 10)}` },
  });
  expect(made.status).toBe(201);
  const { id, images, createdAt, updatedAt, ...rest } = made.body;
  expect(rest).toEqual({
    lint: expect.anything(),
    passTypeIdentifier: PASS_TYPE,
    projectId: null,
    personalization: null,
    barcodeText: null,
    contact: null,
    wallets: null,
    scan: null,
    join: null,
    joinUrl: null,
    google: null,
    revision: 1,
    name: "Card",
    externalId: "card-1",
    webService: "/",
    pass: storeCard,
    strings,
  });
  expect(Number.isInteger(id)).toBe(true);
  expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(updatedAt).toBe(createdAt);
  expect(Object.keys(images)).toEqual([
    "fr.lproj/logo.png", // derived: densities.test.ts
    "fr.lproj/logo@2x.png",
    "icon.png",
    "icon@2x.png",
  ]);
  expect(images["fr.lproj/logo@2x.png"]).toEqual({
    sha256: await sha256(colour(7, 10)),
    bytes: Uint8Array.fromBase64(colour(7, 10)).length,
    width: 10,
    height: 10,
  });
  expect((await call<Template>("GET", `/templates/${id}`)).body).toEqual({ ...made.body, lint: undefined });
});

test("lists are newest first, page by page, without deleted templates", async () => {
  const ids = [];
  for (let i = 0; i < 5; i++) ids.unshift((await admin.makeTemplate(PASS_TYPE, { name: `Page ${i}` })).id);
  const first = await list("?limit=2");
  expect(first.body.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  expect(first.body.nextCursor).toBe(String(ids[1]));
  await call("DELETE", `/templates/${ids[2]}`);
  const second = await list(`?limit=2&cursor=${first.body.nextCursor}`);
  expect(second.body.items.map(({ id }) => id)).toEqual([ids[3], ids[4]]);
  const beyond = await list("?cursor=1");
  expect(beyond.body).toEqual({ items: [], nextCursor: null });
  const all = await list("?limit=200");
  expect(all.body.nextCursor).toBeNull();
  expect(all.body.items.map(({ id }) => id)).not.toContain(ids[2]);
});

test("a change without an effect, or of only the name, makes no pass newer", async () => {
  const made = await admin.makeTemplate(PASS_TYPE, { strings: { fr: { a: "b" } } });
  const pass = await admin.issue(made.id);
  const before = (await send(new Request(pass.downloadUrl))).headers.get("etag");
  await admin.changeTemplate(made.id, { pass: storeCard, images: icon, strings: { fr: { a: "b" } } });
  await admin.changeTemplate(made.id, { name: "Renamed", externalId: "renamed" });
  await admin.changeTemplate(made.id, {});
  expect(await kindsOf({ templateId: made.id })).toEqual(["made"]);
  expect((await send(new Request(pass.downloadUrl))).headers.get("etag")).toBe(before);
  await admin.changeTemplate(made.id, { strings: { fr: { a: "c" } } });
  expect(await kindsOf({ templateId: made.id })).toEqual(["made", "changed"]);
  expect((await send(new Request(pass.downloadUrl))).headers.get("etag")).not.toBe(before);
});

test("an externalId is unique within its pass type, and free again after the template was deleted", async () => {
  const taken = { status: 409, code: "external_id_taken", pointer: "/externalId" };
  const body = {
    name: "x",
    passTypeIdentifier: PASS_TYPE,
    pass: storeCard,
    images: icon,
    externalId: "mine",
  };
  const first = await admin.makeTemplate(PASS_TYPE, { externalId: "mine" });
  const second = await admin.makeTemplate(PASS_TYPE);
  await refused(["POST", "/templates", body], taken);
  await refused(["PATCH", `/templates/${second.id}`, { externalId: "mine" }], taken);
  const elsewhere = `${PASS_TYPE}.elsewhere`;
  await call("POST", "/pass-types", { passTypeIdentifier: elsewhere });
  await admin.makeTemplate(elsewhere, { externalId: "mine" });
  expect((await call("DELETE", `/templates/${first.id}`)).status).toBe(204);
  expect((await admin.changeTemplate(second.id, { externalId: "mine" })).externalId).toBe("mine");
});

test("a template whose passes are not all deleted cannot be deleted; afterwards it can, and is gone from every route", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  await refused(["DELETE", `/templates/${id}`], { status: 409, code: "template_in_use" });
  await admin.delete(pass.id);
  const deleted = await call("DELETE", `/templates/${id}`);
  expect([deleted.status, deleted.body]).toEqual([204, ""]);
  const gone = { status: 404, code: "template_not_found" };
  await refused(["GET", `/templates/${id}`], gone);
  await refused(["PATCH", `/templates/${id}`, { name: "x" }], gone);
  await refused(["DELETE", `/templates/${id}`], gone);
  await refused(["POST", `/templates/${id}/passes`], gone);
});

test("after a change, a built pass has the new images of its template and not the old ones", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { images: { ...icon, "logo.png": colour(1) } });
  const pass = await admin.issue(id);
  expect((await download(pass)).files["logo.png"]).toEqual(Uint8Array.fromBase64(colour(1)));
  const images = { "icon.png": colour(2), "fr.lproj/strip@2x.png": colour(3), "logo.png": null };
  await admin.changeTemplate(id, { images });
  const { files } = await download(pass);
  expect(files["icon.png"]).toEqual(Uint8Array.fromBase64(colour(2)));
  expect(
    Object.keys(files)
      .filter((path) => path.endsWith(".png"))
      .sort(),
  ).toEqual(["fr.lproj/strip.png", "fr.lproj/strip@2x.png", "icon.png"]);
});

test("a change of the strings keeps the images", async () => {
  const { id, images } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  const changed = await admin.changeTemplate(id, { strings: { de: { POINTS: "PUNKTE" } } });
  expect(changed.images).toEqual(images);
  const { files, strings } = await download(pass);
  expect(files["icon.png"]).toEqual(Uint8Array.fromBase64(icon["icon.png"]));
  expect(strings).toEqual({ de: { POINTS: "PUNKTE" } });
});

test("a built pass has strings by language, escaped as Wallet reads them", async () => {
  const strings = {
    fr: {
      POINTS: "POINTS",
      'say "hi"': 'dire "salut"',
      "back\\slash": "a\\b",
      "two\nlines": "deux\r\n\tlignes",
    },
    "zh-Hans": { POINTS: "积分 🎉", "50% off; really = true": "/* */ // ;" },
    "pt-BR": {},
  };
  const { id } = await admin.makeTemplate(PASS_TYPE, { strings });
  const { files, strings: read } = await download(await admin.issue(id));
  expect(read).toEqual({ fr: strings.fr, "zh-Hans": strings["zh-Hans"] });
  expect(files).not.toHaveProperty(["pt-BR.lproj/pass.strings"]);
  expect(new TextDecoder().decode(files["fr.lproj/pass.strings"])).toContain(
    '"say \\"hi\\"" = "dire \\"salut\\"";',
  );
});

const fields = {
  primaryFields: [{ key: "a", label: "A", value: "1" }],
  backFields: [{ key: "b", value: "2" }],
};
test.each<[style: string, fields: object]>([
  ["boardingPass", { ...fields, transitType: "PKTransitTypeAir" }],
  ["coupon", fields],
  ["eventTicket", fields],
  ["generic", fields],
  ["storeCard", fields],
])("a %s is issued, downloaded and accepted", async (style, face) => {
  const pass = { description: "A pass", organizationName: "Edgepass", [style]: face };
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass });
  const downloaded = await download(await admin.issue(id, { values: { a: "9" } }));
  expect(downloaded.pass[style]).toMatchObject({ primaryFields: [{ key: "a", value: "9" }] });
});

test("the same image with several paths is written to R2 once", async () => {
  const counters = counted(env);
  const images = { ...icon, "logo.png": icon["icon.png"], "fr.lproj/logo.png": icon["icon.png"] };
  const body = JSON.stringify({ name: "Twice", passTypeIdentifier: PASS_TYPE, pass: storeCard, images });
  const ctx = createExecutionContext();
  const request = new Request(`${ORIGIN}/admin/v1/templates`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    body,
  });
  expect((await worker.fetch(request, counters.env, ctx)).status).toBe(201);
  expect(counters.spent().puts).toBe(3); // two pictures and the pack
});

test("a template is created even if R2 refuses its image because another template has just stored it", async () => {
  const busy = forwarding(env.BUCKET, {
    put: (
      key: string,
      ...rest: Parameters<R2Bucket["put"]> extends [string, ...infer Rest] ? Rest : never
    ) =>
      key.startsWith("assets/")
        ? Promise.reject(new Error("429 too many writes"))
        : env.BUCKET.put(key, ...rest),
  });
  await admin.makeTemplate(PASS_TYPE);
  const request = new Request(`${ORIGIN}/admin/v1/templates`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Busy", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon }),
  });
  const answer = await worker.fetch(request, { ...env, BUCKET: busy }, createExecutionContext());
  expect(answer.status).toBe(201);
});
