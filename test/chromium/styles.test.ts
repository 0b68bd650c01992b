/**
 * The page of a pass of every style at the widths of a small phone, a phone and a desktop. What is asserted is measured;
 * pictures would change with each version of Chromium and of the fonts.
 */
import { describe, expect, test } from "vitest";
import { type Cell, passes, pathOf, Visitor, WIDTHS } from "./visitor.ts";

/** Fractions of a pixel are rounded differently. */
const TOLERANCE = 1;

describe.each(passes)("$name", ({ path }) => {
  // One page for all widths: to open it costs more than to look at it.
  test("at each width nothing is cut, overlaps or is too small to tap; axe finds nothing, in light and dark", async () => {
    await using visitor = await Visitor.comes();
    await visitor.opens(path);
    expect(await visitor.violations()).toEqual([]);
    for (const width of WIDTHS) {
      await visitor.resizes(width);
      const where = `at ${width} px`;
      expect(await visitor.overflow(), where).toBeLessThanOrEqual(0);
      for (const { left, right, text } of await visitor.sees(
        ".card, .card dd, .card dt, .button, .actions a",
      )) {
        expect(left, `${text} ${where}`).toBeGreaterThanOrEqual(0);
        expect(right, `${text} ${where}`).toBeLessThanOrEqual(width);
      }
      for (const cells of await visitor.rows(".row:not(.tight)")) expectOneRow(cells);
      expect(await visitor.smallTargets(), where).toEqual([]);
    }
  });
});

function expectOneRow(cells: readonly Cell[]): void {
  for (const [index, cell] of cells.entries()) {
    const before = cells[index - 1];
    if (before === undefined) continue;
    expect(Math.abs(cell.top - before.top), cell.text).toBeLessThanOrEqual(TOLERANCE);
    expect(cell.left, cell.text).toBeGreaterThanOrEqual(before.right - TOLERANCE);
  }
}

describe.each(["boarding-pass", "semantic-boarding-pass"])("%s", (name) => {
  test.each(WIDTHS)("at %i px airport codes are on one line and not cut", async (width) => {
    await using visitor = await Visitor.comes({ width });
    await visitor.opens(pathOf(name));
    const codes = await visitor.sees(".journey dd");
    expect(codes.slice(0, 2).map(({ text }) => text)).toEqual(["CPH", "LIS"]);
    for (const { lines, left, right, textLeft, textRight } of codes) {
      expect(lines).toBe(1);
      expect(textLeft).toBeGreaterThanOrEqual(left - TOLERANCE);
      expect(textRight).toBeLessThanOrEqual(right + TOLERANCE);
    }
  });
});

test.each(WIDTHS)(
  "at %i px a store card has its secondary and auxiliary fields in one row",
  async (width) => {
    await using visitor = await Visitor.comes({ width });
    await visitor.opens(pathOf("coffee-card"));
    const rows = await visitor.rows(".storeCard .row:not(.heading)");
    expect(rows.map((cells) => cells.map(({ text }) => text))).toEqual([
      ["NAME Léa Martin", "LEVEL Regular", "SINCE 1 Feb 2026"],
    ]);
    expectOneRow(rows[0] ?? []);
  },
);

test.each(WIDTHS)("at %i px an event ticket has a row for each section of fields", async (width) => {
  await using visitor = await Visitor.comes({ width });
  await visitor.opens(pathOf("concert-ticket"));
  const rows = await visitor.rows(".eventTicket .row:not(.heading)");
  expect(rows.map((cells) => cells.length)).toEqual([1, 3, 2]);
  const tops = rows.map(([cell]) => cell?.top ?? 0);
  expect(tops).toEqual(tops.toSorted((one, other) => one - other));
});

test.each(["coffee-card", "bakery-coupon", "rewards-card-with-sign-up"])(
  "the texts over the strip of %s are white",
  async (name) => {
    await using visitor = await Visitor.comes();
    await visitor.opens(pathOf(name));
    const texts = await visitor.sees(".striped :is(dt, dd)");
    expect(texts.length).toBeGreaterThan(0);
    expect([...new Set(texts.map(({ colour }) => colour))]).toEqual(["rgb(255, 255, 255)"]);
  },
);

describe.each([
  ["season-ticket-as-a-poster", "eventTicket"],
  ["semantic-boarding-pass", "boardingPass"],
  ["museum-membership-as-a-poster", "generic"],
])("the older look of %s", (name, layout) => {
  test("is behind a line on a phone, which the keyboard opens", async () => {
    await using visitor = await Visitor.comes();
    await visitor.opens(pathOf(name));
    expect(await visitor.sees(`.older .card.${layout}`)).toEqual([]);
    await visitor.tabsTo(".older summary");
    await visitor.page.keyboard.press("Enter");
    expect(await visitor.sees(`.older .card.${layout}`)).toHaveLength(1);
    expect(await visitor.overflow()).toBeLessThanOrEqual(0);
  });

  test("is beside the newer one on a desktop, and its caption is not at the edge of the page", async () => {
    await using visitor = await Visitor.comes({ width: 1280 });
    await visitor.opens(pathOf(name));
    const [newer, older] = await visitor.sees(".card");
    expect(older?.left).toBeGreaterThan(newer?.right ?? Number.POSITIVE_INFINITY);
    const [caption] = await visitor.sees(".older summary");
    const [page] = await visitor.sees("main");
    expect(caption?.bottom).toBeLessThan(page?.bottom ?? 0);
  });
});
