/**
 * The first half of a day with the dashboard, by clicks: from an empty deployment to the first pass of a stamp card.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download, Locator } from "playwright-core";
import { expect } from "vitest";
import { mark, strip } from "../apple/demo-art.ts";
import { render } from "../apple/png.ts";
import { PHONE, Visitor } from "./visitor.ts";

export const PASS_TYPE = "pass.com.example.harbour-card";
/** The folder of the files that the person downloads and drops. */
const folder = mkdtempSync(join(tmpdir(), "edgepass-day-"));
const PICTURES = [
  ["Logo", () => render(mark, 50, 50, 3)],
  ["Strip", () => render(strip, 375, 123, 3)],
] as const;

export function removeFiles(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Goes from the overview of an empty deployment to a push check. */
export async function setUp(visitor: Visitor, appleOrigin: string): Promise<void> {
  const { page } = visitor;
  await page.getByText("This service is new.").waitFor();
  await looksRight(visitor, "the overview");
  await page.getByRole("link", { name: "Set it up" }).click();
  await page.getByLabel("Pass type identifier").fill(PASS_TYPE);
  await page.keyboard.press("Enter");
  const csr = await saved(
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download signing request" }),
  );
  await looksRight(visitor, "the set-up");
  await using portal = await Visitor.comes({ site: appleOrigin });
  await portal.opens("/portal");
  await portal.page.getByLabel("Identifier").fill(PASS_TYPE);
  await portal.page.getByLabel("Certificate signing request").setInputFiles(csr);
  const cer = await saved(
    portal.page.waitForEvent("download"),
    portal.page.getByRole("button", { name: "Download pass.cer" }),
  );
  await visitor.drops(cer, page.locator(".file-drop"));
  await page.getByText("Next: APNs key.").waitFor();
  const p8 = await saved(
    portal.page.waitForEvent("download"),
    portal.page.getByRole("button", { name: "Download the .p8 file" }),
  );
  await visitor.drops(p8, page.locator(".file-drop"));
  await page.getByRole("button", { name: "Check pushes" }).click();
  await page.getByText("Next: Template.").waitFor();
}

/** A stamp card that looks like one of a real shop. */
export async function makeTemplate(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const tab = (name: string) => page.getByRole("tab", { name }).click();
  await page.getByRole("link", { name: "New template" }).click();
  await page.getByRole("button", { name: /^Stamp card/ }).waitFor();
  await looksRight(visitor, "the start of a template");
  await page.getByRole("button", { name: /^Stamp card/ }).click();
  await page.getByLabel("Name of the template").fill("Harbour card");
  await page.getByLabel("Organization").fill("Harbour Roasters");
  await page.getByLabel("Text next to the logo").fill("Harbour Roasters");
  await tab("Colours");
  await page.getByRole("textbox", { name: "Background", exact: true }).fill("#2b1a12");
  await page.getByRole("textbox", { name: "Labels", exact: true }).fill("#ffc478");
  await tab("Fields");
  await page.getByRole("button", { name: "Add a field to Auxiliary" }).click();
  await page.keyboard.type("OPEN TODAY");
  await page.getByLabel("Value", { exact: true }).fill("8 to 18");
  await page.getByLabel("Text on the lock screen").fill("We are open from %@ today");
  await looksRight(visitor, "the fields");
  await tab("Barcode");
  await page.getByLabel("Kind of code").selectOption("Aztec");
  await tab("Scanning");
  await page.getByText("Each scan adds 1 to STAMPS.").waitFor();
  await page.getByLabel("Reward (optional)").fill("A flat white");
  await tab("Images");
  for (const [title, draw] of PICTURES) {
    const file = join(folder, `${title}.png`);
    writeFileSync(file, draw());
    const slot = page.locator(".image-slot", { has: page.getByText(title, { exact: true }) });
    await visitor.drops(file, slot.locator(".file-drop").first());
    await slot.getByRole("button", { name: `Remove ${title}` }).waitFor();
  }
  const preview = page.getByRole("img", { name: "Preview of Harbour card" });
  await preview.waitFor();
  for (const text of ["Harbour Roasters", "8 to 18"])
    await page.locator(".card-preview").getByText(text).waitFor();
  await page.getByText("Wallet accepts it").waitFor();
  await looksRight(visitor, "the images");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Everything is saved.").waitFor();
}

/** @returns the address in the QR code that the page shows */
export async function issuePass(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  await page.getByRole("link", { name: "Issue a pass" }).click();
  await page.getByLabel("NAME", { exact: true }).fill("Ada Lovelace");
  await looksRight(visitor, "the new pass");
  await page.getByRole("button", { name: "Issue the pass" }).click();
  await page.locator(".holder-page img").waitFor();
  await looksRight(visitor, "the issued pass");
  const [url = ""] = await visitor.scans(".holder-page img");
  return url;
}

/** Checks the page on a phone and on a desktop. */
export async function looksRight(visitor: Visitor, what: string): Promise<void> {
  const before = visitor.page.viewportSize()?.width ?? PHONE;
  for (const width of [PHONE, 1280]) {
    await visitor.resizes(width);
    expect(await visitor.overflow(), what).toBeLessThanOrEqual(0);
    expect(await visitor.violations(), what).toEqual([]);
  }
  await visitor.resizes(before);
}

/** Presses a button that downloads a file. @returns where the file is */
async function saved(begun: Promise<Download>, button: Locator): Promise<string> {
  const [download] = await Promise.all([begun, button.click()]);
  const file = join(folder, download.suggestedFilename());
  await download.saveAs(file);
  return file;
}
