/**
 * The barcode and the scan rule of a template in the editor.
 *
 * Follows Apple's "Pass.Barcodes", and src/templates/scan-rule.ts.
 */
import { expect, test } from "vitest";
import {
  barcodesIn,
  firstBarcodePointer,
  formatName,
  needsOlderCode,
  withBarcodes,
  withFirstBarcode,
} from "../../../src/browser/dashboard/editor/panels/barcode-draft.ts";
import {
  actionOf,
  addableFault,
  byFault,
  newRule,
  numberFields,
  ruleWords,
  secondsFault,
  secondsIn,
  unitOf,
  withRuleMember,
} from "../../../src/browser/dashboard/editor/panels/scan-draft.ts";
import { toNumber } from "../../../src/json.ts";

const qr = { format: "PKBarcodeFormatQR", message: "1", "x-own": true };
const pdf417 = { format: "PKBarcodeFormatPDF417", message: "1" };

test("the first barcode is changed, and the others and its own members stay", () => {
  const pass = { logoText: "A", barcodes: [qr, pdf417] };
  expect(withFirstBarcode(pass, { ...qr, message: "2" })).toEqual({
    logoText: "A",
    barcodes: [{ ...qr, message: "2" }, pdf417],
  });
});

test("the deprecated barcode moves into barcodes, and stays only if it says something else", () => {
  expect(barcodesIn({ barcode: qr })).toEqual([qr]);
  expect(firstBarcodePointer({ barcode: qr })).toBe("/pass/barcode");
  expect(withFirstBarcode({ barcode: qr }, pdf417)).toEqual({ barcodes: [pdf417] });
  expect(withFirstBarcode({ barcodes: [qr], barcode: { ...qr } }, pdf417)).toEqual({ barcodes: [pdf417] });
  const other = { barcodes: [qr], barcode: pdf417 };
  expect(withFirstBarcode(other, { ...qr, altText: "A" })).toEqual({
    barcodes: [{ ...qr, altText: "A" }],
    barcode: pdf417,
  });
  expect(withBarcodes(other, [])).toEqual({});
});

test("a pass whose barcodes are no list has none, and an unknown format has its own name", () => {
  expect(barcodesIn({ barcodes: "QR" })).toEqual([]);
  expect(barcodesIn({ barcodes: [] })).toEqual([]);
  expect(formatName(pdf417)).toBe("PDF417");
  expect(formatName({ format: "PKBarcodeFormatNew" })).toBe("PKBarcodeFormatNew");
});

test("only new formats need another code for older phones", () => {
  const ean = { format: "PKBarcodeFormatEAN13" };
  expect(needsOlderCode([ean])).toBe(true);
  expect(needsOlderCode([ean, qr])).toBe(false);
  expect(needsOlderCode([])).toBe(false);
});

const pass = {
  storeCard: {
    primaryFields: [{ key: "stamps", label: "Stamps", value: 0 }],
    secondaryFields: [
      { key: "left", currencyCode: "EUR", label: "Left" },
      { key: "name", value: "7" },
      { key: "since", dateStyle: "PKDateStyleShort" },
    ],
  },
  posterGeneric: { primaryFields: [{ key: "stamps", numberStyle: "PKNumberStyleDecimal" }] },
};
const rule = { action: "add", field: "stamps", by: 1 };
const reward = { resetTo: 0, label: "A free coffee" };

test("scans add to fields that show a number, and to each key once", () => {
  expect(numberFields(pass)).toEqual([
    { key: "stamps", name: "Stamps" },
    { key: "left", name: "Left" },
  ]);
  expect(newRule("add", pass)).toEqual(rule);
  expect(newRule("redeem", pass)).toBeNull();
  expect(newRule("show", pass)).toEqual({ action: "show" });
});

test("a sentence says what a scan does", () => {
  const words = (more: object) => ruleWords({ ...rule, ...more }, pass);
  expect(words({ max: 10, reward })).toBe(
    "Each scan adds 1 to Stamps. At 10 the next scan can give A free coffee and set it to 0.",
  );
  expect(words({ atMostEverySeconds: 3600 })).toBe(
    "Each scan adds 1 to Stamps. Each pass counts at most once in 1 hour.",
  );
  expect(words({ by: -1, min: 0 })).toBe(
    "Each scan takes 1 from Stamps. At 0 the next scan changes nothing.",
  );
  expect(words({ by: toNumber("2.5"), max: 10 })).toBe(
    "Each scan adds 2.5 to Stamps. If the next would be above 10, a scan changes nothing.",
  );
  expect(words({ by: undefined })).toBe("Choose a field, and what each scan adds to it.");
  expect(ruleWords(null, pass)).toContain("redeems");
  expect(ruleWords({ action: "redeem" }, pass)).toBe(ruleWords(null, pass));
  expect(ruleWords({ action: "show" }, pass)).toContain("Nothing changes");
  expect(actionOf({ action: "unknown" })).toBe("redeem");
});

test("the reward is removed with the last limit, because it needs one", () => {
  const limited = { ...rule, max: 10, min: 0, reward };
  expect(withRuleMember(limited, "max", undefined)).toEqual({ ...rule, min: 0, reward });
  expect(withRuleMember({ ...rule, max: 10, reward }, "max", undefined)).toEqual(rule);
  // Somebody empties the limit to type another one.
  expect(withRuleMember(rule, "max", 12, reward)).toEqual({ ...rule, max: 12, reward });
  expect(withRuleMember(limited, "reward", undefined, reward)).toEqual({ ...rule, max: 10, min: 0 });
});

test("a time in hours is a whole number of seconds, whatever the digits of a double are", () => {
  expect(secondsIn(1.1, 3600)).toBe(3960);
  expect(secondsFault(secondsIn(0.5, 1))).not.toBe("");
});

test("numbers and times that the rule cannot have are faults", () => {
  expect(addableFault(1.5, true)).toBe("");
  expect(addableFault(toNumber("123456789012.123456"), true)).toBe("");
  for (const value of ["x", 0.1234567, 1e21, null]) expect(addableFault(value, false)).not.toBe("");
  expect(addableFault(undefined, false)).toBe("");
  expect(addableFault(undefined, true)).not.toBe("");
  expect([0, undefined, -1].map((by) => byFault(by) === "")).toEqual([false, false, true]);
  expect(["", "x", 0, 1.5, 2_592_001].map((seconds) => secondsFault(seconds) === "")).toEqual(
    Array.from({ length: 5 }, () => false),
  );
  expect([undefined, 1, 2_592_000].map(secondsFault)).toEqual(["", "", ""]);
  expect([90, 3600, 7200, 86_400, undefined].map(unitOf)).toEqual([1, 3600, 3600, 86_400, 60]);
});
