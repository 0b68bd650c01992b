/**
 * Passes that are offered in one Wallet only: what their links answer, what stays as it is for phones that have them, and that
 * Google Wallet needs no certificate. What the page of a pass shows is in test/pages/offer.test.ts and google-source.test.ts.
 */
import { beforeAll, expect, test } from "vitest";
import { googleObjects } from "../../src/db/schema.ts";
import type { Health } from "../../src/health/check.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { LintReport } from "../../src/templates/lint.ts";
import type { Template } from "../../src/templates/show.ts";
import { file, PKPASS, wholePass } from "../admin/import/file.ts";
import {
  ADMIN_TOKEN,
  admin,
  call,
  get,
  google,
  icon,
  iphone,
  ORIGIN,
  refused,
  send,
  storeCard,
} from "../harness.ts";
import { idsOf, linkTo, opened, pathOf } from "../passes/bundle-client.ts";
import { changesOf, rowOf, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.offered";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const REFUSED = { status: 404, code: "apple_not_offered" };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

type Linted = { readonly lint: LintReport };
const codesOf = ({ lint }: Linted) => lint.findings.map(({ code }) => code);
const setWallets = (passTypeIdentifier: string, wallets: string) =>
  call<PassType>("PATCH", `/pass-types/${passTypeIdentifier}`, { wallets });
const codeAt = async (path: string, headers: Record<string, string> = {}) => {
  const response = await get(path, headers);
  const body = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
  return [response.status, (body as { code?: string }).code];
};
const click = (pass: Pick<Pass, "landingUrl">) =>
  send(new Request(`${pass.landingUrl}/google`, { redirect: "manual" }));

async function storeIssuer() {
  const { issuerId, key } = await google.makeIssuer();
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  expect((await call("POST", "/google-issuers", { issuerId, serviceAccount: key })).status).toBe(201);
}

/** What is wrong without an issuer is tested before there is one. */
test("Google Wallet only without an issuer is a finding and a health finding, and the page says so", async () => {
  const passTypeIdentifier = `${PASS_TYPE}.nowhere`;
  const made = await call<PassType>("POST", "/pass-types", { passTypeIdentifier, wallets: "google" });
  expect([made.status, made.body.wallets]).toEqual([201, "google"]);
  const health = async () => {
    const { findings, nextSteps } = (await call<Health>("GET", "/health")).body;
    const about = findings.filter(({ message }) => message.includes(passTypeIdentifier));
    return [about.map(({ code }) => code), nextSteps.filter(({ path }) => path.includes(passTypeIdentifier))];
  };
  expect(await health()).toEqual([["google_issuer_missing"], []]);
  const body = { name: "Card", passTypeIdentifier, pass: storeCard, images: icon };
  const template = await call<Template & Linted>("POST", "/templates", body);
  expect(codesOf(template.body)).toContain("google_issuer_missing");
  expect(codesOf(template.body)).not.toContain("certificate_missing");
  const { body: report } = await call<LintReport>("POST", "/lint", body);
  expect(codesOf({ lint: report })).toEqual(codesOf(template.body));
  const pass = await admin.issue(template.body.id);
  expect(await (await get(new URL(pass.landingUrl).pathname)).text()).toContain("Not available now");

  await setWallets(passTypeIdentifier, "both");
  expect((await health())[0]).toEqual(["no_certificate"]);
  await setWallets(passTypeIdentifier, "google");
  await storeIssuer();
  expect(await health()).toEqual([[], []]);
});

test("a template says in which Wallets its passes are offered, without a change for phones", async () => {
  const { id, wallets } = await admin.makeTemplate(PASS_TYPE);
  expect(wallets).toBeNull();
  for (const each of ["google", "apple", null])
    expect(await admin.changeTemplate(id, { wallets: each })).toMatchObject({ wallets: each });
  const before = await templateRow(id);
  expect(before.revision).toBe(4);
  expect((await changesOf({ templateId: id })).map(({ kind }) => kind)).toEqual(["made"]);
  const dry = await call<{ changes: unknown[] } & Linted>("PATCH", `/templates/${id}?dryRun=true`, {
    wallets: "google",
  });
  expect([dry.status, await templateRow(id)]).toEqual([200, before]);
  await admin.changeTemplate(id, { wallets: "apple" });
  const { body: copy } = await call<Template>("POST", `/templates/${id}/copy`);
  expect(copy.wallets).toBe("apple");
  const imported = await call<Template>(
    "POST",
    "/templates/import?wallets=google",
    file(wholePass(PASS_TYPE)),
    PKPASS,
  );
  expect([imported.status, imported.body.wallets]).toEqual([201, "google"]);
  await refused(["PATCH", `/templates/${id}`, { wallets: "none" }], {
    ...{ status: 400, code: "invalid_body", pointer: "/wallets" },
  });
});

test("the choice of a pass type counts for its templates without a choice of their own", async () => {
  const passTypeIdentifier = `${PASS_TYPE}.type`;
  await admin.makePassType(passTypeIdentifier);
  const pass = await admin.issue((await admin.makeTemplate(passTypeIdentifier)).id);
  const own = await admin.issue((await admin.makeTemplate(passTypeIdentifier, { wallets: "both" })).id);
  const shown = async ({ id }: Pass) =>
    (await call<{ wallets: string }>("GET", `/passes/${id}/content`)).body.wallets;
  expect([await shown(pass), await shown(own)]).toEqual(["both", "both"]);
  const { status, body } = await setWallets(passTypeIdentifier, "google");
  expect([status, body.wallets, body.certificates.length]).toEqual([200, "google", 1]);
  expect([await shown(pass), await shown(own)]).toEqual(["google", "both"]);
  expect(await codeAt(pathOf(pass.downloadUrl))).toEqual([404, "apple_not_offered"]);
  expect((await get(pathOf(own.downloadUrl))).status).toBe(200);
  expect((await call<PassType>("PATCH", `/pass-types/${passTypeIdentifier}`, {})).body.wallets).toBe(
    "google",
  );
  const unknown = { status: 404, code: "pass_type_not_found" };
  await refused(["PATCH", "/pass-types/pass.test.unknown", { wallets: "both" }], unknown);
});

test("Google Wallet only: each download is refused with a cure, and people get a page", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const path = pathOf(pass.downloadUrl);
  const etag = (await get(path)).headers.get("etag") ?? "";
  await admin.changeTemplate(templateId, { wallets: "google" });
  const passdock = `/api/v1/templates/${templateId}/passes/${pass.id}?show=true`;
  for (const each of [path, `/admin/v1/passes/${pass.id}/download`, `/v1/pass/${pass.id}/download`])
    expect([each, ...(await codeAt(each, KEY))]).toEqual([each, 404, "apple_not_offered"]);
  expect((await get(passdock, KEY)).status).toBe(404);
  expect(await codeAt(path, { "If-None-Match": etag })).toEqual([404, "apple_not_offered"]);
  const page = await get(path, { Accept: "text/html" });
  expect([page.status, await page.text()]).toEqual([
    404,
    expect.stringContaining("<h1>Not available in Apple Wallet</h1>"),
  ]);
  expect((await click(pass)).status).toBe(302);
});

