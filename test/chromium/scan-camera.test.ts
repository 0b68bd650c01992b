/**
 * The camera: each of Wallet's barcodes, as the page of a pass draws it, is read from a video and redeemed; and what a person sees
 * without a camera.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startChromium } from "./chromium.ts";
import { cameraArguments, FRAMES_A_SECOND, filmTo } from "./fake-camera.ts";
import { Gate } from "./gate.ts";
import { issue, makeKey, makeTemplate, makeTickets, scansAt } from "./organizer.ts";
import { Visitor } from "./visitor.ts";

const FORMATS = [
  "PKBarcodeFormatQR",
  "PKBarcodeFormatPDF417",
  "PKBarcodeFormatAztec",
  "PKBarcodeFormatCode128",
] as const;
/** How much of the card is visible around the barcode, in CSS pixels. */
const MARGIN = 24;

const folder = await mkdtemp(join(tmpdir(), "edgepass-camera-"));
const video = join(folder, "camera.y4m");
const [chromium, key] = await Promise.all([startChromium(cameraArguments(video)), makeKey("Camera")]);
const browser = chromium.wsEndpoint();
afterAll(async () => {
  await chromium.close();
  await rm(folder, { recursive: true });
});

/** The barcode on the page of a pass, on a phone. */
async function photograph(path: string): Promise<Uint8Array> {
  await using visitor = await Visitor.comes({ density: 3 });
  await visitor.opens(path);
  await visitor.page.getByText("Show the code of the pass").click();
  const box = await visitor.page.locator("figure.barcode svg").first().boundingBox();
  if (box === null) throw new Error(`${path} has no barcode`);
  const clip = {
    x: box.x - MARGIN,
    y: box.y - MARGIN,
    width: box.width + 2 * MARGIN,
    height: box.height + 2 * MARGIN,
  };
  return await visitor.page.screenshot({ clip });
}

test.each(FORMATS)("%s: the barcode on the page of a pass is read and redeemed", async (format) => {
  const templateId = await makeTemplate({
    barcodes: [{ format, message: "-", messageEncoding: "iso-8859-1" }],
  });
  const { id, code, path } = await issue(templateId);
  await filmTo(video, await photograph(path));
  await using gate = await Gate.isReady(key, format, { browser, permissions: ["camera"] });
  await gate.seesAnswer("Valid", code);
  const { items } = await scansAt(format);
  expect(items).toMatchObject([{ outcome: "redeemed", passId: id }]);
});

test("a pass that stays in view is one scan, also after Next", async () => {
  const [ticket] = await makeTickets(1);
  await filmTo(video, await photograph(ticket?.path ?? ""));
  await using gate = await Gate.isReady(key, "In view", { browser, permissions: ["camera"] });
  await gate.seesAnswer("Valid");
  await gate.page.keyboard.press("Enter");
  await gate.seesNoAnswer();
  await gate.page.evaluate(`videoFrames(${2 * FRAMES_A_SECOND})`);
  await gate.seesNoAnswer();
  expect((await scansAt("In view")).counts.total).toBe(1);
});

test("a camera that is not allowed: the page says how to allow it, codes can be typed, and it starts once it is allowed", async () => {
  const [ticket] = await makeTickets(1);
  await using gate = await Gate.isReady(key, "Denied", { browser });
  await gate.sees("No camera: not allowed");
  await gate.types(ticket?.code ?? "");
  await gate.seesAnswer("Valid");
  await gate.page.keyboard.press("Enter");
  await gate.page.context().grantPermissions(["camera"]);
  await gate.page.getByRole("button", { name: "Try again" }).click();
  await gate.page.locator(".camera.running").waitFor();
});

test("without a camera, codes can be typed", async () => {
  const [ticket] = await makeTickets(1);
  await using gate = await Gate.isReady(key, "No camera", { permissions: ["camera"] });
  await gate.sees("No camera found");
  await gate.types(ticket?.code ?? "");
  await gate.seesAnswer("Valid");
});
