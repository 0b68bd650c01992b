/**
 * The barcodes of a rendered pass: their messages, encodings, formats and the texts below them.
 *
 * Follows Apple's "Pass.Barcodes".
 */
import { describe, expect, test } from "vitest";
import { mergePass, type PassContent } from "../../src/pkpass/build/render.ts";
import type { Barcode, TemplatePass } from "../../src/pkpass/schema/schema.ts";

const PLAIN: PassContent = {
  values: {},
  overrides: {},
  without: [],
  event: undefined,
  barcodeMessage: null,
  barcodeAltText: null,
  barcodeText: null,
  voided: false,
};

type Keys = Pick<TemplatePass, "barcodes" | "barcode">;

function render(keys: Keys, content: Partial<PassContent> = {}): Keys {
  const template = { description: "D", organizationName: "O", generic: {}, ...keys };
  const { barcodes, barcode } = mergePass(template, { ...PLAIN, ...content }, "4711");
  return { barcodes, barcode };
}

const qr: Barcode = { format: "PKBarcodeFormatQR" };
const pdf417: Barcode = { format: "PKBarcodeFormatPDF417" };
const code128: Barcode = { format: "PKBarcodeFormatCode128" };

describe("messageEncoding", () => {
  const encodingOf = (message: string, messageEncoding?: string) =>
    render({ barcodes: [{ ...pdf417, message, messageEncoding }] }).barcodes?.[0]?.messageEncoding;

  test.each([
    ["windows-1252", "10 €"],
    ["Windows-1252", "10 €"],
    ["iso-8859-15", "10 €"],
    ["windows-1251", "Привет"],
    ["windows-1256", "مرحبا"],
    ["koi8-r", "Привет"],
    ["shift_jis", "日本語ｱ"],
    ["euc-jp", "日本語"],
    ["iso-2022-jp", "日本語"],
    ["gb2312", "汉字"],
    ["gb18030", "汉字😀"],
    ["big5", "漢字"],
    ["euc-kr", "한글"],
    ["tis-620", "ไทย"],
    ["utf-16", "Привет"],
    ["utf-8", "café"],
    ["us-ascii", "cafe"],
    ["iso-8859-1", "café"],
  ])("%s stays, because it can write %s", (encoding, message) => {
    expect(encodingOf(message, encoding)).toBe(encoding);
  });

  test.each([
    ["iso-8859-1", "10 €"],
    ["us-ascii", "café"],
    ["windows-1252", "Привет"],
    ["iso-8859-9", "10 €"],
    ["shift_jis", "10 €"],
    ["gb2312", "镕"],
    ["iso-2022-jp", "ｱ"],
    ["utf8mb4", "café"],
  ])("%s becomes utf-8, because it cannot write %s", (encoding, message) => {
    expect(encodingOf(message, encoding)).toBe("utf-8");
  });

  test("is iso-8859-1 if none was asked for and it can write the message, and otherwise utf-8", () => {
    expect([encodingOf("café"), encodingOf("10 €"), encodingOf("café", "")]).toEqual([
      "iso-8859-1",
      "utf-8",
      "iso-8859-1",
    ]);
  });

  test("depends on the message that the pass shows", () => {
    const template = { barcodes: [{ ...qr, messageEncoding: "windows-1251" }] };
    for (const [barcodeMessage, encoding] of [
      ["Привет", "windows-1251"],
      ["日本語", "utf-8"],
    ] as const) {
      const barcode = { message: barcodeMessage, messageEncoding: encoding };
      expect(render(template, { barcodeMessage })).toMatchObject({ barcodes: [barcode], barcode });
    }
  });
});

