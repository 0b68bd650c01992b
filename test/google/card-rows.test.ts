/**
 * The layout: at most three rows of at most three, and every other field on the details page.
 */
import { expect, test } from "vitest";
import type { Field, TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { flight } from "../pkpass/samples/flight.ts";
import { render } from "./sources.ts";

interface Row {
  [name: string]: Readonly<Record<string, { firstValue: { fields: { fieldPath: string }[] } }>>;
}
interface Info {
  cardTemplateOverride?: { cardRowTemplateInfos: Row[] };
  detailsTemplateOverride?: {
    detailsItemInfos: { item: { firstValue: { fields: { fieldPath: string }[] } } }[];
  };
}

const keyOf = (path = "") => /'([^']+)'/.exec(path)?.[1];

function layoutOf(template: TemplatePass) {
  const info = render(template).class.classTemplateInfo as Info;
  const rows = (info.cardTemplateOverride?.cardRowTemplateInfos ?? []).map((row) =>
    Object.values(Object.values(row)[0] ?? {}).map((item) => keyOf(item.firstValue.fields[0]?.fieldPath)),
  );
  const details = (info.detailsTemplateOverride?.detailsItemInfos ?? []).map(({ item }) =>
    keyOf(item.firstValue.fields[0]?.fieldPath),
  );
  return { rows, details };
}

const fields = (...keys: string[]): Field[] => keys.map((key) => ({ key, value: key }));
const base = { description: "Card", organizationName: "Acme" };

test("header and primary fields are the first row, then secondary and auxiliary fields", () => {
  const generic = {
    headerFields: fields("h"),
    primaryFields: fields("title"),
    secondaryFields: fields("s1", "s2"),
    auxiliaryFields: fields("a1", "a2", "a3"),
    backFields: fields("b"),
  };
  expect(layoutOf({ ...base, generic })).toEqual({
    rows: [["h"], ["s1", "s2"], ["a1", "a2", "a3"]],
    details: ["title", "b"],
  });
});

test("a row of more than three is split evenly, and what is beyond the third row is on the details page", () => {
  const generic = {
    secondaryFields: fields("1", "2", "3", "4"),
    auxiliaryFields: fields("5", "6", "7", "8"),
  };
  expect(layoutOf({ ...base, generic })).toEqual({
    rows: [
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ],
    details: ["7", "8"],
  });
});

test("a store card has secondary and auxiliary fields in one row, as on an iPhone", () => {
  const storeCard = { secondaryFields: fields("s"), auxiliaryFields: fields("a") };
  expect(layoutOf({ ...base, storeCard }).rows).toEqual([["s", "a"]]);
});

test("a boarding pass has its auxiliary fields first, as on an iPhone", () => {
  expect(layoutOf(flight.pass).rows).toEqual([["gate"], ["boarding", "seat", "group"], ["passenger"]]);
});

test("an event ticket has a row for each `row` of its auxiliary fields", () => {
  const auxiliaryFields = [...fields("a"), { key: "b", value: "b", row: 1 as const }];
  expect(layoutOf({ ...base, eventTicket: { auxiliaryFields } }).rows).toEqual([["a"], ["b"]]);
});

test("sections that the style does not show are not on the front", () => {
  const storeCard = {
    secondaryFields: fields("s"),
    additionalInfoFields: fields("x"),
    footerFields: fields("y"),
  };
  expect(layoutOf({ ...base, storeCard }).rows).toEqual([["s"]]);
});

test("a card without other fields lists those of its front as details, because Google's own list has class and object", () => {
  const storeCard = { headerFields: fields("h"), secondaryFields: fields("s") };
  expect(layoutOf({ ...base, storeCard })).toEqual({ rows: [["h"], ["s"]], details: ["h", "s"] });
});

test("a link is in the list of details beside the text that a pass may have there", () => {
  const storeCard = { backFields: [{ key: "site", value: "https://a.example" }] };
  const { details } = layoutOf({ ...base, storeCard, accessibilityURL: "https://a.example" });
  expect(details).toEqual(["site", "site", "accessibilityURL"]);
});
