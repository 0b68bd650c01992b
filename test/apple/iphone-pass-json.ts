/**
 * Judges pass.json as Wallet does when it opens a bundle, and finds the fields in it. It checks only faults that make
 * Wallet refuse a pass, not faults of appearance, and it does not use the archive or the signature.
 *
 * Follows Apple's Wallet Passes documentation: Pass, PassFields, PassFieldContent, Barcodes, RelevantDates.
 */
import { demand, isObject } from "./iphone-invalid-pass.ts";

const STYLES = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard"];
const FIELD_GROUPS = [
  "headerFields",
  "primaryFields",
  "secondaryFields",
  "auxiliaryFields",
  "backFields",
  "additionalInfoFields",
  "footerFields",
];
const REQUIRED_STRINGS = [
  "description",
  "organizationName",
  "passTypeIdentifier",
  "serialNumber",
  "teamIdentifier",
];
const TRANSIT_TYPE = /^PKTransitType(Air|Boat|Bus|Generic|Train)$/;
const DATE_STYLE = /^PKDateStyle(None|Short|Medium|Long|Full)$/;
const NUMBER_STYLE = /^PKNumberStyle(Decimal|Percent|Scientific|SpellOut)$/;
const BARCODE_FORMAT = /^PKBarcodeFormat(QR|PDF417|Aztec|Code128|Code39|Codabar|EAN13|I2of5)$/;
const SHORTEST_TOKEN = 16;
const MOST_LOCATIONS = 10;
/** W3C's NOTE-datetime with a time zone; Wallet refuses milliseconds and `+0000`. */
const W3C_DATE = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/;

/** One PassFieldContent object, with its key. */
export type PassField = Record<string, unknown> & { key: string };

/**
 * The fields of a pass by key. If two styles have the same key (a poster and its fallback), the first one counts.
 */
export function fieldsOf(pass: Record<string, unknown>): Map<string, PassField> {
  const fields = new Map<string, PassField>();
  for (const style of ["posterGeneric", ...STYLES]) {
    for (const field of styleFields(pass[style], style)) {
      if (!fields.has(field.key)) fields.set(field.key, field);
    }
  }
  return fields;
}

/**
 * Throws if Wallet would not accept this pass.json.
 * @throws InvalidPass
 */
export function checkPassJson(pass: Record<string, unknown>): void {
  for (const key of REQUIRED_STRINGS) {
    demand(typeof pass[key] === "string" && pass[key] !== "", `pass.json lacks the string ${key}`);
  }
  demand(pass.formatVersion === 1, "formatVersion must be the number 1");
  checkStyles(pass);
  checkWebService(pass);
  checkDates(pass);
  checkBarcodes(pass);
  const { locations = [], voided = false } = pass;
  demand(typeof voided === "boolean", "voided must be true or false");
  demand(
    Array.isArray(locations) && locations.length <= MOST_LOCATIONS,
    "locations must be an array of at most ten",
  );
  for (const location of locations) {
    const isPlace =
      isObject(location) && typeof location.latitude === "number" && typeof location.longitude === "number";
    demand(isPlace, "a location needs latitude and longitude as numbers");
  }
}

function checkStyles(pass: Record<string, unknown>): void {
  const isPoster = "posterGeneric" in pass;
  const styles = STYLES.filter((style) => style in pass);
  demand(
    isPoster || styles.length === 1,
    `a pass has exactly one style, this has ${styles.length}: ${styles.join(", ")}`,
  );
  for (const style of isPoster ? ["posterGeneric", ...styles] : styles) {
    const keys = new Set<string>();
    for (const field of styleFields(pass[style], style)) {
      demand(!keys.has(field.key), `the field key "${field.key}" is used twice`);
      keys.add(field.key);
      checkField(field);
    }
  }
  if (isObject(pass.boardingPass)) {
    demand(
      TRANSIT_TYPE.test(String(pass.boardingPass.transitType)),
      "boardingPass needs a transitType that Apple defines",
    );
  }
}

function styleFields(style: unknown, name: string): PassField[] {
  if (style === undefined) return [];
  demand(isObject(style), `${name} must be an object`);
  return FIELD_GROUPS.flatMap((group) => {
    const fields = style[group] ?? [];
    demand(Array.isArray(fields), `${group} must be an array`);
    return fields.map((field: unknown): PassField => {
      demand(isObject(field), `${group} holds something that is not a field`);
      const { key } = field;
      demand(typeof key === "string" && key !== "", `a field in ${group} has no key`);
      return { ...field, key };
    });
  });
}

