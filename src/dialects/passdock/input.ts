/**
 * Converts the pass hash of Passdock's API to a new pass or a change. Errors come in Passdock's order: 400 (unusable), 421
 * (no serial number), 420 (a key that the template does not have), 422 (a value in the wrong format).
 *
 * Whether a value fits its field is checked by passes/issue.ts and pkpass/schema/schema.ts.
 */

import { PASSDOCK_MEMBERS } from "../../config.ts";
import { ApiError } from "../../errors.ts";
import { refuseUnstorable, validate } from "../../http/validate.ts";
import { type ExactNumber, isNumber, isObject, parseJson } from "../../json.ts";
import type { PassChange } from "../../passes/change-statements.ts";
import type { PassRows } from "../../passes/content.ts";
import { refuseUnfitValues } from "../../passes/field-values.ts";
import type { NewPass } from "../../passes/issue.ts";
import type { FieldKind } from "../../pkpass/schema/field-kinds.ts";
import {
  type FieldOverride,
  type FieldOverrides,
  type FieldPatch,
  type PassOverrides,
  passOverrides,
} from "../../pkpass/schema/schema.ts";
import { type Hash, type Input, parseBoolean, parseFlag } from "./body.ts";
import { newPassHash, parseNumber, passUpdateHash, type Relevance } from "./hash.ts";
import { demandRedeemable } from "./redeem.ts";
import { parseThumbnail, replaceThumbnail } from "./thumbnail.ts";

type TemplateRow = PassRows["template"];
type Kinds = Readonly<Record<string, FieldKind>>;

/** An update: the change of the pass's content, the other writes, and the form of the response. */
export interface Update {
  /** Undefined if the content does not change. */
  readonly change: Omit<PassChange, "images"> | undefined;
  readonly thumbnail: Uint8Array | undefined;
  readonly redeemed: boolean | undefined;
  /** Whether the response is the full pass. */
  readonly debug: boolean;
}

/** The serial number in the hash, if it is a non-empty string. */
export function findSerialNumber({ body: { pass } }: Input): string | undefined {
  const serialNumber = isObject(pass) ? pass.serial_number : undefined;
  return typeof serialNumber === "string" && serialNumber !== "" ? serialNumber : undefined;
}

/**
 * @param isTaken whether another pass has, or had, this serial number
 * @throws ApiError, the first in Passdock's order
 */
export function parseNewPass(
  input: Input,
  template: TemplateRow,
  isTaken: boolean,
): { pass: NewPass; debug: boolean } {
  const { hash, redeemed, debug } = parsePassHash(input);
  if (isTaken) {
    throw new ApiError(
      "serial_number_taken",
      `The serial number "${findSerialNumber(input)}" was used before, and serial numbers are never reused. Update the pass that has it, or choose another one.`,
    );
  }
  if ((hash.serial_number ?? "") === "") {
    throw new ApiError(
      "serial_number_missing",
      'Add "serial_number" to pass: a string that no other pass has.',
    );
  }
  const kinds: Kinds = parseJson(template.fields);
  refuseUnknownKeys(hash, kinds);
  refuseUnstorable(hash, ["pass"]);
  const parsed = validate(newPassHash, hash, "value_does_not_fit");
  const { serial_number: serialNumber, redeemed: _, bar, relevance, ...fields } = parsed;
  const { values } = convertValues(fields, kinds, input.isForm);
  refuseUnfitValues(values, kinds);
  const overrides = Object.entries(convertRelevance(relevance, input.isForm)).filter(
    ([, value]) => value !== null,
  );
  const thumbnail = parseThumbnail(input, template);
  const pass: NewPass = {
    serialNumber,
    values,
    pass: Object.fromEntries(overrides),
    barcodeMessage: bar?.message,
    barcodeAltText: bar?.altText,
    images: thumbnail === undefined ? undefined : replaceThumbnail(new Map(), thumbnail),
    redeemed,
  };
  return { pass, debug };
}

