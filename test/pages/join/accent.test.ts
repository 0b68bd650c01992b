/**
 * The accent of a join page: enough contrast with the page, and of the text on it (WCAG 2.2, 1.4.3 and 1.4.11).
 */
import { expect, test } from "vitest";
import { chooseAccent, DARK_PAGE, LIGHT_PAGE } from "../../../src/pages/join/accent.ts";
import { contrastRatio, formatRgb, parseColour, type Rgb } from "../../../src/pkpass/colours.ts";

const parsed = (text: string): Rgb => {
  const colour = parseColour(text);
  if (colour === undefined) throw new Error(`no colour: ${text}`);
  return colour;
};
const pass = { description: "Card", organizationName: "Roasters", storeCard: {} };

test("of every colour, the button stands out from the page, and its text from the button", () => {
  const shades = [0, 51, 102, 120, 153, 204, 255];
  for (const red of shades)
    for (const green of shades)
      for (const blue of shades)
        for (const page of [LIGHT_PAGE, DARK_PAGE]) {
          const backgroundColor = formatRgb([red, green, blue]);
          const { accent, onAccent } = chooseAccent({ ...pass, backgroundColor }, page);
          expect(contrastRatio(parsed(accent), page), backgroundColor).toBeGreaterThanOrEqual(3);
          expect(contrastRatio(parsed(accent), parsed(onAccent)), backgroundColor).toBeGreaterThanOrEqual(
            4.5,
          );
        }
});

test("a colour that the page hides is replaced by another of the pass", () => {
  const colours = { backgroundColor: "rgb(92, 45, 24)", foregroundColor: "rgb(255, 244, 230)" };
  expect(chooseAccent({ ...pass, ...colours }, LIGHT_PAGE).accent).toBe(colours.backgroundColor);
  expect(chooseAccent({ ...pass, ...colours }, DARK_PAGE).accent).toBe(colours.foregroundColor);
  expect(chooseAccent(pass, DARK_PAGE).accent).toBe("rgb(255, 255, 255)");
});
