/**
 * The whole day of a person who has only a browser: from an empty deployment to a card on a phone that is changed, scanned, told
 * something and voided. All of it by clicks in the dashboard; the first half on a desktop, the second half on a phone.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { appleControl } from "../apple/control.ts";
import { type InstalledPass, IPhone } from "../apple/iphone.ts";
import { forkInstance } from "../curl/global-setup.ts";
import type { InstanceFacts } from "../curl/run-instance.ts";
import { issuePass, looksRight, makeTemplate, PASS_TYPE, removeFiles, setUp } from "./first-card.ts";
import { Gate } from "./gate.ts";
import { USER_AGENTS } from "./screens.ts";
import { PHONE, Visitor } from "./visitor.ts";

const PLACE = "Counter";
/** A long timeout, because the machine may do other work too. */
const LONG_MS = 180_000;
let instance: InstanceFacts;
let end: (() => Promise<void>) | undefined;

beforeAll(async () => {
  const forked = await forkInstance(["--empty"]);
  end = forked.end;
  if ("failure" in forked.instance) throw new Error(forked.instance.failure);
  instance = forked.instance;
}, LONG_MS);

afterAll(async () => {
  await end?.();
  removeFiles();
});

test("a day with the dashboard: from an empty deployment to a card that is changed, scanned, told something and voided", {
  timeout: LONG_MS,
}, async () => {
  const { adminToken, origin, rootPem } = instance;
  const visitor = await Visitor.comes({ site: origin, width: 1280 });
  await using _ = visitor;
  await visitor.opens("/admin/");
  await visitor.page.getByLabel("Key").fill(adminToken);
  await visitor.page.getByRole("button", { name: "Sign in" }).click();

  await setUp(visitor, instance.appleOrigin);
  await makeTemplate(visitor);
  const landingUrl = await issuePass(visitor);

  const newPhone = () => new IPhone({ fetch: (request) => fetch(request), rootPem });
  const [phone, second] = [newPhone(), newPhone()];
  await addPass(phone, landingUrl);

  await visitor.resizes(PHONE);
  const { page } = visitor;
  await page.getByRole("link", { name: "Show the pass" }).click();
  await page.locator(".lead", { hasText: "On 1 phone" }).waitFor();
  await page.getByRole("list", { name: "Phones" }).getByRole("listitem").waitFor();
  await looksRight(visitor, "the pass");

  const foreseen = await changeHours(visitor);
  expect(await pushed(phone)).toMatchObject([{ notifications: [foreseen] }]);

  const scanner = await makeScannerKey(visitor);
  await using gate = await Gate.opens(scanner, { site: origin });
  await gate.starts();
  const { pass, serialNumber } = cardOn(phone);
  expect(pass.barcodes).toMatchObject([{ format: "PKBarcodeFormatAztec", message: serialNumber }]);
  await gate.types(serialNumber);
  await gate.seesAnswer("1 of 10", "STAMPS");
  // The next push of a pass is a minute after the last one, and nobody waits: the owner pulls the card down.
  expect((await pullDown(phone)).pass.storeCard).toMatchObject({
    primaryFields: [{ key: "stamps", value: 1 }],
  });
  await goTo(visitor, "Scans");
  const scan = page.getByRole("list", { name: "Scans" }).getByRole("listitem");
  await scan.getByText(PLACE, { exact: true }).waitFor();
  await looksRight(visitor, "the scans");

  // A phone is pushed at most once in 45 seconds, so another one shows the message at once.
  await addPass(second, landingUrl);
  const message = await sendMessage(visitor);
  expect(await pushed(second)).toMatchObject([{ notifications: [message] }]);

  await goTo(visitor, "Passes");
  await page.getByRole("list", { name: "Passes" }).getByRole("link").first().click();
  await page.getByRole("button", { name: "Void", exact: true }).click();
  await page.getByLabel("Reason").fill("Lost");
  await page.getByRole("button", { name: "Void it" }).click();
  await page.locator(".facts dd", { hasText: "Lost" }).waitFor();
  await looksRight(visitor, "the voided pass");
  expect((await pullDown(phone)).pass).toMatchObject({ voided: true, logoText: "Harbour Roasters" });
  expect(phone.complaints).toEqual([]);
});