describe("barcode", () => {
  test("stays as it is beside barcodes of the same layer, and follows the pass's message", () => {
    const keys = { barcodes: [{ ...code128, message: "A" }], barcode: { ...pdf417, message: "B" } };
    expect(render(keys)).toMatchObject(keys);
    const encoded = { messageEncoding: "iso-8859-1" };
    expect(render(keys, { barcodeMessage: "C" })).toEqual({
      barcodes: [{ ...code128, message: "C", ...encoded }],
      barcode: { ...pdf417, message: "C", ...encoded },
    });
    expect(render({ ...keys, barcode: pdf417 }).barcode?.message).toBe("4711");
  });

  test("is otherwise the first of barcodes with a format that iOS 8 can draw", () => {
    const barcodes = [code128, pdf417, qr].map((one) => ({ ...one, message: "A" }));
    expect(render({ barcodes }).barcode).toMatchObject({ ...pdf417, message: "A" });
    expect(render({ barcodes: [code128] }).barcode).toBeUndefined();
  });

  test("alone, or beside an empty list, is also in barcodes", () => {
    const barcode = { ...qr, message: "A" };
    for (const keys of [{ barcode }, { barcodes: [], barcode }])
      expect(render(keys)).toMatchObject({ barcodes: [barcode], barcode });
  });

  test("of a layer below is replaced together with its barcodes", () => {
    const template = { barcodes: [{ ...qr, message: "T" }], barcode: { ...qr, message: "T" } };
    const event = { values: {}, overrides: { barcodes: [{ ...qr, message: "E" }] }, without: [] };
    expect(render(template, { event })).toMatchObject({
      barcodes: [{ message: "E" }],
      barcode: { message: "E" },
    });
    const overrides = { barcode: { ...qr, message: "P" } };
    expect(render(template, { event, overrides })).toMatchObject({
      barcodes: [{ message: "P" }],
      barcode: { message: "P" },
    });
  });

  test("is taken away with barcodes by without, and a layer above may set it again", () => {
    const without = ["barcodes"];
    const template = { barcodes: [qr], barcode: qr };
    expect(render(template, { without })).toEqual({});
    expect(render(template, { without, barcodeMessage: "M", overrides: { barcode: qr } })).toEqual({});
    const event = { values: {}, overrides: { barcode: qr }, without };
    expect(render(template, { event })).toEqual({});
    const again = [{ overrides: { barcodes: [{ ...pdf417, message: "P" }] } }, { barcodeMessage: "P" }];
    for (const own of again)
      expect(render(template, { event, ...own }).barcodes).toMatchObject([{ message: "P" }]);
  });
});

test("an empty message shows the serial number, and an empty barcodeMessage removes the barcodes", () => {
  const keys = { barcodes: [{ ...qr, message: "" }, qr], barcode: { ...qr, message: "" } };
  expect(render(keys)).toMatchObject({
    barcodes: [{ message: "4711" }, { message: "4711" }],
    barcode: { message: "4711" },
  });
  expect(render(keys, { barcodeMessage: "" })).toEqual({});
});

describe('barcodeText "message"', () => {
  const barcodeText = "message";
  const texts = (keys: Keys, content: Partial<PassContent>) => {
    const { barcodes = [], barcode } = render(keys, { barcodeText, ...content });
    return [...barcodes, barcode].map((one) => one?.altText);
  };
  const template = {
    barcodes: [qr, { ...code128, message: "fixed" }, { ...qr, altText: "own" }, { ...qr, altText: "" }],
  };

  test("shows below each barcode without an altText its message", () => {
    expect(texts(template, {})).toEqual(["4711", "fixed", "own", undefined, "4711"]);
    expect(texts(template, { barcodeMessage: "X" })).toEqual(["X", "X", "own", undefined, "X"]);
    expect(texts({}, { barcodeMessage: "X" })).toEqual(["X", "X"]);
  });

  test("does not replace the barcodeAltText of the pass", () => {
    expect(texts({ barcodes: [qr] }, { barcodeAltText: "mine" })).toEqual(["mine", "mine"]);
    expect(texts({ barcodes: [qr] }, { barcodeAltText: "" })).toEqual([undefined, undefined]);
  });

  test("holds for the barcodes of a pass and of an event too", () => {
    const overrides = template;
    for (const content of [{ overrides }, { event: { values: {}, overrides, without: [] } }])
      expect(texts({}, content)).toEqual(["4711", "fixed", "own", undefined, "4711"]);
  });
});
