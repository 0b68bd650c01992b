/**
 * The bodies of the routes, with the strangest texts that are legal in them. A body may refer to things of the world by
 * name (world.ts).
 */
import fc from "fast-check";
import { TEXTS } from "./nasty.ts";
import { FIELDS, IMAGE, PASS } from "./world.ts";

type Part<Value> = fc.Arbitrary<Value>;

/** Any text without unpaired surrogates. */
export const text = (maxLength = 60): Part<string> =>
  fc.oneof(
    fc.string({ maxLength: Math.min(maxLength, 60), unit: "grapheme" }),
    fc.constantFrom(...TEXTS.filter((nasty) => nasty.length <= maxLength)),
  );
export const named = (maxLength = 200) => text(maxLength).filter((value) => value !== "");

const value = fc.oneof(text(4000), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
export const override = fc.oneof(
  value,
  fc.record({ value, label: text(500), changeMessage: text(500) }, { requiredKeys: [] }),
);
const date = fc.constantFrom("2027-01-01T00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T24:00-11:30");
export const fitting = {
  points: value,
  balance: fc.double({ noNaN: true, noDefaultInfinity: true }),
  until: date,
};
export const values = fc.oneof(
  fc.record(fitting, { requiredKeys: [] }),
  fc.dictionary(fc.constantFrom(...FIELDS), override),
);
export const images = fc.constantFrom(
  { "icon.png": IMAGE },
  { "icon.png": IMAGE, "fr.lproj/strip@2x.png": IMAGE },
);
const barcode = fc.record(
  {
    format: fc.constantFrom(
      "PKBarcodeFormatQR",
      "PKBarcodeFormatAztec",
      "PKBarcodeFormatEAN13",
      "PKBarcodeFormatI2of5",
    ),
    message: text(200),
    messageEncoding: fc.constantFrom("iso-8859-1", "utf-8", "utf-16"),
    altText: text(),
  },
  { requiredKeys: ["format"] },
);
const colour = fc.constantFrom("rgb(1, 2, 3)", "rgb(999,999,999)", "#a0B1c2", "");
export const overrides = fc.record(
  {
    description: named(),
    logoText: text(),
    backgroundColor: colour,
    foregroundColor: colour,
    expirationDate: date,
    voided: fc.boolean(),
    userInfo: fc.jsonValue({ maxDepth: 3 }),
    barcodes: fc.array(barcode, { maxLength: 3 }),
    locations: fc.array(fc.record({ latitude: fc.integer({ min: -90, max: 90 }), longitude: fc.nat(180) }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: [] },
);
/** A change of overrides: some are removed. */
export const changedOverrides = fc
  .tuple(
    overrides,
    fc.subarray(["description", "voided", "userInfo", "barcodes", "barcode", "nfc", "locations"]),
  )
  .map(([changed, removed]) => ({ ...changed, ...Object.fromEntries(removed.map((key) => [key, null])) }));
export const without = fc.subarray([
  "locations",
  "barcode",
  "barcodes",
  "voided",
  "expirationDate",
  "newKey",
]);
const field = fc.record(
  { key: named(), label: text(), value: text(200), attributedValue: text(200), changeMessage: text() },
  { requiredKeys: ["key"] },
);
export const templatePass = fc.oneof(
  fc.constant(PASS),
  fc
    .tuple(
      overrides,
      fc.constantFrom("generic", "coupon", "eventTicket", "storeCard"),
      fc.uniqueArray(field, { maxLength: 4, selector: ({ key }) => key }),
    )
    .map(([pass, style, fields]) => ({
      ...PASS,
      ...pass,
      storeCard: undefined,
      [style]: { backFields: fields },
    })),
);
/** A join page. */
export const join = fc.record(
  {
    slug: fc.constantFrom("fuzz", "fuzz-2"),
    fields: fc.uniqueArray(
      fc.record(
        {
          key: fc.constantFrom("points", "until"),
          label: named(),
          type: fc.constantFrom("text", "email", "tel", "date", "select", "checkbox"),
          required: fc.boolean(),
          hint: named(),
          options: fc.array(named(), { minLength: 1, maxLength: 3 }),
          pattern: fc.constantFrom("[a-z]+", "\\p{L}{1,9}", "(", "a)(b"),
        },
        { requiredKeys: ["key", "label", "type"] },
      ),
      { maxLength: 2, selector: ({ key }) => key },
    ),
    title: named(),
    text: named(1000),
    consent: named(),
    cap: fc.constantFrom(1, 3),
    closesAt: fc.constantFrom("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"),
  },
  { requiredKeys: ["slug", "fields"] },
);
export const strings = fc.dictionary(
  fc.constantFrom("fr", "pt-BR"),
  fc.dictionary(named(), text(), { maxKeys: 3 }),
);
export const externalId = named(20).map((id) => `${id} x`);
export const newPass = {
  externalId,
  values,
  pass: overrides,
  without,
  barcodeMessage: text(4000),
  barcodeAltText: text(1000),
  images,
  tags: fc.array(named(100), { maxLength: 3 }),
  eventId: fc.constant("@{event}"),
};
export const some = (shape: Record<string, Part<unknown>>, ...requiredKeys: string[]) =>
  fc.record(shape, { requiredKeys });
