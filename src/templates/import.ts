/**
 * A template out of the .pkpass of one pass: what belongs to that pass alone is taken out, all else stays as it stands,
 * keys that nobody documents among it.
 *
 * Taken out: the identity and the web service, which Edgepass gives to each pass, whether it is void, and a barcode's message and text where
 * they are the serial number, so that each pass shows its own. Mended: fractions of seconds, which many tools write into
 * dates and Wallet refuses. Whatever else may be one pass's is kept and named (pass-specific.ts). Manifest and signature do not matter: passes are built and signed anew.
 *
 * It stores nothing (templates.ts).
 */
import type { Strings } from "../db/schema.ts";
import { cut, type Finding, pointerOf, sorted, warning } from "../pkpass/finding.ts";
import { IMAGE_PATH, LANGUAGE } from "../pkpass/images/names.ts";
import type { ReadPkpass } from "../pkpass/read/read.ts";
import { invalidPass, isError, lintTemplate, toLintImages } from "./lint.ts";
import type { Images } from "./packs.ts";
import { findPassSpecificValues } from "./pass-specific.ts";

export interface ImportedTemplate {
  /** Undefined if the file names none. */
  readonly passTypeIdentifier: unknown;
  /** pass.json of a template; of the right shape, as the linter found. */
  readonly pass: Readonly<Record<string, unknown>>;
  readonly images: Images;
  readonly strings: Strings;
  /** personalization.json, if the file has one; of the right shape. */
  readonly personalization: unknown;
  /** What was found in the file, and what of it the template does not hold. */
  readonly findings: readonly Finding[];
}

/** Of one pass, or written by Edgepass. */
const OWN_KEYS = [
  "passTypeIdentifier",
  "teamIdentifier",
  "serialNumber",
  "authenticationToken",
  "webServiceURL",
  "voided",
];
/** What is so broken that a template without it would be another pass. What is wrong with the archive is mended. */
const UNREADABLE: ReadonlySet<string> = new Set(["missing_pass_json", "broken_image", "broken_strings"]);

/** A date with fractions of seconds, as JavaScript writes it. */
const FRACTION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+(Z|[+-]\d\d:\d\d)$/;
/** What a person reads, whatever it looks like. */
const FIELD_TEXTS = new Set(["value", "attributedValue", "label", "message", "altText"]);

/**
 * @param found what inspectBundle found in the file
 * @param now milliseconds: what expired before it is said
 * @throws ApiError invalid_pass, with all findings, for what a template must not have
 */
export function templateFromPkpass(
  bundle: ReadPkpass,
  found: readonly Finding[],
  now: number,
): ImportedTemplate {
  const { strings, images, left } = splitFiles(bundle);
  const { personalization } = bundle;
  const whole = isObject(bundle.pass) ? bundle.pass : undefined;
  const pass = whole === undefined ? {} : partsOfAll(whole);
  const unreadable = found.filter(isUnreadable);
  const judged =
    whole === undefined && unreadable.length > 0
      ? []
      : lintTemplate({
          pass: whole === undefined ? bundle.pass : pass,
          images: toLintImages(images),
          strings,
          personalization,
        }).findings;
  // An icon that lacks a density is made of a sharper one, when the template is (images.ts).
  const errors = [...unreadable, ...judged.filter((one) => isError(one) && one.code !== "missing_icon")];
  const findings = cut(sorted([...found, ...left, ...findPassSpecificValues(pass, now)]));
  if (errors.length > 0) throw invalidPass(errors, cut(sorted([...findings, ...errors])));
  const { passTypeIdentifier } = whole ?? {};
  return { passTypeIdentifier, pass, images, strings, personalization, findings };
}

function isUnreadable({ code, pointer }: Finding): boolean {
  const isOwn = pointer === "/pass" || pointer === "/personalization";
  return UNREADABLE.has(code) || (code === "invalid_json" && isOwn);
}

/** The images and strings that a template can hold, and a word on what it cannot. */
function splitFiles({ strings: byFolder, images: byPath }: ReadPkpass) {
  const left: Finding[] = [];
  const strings = new Map<string, Readonly<Record<string, string>>>();
  for (const [folder, texts] of Object.entries(byFolder)) {
    const language = languageOf(folder);
    if (LANGUAGE.test(language)) strings.set(language, { ...strings.get(language), ...texts });
    else left.push(notImported(`${folder}.lproj/pass.strings`, "iOS knows no such language"));
  }
  const images = new Map<string, Uint8Array>();
  for (const [path, bytes] of byPath) {
    const name = path.replace(/^[^/]+(?=\.lproj\/)/, languageOf);
    if (IMAGE_PATH.test(name)) images.set(name, bytes);
    else left.push(notImported(path, "Wallet knows no such image"));
  }
  return { strings: Object.fromEntries(strings), images, left };
}

/** `en_GB`, as some tools write it, is `en-GB`. */
function languageOf(folder: string): string {
  const [language = "", ...others] = folder.split(/[-_]/);
  return [language.toLowerCase(), ...others].join("-");
}

function notImported(path: string, why: string): Finding {
  const message = `${path} is not in the template: ${why}.`;
  return warning(
    "not_imported",
    pointerOf(["files", path]),
    message,
    "Add to the template what is to stand for it.",
  );
}

/** What all passes of the template have in common. */
function partsOfAll(whole: Record<string, unknown>): Record<string, unknown> {
  const pass = { ...whole };
  for (const key of OWN_KEYS) delete pass[key];
  for (const [key, value] of Object.entries(pass)) if (key !== "userInfo") pass[key] = inWholeSeconds(value);
  const { serialNumber } = whole;
  if (Array.isArray(pass.barcodes))
    pass.barcodes = pass.barcodes.map((barcode) => withoutSerialNumber(barcode, serialNumber));
  if (pass.barcode !== undefined) pass.barcode = withoutSerialNumber(pass.barcode, serialNumber);
  return pass;
}

/** Fractions of seconds are left out wherever a date is due: not in what a field says that has no date style. */
function inWholeSeconds(value: unknown, isText = false): unknown {
  if (typeof value === "string") return isText ? value : value.replace(FRACTION, "$1$2");
  if (Array.isArray(value)) return value.map((member) => inWholeSeconds(member, isText));
  if (!isObject(value)) return value;
  const isDate = value.dateStyle !== undefined || value.timeStyle !== undefined;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    inWholeSeconds(member, FIELD_TEXTS.has(key) && !(key === "value" && isDate)),
  ]);
  return Object.fromEntries(members);
}

/** A barcode of one pass as one of all: where it names the pass, each is to show its own serial number. */
function withoutSerialNumber(barcode: unknown, serialNumber: unknown): unknown {
  if (!isObject(barcode)) return barcode;
  const own = Object.entries(barcode).filter(
    ([key, value]) => !((key === "message" || key === "altText") && value === serialNumber),
  );
  return Object.fromEntries(own);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