test("Apple Wallet only: the link to Google Wallet is refused, and Google gets no request", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE, { wallets: "apple" });
  const pass = await admin.issue(templateId);
  const response = await click(pass);
  expect([response.status, await response.json()]).toMatchObject([404, { code: "google_not_offered" }]);
  await expect(rowOf(googleObjects, { passId: pass.id })).rejects.toThrow();
  expect((await get(pathOf(pass.downloadUrl))).status).toBe(200);
});

test("a phone that has the pass goes on getting it, and one that still has the file can register", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const bytes = new Uint8Array(await (await get(pathOf(pass.downloadUrl))).arrayBuffer());
  const [phone, late] = [iphone(), iphone()];
  await phone.add(bytes);
  await admin.changeTemplate(templateId, { wallets: "google" });
  await admin.change(pass.id, { values: { points: "7" } });
  await phone.receivePush(PASS_TYPE);
  const shown = phone.pass(PASS_TYPE, pass.serialNumber).pass;
  expect(JSON.stringify(shown)).toContain('"value":"7"');
  expect((await late.add(bytes)).registered).toHaveLength(1);
  expect([...phone.complaints, ...late.complaints]).toEqual([]);
});

test("a bundle leaves out what is only for Google Wallet, and the API refuses it", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: googleId } = await admin.makeTemplate(PASS_TYPE, { wallets: "google" });
  const [pass, other] = [await admin.issue(templateId), await admin.issue(googleId)];
  const link = await linkTo([other, pass]);
  const { body } = await call<Linted>("POST", "/bundles", { passIds: idsOf([other, pass]) });
  expect(body.lint.findings).toMatchObject([{ code: "apple_not_offered", pointer: "/passIds/0" }]);
  expect(await opened(await get(pathOf(link)))).toHaveLength(1);
  const download = `/bundles/download?passIds=${pass.id},${other.id}`;
  await refused(["GET", download], { ...REFUSED, pointer: "/passIds/1" });
  expect(await codeAt(pathOf(await linkTo([other])))).toEqual([404, "apple_not_offered"]);
});

