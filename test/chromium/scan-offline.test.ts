/**
 * The service worker of the scanner: the page opens without a network, the API is never kept, and the files of an older version
 * are kept as long as a page may need them.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Visitor } from "./visitor.ts";

/** Opens the scanner, and waits until the service worker controls the page. */
async function opensScanner(visitor: Visitor): Promise<void> {
  await visitor.opens("/scan");
  await isReady(visitor.page);
}
const isReady = (page: Page) =>
  expect.poll(() => page.evaluate("navigator.serviceWorker.controller !== null")).toBe(true);

/** What an older version has left. */
const KEEP_OLDER = `caches.open("scan-older").then((cache) => cache.put("/static/older.js", new Response("older")))`;
const versions = (page: Page) => page.evaluate<string[]>("caches.keys()");
const statusOf = (page: Page, path: string) =>
  page.evaluate(`fetch(${JSON.stringify(path)}).then(({ status }) => status, () => 0)`);

test("without a network the page opens, with all that it names", async () => {
  await using visitor = await Visitor.comes();
  await opensScanner(visitor);
  await visitor.page.context().setOffline(true);
  await visitor.page.reload();
  await visitor.page.locator("h1").waitFor();
  const addresses = await visitor.page.evaluate<string[]>(
    `[...document.querySelectorAll("link, script")].map((element) => element.href ?? element.src)`,
  );
  expect(addresses.length).toBeGreaterThanOrEqual(5);
  for (const address of addresses) expect(await statusOf(visitor.page, address), address).toBe(200);
});

test("nothing but its own files is kept: what the API answered does not come back without a network", async () => {
  await using visitor = await Visitor.comes();
  await opensScanner(visitor);
  expect(await statusOf(visitor.page, "/admin/openapi.json")).toBe(200);
  const [version = ""] = await versions(visitor.page);
  const kept = await visitor.page.evaluate<string[]>(
    `caches.open("${version}").then((cache) => cache.keys()).then((all) => all.map(({ url }) => new URL(url).pathname))`,
  );
  expect(kept.filter((path) => !/^\/(scan|scan\.webmanifest|static\/.+)$/.test(path))).toEqual([]);
});

test("the files of an older version are removed when the only page is of the new one", async () => {
  await using visitor = await Visitor.comes();
  await visitor.opens("/");
  await visitor.page.evaluate(KEEP_OLDER);
  await opensScanner(visitor);
  await expect.poll(() => versions(visitor.page)).toEqual([expect.not.stringMatching("older")]);
});

test("a page that is open keeps its files when another one starts, until it is closed or starts again", async () => {
  await using visitor = await Visitor.comes();
  await opensScanner(visitor);
  await expect.poll(() => versions(visitor.page)).toHaveLength(1);
  await visitor.page.evaluate(KEEP_OLDER);

  const second = await visitor.page.context().newPage();
  await second.goto(visitor.page.url());
  await isReady(second);
  // The service worker handles messages in their order, so it has handled the one of the second page's start.
  await second.evaluate(
    "navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ started: '' }))",
  );
  expect(await statusOf(visitor.page, "/static/older.js")).toBe(200);
  expect(await versions(visitor.page)).toHaveLength(2);

  await second.close();
  await visitor.page.reload();
  await expect.poll(() => versions(visitor.page)).toHaveLength(1);
});
