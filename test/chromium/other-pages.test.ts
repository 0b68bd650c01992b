/** The reference of the admin API, the start page, and an address without a page. */
import { describe, expect, test } from "vitest";
import { origin, Visitor, WIDTHS } from "./visitor.ts";

describe.each([
  ["/", 200],
  ["/nothing-here", 404],
  ["/join/nothing-here", 404],
  [`/p/1/${"0".repeat(40)}`, 404],
] as const)("%s", (path, status) => {
  test.each(WIDTHS)("fits in %i px and says what it is", async (width) => {
    await using visitor = await Visitor.comes({ width });
    await visitor.opens(path, status);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
    expect(await visitor.sees("h1")).toHaveLength(1);
  });

  test("axe finds nothing, in light and dark", async () => {
    await using visitor = await Visitor.comes();
    await visitor.opens(path, status);
    expect(await visitor.violations()).toEqual([]);
  });
});

test("another method is refused with a page too, and axe finds nothing on it", async () => {
  await using visitor = await Visitor.comes();
  visitor.expectsRefusal("/");
  // The form of another site: our own policy allows none.
  await visitor.page.setContent(`<form method="post" action="${origin}/"><button>Send</button>`);
  const answered = visitor.page.waitForResponse(`${origin}/`);
  await visitor.page.locator("button").click();
  expect((await answered).status()).toBe(404);
  await visitor.page.locator("h1").waitFor();
  expect(await visitor.violations()).toEqual([]);
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
});

describe("/admin/docs", () => {
  test("fits in every width", async () => {
    await using visitor = await Visitor.comes();
    await visitor.opens("/admin/docs");
    for (const width of WIDTHS) {
      await visitor.resizes(width);
      expect(await visitor.overflow(), `${width} px`).toBeLessThanOrEqual(0);
    }
  });

  test.each(WIDTHS)("at %i px a deep link shows its operation at the top, marked", async (width) => {
    await using visitor = await Visitor.comes({ width });
    await visitor.opens("/admin/docs#issuePass");
    const [article] = await visitor.sees("article:target");
    expect(article?.text).toContain("issuePass");
    expect(article?.top).toBeGreaterThanOrEqual(0);
    expect(article?.top).toBeLessThan(100);
  });

  test("on a phone the keyboard opens the contents and goes to an operation", async () => {
    await using visitor = await Visitor.comes();
    await visitor.opens("/admin/docs");
    await visitor.tabsTo("nav summary");
    await visitor.page.keyboard.press("Enter");
    await visitor.tabsTo("nav a");
    await visitor.page.keyboard.press("Enter");
    expect(await visitor.sees("article:target")).toHaveLength(1);
  });

  test("axe finds nothing, in light and dark", async () => {
    await using visitor = await Visitor.comes({ width: 1280 });
    await visitor.opens("/admin/docs");
    expect(await visitor.violations()).toEqual([]);
  });
});
