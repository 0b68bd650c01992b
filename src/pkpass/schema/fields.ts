/**
 * The fields of a pass, and the styles that contain them. posterGeneric (iOS 27) may be combined with one of the five
 * classic styles, which older phones show instead.
 *
 * The number of fields per section is not limited here: Wallet does not draw surplus fields. Follows Apple's
 * "PassFields" and "PassFieldContent".
 */
import * as z from "zod";
import { MAX_CHARACTERS } from "../../limits.ts";
import { DATE_STYLES, NUMBER_STYLES, TEXT_ALIGNMENTS, TRANSIT_TYPES } from "../enumerations.ts";
import { SECTIONS, STYLES, type Style } from "../styles.ts";
import { exactNumber } from "./exact-number.ts";
import { flag, openEnum, since, text } from "./primitives.ts";
import { semantics } from "./semantics.ts";

export { CLASSIC_STYLES, SECTIONS, STYLES, type Style } from "../styles.ts";

const dateStyle = z.enum(DATE_STYLES);

const detectors = ["PhoneNumber", "Link", "Address", "CalendarEvent"].map(
  (type) => `PKDataDetectorType${type}`,
);

const key = z.string().min(1);
/**
 * Two limits of Edgepass, not of Wallet: values are addressed by key, so a key must not be too long, and must not be
 * `__proto__`.
 */
const templateKey = key
  .max(
    MAX_CHARACTERS.fieldKey,
    `must be at most ${MAX_CHARACTERS.fieldKey} characters long. This is a limit of Edgepass, not of Wallet`,
  )
  .refine(
    (key) => key !== "__proto__",
    "must not be __proto__, which no value can have as its key. This is a limit of Edgepass, not of Wallet",
  );

const fieldValue = z.union([z.string(), exactNumber()]);

const content = {
  label: text.optional(),
  attributedValue: fieldValue.optional(),
  changeMessage: text.optional(),
  currencyCode: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as EUR")
    .optional(),
  numberStyle: z.enum(NUMBER_STYLES).optional(),
  dateStyle: dateStyle.optional(),
  timeStyle: dateStyle.optional(),
  isRelative: flag.optional(),
  ignoresTimeZone: flag.optional(),
  textAlignment: z.enum(TEXT_ALIGNMENTS).optional(),
  dataDetectorTypes: z.array(openEnum(detectors)).optional(),
  /** The row of an auxiliary field on an event ticket. */
  row: z.literal([0, 1]).optional(),
  semantics: since("12.0", semantics),
};

type StyleKey = "dateStyle" | "timeStyle" | "numberStyle" | "currencyCode";
type Styled = { readonly [key in StyleKey]?: string | undefined };
const hasBothStyles = ({ dateStyle, timeStyle, numberStyle, currencyCode }: Styled) =>
  (dateStyle ?? timeStyle) !== undefined && (numberStyle ?? currencyCode) !== undefined;
const BOTH_STYLES = {
  error: "must not combine a date style with a number style",
  params: { cure: "Keep either dateStyle and timeStyle, or numberStyle and currencyCode." },
};

/** A field of a template. Its value may be absent if the passes set it. */
export const field = z
  .looseObject({ key: templateKey, ...content, value: fieldValue.optional() })
  .refine((field) => !hasBothStyles(field), BOTH_STYLES)
  .meta({ id: "PassFieldContent" });
export type Field = z.infer<typeof field>;

/** A field in a finished pass. */
export const finishedField = z
  .looseObject({ key, ...content, value: fieldValue })
  .refine((field) => !hasBothStyles(field), BOTH_STYLES)
  .meta({ title: "PassFieldContent" });

const transitType = z.enum(TRANSIT_TYPES);

function sectionsOf<FieldSchema extends z.ZodType>(field: FieldSchema) {
  const fields = z.array(field).optional();
  return {
    headerFields: fields,
    primaryFields: fields,
    secondaryFields: fields,
    auxiliaryFields: fields,
    backFields: fields,
    additionalInfoFields: since("18.0", z.array(field)),
    footerFields: since("27.0", z.array(field)),
  };
}

const sections = sectionsOf(field);
const finishedSections = sectionsOf(finishedField);

function stylesOf<Fields extends z.ZodType, Boarding extends z.ZodType>(fields: Fields, boarding: Boarding) {
  return {
    boardingPass: boarding.optional(),
    coupon: fields.optional(),
    eventTicket: fields.optional(),
    generic: fields.optional(),
    storeCard: fields.optional(),
    posterGeneric: since("27.0", fields),
  };
}

const passFields = z.looseObject(sections).meta({ id: "PassFields" });
const boardingFields = z
  .looseObject({ ...sections, transitType })
  .meta({ id: "BoardingPassFields", title: "PassFields" });

/** The styles of a template. */
export const styles = stylesOf(passFields, boardingFields);
/** The styles of a finished pass. */
export const finishedStyles = stylesOf(
  z.looseObject(finishedSections).meta({ title: "PassFields" }),
  z.looseObject({ ...finishedSections, transitType }).meta({ title: "PassFields" }),
);

/** Every field of a pass with its path in pass.json, without those in upcomingPassInformation. */
export function* fieldsOf(pass: { readonly [style in Style]?: z.infer<typeof passFields> | undefined }) {
  for (const style of STYLES) {
    for (const section of SECTIONS) {
      for (const [index, field] of (pass[style]?.[section] ?? []).entries()) {
        yield { field, path: [style, section, index] as PropertyKey[] };
      }
    }
  }
}
