/**
 * The fields of a template in the editor: moves, keys, kinds of values, and what phones show.
 *
 * Follows Apple's "PassFieldContent".
 */

import { expect, test } from "vitest";
import { valueText } from "../../../src/browser/dashboard/editor/draft/pass-members.ts";
import {
  offsetHere,
  offsetOptions,
  readDate,
  withLocal,
  writeDate,
} from "../../../src/browser/dashboard/editor/fields/date-value.ts";
import {
  keyFault,
  keyForLabel,
  keyUses,
  keyUseWords,
  renameField,
} from "../../../src/browser/dashboard/editor/fields/field-keys.ts";
import {
  endOf,
  type FieldPlace,
  insertField,
  moveField,
  removeField,
  stylesIn,
} from "../../../src/browser/dashboard/editor/fields/field-list.ts";
import { lockScreenOf, shownValue } from "../../../src/browser/dashboard/editor/fields/lock-screen.ts";
import {
  drawnWords,
  isDrawn,
  placeWords,
  sectionsShown,
} from "../../../src/browser/dashboard/editor/fields/section-words.ts";
import {
  kindOf,
  readValue,
  VALUE_KINDS,
  withKind,
} from "../../../src/browser/dashboard/editor/fields/value-kind.ts";
import { isExactNumber, type JsonObject, parseJson, writeJson } from "../../../src/json.ts";
import type { Section } from "../../../src/pkpass/styles.ts";

const LONG = "12345678901234567890";
/** A field as it comes from the service, with a number that no double equals, and members that the editor does not know. */
const balance = parseJson(
  `{"key": "balance", "label": "Balance", "value": ${LONG}, "semantics": {"totalPrice": {"amount": "1"}}, "x-own": [1]}`,
) as JsonObject;
const card = (sections: Partial<Record<Section, readonly unknown[]>>) => ({
  logoText: "Shop",
  storeCard: sections,
});
const keyed = (...keys: string[]) => keys.map((key) => ({ key, label: key.toUpperCase() }));
const at = (section: Section, index: number): FieldPlace => ({ style: "storeCard", section, index });
const BEHIND = at("backFields", 0);

test("a field that is moved to another section keeps every member and all digits, and an empty section is left out", () => {
  const pass = card({ secondaryFields: [balance], backFields: keyed("terms") });
  const moved = moveField(pass, at("secondaryFields", 0), at("backFields", 1));
  expect(moved).toEqual({ logoText: "Shop", storeCard: { backFields: [...keyed("terms"), balance] } });
  expect(writeJson(moved)).toContain(`"value":${LONG},"semantics":{"totalPrice"`);
});

test("a field is moved within its section, and nothing happens to a pass without that field", () => {
  const pass = card({ backFields: keyed("a", "b", "c") });
  const order = (to: number) => moveField(pass, BEHIND, at("backFields", to)).storeCard;
  expect(order(1)).toEqual({ backFields: keyed("b", "a", "c") });
  expect(order(endOf(pass, "storeCard", "backFields", BEHIND).index)).toEqual({
    backFields: keyed("b", "c", "a"),
  });
  expect(moveField(pass, at("primaryFields", 0), BEHIND)).toBe(pass);
});

test("what was removed is put back where it was, also an entry that is no field", () => {
  const pass = card({ backFields: ["no field", ...keyed("a")] });
  const removed = removeField(pass, BEHIND);
  expect(removed.storeCard).toEqual({ backFields: keyed("a") });
  expect(insertField(removed, BEHIND, "no field")).toEqual(pass);
});

test("a section that is no list has no fields, and a style that is no object is none", () => {
  const pass = { storeCard: { backFields: "text" }, generic: 7 };
  expect(stylesIn(pass)).toEqual(["storeCard"]);
  expect(insertField(pass, BEHIND, { key: "a" }).storeCard).toEqual({ backFields: [{ key: "a" }] });
});

test("the sections are those of the style, and those that have fields which no phone draws", () => {
  expect(sectionsShown({ posterGeneric: {} }, "posterGeneric")).toEqual([
    "headerFields",
    "primaryFields",
    "footerFields",
    "backFields",
    "additionalInfoFields",
  ]);
  expect(sectionsShown(card({ footerFields: keyed("a") }), "storeCard")).toContain("footerFields");
  expect(sectionsShown(card({}), "storeCard")).not.toContain("footerFields");
});