/** A phone follows the QR code, and its owner adds the pass. */
async function addPass(phone: IPhone, landingUrl: string): Promise<void> {
  await using holder = await Visitor.comes({
    site: instance.origin,
    userAgent: USER_AGENTS.iphone,
    touch: true,
  });
  await holder.opens(landingUrl.slice(instance.origin.length));
  const href = await holder.page.getByRole("link", { name: "Add to Apple Wallet" }).getAttribute("href");
  await phone.addFrom(new URL(href ?? "", landingUrl).href);
}

/** The only card on the phone. */
function cardOn(phone: IPhone): InstalledPass {
  const [card] = phone.passes;
  if (card === undefined) throw new Error("the phone has no pass");
  return card;
}

/** Refreshes the card. */
async function pullDown(phone: IPhone): Promise<InstalledPass> {
  await phone.refresh(cardOn(phone));
  return cardOn(phone);
}

/** @returns the text that the preview foresees */
async function changeHours(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  await page.getByText("Change what it shows").click();
  await page.getByLabel("OPEN TODAY").fill("8 to 22");
  await page.getByRole("button", { name: "Preview" }).click();
  const foreseen = await page.locator(".lock-screen li p").last().textContent();
  await looksRight(visitor, "the change");
  await page.getByRole("button", { name: "Change and notify 1 phone" }).click();
  await page.getByText("The pass was changed.").waitFor();
  await page.getByRole("list", { name: "Changes" }).getByRole("listitem").nth(1).waitFor();
  return foreseen ?? "";
}

/** @returns what its QR code and its page say */
async function makeScannerKey(visitor: Visitor): Promise<Parameters<typeof Gate.opens>[0]> {
  const { page } = visitor;
  await goTo(visitor, "Keys");
  await page.getByRole("link", { name: "New key" }).click();
  await page.getByLabel("Name").fill("The phone at the counter");
  await page.getByLabel("Place").fill(PLACE);
  await looksRight(visitor, "the new key");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.locator(".key-card img").waitFor();
  await looksRight(visitor, "the key");
  const [url = ""] = await visitor.scans(".key-card img");
  expect(await page.getByLabel("Link", { exact: true }).inputValue()).toBe(url);
  const key = await page.getByLabel("Key", { exact: true }).inputValue();
  return { id: 0, key, scanner: { url, qrCode: "" } };
}

/** @returns the text that the preview foresees */
async function sendMessage(visitor: Visitor): Promise<string> {
  const { page } = visitor;
  await goTo(visitor, "Templates");
  await page.getByRole("link", { name: "Harbour card", exact: true }).click();
  await page.getByRole("link", { name: "Message to all" }).click();
  await page.getByLabel("Field").selectOption("NEWS");
  await page.getByLabel("New value").fill("The new roast from Kenya is here.");
  await page.getByRole("button", { name: "Preview" }).click();
  const foreseen = await page.locator(".lock-screen li p").last().textContent();
  await looksRight(visitor, "the message");
  await page.getByRole("button", { name: "Change and notify 2 phones" }).click();
  await page.getByText(/1 of 2 i?[Pp]hones was notified\./).waitFor();
  return foreseen ?? "";
}

async function goTo({ page }: Visitor, name: string): Promise<void> {
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name, exact: true, level: 1 }).waitFor();
}

/** Waits for the first push to the phone, which then asks what is new. @returns what it shows */
async function pushed(phone: IPhone) {
  const apple = appleControl(instance.appleOrigin);
  await expect.poll(async () => (await apple.history(phone.pushToken)).length).toBe(1);
  return (await phone.receivePush(PASS_TYPE)).updated;
}
