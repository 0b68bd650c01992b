/** The reference of the admin API, the start page, and an address without a page. */
import { describe, expect, test } from "vitest";
import { Visitor, WIDTHS } from "./visitor.ts";

describe.each([
  ["/", 200],
  ["/nothing-here", 404],
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
