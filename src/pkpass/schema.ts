/**
 * pass.json as Apple documents it, for the five classic styles: what a template holds of it, and what a single pass
 * may override. The types of the whole room come from here.
 *
 * Keys that this page does not know pass through as they stand: Apple adds some every year. What Edgepass itself
 * writes (the identity, the web service) is refused with the reason.
 * Follows Apple's "Pass", "PassFields", "PassFieldContent", "Pass.Barcodes" and "Pass.Locations".
 */
import * as z from "zod";

export const STYLES = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"] as const;
export type Style = (typeof STYLES)[number];

export const SECTIONS = [
  "headerFields",
  "primaryFields",
  "secondaryFields",
  "auxiliaryFields",
  "backFields",
  "additionalInfoFields",
] as const;

/** Keys that Edgepass sets, and where each comes from. */
const OWN_KEYS = {
  serialNumber: "it is the pass's own: give it when you issue the pass",
  authenticationToken: "Edgepass derives it for each pass",
  webServiceURL: "it comes from the setting PUBLIC_ORIGIN",
  passTypeIdentifier: "it comes from the template's passTypeIdentifier",
  teamIdentifier: "it comes from the certificate",
} as const;

/** Apple: "W3C date time stamp". Hours and minutes and a time zone are needed; Wallet refuses milliseconds. */
export const W3C_DATE = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** Whether Wallet can read the value as a date: a real one, with hours, minutes and a time zone. */
export function isW3cDate(value: unknown): boolean {
  if (typeof value !== "string" || !W3C_DATE.test(value) || Number.isNaN(Date.parse(value))) return false;
  // Date.parse rolls 30 February over into March, and Wallet refuses it.
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
}

const date = z
  .string()
  .refine(
    isW3cDate,
    "must be a date with hours, minutes and a time zone, without milliseconds, such as 2026-12-24T18:30+01:00",
  );
const colour = z
  .string()
  .regex(
    /^(rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)|#[0-9a-fA-F]{6})?$/,
    "must be a colour such as rgb(60, 30, 10)",
  )
  .refine(
    (text) => text.startsWith("#") || (text.match(/\d+/g) ?? []).every((part) => Number(part) <= 255),
    "must be a colour whose parts are 0 to 255",
  );
const styleOfDate = z.enum([
  "PKDateStyleNone",
  "PKDateStyleShort",
  "PKDateStyleMedium",
  "PKDateStyleLong",
  "PKDateStyleFull",
]);

const fieldValue = z.union([z.string(), z.number()]);

const field = z
  .looseObject({
    key: z.string().min(1).max(200),
    /** May be absent in a template whose passes bring it. */
    value: fieldValue.optional(),
    label: z.string().optional(),
    attributedValue: fieldValue.optional(),
    changeMessage: z.string().optional(),
    currencyCode: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as EUR")
      .optional(),
    numberStyle: z
      .enum([
        "PKNumberStyleDecimal",
        "PKNumberStylePercent",
        "PKNumberStyleScientific",
        "PKNumberStyleSpellOut",
      ])
      .optional(),
    dateStyle: styleOfDate.optional(),
    timeStyle: styleOfDate.optional(),
    isRelative: z.boolean().optional(),
    ignoresTimeZone: z.boolean().optional(),
    textAlignment: z
      .enum([
        "PKTextAlignmentLeft",
        "PKTextAlignmentCenter",
        "PKTextAlignmentRight",
        "PKTextAlignmentNatural",
      ])
      .optional(),
    dataDetectorTypes: z.array(z.string()).optional(),
  })
  .refine(
    (field) =>
      (field.dateStyle ?? field.timeStyle) === undefined ||
      (field.numberStyle ?? field.currencyCode) === undefined,
    "must not mix date and number styles",
  );
export type Field = z.infer<typeof field>;

const fields = z.array(field).optional();
const passFields = z.looseObject({
  headerFields: fields,
  primaryFields: fields,
  secondaryFields: fields,
  auxiliaryFields: fields,
  backFields: fields,
  additionalInfoFields: fields,
});
const boardingFields = passFields.extend({
  transitType: z.enum([
    "PKTransitTypeAir",
    "PKTransitTypeBoat",
    "PKTransitTypeBus",
    "PKTransitTypeGeneric",
    "PKTransitTypeTrain",
  ]),
});

/** The last four are drawn by iOS 27 and later only. */
const BARCODE_FORMATS = [
  "PKBarcodeFormatQR",
  "PKBarcodeFormatPDF417",
  "PKBarcodeFormatAztec",
  "PKBarcodeFormatCode128",
  "PKBarcodeFormatCode39",
  "PKBarcodeFormatCodabar",
  "PKBarcodeFormatEAN13",
  "PKBarcodeFormatI2of5",
] as const;

const barcode = z.looseObject({
  format: z.enum(BARCODE_FORMATS),
  /** May be absent in a template: then it is the pass's barcodeMessage, or its serial number. */
  message: z.string().optional(),
  messageEncoding: z.string().optional(),
  altText: z.string().optional(),
});
export type Barcode = z.infer<typeof barcode>;

const location = z.looseObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  altitude: z.number().optional(),
  relevantText: z.string().optional(),
});

