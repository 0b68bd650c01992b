/**
 * Every answer and every view of the scanner, as the pictures have them: axe, light and dark; what fits and can be read and tapped on
 * small, turned and large-text screens; and that Next does not move between two answers.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { expect, test } from "vitest";
import { photographScanner, SCANNER_DEVICES } from "./scanner-screens.ts";
import { address, type Box } from "./visitor.ts";

/** The least size of a target in CSS pixels, for a thumb at night. */
const MIN_TARGET = 48;
const MIN_TEXT = 13;
const TARGETS = "a, button, select, summary, label:has(input), input:not([type=checkbox], [type=radio])";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const inPage = readFileSync(join(import.meta.dirname, "in-page.js"), "utf8");

test("axe finds nothing, everything fits and can be read and tapped, and Next is at one place of each device", async () => {
  const browser = await chromium.connect(address);
  const found: string[] = [];
  const prepared = new Set<Page>();
  const places = new Map<string, Set<string>>();
  let looked = 0;
  await photographScanner(browser, async (page, name) => {
    if (!prepared.has(page)) await page.evaluate(`${inPage}\n${axe}`);
    prepared.add(page);
    looked += 1;
    const faults = await faultsOf(page, name.endsWith(".dark"), name.includes(".phone."));
    found.push(...faults.map((fault) => `${name}: ${fault}`));
    const [, device = ""] = name.split(".");
    // On a question, No is at that place, so that an accidental second tap gives nothing away.
    for (const { left, right, bottom } of await boxesOf(page, ".answer .next")) {
      const place = [left, right, bottom].map(Math.round).join();
      places.set(device, (places.get(device) ?? new Set()).add(place));
    }
  });
  await browser.close();
  expect(found).toEqual([]);
  expect(looked).toBeGreaterThan(100);
  expect([...places.values()].map(({ size }) => size)).toEqual(SCANNER_DEVICES.map(() => 1));
});

/** What is wrong with a screen. In the dark only colours differ, and axe runs on phones only, because a desktop has the same elements. */
async function faultsOf(page: Page, isDark: boolean, isPhone: boolean): Promise<string[]> {
  const rules = isDark ? '["color-contrast"]' : "undefined";
  const violations = isPhone ? await page.evaluate<string[]>(`violations(${rules})`) : [];
  if (isDark) return violations;
  return [
    ...violations,
    ...(await smallTargets(page)),
    ...(await smallTexts(page)),
    ...(await overflowing(page)),
  ];
}

function boxesOf(page: Page, selector: string): Promise<Box[]> {
  return page.evaluate(`boxesOf(${JSON.stringify(selector)})`);
}

async function smallTargets(page: Page): Promise<string[]> {
  return (await boxesOf(page, TARGETS))
    .filter(({ left, right, top, bottom }) => Math.min(right - left, bottom - top) < MIN_TARGET - 0.5)
    .map(({ text, left, right, top, bottom }) => `${text}: ${right - left} × ${bottom - top}`);
}

async function smallTexts(page: Page): Promise<string[]> {
  const texts = await page.evaluate<{ text: string; size: number }[]>("textSizes()");
  return texts.filter(({ size }) => size < MIN_TEXT).map(({ text, size }) => `${text}: ${size} px`);
}

async function overflowing(page: Page): Promise<string[]> {
  const overflow = await page.evaluate<number>("overflowOf()");
  return overflow > 0 ? [`${overflow} px are to the right of the window`] : [];
}
