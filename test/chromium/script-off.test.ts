/** The pages in a browser that runs no script. */
import { expect, test } from "vitest";
import { passes, Visitor } from "./visitor.ts";

test.each(passes)("without script: $name has its card and a link that downloads it", async ({ path }) => {
  await using visitor = await Visitor.comes({ script: false });
  await visitor.opens(path);
  const { page } = visitor;
  expect(await page.locator(".card").first().isVisible()).toBe(true);
  const link = (await page.locator('a[href*=".pkpass"]').first().getAttribute("href")) ?? "";
  const download = await page.request.get(new URL(link, page.url()).href);
  expect(download.headers()["content-type"]).toBe("application/vnd.apple.pkpass");
  for (const summary of await page.locator(".older summary").all()) {
    await summary.click();
    expect(await page.locator(".older .card").isVisible()).toBe(true);
  }
});

test("without script: the contents of the API reference open, and lead to an operation", async () => {
  await using visitor = await Visitor.comes({ script: false });
  await visitor.opens("/admin/docs");
  await visitor.page.locator("nav summary").click();
  await visitor.page.locator('nav a[href="#issuePass"]').click();
  expect(new URL(visitor.page.url()).hash).toBe("#issuePass");
});
