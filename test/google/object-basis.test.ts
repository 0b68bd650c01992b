/**
 * The basis of objects: if it is the same before and after a change of template and event, no object changes.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { objectBasisOf, takesSharedValues } from "../../src/google/object-basis.ts";
import { renderObject, type SharedSource } from "../../src/google/render.ts";
import { isObject } from "../../src/json.ts";
import type { FieldOverrides, TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { SECTIONS, STYLES } from "../../src/pkpass/styles.ts";
import { flight } from "../pkpass/samples/flight.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { type Draw, drawOverrides, drawTemplate } from "./draw-template.ts";
import { sourceOf } from "./sources.ts";

/** The template with other values, labels or hidden parts, each with this chance of a hundred. */
function changeFields(g: Draw, template: TemplatePass, chance: number): TemplatePass {
  const changed: TemplatePass = { ...template };
  const happens = () => g(fc.nat, { max: 99 }) < chance;
  for (const style of STYLES) {
    const given = template[style];
    if (given === undefined) continue;
    for (const section of SECTIONS) {
      const fields = given[section]?.map((field) => {
        if (!happens()) return field;
        const value = g(fc.constantFrom, "other", "", "ABC", "https://acme.example/", "+49 30 1234567", "12");
        return { ...field, value, ...(g(fc.nat, { max: 5 }) === 0 ? { label: "Other" } : {}) };
      });
      if (fields !== undefined) Object.assign(changed, { [style]: { ...changed[style], [section]: fields } });
    }
  }
  return changed;
}

const objectOf = (source: SharedSource, values: FieldOverrides) =>
  renderObject(source, {
    objectKey: "p7",
    serialNumber: "SN-1",
    status: "active",
    content: {
      ...{ values, overrides: {}, without: [] },
      ...{ barcodeMessage: null, barcodeAltText: null, barcodeText: null },
    },
  });

test("with the same basis, every object is the same", () => {
  let same = 0;
  const property = fc.property(fc.gen(), (g) => {
    const drawn = drawTemplate(g);
    fc.pre(drawn !== undefined);
    if (drawn === undefined) return;
    const { template, keys, google, strings } = drawn;
    const event = { values: drawOverrides(g, keys) };
    const before = sourceOf(template, { google, event, strings });
    const chance = g(fc.constantFrom, 3, 20);
    const after = g(fc.boolean)
      ? sourceOf(changeFields(g, template, chance), { google, event, strings })
      : sourceOf(template, {
          google,
          strings,
          event: { values: { ...event.values, ...drawOverrides(g, keys.slice(0, 1)) } },
        });
    const values = g(fc.boolean)
      ? drawOverrides(g, keys)
      : Object.fromEntries(keys.filter(() => g(fc.boolean)).map((key) => [key, { value: "own" }]));
    const withValues = takesSharedValues({ values });
    if (objectBasisOf(before, withValues) !== objectBasisOf(after, withValues)) return;
    same += 1;
    expect(objectOf(after, values)).toEqual(objectOf(before, values));
  });
  fc.assert(property, { numRuns: 400, seed: 21 });
  // Otherwise the test says nothing.
  expect(same).toBeGreaterThan(40);
});

const ticket = samples.find(({ pass }) => pass.eventTicket !== undefined) ?? flight;
const fieldsOfTicket = ticket.pass.eventTicket?.secondaryFields ?? [];

test("a change of a value of template or event keeps the basis where objects do not show it", () => {
  const [key = ""] = fieldsOfTicket.map((field) => field.key);
  const basis = (value?: string) =>
    objectBasisOf(
      sourceOf(ticket.pass, value === undefined ? {} : { event: { values: { [key]: { value } } } }),
    );
  expect(key).not.toBe("");
  expect(basis("Hall 3")).toBe(basis("Hall 4"));
  const [first, ...others] = fieldsOfTicket;
  const changed = first === undefined ? others : [{ ...first, value: "Hall 5" }, ...others];
  const pass = { ...ticket.pass, eventTicket: { ...ticket.pass.eventTicket, secondaryFields: changed } };
  expect(isObject(pass.eventTicket)).toBe(true);
  expect(objectBasisOf(sourceOf(pass))).toBe(objectBasisOf(sourceOf(ticket.pass)));
});

test("a changed label changes it, and so does a value that objects show", () => {
  const source = (event: { values: FieldOverrides }) => sourceOf(ticket.pass, { event });
  const [key = ""] = fieldsOfTicket.map((field) => field.key);
  const basis = objectBasisOf(source({ values: {} }));
  expect(objectBasisOf(source({ values: { [key]: { label: "Other" } } }))).not.toBe(basis);
  const hinted = { hints: { seat: key } };
  const withHint = (value: string) =>
    objectBasisOf(sourceOf(ticket.pass, { google: hinted, event: { values: { [key]: { value } } } }));
  expect(withHint("1")).not.toBe(withHint("2"));
});

test("a pass that sets only the label of a field shows the value of template or event", () => {
  expect(takesSharedValues({ values: { a: { label: "A" } } })).toBe(true);
  expect(takesSharedValues({ values: { a: { hidden: false } } })).toBe(true);
  expect(takesSharedValues({ values: { a: { value: "1", label: "A" }, b: { hidden: true } } })).toBe(false);
});
