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
import { type Draw, drawNumber, drawOne, drawOverrides, drawTemplate } from "./draw-template.ts";
import { sourceOf } from "./sources.ts";

/** The template with something else in one field: mostly its value. */
function changeField(g: Draw, template: TemplatePass, changed: string): TemplatePass {
  const pass: TemplatePass = { ...template };
  const other = drawOne(g, VALUES);
  const more = drawNumber(g, 5) === 0 ? { label: "Other" } : {};
  for (const style of STYLES) {
    for (const section of SECTIONS) {
      const fields = pass[style]?.[section]?.map((field) =>
        field.key === changed ? { ...field, value: other, ...more } : field,
      );
      if (fields !== undefined) Object.assign(pass, { [style]: { ...pass[style], [section]: fields } });
    }
  }
  return pass;
}

const VALUES = ["other", "", "ABC", "https://acme.example/", "+49 30 1234567", "12"];

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
    fc.pre(keys.length > 0);
    const changed = drawOne(g, keys);
    const values = g(fc.boolean) ? drawOverrides(g, keys) : {};
    const ofEvent = (more: FieldOverrides) => ({
      google,
      strings,
      event: { values: { ...values, ...more } },
    });
    const before = sourceOf(template, ofEvent({}));
    const after = g(fc.boolean)
      ? sourceOf(changeField(g, template, changed), ofEvent({}))
      : sourceOf(template, ofEvent({ [changed]: { value: drawOne(g, VALUES) } }));
    const own = keys.filter(() => drawNumber(g, 2) === 0);
    const isHidden = () => drawNumber(g, 3) === 0;
    const ofPass: FieldOverrides =
      drawNumber(g, 3) === 0
        ? drawOverrides(g, keys)
        : Object.fromEntries(own.map((key) => [key, isHidden() ? { hidden: true } : { value: "own" }]));
    const withValues = takesSharedValues({ values: ofPass });
    if (objectBasisOf(before, withValues) !== objectBasisOf(after, withValues)) return;
    same += 1;
    expect(objectOf(after, ofPass)).toEqual(objectOf(before, ofPass));
  });
  fc.assert(property, { numRuns: 1000, seed: 21 });
  // Otherwise the test says nothing.
  expect(same).toBeGreaterThan(75);
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
