/**
 * A holder with Android: from the page of the pass to Google Wallet, here the stand-in. Also the card of Google Wallet, which preact
 * draws as the Worker's page has it, and passes that are offered in one Wallet only. The instance has an issuer, unlike that of the
 * other tests.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawBarcodeOnce } from "../../src/pages/drawn-barcodes.ts";
import { googleCardOf } from "../../src/pages/google-card/map-pass.ts";
import { directionOf } from "../../src/pages/language.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { forkInstance } from "../curl/global-setup.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { USER_AGENTS } from "../pages/user-agents.ts";
import { coffeeCard, coupon, giftCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import { libraryCard } from "../pkpass/samples/memberships.ts";
import { adminOf } from "../tools/local/admin.ts";
import { showAllStyles } from "../tools/local/showcase.ts";
import { arabicFlight } from "./arabic-flight.ts";
import { CONTEXT } from "./chromium.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { download, expectSame } from "./drawn-parts.ts";
import { HEIGHT, PHONE, Visitor } from "./visitor.ts";

const userAgent = USER_AGENTS.find(([what]) => what === "Chrome on Android")?.[1] ?? "";

const ONE_OF_EACH_TYPE = [semanticFlight, concert, coffeeCard, coupon, libraryCard, trainTicket, giftCard];

let forked: Awaited<ReturnType<typeof forkInstance>>;
beforeAll(async () => {
  forked = await forkInstance(["--google"]);
});
afterAll(() => forked.end());

test("the button on the page of a pass leads to Google Wallet, which saves the pass and does not learn where the link was", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken, googleOrigin } = instance;
  const control = googleControl(googleOrigin);
  const admin = adminOf(site, adminToken);
  const { items: issuers } = await admin.get<{ items: { issuerId: string }[] }>("/google-issuers");
  const issuerId = issuers[0]?.issuerId ?? "";
  const { items } = await admin.get<{ items: Pass[] }>("/passes?tag=welcome");
  const path = new URL(items[0]?.landingUrl ?? "").pathname;

  await using visitor = await Visitor.comes({ site, leadsTo: googleOrigin, userAgent, touch: true });
  await visitor.opens(path);
  const [first] = await visitor.sees("main > :not(.unseen)");
  expect([first?.text, (first?.bottom ?? HEIGHT) < HEIGHT / 4]).toEqual(["Add to Google Wallet", true]);
  expect(await visitor.violations()).toEqual([]);
  expect(await visitor.smallTargets()).toEqual([]);
  expect((await control.stored(issuerId)).objects).toEqual([]);

  await visitor.page.getByRole("link", { name: "Add to Google Wallet" }).tap();
  await visitor.page.getByRole("heading", { name: "Added to Google Wallet" }).waitFor();
  expect(new URL(visitor.page.url()).origin).toBe(googleOrigin);
  const { objects } = await control.stored(issuerId);
  expect(objects).toMatchObject([{ type: "loyalty", state: "ACTIVE", users: 1 }]);
  const [saved] = await control.history({ issuerId, kind: "save" });
  expect(saved).toMatchObject({ status: 200 });
  expect(saved?.referer).toBeUndefined();
});

test("in a page with the policy of the scanner, preact draws the card of each of Google Wallet's types that the Worker's page has", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken } = instance;
  const admin = adminOf(site, adminToken);
  const shown = await showAllStyles(admin, [...ONE_OF_EACH_TYPE, arabicFlight], async () => ({}));
  const { items: templates } = await admin.get<{ items: Template[] }>("/templates?limit=200");
  for (const { name, page } of shown) {
    const template = templates.find((each) => each.name === name);
    if (template === undefined) return expect.fail(`there is no template ${name}`);
    const path = new URL(page).pathname;
    const locale = name === arabicFlight.name ? "ar-EG" : CONTEXT.locale;
    const { pass, chosen, strings } = await download(site, path, locale);
    const { google, images } = { ...template, google: template.google ?? {} };
    const translations = chosen.folder === undefined ? {} : { [chosen.folder]: strings };
    const source = { google, images, urlOf: () => "" };
    const { barcode } = googleCardOf(pass, source, translations, chosen.locale);
    await expectSame(
      path,
      ".google-card",
      "drawGoogleCard",
      {
        ...{ pass, google, images, translations, locale: chosen.locale, isInvalid: false },
        code: barcode && { barcode, drawing: drawBarcodeOnce(barcode) },
        direction: directionOf(chosen, []),
      },
      { site, locale, userAgent },
    );
  }
});

test("in Arabic, every text of Google's card begins at the right, also a Latin one, and the last of a row ends at the left", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken } = instance;
  const [shown] = await showAllStyles(adminOf(site, adminToken), [arabicFlight], async () => ({}));
  await using visitor = await Visitor.comes({ site, userAgent, locale: "ar" });
  await visitor.opens(new URL(shown?.page ?? "").pathname);
  const first = await visitor.sees(".google-card :is(.g-title p, .g-row > :first-child > *)");
  const last = await visitor.sees(".google-card .g-row > :last-child:not(:first-child) > *");
  expect([first.length, last.length]).toEqual([8, 2]);
  expect(new Set(first.map(({ textRight }) => Math.round(textRight))).size).toBe(1);
  expect(new Set(last.map(({ textLeft }) => Math.round(textLeft))).size).toBe(1);
});

test("the preview of a change says what the holder of a saved pass sees in Google Wallet", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken } = instance;
  const { items } = await adminOf(site, adminToken).get<{ items: Pass[] }>("/passes?tag=welcome");
  await using visitor = await Visitor.comes({ site, width: PHONE });
  const { page } = visitor;
  await visitor.opens("/admin/");
  await openDashboard(page, adminToken, `#/passes/${items[0]?.id}`);
  await page.getByText("Change what it shows").click();
  await page.getByRole("button", { name: "Add 1 to BALANCE" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Google Wallet: 1 pass, within a minute.").waitFor();
  await page.getByText("Google notifies people in its own words.").waitFor();
  expect(await visitor.smallTargets()).toEqual([]);
});

test("once Google has said that somebody saved a pass, the dashboard shows it at the pass and finds it", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken, googleOrigin } = instance;
  const control = googleControl(googleOrigin);
  const admin = adminOf(site, adminToken);
  const { items: issuers } = await admin.get<{ items: { issuerId: string }[] }>("/google-issuers");
  const { items } = await admin.get<{ items: Pass[] }>("/passes?tag=welcome");
  const [pass] = items;
  const landing = new URL(pass?.landingUrl ?? "").pathname;
  await fetch(`${site}${landing}/google`, { redirect: "manual" });
  const { objects } = await control.stored(issuers[0]?.issuerId ?? "");
  const [object] = objects;
  const [classId, objectId] = [String(object?.classId), String(object?.id)];
  const body = JSON.stringify(await control.signCallback({ eventType: "save", classId, objectId }));
  expect((await fetch(`${site}/google/callback`, { method: "POST", body })).status).toBe(200);

  await using visitor = await Visitor.comes({ site, width: 1280 });
  const { page } = visitor;
  await visitor.opens("/admin/");
  await openDashboard(page, adminToken, "#/passes");
  await page.getByLabel("Wallet", { exact: true }).selectOption("Google Wallet");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("1 pass", { exact: true }).waitFor();
  const row = page.getByRole("list", { name: "Passes" }).getByRole("listitem");
  expect(await row.textContent()).toContain("In Google Wallet");
  await row.getByRole("link").click();
  await page.locator(".facts dt", { hasText: "Google Wallet" }).waitFor();
});

test("a template is switched to Google Wallet only, and its pass says so on an iPhone; then its pass type has the choice", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken } = instance;
  const admin = adminOf(site, adminToken);
  const { items } = await admin.get<{ items: Pass[] }>("/passes?tag=welcome");
  const [pass] = items;
  if (pass === undefined) return expect.fail("the instance has no pass");
  await using organizer = await Visitor.comes({ site, width: 1280 });
  const { page } = organizer;
  await organizer.opens("/admin/");
  await openDashboard(page, adminToken, `#/templates/${pass.templateId}`);
  await page.getByLabel("Offered in").selectOption("Google Wallet only");
  await page.getByText("Everything is saved.").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const confirm = page.locator(".save-review .solid");
  await confirm.or(page.getByText("Everything is saved.")).first().waitFor();
  if ((await confirm.count()) > 0) await confirm.click();
  await page.getByText("Everything is saved.").waitFor();
  await page.evaluate(`location.hash = "#/passes/${pass.id}"`);
  await page.locator("dd").getByText("Google Wallet only").waitFor();
  expect(await organizer.violations()).toEqual([]);

  const iphone = USER_AGENTS.find(([what]) => what === "Safari")?.[1] ?? "";
  await using holder = await Visitor.comes({ site, userAgent: iphone, touch: true });
  await holder.opens(new URL(pass.landingUrl).pathname);
  await holder.page.getByText("This phone does not have Google Wallet.").waitFor();
  expect(await holder.page.locator("article.google-card").count()).toBe(1);
  expect(await holder.page.locator("a[href$='.pkpass']").count()).toBe(0);
  expect(await holder.violations()).toEqual([]);
  expect(await holder.smallTargets()).toEqual([]);

  await page.evaluate(`location.hash = "#/pass-types"`);
  const type = page.locator(".rows > li", {
    has: page.getByRole("heading", { name: pass.passTypeIdentifier, exact: true }),
  });
  await type.getByLabel("Offered in").selectOption("Apple Wallet only");
  await type.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("From now on its passes are offered there.").waitFor();
  expect(await admin.get(`/pass-types/${pass.passTypeIdentifier}`)).toMatchObject({ wallets: "apple" });
  expect(await organizer.smallTargets()).toEqual([]);
});
