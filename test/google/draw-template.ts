/**
 * Draws random templates: samples in which members are absent, empty or strange, and overrides of their fields.
 */
import fc from "fast-check";
import { HINTS } from "../../src/google/hints.ts";
import { GOOGLE_TYPES } from "../../src/google/types.ts";
import { isObject } from "../../src/json.ts";
import {
  type FieldOverride,
  fieldsOf,
  type TemplatePass,
  templatePass,
} from "../../src/pkpass/schema/schema.ts";
import { demoSet } from "./sources.ts";

const STRANGE = [
  ...["", " ", "\u00a0", "a.b", "'];", "2027-02-30T00:00Z", "2027-05-22T11:05+02:00", "https://a.example/ b"],
  ...["tel:1", '<a href="https://a.example">', "<a href=x>y</a>", "ABC", "N", "12345678901234"],
];
const OVERRIDES: readonly FieldOverride[] = [
  ...[{ hidden: true }, { hidden: false }, { value: "" }, { value: " " }, { value: "x" }, { value: 5 }],
  ...[{ label: "" }, { label: "L" }],
];

export type Draw = fc.GeneratorValue;

/** Fields of a template or a pass: some of them with something else than the template says. */
export function drawOverrides(g: Draw, keys: readonly string[]): Record<string, FieldOverride> {
  const drawn = keys.filter(() => g(fc.boolean));
  return Object.fromEntries(drawn.map((key) => [key, g(fc.constantFrom, ...OVERRIDES)]));
}

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

/** A valid template with a `google` part; undefined if what was drawn is no valid one. */
export function drawTemplate(g: Draw) {
  const [, sample] = g(fc.constantFrom, ...demoSet);
  const chance = g(fc.constantFrom, 1, 3, 10);
  const parsed = templatePass.safeParse(disturb(g, sample.pass, chance));
  if (!parsed.success) return undefined;
  const keys = fieldKeys(parsed.data);
  const hinted = HINTS.filter(() => keys.length > 0 && g(fc.nat, { max: 9 }) === 0);
  const google = {
    ...(g(fc.boolean) ? { type: g(fc.constantFrom, ...GOOGLE_TYPES) } : {}),
    hints: Object.fromEntries(hinted.map((hint) => [hint, g(fc.constantFrom, ...keys)])),
  };
  return { template: parsed.data, keys, google, strings: sample.strings };
}

export function fieldKeys(template: TemplatePass): string[] {
  return [...fieldsOf(template)].map(({ field }) => field.key);
}
