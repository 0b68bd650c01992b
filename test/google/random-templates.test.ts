/**
 * Random templates: whatever is absent, empty or strange in a valid template, Google refuses neither its class nor its objects.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findGoogleFaults } from "../../src/google/faults.ts";
import { HINTS } from "../../src/google/hints.ts";
import { GOOGLE_TYPES } from "../../src/google/types.ts";
import { isObject } from "../../src/json.ts";
import { type FieldOverride, fieldsOf, templatePass } from "../../src/pkpass/schema/schema.ts";
import { demoSet, render } from "./sources.ts";

const STRANGE = [
  ...["", " ", "\u00a0", "a.b", "'];", "2027-02-30T00:00Z", "2027-05-22T11:05+02:00", "https://a.example/ b"],
  ...["tel:1", '<a href="https://a.example">', "<a href=x>y</a>", "ABC", "N", "12345678901234"],
];
const OVERRIDES: readonly FieldOverride[] = [
  ...[{ hidden: true }, { hidden: false }, { value: "" }, { value: " " }, { value: "x" }, { value: 5 }],
  ...[{ label: "" }, { label: "L" }],
];

type Draw = fc.GeneratorValue;

/** A copy in which members are absent, and texts are strange, each with this chance of a hundred. */
function disturb(g: Draw, value: unknown, chance: number): unknown {
  const happens = () => g(fc.nat, { max: 99 }) < chance;
  if (Array.isArray(value)) return value.filter(() => !happens()).map((item) => disturb(g, item, chance));
  if (isObject(value)) {
    const members = Object.entries(value).filter(() => !happens());
    return Object.fromEntries(members.map(([key, member]) => [key, disturb(g, member, chance)]));
  }
  return typeof value === "string" && happens() ? g(fc.constantFrom, ...STRANGE) : value;
}

test("Google refuses nothing that is rendered from a valid template", () => {
  const property = fc.property(fc.gen(), (g) => {
    const [, sample] = g(fc.constantFrom, ...demoSet);
    const chance = g(fc.constantFrom, 1, 3, 10);
    const parsed = templatePass.safeParse(disturb(g, sample.pass, chance));
    fc.pre(parsed.success);
    if (!parsed.success) return;
    const template = parsed.data;
    const keys = [...fieldsOf(template)].map(({ field }) => field.key);
    const draws = () => keys.filter(() => g(fc.boolean));
    const values = () => Object.fromEntries(draws().map((key) => [key, g(fc.constantFrom, ...OVERRIDES)]));
    const hinted = HINTS.filter(() => keys.length > 0 && g(fc.nat, { max: 9 }) === 0);
    const google = {
      ...(g(fc.boolean) ? { type: g(fc.constantFrom, ...GOOGLE_TYPES) } : {}),
      hints: Object.fromEntries(hinted.map((hint) => [hint, g(fc.constantFrom, ...keys)])),
    };
    // render() asks the strict reader.
    render(template, {
      ...{ google, images: g(fc.boolean) ? [] : ["icon.png"], event: { values: values() } },
      pass: { values: values(), barcodeMessage: g(fc.constantFrom, null, "", " ", "x") },
    });
    const images = { "icon.png": { width: 29, height: 29 } };
    expect(findGoogleFaults({ template, strings: sample.strings, google, images }).length).toBeLessThan(60);
  });
  fc.assert(property, { numRuns: 150, seed: 20 });
});