/** @throws ApiError, the first in Passdock's order; also if the pass cannot be redeemed now */
export function parseUpdate(input: Input, rows: PassRows, now: number): Update {
  const { pass, template } = rows;
  const { hash, redeemed, debug } = parsePassHash(input);
  const serialNumber = findSerialNumber(input) ?? pass.serialNumber;
  if (serialNumber !== pass.serialNumber) {
    throw new ApiError(
      "invalid_parameter",
      `The serial number of this pass is "${pass.serialNumber}" and cannot be changed. Remove it from the request.`,
    );
  }
  if (redeemed === true) demandRedeemable(rows, now);
  const kinds: Kinds = parseJson(template.fields);
  refuseUnknownKeys(hash, kinds);
  refuseUnstorable(hash, ["pass"]);
  const parsed = validate(passUpdateHash, hash, "value_does_not_fit");
  const { serial_number: _, redeemed: __, bar, relevance, ...fields } = parsed;
  const { values, blankKeys } = convertValues(fields, kinds, input.isForm);
  refuseUnfitValues(values, kinds);
  const patches = removeBlankValues(values, blankKeys, parseJson(pass.values));
  const overrides = convertRelevance(relevance, input.isForm);
  const isChange = ![patches, overrides, bar ?? {}].every(isEmpty);
  const change = {
    values: patches,
    pass: overrides,
    barcodeMessage: bar?.message,
    barcodeAltText: bar?.altText,
  };
  const thumbnail = parseThumbnail(input, template);
  return { change: isChange ? change : undefined, thumbnail, redeemed, debug };
}

/** Checks everything whose error is 400. */
function parsePassHash(input: Input): { hash: Hash; redeemed: boolean | undefined; debug: boolean } {
  parseFlag(input, "errors");
  const debug = parseFlag(input, "debug") ?? false;
  const { pass } = input.body;
  if (!isObject(pass)) {
    throw new ApiError(
      "invalid_body",
      'Send "pass" as a hash such as {"gate": "53"}. In a form, send it as JSON text.',
    );
  }
  return { hash: pass, redeemed: parseBoolean(pass.redeemed, "redeemed"), debug };
}

/** @throws ApiError unknown_field */
function refuseUnknownKeys(hash: Hash, kinds: Kinds): void {
  const keys = Object.keys(hash).filter((key) => !PASSDOCK_MEMBERS.has(key));
  refuseUnfitValues(Object.fromEntries(keys.map((key) => [key, {}])), kinds);
}

/** @returns the values by field, and the keys of the dates and numbers that the client sent as blank text */
function convertValues(
  fields: FieldOverrides,
  kinds: Kinds,
  isForm: boolean,
): { values: FieldOverrides; blankKeys: string[] } {
  const values: [string, FieldOverride][] = [];
  const blankKeys: string[] = [];
  for (const [key, { value, ...others }] of Object.entries(fields)) {
    const kind = kinds[key] ?? "text";
    const isBlank = kind !== "text" && typeof value === "string" && value.trim() === "";
    if (isBlank) blankKeys.push(key);
    const converted = isBlank || value === undefined ? {} : { value: convertValue(kind, value, isForm) };
    values.push([key, { ...others, ...converted }]);
  }
  return { values: Object.fromEntries(values.filter(([, override]) => !isEmpty(override))), blankKeys };
}

/** Passdock's values are texts: parses numbers, and repairs dates in forms. */
function convertValue(kind: FieldKind, value: string | number | ExactNumber, isForm: boolean) {
  if (isNumber(value)) return value;
  switch (kind) {
    case "text":
      return value;
    case "date":
      return isForm ? restorePlus(value) : value;
    case "number":
      return parseNumber(value) ?? value;
  }
}

/** In a form, a `+` before the UTC offset that was not escaped arrives as a space. */
function restorePlus(date: string): string {
  return date.replace(/(T\d{2}:\d{2}(?::\d{2})?) (\d{2}:\d{2})$/, "$1+$2");
}

/** Adds a null for each blank key for which the pass has its own value. The null removes that value. */
function removeBlankValues(values: FieldOverrides, blankKeys: readonly string[], own: FieldOverrides) {
  const removed = blankKeys
    .filter((key) => Object.hasOwn(own, key))
    .map((key): [string, FieldPatch] => [key, { ...values[key], value: null }]);
  return { ...values, ...Object.fromEntries(removed) };
}

/** Converts relevance to a change of the overrides of pass.json. A null removes the override. @throws ApiError invalid_pass */
function convertRelevance(
  { locations, relevantDate }: Relevance = {},
  isForm: boolean,
): Pick<PassOverrides, "locations"> & { relevantDate?: string | null } {
  const isBlank = relevantDate === null || relevantDate?.trim() === "";
  const text = isForm && relevantDate ? restorePlus(relevantDate) : relevantDate;
  const date = isBlank ? undefined : (text ?? undefined);
  validate(passOverrides, { locations, relevantDate: date }, "invalid_pass");
  return {
    ...(locations === undefined ? {} : { locations }),
    ...(relevantDate === undefined ? {} : { relevantDate: date ?? null }),
  };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
