/**
 * Google Wallet in the dashboard: an issuer is added with the key of a service account, each mistake of a file is named, Google's
 * answer to a check is said in words, and what a template says for Google is edited and stored.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, googleOrigin, origin, PHONE, Visitor } from "./visitor.ts";

const google = googleControl(googleOrigin);

async function signedIn(hash: string, width = 1280): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

const file = (name: string, text: string) => ({
  name,
  mimeType: "application/json",
  buffer: Buffer.from(text),
});

async function remove(issuerId: string): Promise<void> {
  const headers = { authorization: `Bearer ${adminToken}`, "idempotency-key": crypto.randomUUID() };
  await fetch(`${origin}/admin/v1/google-issuers/${issuerId}`, { method: "DELETE", headers });
}

test("an issuer is added by a drop, a wrong file is named, and a check says what Google answers", async () => {
  const { issuerId, key } = await google.makeIssuer();
  const visitor = await signedIn("#/google-wallet");
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal("/admin/v1/google-issuers");
  const summary = page.getByText("New issuer", { exact: true });
  if (!(await page.getByLabel("Issuer ID").isVisible())) await summary.click();
  await page.getByText("find “Google Wallet API”").waitFor();
  const drop = page.locator("#google-key-file");
  await page.getByLabel("Issuer ID").fill("wrong");
  await drop.setInputFiles(file("key.json", JSON.stringify(key)));
  await page.locator("#google-issuer-id-note.fault", { hasText: "“Issuer ID” must be" }).waitFor();
  await page.getByLabel("Issuer ID").fill(issuerId);
  for (const [wrong, words] of [
    ["no JSON", "This is not JSON."],
    [JSON.stringify({ ...key, private_key: undefined }), "private_key is missing."],
    [JSON.stringify({ installed: {} }), "This is an OAuth client ID"],
    [key.private_key, "This is only a private key"],
  ] as const) {
    await drop.setInputFiles(file("key.json", wrong));
    await page.getByRole("alert").getByText(words).waitFor();
  }
  await page.reload();
  expect(await page.getByLabel("Issuer ID").inputValue()).toBe(issuerId);
  expect(await page.evaluate("JSON.stringify({ ...sessionStorage })")).not.toContain("PRIVATE KEY");

  const path = join(mkdtempSync(join(tmpdir(), "edgepass-key-")), "key.json");
  writeFileSync(path, JSON.stringify(key));
  await visitor.drops(path, page.locator("label[for=google-key-file]"));
  const row = page.locator(".rows > li", { has: page.getByRole("heading", { name: issuerId }) });
  await row.getByText("Not checked yet").waitFor();
  await row.getByText(key.client_email).waitFor();

  const check = row.getByRole("button", { name: /^Check/ });
  await check.click();
  await row.getByText("Google accepts the service account").waitFor();

  const newKey = await google.createKey(key.client_email);
  await row.getByText("Replace the key", { exact: true }).first().click();
  await row.locator("input[type=file]").setInputFiles(file("key.json", "{}"));
  await row.getByRole("alert").getByText("client_email is missing.").waitFor();
  await row.locator("input[type=file]").setInputFiles(file("key.json", JSON.stringify(newKey)));
  await row.getByText("Not checked yet").waitFor();
  // An issuer can be checked every five seconds, and at once after its key was replaced.
  await google.changeProject(key.project_id, { apiEnabled: false });
  await check.click();
  await row.getByText("The Google Wallet API is off").waitFor();
  await row.getByText("Enable the Google Wallet API in the Google Cloud project").waitFor();

  await row.getByRole("button", { name: "Delete" }).click();
  await row.getByRole("button", { name: "Delete it" }).click();
  await row.waitFor({ state: "detached" });
});

test("an issuer whose passes are saved is not deleted, and the reason is shown", async () => {
  const { issuerId, key } = await google.makeIssuer();
  await admin.send("POST", "/google-issuers", { issuerId, serviceAccount: key });
  const visitor = await signedIn("#/google-wallet", PHONE);
  await using _ = visitor;
  const { page } = visitor;
  await page.route(`**/google-issuers/${issuerId}`, (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      json: {
        code: "google_issuer_in_use",
        title: "In use",
        status: 409,
        detail: "People have saved passes of this issuer in Google Wallet.",
      },
    }),
  );
  visitor.expectsRefusal("/admin/v1/google-issuers");
  const row = page.locator(".rows > li", { has: page.getByRole("heading", { name: issuerId }) });
  await row.getByRole("button", { name: "Delete" }).click();
  await row.getByRole("button", { name: "Delete it" }).click();
  await row.getByRole("alert").getByText("People have saved passes of this issuer").waitFor();
  await page.unroute(`**/google-issuers/${issuerId}`);
  await remove(issuerId);
});

test("what Google refused is shown with its words and the cure, and is tried again", async () => {
  const refused = (passId: number) => ({
    ...{ resourceId: `pass ${passId}`, templateId: null, eventId: null, passId },
    ...{ detail: `Invalid value ${passId}`, cure: "Correct it.", refusedAt: "2026-06-12T14:03:00Z" },
  });
  let items = [refused(7), refused(8)];
  const visitor = await Visitor.comes({ width: PHONE });
  await using _ = visitor;
  const { page } = visitor;
  await page.route("**/admin/v1/google-issuers", (route) =>
    route.fulfill({ json: { items: [{ issuerId: "3388000000000000999" }], nextCursor: null } }),
  );
  await page.route("**/admin/v1/google-failures", (route) =>
    route.fulfill({ json: { items, nextCursor: null } }),
  );
  await page.route("**/admin/v1/google-failures/retry", (route) => {
    expect(route.request().headers()["idempotency-key"]).toBeTypeOf("string");
    items = [];
    return route.fulfill({ json: { retried: 2 } });
  });
  await visitor.opens("/admin/");
  await openDashboard(page, adminToken, "#/google-wallet");
  const section = page.getByRole("region", { name: "Refused by Google" });
  await section.getByText("Invalid value 8.").waitFor();
  expect(await section.getByText("Correct it.").count()).toBe(1);
  expect(await section.getByRole("link", { name: "Pass 7" }).getAttribute("href")).toBe("#/passes/7");
  await section.getByRole("button", { name: "Try all again" }).click();
  await section.getByText("Google has refused nothing.").waitFor();
  await page.getByText("2 will be sent again within a minute.").waitFor({ state: "attached" });
});

test("what a template says for Google is edited in its panel and stored, and a finding leads there", async () => {
  const id = await makeTemplate();
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  // Other tests have issuers.
  await page.route("**/admin/v1/google-issuers", (route) =>
    route.fulfill({ json: { items: [], nextCursor: null } }),
  );
  await page.locator("#tab-google").click();
  await page.getByText("Google Wallet is optional").waitFor();
  await page.getByLabel("Language of the texts").fill("de");
  await page.locator("#google-language-note", { hasText: "German" }).waitFor();
  await page.getByLabel("Address of the venue (optional)").fill("Harbour 1, Hamburg");
  await page.getByText("Which field has what").click();
  await page.locator("#google-hint-seat").selectOption("seat");
  await page.getByLabel("Show the pictures of single passes").check();
  const logo = Buffer.from(drawPng(900, 900, () => [0, 104, 214, 255]));
  await page
    .locator("#image-google\\/logo")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: logo });
  await page.getByText("from 900 × 900 pixels to 660 × 660 pixels").waitFor();
  await page.locator("#tab-general").click();
  await page.locator("#tab-google").click();
  expect(await page.locator("#google-hint-seat").inputValue()).toBe("seat");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".save-review .solid").or(page.getByText("Everything is saved.")).first().waitFor();
  const confirm = page.locator(".save-review .solid");
  if ((await confirm.count()) > 0) await confirm.click();
  await page.getByText("Everything is saved.").waitFor();
  const stored = await admin.get<Template>(`/templates/${id}`);
  expect(stored.google).toEqual({
    language: "de",
    venueAddress: "Harbour 1, Hamburg",
    hints: { seat: "seat" },
    ownImages: true,
  });
  expect(stored.images).toMatchObject({ "google/logo.png": { width: 660, height: 660 } });

  await page.locator("#google-type").selectOption("loyalty");
  expect(await page.locator("#google-hint-seat").count()).toBe(0);
  const small = Buffer.from(drawPng(100, 60, () => [0, 104, 214, 255]));
  await page
    .locator("#image-google\\/logo")
    .setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: small });
  await page.locator("#tab-general").click();
  await page.locator(".findings").getByRole("button", { name: "Open Google" }).first().click();
  await page.locator("#open-panel.of-google").waitFor();
  await page.getByText("The logo has 100 × 60 pixels.").first().waitFor();
});

test("the page and the panel fit on a phone and a desktop, can be tapped, and axe finds nothing; the desktop has all tabs on one line", async () => {
  const { issuerId, key } = await google.makeIssuer();
  await admin.send("POST", "/google-issuers", { issuerId, serviceAccount: key });
  const id = await makeTemplate();
  for (const hash of ["#/google-wallet", `#/templates/${id}`]) {
    const visitor = await signedIn(hash, PHONE);
    await using _ = visitor;
    const { page } = visitor;
    if (hash.includes("templates")) {
      await page.locator("#tab-google").click();
      await page.getByText("Which field has what").click();
    } else await page.getByText("New issuer", { exact: true }).click();
    await visitor.expectsToFit();
    if (!hash.includes("templates")) continue;
    await visitor.resizes(1280);
    const [line] = await visitor.sees(".tabs");
    const tabs = await visitor.sees("[role=tab]");
    expect(
      tabs.filter(({ right, bottom }) => right > (line?.right ?? 0) || bottom !== tabs[0]?.bottom),
    ).toEqual([]);
  }
  await remove(issuerId);
});
