/**
 * The images of single passes in Google Wallet: only if the template asks for it, at an address that nobody can guess, and only as
 * long as the object names the image.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { googleObjects } from "../../src/db/schema.ts";
import { parseJson } from "../../src/json.ts";
import { isOwnImageSecret, ownHeroOf, ownImagePath } from "../../src/passes/google-image.ts";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { drawPng } from "../apple/png.ts";
import { cost, NOTHING, spent } from "../cost.ts";
import { admin, call, get, google, icon, send } from "../harness.ts";
import { passRow, rowOf } from "../rows.ts";
import { ask } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.google-image";
const MISSING = [404, "route_not_found"];
const picture = (red: number) => drawPng(1125, 432, () => [red, 0, 0, 255]);
const own = { "strip@3x.png": picture(9).toBase64(), "thumbnail.png": picture(10).toBase64() };
let issuerId: string;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const { key, ...issuer } = await google.makeIssuer();
  issuerId = issuer.issuerId;
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
  const images = { ...icon, "strip@3x.png": picture(1).toBase64() };
  templateId = (await admin.makeTemplate(PASS_TYPE, { images, google: { ownImages: true } })).id;
});

/** The address of the wide picture in the object at Google, after a click. A run may have sent a change before it. */
async function addressOf({ id, landingUrl }: Pick<Pass, "id" | "landingUrl">): Promise<string | undefined> {
  const response = await send(new Request(`${landingUrl}/google`, { redirect: "manual" }));
  expect(response.status).toBe(302);
  const { resourceId } = await rowOf(googleObjects, { passId: id });
  const { objects } = await google.stored(issuerId);
  const object = objects.find((each) => each.id === resourceId);
  return JSON.stringify(object).match(/"heroImage":\{"sourceUri":\{"uri":"([^"]*)"/)?.[1];
}
const pathOf = (address: string | undefined) => new URL(address ?? "").pathname;
async function missing(path: string) {
  const response = await get(path);
  return [response.status, ((await response.json()) as { code: string }).code];
}

test("the object names the pass's own wide picture, which everybody with its address can load for a day", async () => {
  const address = await addressOf(await admin.issue(templateId, { images: own }));
  expect(address).toMatch(/^https?:\/\/[^/]+\/g\/\d+\/\d+_[\w-]{43}\/[0-9a-f]{64}\.png$/);
  const served = await get(pathOf(address));
  expect([served.status, served.headers.get("content-type"), served.headers.get("cache-control")]).toEqual([
    200,
    "image/png",
    "public, max-age=86400",
  ]);
  expect(served.headers.get("x-robots-tag")).toContain("noindex");
  expect(new Uint8Array(await served.arrayBuffer()).toBase64()).toBe(own["strip@3x.png"]);
});

test("the card on the page of the pass shows the picture on Android", async () => {
  const { landingUrl } = await admin.issue(templateId, { images: own });
  const headers = { "User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile Safari/604.1" };
  const html = await (await send(new Request(landingUrl, { headers }))).text();
  const path = /<img class="g-hero" src="([^"]*)"/.exec(html)?.[1] ?? "";
  expect(path).toMatch(/^\/g\/\d+\/\d+_/);
  expect((await get(path)).status).toBe(200);
});

test("without ownImages the object of a pass names no image, and the pictures of passes stay private", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { google: { type: "loyalty" } });
  const pass = await admin.issue(id, { images: own });
  expect(await addressOf(pass)).toBeUndefined();
  const { images, tokenKeyId } = await passRow(pass.id);
  const sha256 = parseJson(images)["strip@3x.png"]?.sha256 ?? "";
  const { secrets } = readConfig(env);
  const path = await ownImagePath(secrets, { id: pass.id, tokenKeyId }, sha256);
  expect(await missing(path)).toEqual(MISSING);
  await admin.changeTemplate(id, { google: { ownImages: true } });
  expect((await get(path)).status).toBe(200);
  await admin.changeTemplate(id, { google: { ownImages: null } });
  expect(await missing(path)).toEqual(MISSING);
});

