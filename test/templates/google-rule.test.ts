/**
 * A template's `google` part and its images for Google: stored, merged by key, linted if Google is used, and not shown on iPhones.
 */
import { beforeAll, expect, test } from "vitest";
import { objectUses, templates } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call, download, get, icon, refused, storeCard } from "../harness.ts";
import { changesOf, countRows, setRows, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.google-rule";
const INVALID = { status: 400, code: "invalid_body" };
const logo = drawPng(660, 660, () => [10, 120, 60, 255]).toBase64();
/** No other template has it, and shows it to Google. */
const ownIcon = { "icon@2x.png": drawPng(58, 58, () => [200, 60, 30, 255]).toBase64() };
const hero = drawPng(1032, 336, () => [10, 20, 60, 255]).toBase64();

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

type Linted = Template & { readonly lint: { readonly findings: readonly { readonly code: string }[] } };
const codes = ({ lint }: Linted) => lint.findings.map(({ code }) => code);
const linted = async (id: number, body: object) =>
  (await call<Linted>("PATCH", `/templates/${id}`, body)).body;

test("without an issuer and a google part, no answer says anything of Google", async () => {
  const body = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const made = await call<Linted>("POST", "/templates", body);
  const changed = await linted(made.body.id, { values: { points: { label: "P" } } });
  const { body: report } = await call<{ findings: unknown[] }>("POST", "/lint", body);
  expect(JSON.stringify([made.body, changed, report])).not.toMatch(/google_/);
  expect(made.body.google).toBeNull();
});

test("the part is stored, merged by key and removed, without a push", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { google: { hints: { points: "points" } } });
  const change = async (google: unknown) => (await admin.changeTemplate(id, { google })).google;
  expect(await change({ type: "generic" })).toEqual({ type: "generic", hints: { points: "points" } });
  expect(await change({ hints: { accountName: "terms" } })).toMatchObject({
    hints: { points: "points", accountName: "terms" },
  });
  expect(await change({ hints: null, class: { heroImage: null } })).toEqual({
    type: "generic",
    class: { heroImage: null },
  });
  expect(await change({ language: "de" })).toEqual({
    type: "generic",
    language: "de",
    class: { heroImage: null },
  });
  expect(await change({ class: { callbackOptions: {} } })).toMatchObject({ class: { callbackOptions: {} } });
  expect(await change({ class: null })).toEqual({ type: "generic", language: "de" });
  expect(await change(null)).toBeNull();
  expect(await templateRow(id)).toMatchObject({ revision: 8 });
  expect((await changesOf({ templateId: id })).map(({ kind }) => kind)).toEqual(["made"]);
});

test("a wrong part is refused with a pointer, and a hint has to name a field of the template", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const body = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const refuseBoth = async (google: unknown, expected: Parameters<typeof refused>[1]) => {
    await refused(["POST", "/templates", { ...body, google }], expected);
    await refused(["PATCH", `/templates/${id}`, { google }], expected);
  };
  await refuseBoth({ type: "boardingPass" }, { ...INVALID, pointer: "/google/type" });
  await refuseBoth({ hint: {} }, { ...INVALID, pointer: "/google/hint" });
  await refuseBoth(
    { hints: { points: "stamps" } },
    { status: 422, code: "unknown_field", pointer: "/google/hints/points" },
  );
  // Google refuses the whole class or object for it.
  for (const [google, pointer] of [
    [{ object: { loyaltyPoints: "12" } }, "/google/object/loyaltyPoints"],
    [{ class: { textModulesData: [{ id: "a" }, { body: 5 }] } }, "/google/class/textModulesData/1/body"],
    [
      { class: { localizedIssuerName: { defaultValue: [] } } },
      "/google/class/localizedIssuerName/defaultValue",
    ],
  ] as const)
    await refuseBoth(google, { ...INVALID, pointer });
});

test("a part that was stored before its values were checked does not stop other changes", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { google: { language: "de" } });
  const google = writeJson({ class: { homepageUri: "https://acme.example" } });
  await setRows(templates, { id }, { google });
  const changed = await linted(id, { google: { language: "en" } });
  expect(codes(changed)).toContain("google_value_malformed");
});

test("a copy has the part, and the linter reports it as soon as there is one", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const changed = await linted(id, { google: { class: { nonsense: 1 } } });
  expect(codes(changed)).toContain("google_member_unknown");
  const { body: copy } = await call<Linted>("POST", `/templates/${id}/copy`);
  expect(copy.google).toEqual({ class: { nonsense: 1 } });
  expect(codes(copy)).toContain("google_member_unknown");
});

test("images for Google are stored and served by hash, are in no .pkpass, and changing them sends no push", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { images: { ...ownIcon, "google/logo.png": logo } });
  const before = await templateRow(id);
  const stored = (await call<Template>("GET", `/templates/${id}`)).body.images;
  expect(Object.keys(stored).filter((path) => path.startsWith("google/"))).toEqual(["google/logo.png"]);
  const pass = await admin.issue(id);
  expect(Object.keys((await download(pass)).files).filter((path) => path.includes("google"))).toEqual([]);
  const path = `/g/${stored["google/logo.png"]?.sha256}.png`;
  expect((await get(path)).status).toBe(404);
  await admin.changeTemplate(id, { google: { language: "en" } });
  const served = await get(path);
  expect([served.status, served.headers.get("cache-control"), served.headers.get("content-type")]).toEqual([
    200,
    "public, max-age=31536000, immutable",
    "image/png",
  ]);
  expect(new Uint8Array(await served.arrayBuffer()).toBase64()).toBe(logo);
  // The icon is not what the card shows, because there is a logo.
  expect((await get(`/g/${stored["icon@2x.png"]?.sha256}.png`)).status).toBe(404);
  const changed = await admin.changeTemplate(id, {
    images: { "google/logo.png": null, "google/hero.png": hero },
  });
  const after = await templateRow(id);
  expect([after.pack, after.tag]).toEqual([before.pack, before.tag]);
  expect((await get(`/g/${changed.images["google/hero.png"]?.sha256}.png`)).status).toBe(200);
  expect((await get(path)).status).toBe(404);
  expect(await countRows(objectUses, { key: `assets/${stored["google/logo.png"]?.sha256}` })).toBe(0);
  expect(await countRows(objectUses, { key: `assets/${changed.images["google/hero.png"]?.sha256}` })).toBe(1);
  expect((await get(`/g/${stored["icon@2x.png"]?.sha256}.png`)).status).toBe(200);
  // An image of the same request that iPhones show makes a new pack, which does not contain the image for Google.
  await admin.changeTemplate(id, {
    images: { ...ownIcon, "icon.png": icon["icon.png"], "google/hero.png": logo },
  });
  expect((await templateRow(id)).pack).not.toBe(before.pack);
  expect(Object.keys((await download(pass)).files).filter((name) => name.includes("google"))).toEqual([]);
  await refused(["PATCH", `/passes/${pass.id}`, { images: { "google/logo.png": logo } }], {
    status: 422,
    code: "invalid_image",
    pointer: "/images/google~1logo.png",
  });
});

test("with an issuer, the linter reports about Google for every template", async () => {
  await makeIssuer();
  const { id } = await admin.makeTemplate(PASS_TYPE);
  expect(codes(await linted(id, { name: "Other" }))).toContain("google_image_missing");
  const { body } = await call<{ findings: { code: string }[] }>("POST", "/lint", { pass: storeCard });
  expect(body.findings.map(({ code }) => code)).toContain("google_image_missing");
});