test("each section says how many fields Wallet draws, and a shared row and the two rows of a ticket count", () => {
  const shared = card({ secondaryFields: keyed("a", "b", "c"), auxiliaryFields: keyed("d", "e", "f") });
  const drawn = [0, 1, 2].map((index) => isDrawn(shared, at("auxiliaryFields", index)));
  expect(drawn).toEqual([true, false, false]);
  expect(drawnWords(shared, "storeCard", "auxiliaryFields")).toBe(
    "Secondary and auxiliary fields share one row of 4. 2 are not shown.",
  );
  const primary = card({ primaryFields: keyed("a", "b") });
  expect(drawnWords(primary, "storeCard", "primaryFields")).toBe("Wallet draws at most 1. One is not shown.");
  const rows = keyed("a", "b", "c", "d", "e").map((field) => ({ ...field, row: 1 }));
  const ticket = { eventTicket: { auxiliaryFields: [...keyed("f"), ...rows] } };
  const inTicket = (index: number): FieldPlace => ({
    style: "eventTicket",
    section: "auxiliaryFields",
    index,
  });
  expect([0, 4, 5].map((index) => isDrawn(ticket, inTicket(index)))).toEqual([true, true, false]);
  expect(isDrawn(card({ footerFields: keyed("a") }), at("footerFields", 0))).toBe(false);
});

test("after a move a screen reader hears the field and its place", () => {
  const pass = card({ secondaryFields: keyed("points", "level", "name") });
  expect(placeWords(pass, at("secondaryFields", 1))).toBe("LEVEL, 2 of 3 in Secondary");
});

test("a key is made from the label, and no field of any style has it", () => {
  const pass = {
    ...card({ backFields: keyed("member_since", "field") }),
    generic: { backFields: keyed("seat") },
  };
  expect(keyForLabel(pass, "Member since")).toBe("member_since_2");
  expect(keyForLabel(pass, "Member since", BEHIND)).toBe("member_since");
  expect(keyForLabel(pass, " Café-Größe! ")).toBe("cafe_gro_e");
  expect(keyForLabel(pass, "")).toBe("field_2");
  expect(keyForLabel(pass, "会員")).toBe("field_2");
  expect(keyForLabel(pass, "SEAT")).toBe("seat_2");
});

test("a key must be there, and differ from those of the same style", () => {
  const pass = { ...card({ backFields: keyed("a", "b") }), posterGeneric: { primaryFields: keyed("c") } };
  expect(keyFault(pass, BEHIND, "a")).toBe("");
  expect(keyFault(pass, BEHIND, "b")).toContain("Another field");
  expect(keyFault(pass, BEHIND, "c")).toBe("");
  expect(keyFault(pass, BEHIND, "")).not.toBe("");
  expect(keyFault(pass, BEHIND, "__proto__")).not.toBe("");
  expect(keyFault(pass, BEHIND, "x".repeat(201))).not.toBe("");
});

test("the scan rule, the join page and the same field of the other style follow a new key", () => {
  const scan = { action: "add", field: "points", by: 1, max: 10 };
  const join = {
    slug: "club",
    fields: [{ key: "points", label: "How many?", type: "text" }, { key: "name" }],
  };
  const pass = {
    ...card({ backFields: [{ ...balance, key: "points" }] }),
    posterGeneric: { primaryFields: keyed("points") },
  };
  const renamed = renameField({ pass, scan, join }, BEHIND, "stamps");
  expect(renamed).toEqual({
    pass: {
      ...card({ backFields: [{ ...balance, key: "stamps" }] }),
      posterGeneric: { primaryFields: [{ key: "stamps", label: "POINTS" }] },
    },
    scan: { ...scan, field: "stamps" },
    join: { ...join, fields: [{ ...join.fields[0], key: "stamps" }, { key: "name" }] },
  });
  expect(keyUseWords(keyUses({ scan, join }, "points"))).toBe(
    "Scans add to this field. The join page asks for this field.",
  );
  expect(keyUses({ scan: null, join: null }, "points")).toEqual([]);
});

test("a hint for Google follows a new key", () => {
  const pass = card({ backFields: keyed("a", "b") });
  const google = { language: "de", hints: { points: "a", accountName: "b" } };
  const draft = { pass, scan: null, join: null, google };
  expect(renameField(draft, BEHIND, "c").google).toEqual({
    language: "de",
    hints: { points: "c", accountName: "b" },
  });
  expect(keyUseWords(keyUses(draft, "b"))).toContain("Google Wallet");
});

test("nothing follows a new key while another field has the old one", () => {
  const scan = { action: "add", field: "a", by: 1 };
  const pass = card({ backFields: keyed("a", "a") });
  const renamed = renameField({ pass, scan, join: null }, BEHIND, "b");
  expect(renamed.scan).toBe(scan);
  expect(renamed.pass.storeCard).toMatchObject({ backFields: [{ key: "b" }, { key: "a" }] });
});

