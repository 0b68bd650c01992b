/** The page of a pass in languages of both directions. */
import { expect, test } from "vitest";
import { arabic, pathOf, Visitor, WIDTHS } from "./visitor.ts";

const TOLERANCE = 1;

test.each(WIDTHS)("at %i px an Arabic pass is mirrored as a whole", async (width) => {
  await using visitor = await Visitor.comes({ width, locale: "ar" });
  await visitor.opens(arabic);
  expect(await visitor.page.locator(".card").getAttribute("dir")).toBe("rtl");
  expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  const [brand] = await visitor.sees(".brand");
  const [heading] = await visitor.sees(".heading");
  expect(brand?.left).toBeGreaterThan(heading?.left ?? Number.POSITIVE_INFINITY);
  const [from, to] = await visitor.sees(".journey dd");
  expect([from?.text, to?.text]).toEqual(["CPH", "LIS"]);
  expect(from?.textLeft).toBeGreaterThan(to?.textRight ?? Number.POSITIVE_INFINITY);
  for (const cells of await visitor.rows(".card .row:not(.tight)")) {
    for (const [index, cell] of cells.entries()) {
      expect(cell.right).toBeLessThanOrEqual((cells[index - 1]?.left ?? width) + TOLERANCE);
    }
  }
});

test("axe finds nothing on an Arabic page", async () => {
  await using visitor = await Visitor.comes({ locale: "ar" });
  await visitor.opens(arabic);
  expect(await visitor.violations()).toEqual([]);
});

test("the browser's language and ?lang= choose the texts", async () => {
  await using visitor = await Visitor.comes({ locale: "fr-FR" });
  const path = pathOf("coffee-card");
  await visitor.opens(path);
  expect((await visitor.sees(".striped dt"))[0]?.text).toBe("TAMPONS");
  await visitor.opens(`${path}?lang=pt-BR`);
  expect((await visitor.sees(".striped dt"))[0]?.text).toBe("SELOS");
});
