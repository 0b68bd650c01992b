/**
 * Cards in the dashboard: a pass is drawn as phones show it, with its images and its barcode, and one that cannot be drawn leaves the
 * rest of the page.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { drawPng } from "../apple/png.ts";
import { toBase64 } from "../tools/fuzz/wire.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, issue, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, Visitor } from "./visitor.ts";

const png = (width: number, height: number, blue: number) =>
  toBase64(drawPng(width, height, () => [20, 60, blue, 255]));
const IMAGES = {
  "icon.png": png(29, 29, 0),
  "logo@3x.png": png(150, 120, 90),
  "strip@3x.png": png(1125, 294, 200),
};

async function signedIn(hash: string, width = PHONE): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

/** The natural widths of the images of the card that are there. */
const imagesOf = (page: Page) =>
  page.locator(".card-preview img").evaluateAll((images) =>
    images.flatMap((image) => {
      const { src, naturalWidth } = image as unknown as { src: string; naturalWidth: number };
      return src.startsWith("blob:") ? [naturalWidth] : [];
    }),
  );

test("the page of a pass draws it with its images and its barcode, which a scanner reads, and pale once it is voided", async () => {
  const template = await makeTemplate({ backgroundColor: "rgb(1, 2, 3)" }, { images: IMAGES });
  const { id, code } = await issue(template, { images: { "strip@3x.png": png(750, 196, 10) } });
  const visitor = await signedIn(`#/passes/${id}`, 1280);
  await using _ = visitor;
  const { page } = visitor;
  const card = page.getByRole("img", { name: /The pass as phones show it/ });
  await card.locator("svg path[d^=M]").waitFor();
  expect(await visitor.scans(".card-preview")).toEqual([code]);
  await expect.poll(() => imagesOf(page).then((widths) => widths.toSorted())).toEqual([150, 750]);
  const colour =
    "getComputedStyle(document.querySelector('.card-preview > div').shadowRoot.querySelector('.part')).backgroundColor";
  expect(await page.evaluate(colour)).toBe("rgb(1, 2, 3)");
  await page.locator(".facts dt", { hasText: "SEAT" }).waitFor();

  await admin.send("POST", `/passes/${id}/void`, {});
  await page.getByRole("button", { name: "Refresh" }).click();
  await page
    .getByRole("img", { name: /Voided/ })
    .locator(".pale")
    .waitFor();
});

test("a card does not move the page while its parts arrive, fits on a phone, and axe finds nothing", async () => {
  const { id } = await issue(await makeTemplate({}, { images: IMAGES }));
  const visitor = await signedIn(`#/passes/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.reload();
  await page.locator(".card-preview svg path[d^=M]").waitFor();
  await visitor.expectsNoShift();
  for (const width of [320, PHONE, 1280]) {
    await visitor.resizes(width);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  }
  expect(await visitor.violations()).toEqual([]);
});

test("after sign-out, no image of a card is left in the tab", async () => {
  const { id } = await issue(await makeTemplate({}, { images: IMAGES }));
  const visitor = await signedIn(`#/passes/${id}`, 1280);
  await using _ = visitor;
  const { page } = visitor;
  await page.evaluate(
    "globalThis.revoked = []; const revoke = URL.revokeObjectURL; URL.revokeObjectURL = (url) => { revoked.push(url); revoke(url); }",
  );
  await expect.poll(() => imagesOf(page)).toHaveLength(2);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Key").waitFor();
  expect(await page.evaluate<string[]>("revoked")).toHaveLength(2);
});

test("a pass whose content is not understood, or is wrong in every part, does not break its page", async () => {
  const { id } = await issue(await makeTemplate());
  const garbage = {
    ...{ description: 7, backgroundColor: "rgb(1, 2", barcodes: { format: "?" }, semantics: [1] },
    eventTicket: { primaryFields: [null, 5, { key: {}, value: [], dateStyle: "soon" }], backFields: "x" },
  };
  for (const pass of [garbage, {}]) {
    const visitor = await Visitor.comes({ width: PHONE });
    await using _ = visitor;
    const { page } = visitor;
    await page.route(`**/admin/v1/passes/${id}/content`, (route) =>
      route.fulfill({ json: { passId: id, pass, images: [], strings: { fr: 7 } } }),
    );
    await visitor.opens("/admin/");
    await openDashboard(page, adminToken, `#/passes/${id}`);
    await page.locator(".card-preview .card").waitFor();
    await page.getByRole("heading", { name: "Changes" }).waitFor();
  }
});
