/**
 * The link to Google Wallet, against the stand-in Google: how many calls a click costs, what it answers if Google or the pass stops
 * it, and where the page of a pass offers it.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { googleIssuers, googleObjects } from "../../src/db/schema.ts";
import type { GoogleIssuer } from "../../src/google-wallet/issuers.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { ServiceAccountKey } from "../google/stand-in/accounts.ts";
import { api } from "../google-sync/world.ts";
import { admin, call, get, google, send } from "../harness.ts";
import { deleteRows, rowOf, setRows } from "../rows.ts";
import { USER_AGENTS } from "./user-agents.ts";

const PASS_TYPE = "pass.test.google-link";
const SAVE = `${env.GOOGLE_ORIGIN}/gp/v/save/`;
const BUTTON = /<a class="button" href="(\/p\/\d+\/[0-9a-f]{40}\/google)"[^>]*>Add to Google Wallet<\/a>/;
const userAgentOf = (name: string) => USER_AGENTS.find(([what]) => what === name)?.[1] ?? "";
const ANDROID = userAgentOf("Chrome on Android");
/** How long a click gets the last refusal again. */
const REFUSED_AGAIN_MS = 10_000;
const BROWSER = { Accept: "text/html", "User-Agent": ANDROID };

let templateId: number;
let issuerId: string;
let key: ServiceAccountKey;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const click = ({ landingUrl }: Pick<Pass, "landingUrl">, headers: Record<string, string> = {}) =>
  send(new Request(`${landingUrl}/google`, { headers, redirect: "manual" }));
const page = async ({ landingUrl }: Pick<Pass, "landingUrl">, userAgent = ANDROID) =>
  (await send(new Request(landingUrl, { headers: { "User-Agent": userAgent } }))).text();

async function expectSaveLink(response: Response): Promise<string> {
  const location = response.headers.get("location") ?? "";
  expect([response.status, location.slice(0, SAVE.length)]).toEqual([302, SAVE]);
  return location;
}

/** The calls of the issuer's account since the last look. */
async function calls(): Promise<Record<string, number>> {
  const all = await google.counts({ account: key.client_email });
  const since = Object.entries(all).map(([kind, count]) => [kind, count - (seen[kind] ?? 0)] as const);
  seen = all;
  return Object.fromEntries(since.filter(([, count]) => count > 0));
}
let seen: Record<string, number> = {};

async function storedObject(passId: number) {
  const { resourceId } = await rowOf(googleObjects, { passId });
  const { objects } = await google.stored(issuerId);
  return objects.find(({ id }) => id === resourceId);
}

/** The objects that the opened address has saved. */
async function openLink(url: string): Promise<string[]> {
  const response = await fetch(url);
  const html = await response.text();
  expect({ status: response.status, html }).toMatchObject({ status: 200 });
  return [...html.matchAll(/data-object-id="([^"]*)"/g)].map(([, id = ""]) => id);
}

test("without an issuer the page is as before, and the link says that Google Wallet is not offered", async () => {
  const pass = await admin.issue(templateId);
  const html = await page(pass);
  expect(html).toContain("This phone does not have Apple Wallet");
  expect(html).not.toContain("Google");
  expect(await page(pass, userAgentOf("Windows"))).toContain("<h2>Add it on your iPhone</h2>");
  const forPrograms = await click(pass);
  expect([forPrograms.status, await forPrograms.json()]).toMatchObject([404, { code: "google_not_offered" }]);
  const forPeople = await click(pass, BROWSER);
  expect([forPeople.status, forPeople.headers.get("cache-control")]).toEqual([404, "private, no-store"]);
  expect(await forPeople.text()).toContain("<h1>Not available in Google Wallet</h1>");
});