test("for Google Wallet a pass is issued, linted, joined and saved without a certificate", async () => {
  const passTypeIdentifier = `${PASS_TYPE}.unsigned`;
  await call("POST", "/pass-types", { passTypeIdentifier });
  const join = { slug: "unsigned", fields: [] };
  const body = { name: "Card", passTypeIdentifier, pass: storeCard, images: icon, wallets: "google", join };
  const made = await call<Template & Linted>("POST", "/templates", body);
  expect([made.status, codesOf(made.body).filter((code) => !code.startsWith("google_"))]).toEqual([201, []]);
  const { body: report } = await call<LintReport>("POST", "/lint", body);
  expect(codesOf({ lint: report })).toEqual(codesOf(made.body));
  const issued = await call<Pass & Linted>("POST", `/templates/${made.body.id}/passes`, {});
  expect([issued.status, codesOf(issued.body)]).toEqual([201, []]);
  const again = await call<Linted>("POST", "/lint", { templateId: made.body.id });
  expect(again.body).toEqual({ findings: [] });
  const form = await (await get("/join/unsigned")).text();
  const nonce = /name="nonce" value="([^"]*)"/.exec(form)?.[1] ?? "";
  const joined = await send(
    new Request(`${ORIGIN}/join/unsigned`, {
      method: "POST",
      redirect: "manual",
      headers: { Accept: "text/html", "CF-Connecting-IP": "192.0.2.99" },
      body: new URLSearchParams({ nonce }),
    }),
  );
  const location = joined.headers.get("location") ?? "";
  expect([joined.status, location]).toEqual([303, expect.stringMatching(/^\/p\/\d+\//)]);
  const page = await get(location, { "User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile" });
  expect(await page.text()).toContain("Add to Google Wallet");
  expect((await click({ landingUrl: ORIGIN + location })).status).toBe(302);
});

test("Apple's warnings are left out for Google Wallet only, and Google's for Apple Wallet only", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const change = async (body: object) =>
    codesOf((await call<Linted>("PATCH", `/templates/${id}`, body)).body);
  const pass = { ignoresTimeZone: true, groupingIdentifier: "a" };
  const both = await change({ pass, google: { class: { nonsense: 1 } } });
  expect(both).toEqual(expect.arrayContaining(["unknown_key", "grouping_ignored", "google_member_unknown"]));
  const apple = await change({ wallets: "apple" });
  expect(apple).toEqual(both.filter((code) => !code.startsWith("google_")));
  const forGoogle = await change({ wallets: "google" });
  expect(forGoogle).toEqual(
    both.filter((code) => code !== "grouping_ignored" && code !== "image_density_missing"),
  );
  const missing = { pass: { description: null } };
  const invalid = { status: 422, code: "invalid_pass", pointer: "/pass/description" };
  await refused(["PATCH", `/templates/${id}`, missing], invalid);
});
