/**
 * The scanner from its link to an answer and back: with the keyboard alone on a small phone, and with other settings.
 */
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";
import { makeKey, makeTickets, scansAt } from "./organizer.ts";
import { origin, Visitor } from "./visitor.ts";

const SMALL = { width: 320, height: 568 };

test("with the keyboard alone: place, start, a typed code, the answer, undo in the list, and back", async () => {
  const [key, [ticket]] = await Promise.all([makeKey("Keyboard"), makeTickets(1)]);
  await using gate = await Gate.opens(key, SMALL);
  const { page, visitor } = gate;
  await expect.poll(() => page.url()).toBe(`${origin}/scan`);
  await visitor.tabsTo("#place");
  await page.keyboard.type("Stairs");
  await page.keyboard.press("Enter");
  await gate.sees("Stairs");
  await visitor.tabsTo("#code");
  await page.keyboard.type(ticket?.code ?? "", { delay: 60 });
  await page.keyboard.press("Enter");
  await gate.seesAnswer("Valid");
  await gate.seesFocusOn("section");
  await visitor.tabsTo(".answer button >> nth=-1");
  await page.keyboard.press("Enter");
  await gate.seesNoAnswer();
  await gate.seesFocusOn("input#code");
  await visitor.tabsTo('a[href="#/recent"]');
  await page.keyboard.press("Enter");
  await gate.sees("The last 50 scans of this phone.");
  await gate.seesFocusOn("h1");
  expect(await visitor.violations()).toEqual([]);
  await visitor.tabsTo(".scan-row button");
  await page.keyboard.press("Enter");
  await gate.sees("Undone.");
  await page.keyboard.press("Escape");
  await page.locator("main.scan").waitFor();
  await gate.seesFocusOn("h1");
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  expect((await scansAt("Stairs")).items).toMatchObject([
    { outcome: "redeemed", undoneAt: expect.any(String) },
  ]);
});

test("the left hand, the largest text and answers that close by themselves: kept through a reload, and nothing overflows", async () => {
  const [key, [ticket]] = await Promise.all([makeKey("Settings"), makeTickets(1)]);
  await using gate = await Gate.isReady(key, "Settings", SMALL);
  const { page, visitor } = gate;
  const typeButton = page.getByRole("button", { name: "Type" });
  const before = await typeButton.boundingBox();
  await page.getByRole("navigation").getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Left").check();
  await page.getByLabel("Largest").check();
  await page.getByLabel("Keep each answer until I tap").uncheck();
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  expect(await visitor.violations()).toEqual([]);
  await page.getByLabel("Back to the scanner").click();
  await gate.reloads();
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  const after = await typeButton.boundingBox();
  // The bar is mirrored, and taller.
  expect(after?.x).not.toBe(before?.x);
  expect(after?.height).toBeGreaterThan(before?.height ?? 0);
  await gate.scans(ticket?.code ?? "");
  await page.locator(".last .scan-title", { hasText: "Valid" }).waitFor();
  await gate.seesNoAnswer();
});

test("a link with a wrong key: the page says so, and takes one that is typed", async () => {
  const { key } = await makeKey("Typed");
  await using visitor = await Visitor.comes(SMALL);
  const { page } = visitor;
  visitor.excuses(/status of 401/, "/admin/v1/me");
  await visitor.opens("/scan#key=epkey_wrong");
  await page.getByRole("heading", { name: "The key is wrong" }).waitFor();
  await expect.poll(() => page.url()).toBe(`${origin}/scan`);
  expect(await visitor.violations()).toEqual([]);
  await page.getByLabel("Key", { exact: true }).fill(` ${key} `);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Where are you?" }).waitFor();
  await page.getByText("All passes").waitFor();
});