test("issuing passes costs no call, the first click a token and two calls, and later clicks none", async () => {
  ({ issuerId, key } = await google.makeIssuer());
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  const made = await call<GoogleIssuer>("POST", "/google-issuers", { issuerId, serviceAccount: key });
  expect(made.status).toBe(201);
  const [pass, other] = [await admin.issue(templateId), await admin.issue(templateId)];
  expect(await calls()).toEqual({});

  const first = await click(pass);
  const url = await expectSaveLink(first);
  expect(first.headers.get("cache-control")).toBe("private, no-store");
  expect(first.headers.get("referrer-policy")).toBe("no-referrer");
  expect(url.length - SAVE.length).toBeLessThan(1000);
  expect(await calls()).toEqual({ token: 1, "class.insert": 1, "object.insert": 1 });
  const again = await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({});
  await expectSaveLink(await click(other));
  expect(await calls()).toEqual({ "object.insert": 1 });

  const { resourceId } = await rowOf(googleObjects, { passId: pass.id });
  expect(await openLink(url)).toEqual([resourceId]);
  expect(await openLink(again)).toEqual([resourceId]);
  expect(await storedObject(pass.id)).toMatchObject({ type: "loyalty", state: "ACTIVE", users: 2 });
});

test("a click after a change of the pass sends the object again, and after one of the template the class", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  await click(pass);
  await calls();
  await api("PATCH", `/passes/${pass.id}`, { values: { points: "7" } });
  await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({ "object.patch": 1, "object.addMessage": 1 });
  await api("PATCH", `/templates/${id}`, { pass: { organizationName: "Other Roasters" } });
  await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({ "class.patch": 1 });
});

test("the texts of the holder's languages and the event are in what Google gets", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { strings: { de: { POINTS: "PUNKTE" } } });
  const event = await admin.makeEvent({ values: { points: "21" } });
  const pass = await admin.issue(id, { eventId: event.id });
  await expectSaveLink(await click(pass));
  const { classId } = await rowOf(googleObjects, { passId: pass.id });
  const { classes } = await google.stored(issuerId);
  const text = JSON.stringify(classes.find((each) => each.id === classId));
  for (const expected of ["PUNKTE", '"21"']) expect(text).toContain(expected);
});

test.each(["429", "no answer"])(
  "on %s of Google the link has all of class and object, and the next click sends both",
  async (what) => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    const pass = await admin.issue(id);
    await calls();
    const target = { path: "/walletobjects/v1/", account: key.client_email, times: 1 };
    await google.fault(what === "429" ? { status: 429, ...target } : { mode: "reset", ...target });
    const url = await expectSaveLink(await click(pass));
    expect(await calls()).toEqual({ "class.insert": 1 });
    const { resourceId } = await rowOf(googleObjects, { passId: pass.id });
    expect(await openLink(url)).toEqual([resourceId]);
    expect(await storedObject(pass.id)).toMatchObject({ state: "ACTIVE", users: 1 });
    await calls();
    await expectSaveLink(await click(pass));
    expect(await calls()).toEqual({ "class.put": 1, "object.put": 1 });
  },
);

test("a pass that is too large for an address waits until Google takes calls, and the log names the length", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const pass = await admin.issue(templateId, { values: { points: "x".repeat(20_000) } });
  await google.fault({ status: 429, path: "/walletobjects/v1/", account: key.client_email, times: 1 });
  const refused = await click(pass);
  expect([refused.status, refused.headers.get("location")]).toEqual([503, null]);
  expect(await refused.json()).toMatchObject({ code: "google_unavailable" });
  const logged = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes("server_error"));
  log.mockRestore();
  expect(logged).toEqual([
    expect.stringMatching(/unavailable: .* have \d{5} characters, and 16000 are the most/),
  ]);
  expect((await expectSaveLink(await click(pass))).length).toBeLessThan(1800);
});

test("an insert whose answer was lost is followed by a PUT, also if no row remembers it", async () => {
  const pass = await admin.issue(templateId);
  await calls();
  const target = { path: "/walletobjects/v1/loyaltyObject", account: key.client_email, times: 1 };
  await google.fault({ mode: "reset", performed: true, ...target });
  const full = await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({ "object.insert": 1 });
  expect(await openLink(full)).toHaveLength(1);
  await calls();
  await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({ "object.put": 1 });
  await deleteRows(googleObjects, { passId: pass.id });
  await expectSaveLink(await click(pass));
  expect(await calls()).toEqual({ "object.insert": 1, "object.put": 1 });
});