function checkField({ key, value, ...field }: PassField): void {
  demand(typeof value === "string" || typeof value === "number", `field "${key}" has no value`);
  const isDate = field.dateStyle !== undefined || field.timeStyle !== undefined;
  const isNumber = field.numberStyle !== undefined || field.currencyCode !== undefined;
  demand(!(isDate && isNumber), `field "${key}" mixes date and number styles`);
  if (isDate) checkDate(value, `field "${key}"`);
  for (const style of [field.dateStyle, field.timeStyle]) {
    demand(style === undefined || DATE_STYLE.test(String(style)), `field "${key}" has an unknown date style`);
  }
  if (isNumber)
    demand(typeof value === "number", `field "${key}" has a number style, its value is no number`);
  demand(
    field.numberStyle === undefined || NUMBER_STYLE.test(String(field.numberStyle)),
    `field "${key}" has an unknown numberStyle`,
  );
  demand(
    field.currencyCode === undefined || /^[A-Z]{3}$/.test(String(field.currencyCode)),
    `field "${key}" has a currencyCode that is not of ISO 4217`,
  );
  for (const name of ["label", "changeMessage"]) {
    const isText = ["undefined", "string"].includes(typeof field[name]);
    demand(isText, `${name} of field "${key}" must be a string`);
  }
}

function checkWebService({ webServiceURL, authenticationToken }: Record<string, unknown>): void {
  demand(
    (webServiceURL === undefined) === (authenticationToken === undefined),
    "webServiceURL and authenticationToken go together, one is missing",
  );
  if (webServiceURL === undefined) return;
  demand(
    typeof webServiceURL === "string" && URL.canParse(webServiceURL) && /^https?:/.test(webServiceURL),
    "webServiceURL is no web address",
  );
  demand(
    !/[?#]/.test(webServiceURL) && !webServiceURL.endsWith("/"),
    "webServiceURL has a query, a fragment or a final slash",
  );
  demand(
    typeof authenticationToken === "string" && authenticationToken.length >= SHORTEST_TOKEN,
    `authenticationToken must be a string of at least ${SHORTEST_TOKEN} characters`,
  );
}

function checkDates({ expirationDate, relevantDate, relevantDates = [] }: Record<string, unknown>): void {
  if (expirationDate !== undefined) checkDate(expirationDate, "expirationDate");
  if (relevantDate !== undefined) checkDate(relevantDate, "relevantDate");
  demand(Array.isArray(relevantDates), "relevantDates must be an array");
  for (const entry of relevantDates) {
    demand(isObject(entry), "relevantDates holds something that is not an object");
    const { date = entry.relevantDate, startDate, endDate } = entry;
    demand(date !== undefined || startDate !== undefined, "an entry of relevantDates has no date");
    demand((startDate === undefined) === (endDate === undefined), "startDate and endDate go together");
    for (const part of [date, startDate, endDate]) {
      if (part !== undefined) checkDate(part, "relevantDates");
    }
  }
}

/** The wording is the one in the device's console. */
function checkDate(value: unknown, name: string): void {
  const [, year, month, day] = (typeof value === "string" && W3C_DATE.exec(value)) || [];
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const isDate =
    !Number.isNaN(Date.parse(String(value))) && midnight.getUTCDate() === Number(day) && day !== undefined;
  demand(
    isDate,
    `Unable to parse ${name} ${String(value)} as a date. We expect dates in "W3C date time stamp format"`,
  );
}

function checkBarcodes({ barcode, barcodes = [] }: Record<string, unknown>): void {
  demand(Array.isArray(barcodes), "barcodes must be an array");
  for (const entry of barcode === undefined ? barcodes : [barcode, ...barcodes]) {
    demand(isObject(entry), "a barcode must be an object");
    demand(
      BARCODE_FORMAT.test(String(entry.format)),
      `unknown barcode format ${JSON.stringify(entry.format)}`,
    );
    demand(typeof entry.message === "string", "a barcode needs a message");
    demand(typeof entry.messageEncoding === "string", "a barcode needs a messageEncoding");
  }
}
