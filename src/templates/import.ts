/**
 * Makes a template from a .pkpass. Parts that belong only to that pass are removed. Everything else stays, including
 * keys that Apple does not document.
 *
 * Removed: the identity and the web service, which Edgepass sets in each pass; `voided`; and a barcode's message and text if
 * they are the serial number, so that each pass shows its own. Corrected: fractions of seconds, which many tools write into
 * dates and Wallet refuses. Other values that may belong to one pass stay and are reported (pass-specific.ts). Manifest and
 * signature are ignored, because passes are built and signed by Edgepass.
 *
 * It stores nothing (templates.ts).
 */

import type { Strings } from "../db/schema.ts";
import { isObject, pointerTo } from "../json.ts";
import { type Finding, sortFindings, truncateFindings, warning } from "../pkpass/finding.ts";
import { IMAGE_PATH, LANGUAGE } from "../pkpass/images/names.ts";
import type { ReadPkpass } from "../pkpass/read/read.ts";
import { invalidPass, isError, lintTemplate, readImageSizes } from "./lint.ts";
import type { Images } from "./packs.ts";
import { findPassSpecificValues } from "./pass-specific.ts";

export interface ImportedTemplate {
  /** Undefined if the file has none. */
  readonly passTypeIdentifier: unknown;
  /** pass.json of a template. The linter has validated it. */
  readonly pass: Readonly<Record<string, unknown>>;
  readonly images: Images;
  readonly strings: Strings;
  /** personalization.json, if the file has one. The linter has validated it. */
  readonly personalization: unknown;
  /** The findings in the file, and a finding for each part that the template does not have. */
  readonly findings: readonly Finding[];
}

/** Keys that belong to one pass or that Edgepass writes. */
const REMOVED_KEYS = [
  "passTypeIdentifier",
  "teamIdentifier",
  "serialNumber",
  "authenticationToken",
  "webServiceURL",
  "voided",
];
/** Codes for parts that a template needs and that cannot be read. Other faults of the archive are not important. */
const UNREADABLE: ReadonlySet<string> = new Set(["missing_pass_json", "broken_image", "broken_strings"]);

/** A date with fractions of seconds, as JavaScript writes it. */
const FRACTION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(Z|[+-]\d\d:\d\d)$/;
/** Keys with text for people, even if it looks like a date. */
const FIELD_TEXTS = new Set(["value", "attributedValue", "label", "message", "altText"]);

/**
 * @param found the findings in the file
 * @param now milliseconds; an expirationDate before it is reported
 * @throws ApiError invalid_pass or number_not_exact, with all findings, if the template would be invalid
 */
export function templateFromPkpass(
  pkpass: ReadPkpass,
  found: readonly Finding[],
  now: number,
): ImportedTemplate {
  const { strings, images, left } = splitFiles(pkpass);
  const { personalization } = pkpass;
  const whole = isObject(pkpass.pass) ? pkpass.pass : undefined;
  const pass = whole === undefined ? {} : withoutOwnParts(whole);
  const unreadable = found.filter(isUnreadable);
  const judged =
    whole === undefined && unreadable.length > 0
      ? []
      : lintTemplate({
          pass: whole === undefined ? pkpass.pass : pass,
          images: readImageSizes(images),
          strings,
          personalization,
        }).findings;
  // A missing icon.png may be derived from a sharper icon when the template is created (images.ts).
  const errors = [...unreadable, ...judged.filter((one) => isError(one) && one.code !== "missing_icon")];
  const findings = truncateFindings(sortFindings([...found, ...left, ...findPassSpecificValues(pass, now)]));
  if (errors.length > 0) throw invalidPass(errors, truncateFindings(sortFindings([...findings, ...errors])));
  const { passTypeIdentifier } = whole ?? {};
  return { passTypeIdentifier, pass, images, strings, personalization, findings };
}

function isUnreadable({ code, pointer }: Finding): boolean {
  const isOwn = pointer === "/pass" || pointer === "/personalization";
  return UNREADABLE.has(code) || (code === "invalid_json" && isOwn);
}

/** The images and strings that a template can have, and a finding for each file that is left out. */
function splitFiles({ strings: byFolder, images: byPath }: ReadPkpass) {
  const left: Finding[] = [];
  const strings = new Map<string, Readonly<Record<string, string>>>();
  for (const [folder, texts] of Object.entries(byFolder)) {
    const language = toLanguage(folder);
    if (LANGUAGE.test(language)) strings.set(language, { ...strings.get(language), ...texts });
    else left.push(notImported(`${folder}.lproj/pass.strings`, "iOS does not know this language"));
  }
  const images = new Map<string, Uint8Array>();
  for (const [path, bytes] of byPath) {
    const name = path.replace(/^[^/]+(?=\.lproj\/)/, toLanguage);
    if (IMAGE_PATH.test(name)) images.set(name, bytes);
    else left.push(notImported(path, "Wallet does not know this image"));
  }
  return { strings: Object.fromEntries(strings), images, left };
}

/** `en_GB`, as some tools write it, is `en-GB`. */
function toLanguage(folder: string): string {
  const [language = "", ...others] = folder.split(/[-_]/);
  return [language.toLowerCase(), ...others].join("-");
}

function notImported(path: string, why: string): Finding {
  const message = `${path} was not imported: ${why}.`;
  return warning(
    "not_imported",
    pointerTo(["files", path]),
    message,
    "Add a replacement to the template if it is needed.",
  );
}

/** pass.json without the parts that belong only to the pass in the file. */
function withoutOwnParts(whole: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const pass: Record<string, unknown> = { ...whole };
  for (const key of REMOVED_KEYS) delete pass[key];
  for (const [key, value] of Object.entries(pass))
    if (key !== "userInfo") pass[key] = withoutFractions(value);
  const { serialNumber } = whole;
  if (Array.isArray(pass.barcodes))
    pass.barcodes = pass.barcodes.map((barcode) => withoutSerialNumber(barcode, serialNumber));
  if (pass.barcode !== undefined) pass.barcode = withoutSerialNumber(pass.barcode, serialNumber);
  return pass;
}

/** Removes fractions of seconds from dates, but not from the value of a field without a date style. */
function withoutFractions(value: unknown, isText = false): unknown {
  if (typeof value === "string") return isText ? value : value.replace(FRACTION, "$1$2");
  if (Array.isArray(value)) return value.map((member) => withoutFractions(member, isText));
  if (!isObject(value)) return value;
  const isDate = value.dateStyle !== undefined || value.timeStyle !== undefined;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    withoutFractions(member, FIELD_TEXTS.has(key) && !(key === "value" && isDate)),
  ]);
  return Object.fromEntries(members);
}

/** A barcode without the serial number of the pass in the file, so that each pass shows its own. */
function withoutSerialNumber(barcode: unknown, serialNumber: unknown): unknown {
  if (!isObject(barcode)) return barcode;
  const own = Object.entries(barcode).filter(
    ([key, value]) => !((key === "message" || key === "altText") && value === serialNumber),
  );
  return Object.fromEntries(own);
}