test("a pass that is no longer valid is not offered: its link leads to its page, and Google is not called", async () => {
  const passes = [
    await admin.issue(templateId),
    await admin.issue(templateId),
    await admin.issue(templateId, { pass: { expirationDate: "2020-01-01T00:00Z" } }),
  ];
  const [voided, redeemed] = passes;
  await admin.void(voided?.id ?? 0);
  await admin.redeem(redeemed?.id ?? 0);
  await calls();
  for (const pass of passes) {
    const response = await click(pass, BROWSER);
    expect([response.status, response.headers.get("location")]).toEqual([
      302,
      new URL(pass.landingUrl).pathname,
    ]);
    const html = await page(pass);
    expect(html).toMatch(/<strong>(No longer valid|Already used|Expired)<\/strong>/);
    expect(html).not.toContain("Google");
  }
  expect(await calls()).toEqual({});
});

test("a wrong token and a deleted pass are not found, as the page is", async () => {
  const { id } = await admin.issue(templateId);
  const deleted = await admin.issue(templateId);
  await admin.delete(deleted.id);
  await calls();
  const wrong = [`/p/${id}/${"0".repeat(40)}`, `/p/${id}/x`, new URL(deleted.landingUrl).pathname];
  for (const path of wrong) {
    const [link, landing] = [await get(`${path}/google`), await get(path)];
    expect([path, link.status, await link.json()]).toEqual([path, 404, await landing.json()]);
  }
  expect(await calls()).toEqual({});
});

test("Android has the button to Google Wallet first, computers have the code for any phone, and others are as before", async () => {
  const pass = await admin.issue(templateId);
  const html = await page(pass);
  expect(BUTTON.exec(html)?.[1]).toBe(`${new URL(pass.landingUrl).pathname}/google`);
  expect(html.search(BUTTON)).toBeLessThan(html.indexOf("<article"));
  expect(html).not.toContain(".pkpass");
  for (const name of ["Safari", "Instagram", "another phone"])
    expect(await page(pass, userAgentOf(name))).not.toMatch(/Google|your phone/);
  for (const name of ["Safari on a Mac or an iPad", "Windows"]) {
    const computer = await page(pass, userAgentOf(name));
    expect(computer).toContain("<h2>Add it on your phone</h2>");
    expect(computer).not.toMatch(/Google|your iPhone/);
    expect(computer).toContain(".pkpass");
  }
  const german = await send(
    new Request(`${pass.landingUrl}?lang=de`, { headers: { "User-Agent": ANDROID } }),
  );
  expect(await german.text()).toContain(">Zu Google Wallet hinzufügen</a>");
});

test("a pass that nothing can sign for Apple can still be saved in Google Wallet", async () => {
  const passTypeIdentifier = `${PASS_TYPE}.unsigned`;
  await call("POST", "/pass-types", { passTypeIdentifier });
  const pass = await admin.issue((await admin.makeTemplate(passTypeIdentifier)).id);
  expect(await page(pass, userAgentOf("Safari"))).toContain("Not available now");
  expect(await page(pass)).toMatch(BUTTON);
  for (const name of ["Safari on a Mac or an iPad", "Windows"]) {
    const computer = await page(pass, userAgentOf(name));
    expect(computer).toContain("<h2>Add it on your Android phone</h2>");
    expect(computer).not.toContain(".pkpass");
  }
  await expectSaveLink(await click(pass));
});

test("if Google refuses the issuer, a click gets a page that says so, and the operator finds the reason in the last check", async () => {
  const pass = await admin.issue(templateId);
  await google.uninvite(issuerId, key.client_email);
  const response = await click(pass, BROWSER);
  expect([response.status, response.headers.get("referrer-policy")]).toEqual([503, "no-referrer"]);
  expect(await response.text()).toContain("<h1>Not available at the moment</h1>");
  await calls();
  for (const again of [pass, await admin.issue(templateId)])
    expect(await (await click(again)).json()).toMatchObject({ code: "google_unavailable" });
  expect(await calls(), "further clicks call nothing").toEqual({});
  const { body } = await call<GoogleIssuer>("GET", `/google-issuers/${issuerId}`);
  expect(body.lastCheck).toMatchObject({ ok: false, code: "not_invited" });
  await google.invite(issuerId, key.client_email);
  await setRows(googleIssuers, { issuerId }, { checkedAt: Date.now() - REFUSED_AGAIN_MS });
  await expectSaveLink(await click(pass));
});
