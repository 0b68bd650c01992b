/**
 * The demo set in all of Google's types: every class and object has only members that Google knows, and all that it requires.
 */
import { expect, test } from "vitest";
import { GOOGLE_TYPES } from "../../src/google/types.ts";
import { demoSet, renderSample } from "./sources.ts";
import { classRefusals, objectRefusals } from "./strict-fields.ts";

test.each(demoSet)("%s has a class and an object that Google accepts", (_name, sample, asked) => {
  const { type, class: shared, object } = renderSample(sample, asked);
  expect(object).toMatchObject({ classId: shared.id, state: "ACTIVE" });
  expect(shared.id).toMatch(new RegExp(`^\\d+\\.t1e2-${type}$`));
});

test("the demo set has a pass of each type", () => {
  const types = demoSet.map(([, sample, asked]) => renderSample(sample, asked).type);
  expect(new Set(types)).toEqual(new Set(GOOGLE_TYPES));
});

test("every sample is accepted as each type, or is generic because something is missing", () => {
  for (const [, sample] of demoSet) {
    for (const type of GOOGLE_TYPES) {
      const rendered = renderSample(sample, { google: { type } });
      expect([type, rendered.type]).toEqual([type, rendered.missing.length === 0 ? type : "generic"]);
    }
  }
});

test("a template without images, without fields and with an event's values is accepted as each type", () => {
  const bare = { description: "Card", organizationName: "Acme", generic: {} };
  for (const type of GOOGLE_TYPES) {
    const { missing } = renderSample(
      { name: "Bare", pass: bare, images: [], strings: {} },
      { google: { type }, event: { overrides: { logoText: "" } } },
    );
    expect(missing.length > 0).toBe(["flight", "loyalty", "giftCard", "transit"].includes(type));
  }
});

test("the strict reader refuses what Google refuses", () => {
  const { class: shared, object } = renderSample(demoSet[4]?.[1] ?? { name: "", ...EMPTY });
  const { programLogo: _, ...withoutLogo } = shared;
  expect(classRefusals("loyalty", withoutLogo)).toEqual(["class.programLogo is missing"]);
  expect(classRefusals("generic", shared).length).toBeGreaterThan(3);
  expect(classRefusals("loyalty", { ...shared, locations: [] })).toEqual(["class.locations is unknown"]);
  expect(objectRefusals("loyalty", { ...object, hexBackgroundColor: "#000000" })).toHaveLength(1);
  expect(objectRefusals("offer", object).length).toBeGreaterThan(0);
});

const EMPTY = { pass: { description: "", organizationName: "" }, images: [], strings: {} };
