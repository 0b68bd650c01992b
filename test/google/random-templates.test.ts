/**
 * Random templates, events and passes: whatever is absent, empty or strange in them, Google refuses neither class nor object.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { findGoogleFaults } from "../../src/google/faults.ts";
import { type Draw, drawMembers, drawOne, drawOverrides, drawTemplate } from "./draw-template.ts";
import { render } from "./sources.ts";

const drawLayer = (g: Draw, keys: readonly string[]) => ({
  values: drawOverrides(g, keys),
  overrides: drawMembers(g),
});

test("Google refuses nothing that is rendered from a valid template, event and pass", () => {
  const property = fc.property(fc.gen(), (g) => {
    const drawn = drawTemplate(g);
    fc.pre(drawn !== undefined);
    if (drawn === undefined) return;
    const { template, keys, google, strings } = drawn;
    // render() asks the strict reader.
    render(template, {
      ...{ google, images: g(fc.boolean) ? [] : ["icon.png"], event: drawLayer(g, keys) },
      pass: {
        ...drawLayer(g, keys),
        barcodeMessage: drawOne(g, [null, "", " ", "x"]),
      },
    });
    const images = { "icon.png": { width: 29, height: 29 } };
    expect(findGoogleFaults({ template, strings, google, images }).length).toBeLessThan(60);
  });
  fc.assert(property, { numRuns: 300, seed: 20 });
});