const beacon = z.looseObject({
  proximityUUID: z.string(),
  major: z.int().min(0).max(65535).optional(),
  minor: z.int().min(0).max(65535).optional(),
  relevantText: z.string().optional(),
});

/** The keys that a template and a pass may both give. */
const common = {
  logoText: z.string().optional(),
  appLaunchURL: z.string().optional(),
  associatedStoreIdentifiers: z.array(z.number()).optional(),
  userInfo: z.unknown().optional(),
  expirationDate: date.optional(),
  voided: z.boolean().optional(),
  relevantDate: date.optional(),
  relevantDates: z
    .array(
      z
        .looseObject({ date: date.optional(), startDate: date.optional(), endDate: date.optional() })
        .refine(
          (entry) => (entry.startDate === undefined) === (entry.endDate === undefined),
          "needs both startDate and endDate, or neither",
        )
        .refine(
          (entry) => (entry.date ?? entry.startDate) !== undefined,
          "needs a date, or startDate and endDate",
        ),
    )
    .optional(),
  locations: z.array(location).max(10, "Wallet takes at most 10 locations").optional(),
  maxDistance: z.number().positive().optional(),
  beacons: z.array(beacon).max(10, "Wallet takes at most 10 beacons").optional(),
  barcode: barcode.optional(),
  barcodes: z.array(barcode).optional(),
  nfc: z.looseObject({ message: z.string().max(64), encryptionPublicKey: z.string() }).optional(),
  backgroundColor: colour.optional(),
  foregroundColor: colour.optional(),
  labelColor: colour.optional(),
  suppressStripShine: z.boolean().optional(),
  groupingIdentifier: z.string().optional(),
  sharingProhibited: z.boolean().optional(),
  semantics: z.record(z.string(), z.unknown()).optional(),
};

function refuseOwnKeys(pass: Record<string, unknown>, context: z.core.$RefinementCtx): void {
  for (const [key, reason] of Object.entries(OWN_KEYS)) {
    if (key in pass)
      context.addIssue({ code: "custom", path: [key], message: `does not belong here: ${reason}` });
  }
}

/** pass.json of a template: all but the identity and the web service. */
export const templatePass = z
  .looseObject({
    ...common,
    formatVersion: z.literal(1).optional(),
    description: z.string().min(1, "must not be empty: VoiceOver reads it"),
    organizationName: z.string().min(1, "must not be empty: the lock screen shows it"),
    boardingPass: boardingFields.optional(),
    coupon: passFields.optional(),
    eventTicket: passFields.optional(),
    generic: passFields.optional(),
    storeCard: passFields.optional(),
  })
  .superRefine((pass, context) => {
    refuseOwnKeys(pass, context);
    const given = STYLES.filter((style) => pass[style] !== undefined);
    if (given.length !== 1) {
      context.addIssue({
        code: "custom",
        path: [given[1] ?? "generic"],
        message: `needs exactly one style of ${STYLES.join(", ")}; there ${given.length === 0 ? "is none" : `are ${given.join(" and ")}`}`,
      });
    }
    const all = [...fieldsOf(pass)];
    if (all.length > MAX_FIELDS) {
      context.addIssue({
        code: "custom",
        path: given.slice(0, 1),
        message: `has more than ${MAX_FIELDS} fields`,
      });
    }
    const seen = new Set<string>();
    for (const { field, path } of all) {
      if (seen.has(field.key)) {
        context.addIssue({
          code: "custom",
          path: [...path, "key"],
          message: `"${field.key}" stands twice: keys are unique in a pass`,
        });
      }
      seen.add(field.key);
    }
  });
export type TemplatePass = z.infer<typeof templatePass>;

/** What one pass overrides of pass.json: any key, but fields go through `values`, and the style is the template's. */
export const passOverrides = z
  .looseObject({
    ...common,
    description: z.string().min(1).optional(),
    organizationName: z.string().min(1).optional(),
  })
  .superRefine((pass, context) => {
    refuseOwnKeys(pass, context);
    for (const style of STYLES) {
      if (style in pass) {
        context.addIssue({
          code: "custom",
          path: [style],
          message: "belongs to the template; a pass sets its fields with values",
        });
      }
    }
  });
export type PassOverrides = z.infer<typeof passOverrides>;

/** What one pass says is bounded, so that all fields of a pass together fit into a row of D1 (2 MB). */
export const overridingValue = z.union([z.string().max(4000), z.number()]);
const MAX_FIELDS = 100;

/** What one pass says of a field: the value alone, or any of the three. */
export const fieldOverride = z.strictObject({
  value: overridingValue.optional(),
  label: z.string().max(500).optional(),
  changeMessage: z.string().max(500).optional(),
});
export type FieldOverride = z.infer<typeof fieldOverride>;
/** A change of it: what is absent stays, null removes. */
export type FieldPatch = { readonly [Key in keyof FieldOverride]?: FieldOverride[Key] | null };
export type FieldOverrides = Readonly<Record<string, FieldOverride>>;

/** Every field of a template with its path in pass.json. */
export function* fieldsOf(pass: Partial<Record<Style, z.infer<typeof passFields>>>) {
  for (const style of STYLES) {
    for (const section of SECTIONS) {
      for (const [index, field] of (pass[style]?.[section] ?? []).entries()) {
        yield { field, path: [style, section, index] as PropertyKey[] };
      }
    }
  }
}