test("the address of the image ends when the pass gets another image, and with the pass", async () => {
  const pass = await admin.issue(templateId, { images: own });
  const path = pathOf(await addressOf(pass));
  await call("PATCH", `/passes/${pass.id}`, { images: { "strip@3x.png": picture(11).toBase64() } });
  expect(await missing(path)).toEqual(MISSING);
  const changed = pathOf(await addressOf(pass));
  expect((await get(changed)).status).toBe(200);
  await admin.delete(pass.id);
  expect(await missing(changed)).toEqual(MISSING);
});

test("no other image of the pass is served, and no other name of this one", async () => {
  const pass = await admin.issue(templateId, { images: own });
  const path = pathOf(await addressOf(pass));
  const { images, tokenKeyId } = await passRow(pass.id);
  const { secrets } = readConfig(env);
  const facts = parseJson(images);
  for (const name of ["thumbnail.png", "strip@2x.png", "strip.png"]) {
    const other = await ownImagePath(secrets, { id: pass.id, tokenKeyId }, facts[name]?.sha256 ?? "");
    expect([name, ...(await missing(other))]).toEqual([name, ...MISSING]);
  }
  for (const name of [path.replace(/png$/, "jpg"), path.replace(/\.png$/, ""), `${path}.png`, `${path}/x`])
    expect([name, (await get(name)).status]).toEqual([name, 404]);
});

test("a forged secret costs no query, and the image one query and one read of R2", async () => {
  const pass = await admin.issue(templateId, { images: own });
  const other = await admin.issue(templateId, { images: own });
  const path = pathOf(await addressOf(pass));
  const [, , id, secret = "", file] = path.split("/");
  for (const forged of [
    path.replace(secret, `1_${"A".repeat(43)}`),
    path.replace(secret, `7_${"A".repeat(43)}`),
    path.replace(secret, "x"),
    path.replace(`/${id}/`, `/${other.id}/`),
    `/g/${id}/${secret}/${"0".repeat(64)}.png`,
    `/g/${"9".repeat(15)}/${secret}/${file}`,
  ]) {
    const { status, answer } = await cost(ask("GET", forged));
    expect([forged, status, answer]).toEqual([forged, 404, NOTHING]);
  }
  const { status, answer } = await cost(ask("GET", path));
  expect([status, answer]).toEqual([200, spent({ trips: 1, statements: 1, rowsRead: 2, gets: 1 })]);
});

test("an address survives a rotation of MASTER_SECRET, and has a secret of the newest entry if its own was removed", async () => {
  const [older, newer] = [`1:${"a".repeat(32)}`, `2:${"b".repeat(32)}`];
  const pass = { id: 7, tokenKeyId: "1" };
  const sha256 = "c".repeat(64);
  const path = await ownImagePath(createSecrets(older), pass, sha256);
  const [, , , secret = ""] = path.split("/");
  const rotated = createSecrets(`${newer},${older}`);
  expect(await ownImagePath(rotated, pass, sha256)).toBe(path);
  expect(await isOwnImageSecret(rotated, secret, 7, sha256)).toBe(true);
  const removed = createSecrets(newer);
  expect(await isOwnImageSecret(removed, secret, 7, sha256)).toBe(false);
  expect(await ownImagePath(removed, pass, sha256)).toMatch(/^\/g\/7\/2_/);
});

test("the language of the google part decides which picture the object names", () => {
  const facts = { sha256: "", width: 1, height: 1, bytes: 1 };
  const images = { "de.lproj/strip@3x.png": { ...facts, sha256: "de" }, "thumbnail.png": facts };
  expect(ownHeroOf({ ownImages: true, language: "de" }, images)?.facts.sha256).toBe("de");
  expect(ownHeroOf({ ownImages: true, language: "fr" }, images)).toBeUndefined();
  expect(ownHeroOf({ ownImages: false, language: "de" }, images)).toBeUndefined();
  expect(ownHeroOf(null, images)).toBeUndefined();
});
