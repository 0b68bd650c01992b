/**
 * The card of Google Wallet in the dashboard: the editor draws it from the draft while it is edited, and the page of a pass draws it
 * with the images of its template.
 */
import { expect, test } from "vitest";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { drawPng } from "../apple/png.ts";
import { toBase64 } from "../tools/fuzz/wire.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { issue, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, Visitor } from "./visitor.ts";

const png = (width: number, height: number, blue: number) =>
  toBase64(drawPng(width, height, () => [20, 60, blue, 255]));
const IMAGES = {
  "icon.png": png(29, 29, 90),
  "strip@3x.png": png(1125, 294, 200),
  "google/logo.png": png(660, 660, 10),
};
const TICKET: Partial<TemplatePass> = {
  barcodes: [{ format: "PKBarcodeFormatQR", messageEncoding: "iso-8859-1" }],
};

async function signedIn(hash: string, width = 1280): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

test("the editor shows the card of Google Wallet, which changes with the draft, fits on a phone, and axe finds nothing", async () => {
  const visitor = await signedIn(`#/templates/${await makeTemplate(TICKET, { images: IMAGES })}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("radio", { name: "Google Wallet" }).check();
  const card = page.locator(".card-preview .google-card");
  await card.getByText("Edgepass").waitFor();
  expect(await page.locator(".card-preview .card").count()).toBe(0);
  await page.getByLabel("Organization").fill("Night Train");
  await card.getByText("Night Train").waitFor();
  await card.locator("svg path[d^=M]").waitFor();
  expect(await visitor.violations()).toEqual([]);
  await visitor.resizes(PHONE);
  await page.getByRole("button", { name: "Preview" }).click();
  for (const width of [320, PHONE]) {
    await visitor.resizes(width);
    await card.waitFor();
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  }
  await visitor.resizes(1280);
  await page.getByRole("radio", { name: "Apple Wallet" }).check();
  await page.locator(".card-preview .card").waitFor();
  // While the panel of Google is open, its card is shown.
  await page.locator("#tab-google").click();
  await card.waitFor();
  await page.locator("#tab-colours").click();
  await page.locator(".card-preview .card").waitFor();
});

test("the page of a pass shows its card in Google Wallet, with the logo of the template, its own picture if that is public, and a barcode that a scanner reads", async () => {
  const templateId = await makeTemplate(TICKET, { images: IMAGES, google: { ownImages: true } });
  const { id, code } = await issue(templateId, { images: { "strip@3x.png": png(1122, 294, 40) } });
  const visitor = await signedIn(`#/passes/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("radio", { name: "Google Wallet" }).check();
  await page.getByRole("img", { name: /The pass as Google Wallet shows it/ }).waitFor();
  const logo = page.locator(".google-card .g-brand img");
  const widthOf = (image: unknown) => (image as { naturalWidth: number }).naturalWidth;
  await expect.poll(() => logo.evaluate(widthOf)).toBe(660);
  await expect.poll(() => page.locator(".google-card .g-hero").evaluate(widthOf)).toBe(1122);
  await page.locator(".google-card svg path[d^=M]").waitFor();
  expect(await visitor.scans(".card-preview")).toEqual([code]);
});