test("the kind of a value is one choice, and each kind is found again in the members that it sets", () => {
  for (const [kind] of VALUE_KINDS) expect(kindOf(withKind(balance, kind))).toBe(kind);
  expect(kindOf({ dateStyle: "PKDateStyleShort", timeStyle: "PKDateStyleNone" })).toBe("date");
  expect(kindOf({ timeStyle: "PKDateStyleFull" })).toBe("time");
});

test("another kind keeps all other members, and leaves out the styles that do not fit", () => {
  const date = { key: "k", value: "12", dateStyle: "PKDateStyleFull", isRelative: true, "x-own": 1 };
  expect(withKind(date, "number")).toEqual({
    key: "k",
    value: 12,
    numberStyle: "PKNumberStyleDecimal",
    "x-own": 1,
  });
  expect(withKind(date, "dateTime")).toEqual({ ...date, timeStyle: "PKDateStyleShort" });
  expect(withKind(withKind(balance, "money"), "text")).toEqual({ ...balance, value: LONG });
  expect(withKind(date, "date")).toBe(date);
});

test("a number that is typed becomes a JSON number with all of its digits, and anything else stays the text", () => {
  const typed = readValue("number", false, LONG);
  expect(isExactNumber(typed)).toBe(true);
  expect(writeJson(typed)).toBe(LONG);
  expect(valueText(typed)).toBe(LONG);
  expect(readValue("money", true, " 12.50 ")).toBe(12.5);
  expect(readValue("percent", true, "")).toBeUndefined();
  expect(readValue("number", true, "1,5")).toBe("1,5");
  expect(readValue("text", false, "7")).toBe("7");
  expect(readValue("text", true, "7")).toBe(7);
  expect(readValue("text", true, "seven")).toBe("seven");
  expect(readValue("text", true, "")).toBe("");
});

test("a date keeps its offset, except that the offset of this computer follows summer time", () => {
  const date = readDate("2026-12-24T18:30:15+05:30");
  expect(date).toEqual({ local: "2026-12-24T18:30:15", offset: "+05:30" });
  expect(readDate("2026-12-24")).toBeUndefined();
  expect(readDate(5)).toBeUndefined();
  const berlin = (local: string) => (local.slice(5, 7) === "07" ? "+02:00" : "+01:00");
  const summer = "2026-07-01T12:00";
  expect(writeDate(withLocal(date, summer, berlin))).toBe("2026-07-01T12:00+05:30");
  expect(writeDate(withLocal({ local: "2026-12-24T18:30", offset: "+01:00" }, summer, berlin))).toBe(
    "2026-07-01T12:00+02:00",
  );
  expect(writeDate(withLocal(undefined, "2026-12-24T18:30:00.123", berlin))).toBe(
    "2026-12-24T18:30:00+01:00",
  );
  expect(writeDate({ local: "", offset: "Z" })).toBeUndefined();
  expect(readDate(`${summer}${offsetHere(summer)}`)).toBeDefined();
  expect(offsetOptions("+01:30")[0]).toEqual(["+01:30", "UTC+01:30"]);
  expect(offsetOptions("+01:00").filter(([offset]) => offset === "+01:00")).toHaveLength(1);
});

test("the lock screen shows the new value in the place of %@, and without a text nothing", () => {
  const points = { label: "Points", value: 12, changeMessage: "You have %@ points" };
  expect(lockScreenOf(points, "en")).toEqual({ kind: "text", text: "You have 12 points" });
  const money = { ...points, currencyCode: "EUR", changeMessage: "%@ left" };
  expect(lockScreenOf(money, "en")).toEqual({ kind: "text", text: "€12.00 left" });
  // A currency that is half typed.
  expect(lockScreenOf({ ...money, currencyCode: "EU" }, "en")).toEqual({ kind: "text", text: "%@ left" });
  expect(lockScreenOf({ ...points, changeMessage: "New points" }, "en")).toEqual({ kind: "general" });
  expect(lockScreenOf({ ...points, changeMessage: "" }, "en")).toEqual({ kind: "silent" });
  expect(lockScreenOf({ changeMessage: "Now %@" }, "en")).toEqual({ kind: "text", text: "Now …" });
});

test("the list shows a value in its styles, and an exact number with all digits", () => {
  expect(shownValue(balance, "en")).toBe(LONG);
  expect(shownValue({ value: 0.25, numberStyle: "PKNumberStylePercent" }, "en")).toBe("25%");
  expect(shownValue({ value: "a", attributedValue: '<a href="https://x">Site</a>' }, "en")).toBe("Site");
  expect(shownValue({ value: ["no value"] }, "en")).toBe("");
});
