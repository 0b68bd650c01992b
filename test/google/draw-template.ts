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
  type PassOverrides,
  passOverrides,
  type TemplatePass,
  templatePass,
} from "../../src/pkpass/schema/schema.ts";
import { demoSet } from "./sources.ts";

const STRANGE = [
  ...["", " ", "\u00a0", "a.b", "'];", "2027-02-30T00:00Z", "2027-05-22T11:05+02:00", "https://a.example/ b"],
  ...["tel:1", '<a href="https://a.example">', "<a href=x>y</a>", "ABC", "N", "12345678901234", "€"],
];
const OVERRIDES: readonly FieldOverride[] = [
  ...[{ hidden: true }, { hidden: false }, { value: "" }, { value: " " }, { value: "x" }, { value: 5 }],
  ...[{ label: "" }, { label: "L" }],
];

export type Draw = fc.GeneratorValue;

/**
 * The builders of drawNumber and drawOne, by their bound. They have no arguments, because fast-check compares the arguments of
 * each draw with those of earlier draws, which takes most of a test's time.
 */
const numbers = new Map<number, () => fc.Arbitrary<number>>();
const positions = new Map<number, () => fc.Arbitrary<number>>();

function kept<Arbitrary>(known: Map<number, () => Arbitrary>, bound: number, make: () => Arbitrary) {
  const before = known.get(bound);
  if (before !== undefined) return before;
  const arbitrary = make();
  const builder = () => arbitrary;
  known.set(bound, builder);
  return builder;
}

/** A number from 0 to `max`. */
export function drawNumber(g: Draw, max: number): number {
  return g(kept(numbers, max, () => fc.nat({ max })));
}

export function drawOne<Item>(g: Draw, items: readonly Item[]): Item {
  const { length } = items;
  return items[g(kept(positions, length, () => fc.constantFrom(...Array(length).keys())))] as Item;
}

/** Fields of a template or a pass: some of them with something else than the template says. */
export function drawOverrides(g: Draw, keys: readonly string[]): Record<string, FieldOverride> {
  const drawn = keys.filter(() => g(fc.boolean));
  return Object.fromEntries(drawn.map((key) => [key, drawOne(g, OVERRIDES)]));
}

/** A copy in which members are absent, and texts are strange, each with this chance of a hundred. */
function disturb(g: Draw, value: unknown, chance: number): unknown {
  const happens = () => drawNumber(g, 99) < chance;
  if (Array.isArray(value)) return value.filter(() => !happens()).map((item) => disturb(g, item, chance));
  if (isObject(value)) {
    const members = Object.entries(value).filter(() => !happens());
    return Object.fromEntries(members.map(([key, member]) => [key, disturb(g, member, chance)]));
  }
  return typeof value === "string" && happens() ? drawOne(g, STRANGE) : value;
}

/** A valid template with a `google` part; undefined if what was drawn is no valid one. */
export function drawTemplate(g: Draw) {
  const [, sample] = drawOne(g, demoSet);
  const chance = drawOne(g, [1, 3, 10]);
  const parsed = templatePass.safeParse(disturb(g, sample.pass, chance));
  if (!parsed.success) return undefined;
  const keys = fieldKeys(parsed.data);
  const hinted = HINTS.filter(() => keys.length > 0 && drawNumber(g, 9) === 0);
  const google = {
    ...(g(fc.boolean) ? { type: drawOne(g, GOOGLE_TYPES) } : {}),
    hints: Object.fromEntries(hinted.map((hint) => [hint, drawOne(g, keys)])),
  };
  return { template: parsed.data, keys, google, strings: sample.strings };
}

/** Members of pass.json that an event or a pass sets: some of those of a disturbed sample. */
export function drawMembers(g: Draw): PassOverrides {
  const [, sample] = drawOne(g, demoSet);
  const disturbed = disturb(g, sample.pass, drawOne(g, [1, 3, 10]));
  const members = Object.entries(isObject(disturbed) ? disturbed : {}).filter(([name]) => {
    return Object.hasOwn(passOverrides.shape, name) && g(fc.boolean);
  });
  return passOverrides.safeParse(Object.fromEntries(members)).data ?? {};
}

export function fieldKeys(template: TemplatePass): string[] {
  return [...fieldsOf(template)].map(({ field }) => field.key);
}
