/**
 * The texts on the lock screen, by Apple's rules for changeMessage, and why there are none.
 *
 * Follows Apple's "PassFieldContent".
 */
import { describe, expect, test } from "vitest";
import { toNumber } from "../../src/json.ts";
import { findNotifications, MAX_NOTIFICATIONS } from "../../src/pkpass/notifications.ts";
import type { Field, TemplatePass } from "../../src/pkpass/schema/schema.ts";

const card = (...fields: Field[]): TemplatePass => ({
  description: "A card",
  organizationName: "Shop",
  storeCard: { secondaryFields: fields },
});
/** The change of one field. */
const notify = (before: Partial<Field>, after: Partial<Field>, locale = "en") =>
  findNotifications(card({ key: "k", ...before }), card({ key: "k", ...after }), locale);
const NO_FIELD = [expect.objectContaining({ kind: "silent", reason: "no_field_changed" })];

describe("a changed field", () => {
  const changeMessage = "Now %@";

  test("shows its changeMessage with the new value in the place of %@", () => {
    expect(notify({ value: "A", changeMessage: "Old %@" }, { value: "B", changeMessage })).toEqual([
      { kind: "text", field: "k", text: "Now B" },
    ]);
    const [odd] = notify({ value: 1 }, { value: "$& $1 %@", changeMessage: "%@, %@" });
    expect(odd).toEqual({ kind: "text", field: "k", text: "$& $1 %@, $& $1 %@" });
  });

  test("shows its value in the field's styles and in the locale", () => {
    const text = (field: Partial<Field>, locale = "de") => {
      const [item] = notify({}, { changeMessage: "%@", ...field }, locale);
      return item?.kind === "text" ? item.text.replaceAll(/\s/g, " ") : item;
    };
    const dateStyle = "PKDateStyleMedium";
    expect(text({ value: "2026-12-24T18:30+01:00", dateStyle })).toBe("24.12.2026");
    expect(text({ value: 1234.5, currencyCode: "EUR" })).toBe("1.234,50 €");
    expect(text({ value: 1234.5, currencyCode: "EUR" }, "en")).toBe("€1,234.50");
    expect(text({ value: 0.25, numberStyle: "PKNumberStylePercent" })).toBe("25 %");
    expect(text({ value: toNumber("12345678901234567890") }, "en")).toBe("12345678901234567890");
  });

  test("shows its value, and not its attributedValue", () => {
    const attributedValue = "<a href='https://example.com'>B</a>";
    expect(notify({ value: "A" }, { value: "B", attributedValue, changeMessage })).toEqual([
      { kind: "text", field: "k", text: "Now B" },
    ]);
  });

  test("without a changeMessage, or with an empty one, shows no text", () => {
    for (const after of [{ value: "B" }, { value: "B", changeMessage: "" }]) {
      expect(notify({ value: "A", changeMessage }, after)).toEqual([
        {
          kind: "silent",
          reason: "no_change_message",
          field: "k",
          message: '"k" has no changeMessage, so phones show no text for it.',
        },
      ]);
    }
  });

  test("with a changeMessage without %@ may show a general text", () => {
    expect(notify({ value: "A" }, { value: "B", changeMessage: "Changed" })).toEqual([
      { kind: "general", fields: ["k"], message: expect.stringContaining("no placeholder %@") },
    ]);
  });

  test("that the pass did not have before counts as changed", () => {
    expect(findNotifications(card(), card({ key: "k", value: "A", changeMessage }), "en")).toEqual([
      { kind: "text", field: "k", text: "Now A" },
    ]);
  });

  test("in posterGeneric and in its fallback style shows one text", () => {
    const both = (value: string) => {
      const fields = { primaryFields: [{ key: "k", value, changeMessage }] };
      return { ...card(), storeCard: fields, posterGeneric: fields };
    };
    expect(findNotifications(both("A"), both("B"), "en")).toEqual([
      { kind: "text", field: "k", text: "Now B" },
    ]);
  });
});

test("a change of anything but a field's value shows no text", () => {
  const field = { value: "A", changeMessage: "%@" };
  expect(notify(field, { ...field, label: "New" })).toEqual(NO_FIELD);
  expect(notify(field, { ...field, changeMessage: "New: %@" })).toEqual(NO_FIELD);
  expect(notify({ ...field, value: 3 }, { ...field, value: "3" })).toEqual(NO_FIELD);
  const before = card({ key: "k", ...field });
  expect(findNotifications(before, { ...before, voided: true, logoText: "New" }, "en")).toEqual(NO_FIELD);
  // Hidden, or no longer in the template.
  expect(findNotifications(before, card(), "en")).toEqual(NO_FIELD);
});

test("several texts at once come with the warning that phones may show one general text", () => {
  const fields = (value: string) => ["a", "b"].map((key) => ({ key, value, changeMessage: `${key}: %@` }));
  const silentField = (value: string) => ({ key: "c", value });
  const before = card(...fields("1"), silentField("1"));
  const after = card(...fields("2"), silentField("2"));
  expect(findNotifications(before, after, "en")).toEqual([
    { kind: "text", field: "a", text: "a: 2" },
    { kind: "text", field: "b", text: "b: 2" },
    { kind: "general", fields: ["a", "b"], message: expect.stringContaining("Several fields") },
    expect.objectContaining({ kind: "silent", field: "c" }),
  ]);
});

test("the list and its texts are limited", () => {
  const keys = Array.from({ length: 2 * MAX_NOTIFICATIONS }, (_, n) => `k${n}`);
  const after = card(...keys.map((key) => ({ key, value: "x".repeat(5000), changeMessage: "%@" })));
  const found = findNotifications(card(), after, "en");
  expect(found).toHaveLength(MAX_NOTIFICATIONS);
  expect(JSON.stringify(found).length).toBeLessThan(MAX_NOTIFICATIONS * 1200);
});
