/**
 * Passdock's pass, as a client sends it → ours. What is wrong is told in Passdock's order: 400 (not usable at all), 421
 * (no serial number), 420 (a key that the template has not), 422 (a value of the wrong form).
 *
 * What fits which field is not judged here: passes/issue.ts and pkpass/schema/schema.ts do.
 */

import { checked } from "../../admin/openapi/operation.ts";
import { PASSDOCK_MEMBERS } from "../../config.ts";
import { ApiError } from "../../errors.ts";
import { parseJson } from "../../json.ts";
import type { PassChange } from "../../passes/change.ts";
import type { PassRows } from "../../passes/content.ts";
import type { NewPass } from "../../passes/issue.ts";
import { refuseUnfitValues } from "../../passes/refusals.ts";
import type { FieldKind } from "../../pkpass/schema/field-kinds.ts";
import {
  type FieldOverride,
  type FieldOverrides,
  type FieldPatch,
  type PassOverrides,
  passOverrides,
} from "../../pkpass/schema/schema.ts";
import { booleanIn, flagIn, type Hash, isHash, type Sent } from "./body.ts";
import { newPassHash, numberIn, passChangeHash, type Relevance } from "./hash.ts";
import { thumbnailIn, withThumbnail } from "./thumbnail.ts";

type TemplateRow = PassRows["template"];
type Kinds = Readonly<Record<string, FieldKind>>;

/** A change, with what is not part of one. */
export interface Update {
  /** Undefined if it changes nothing of what the pass says. */
  readonly change: Omit<PassChange, "images"> | undefined;
  readonly thumbnail: Uint8Array | undefined;
  readonly redeemed: boolean | undefined;
  /** Whether the answer is to hold the whole pass. */
  readonly debug: boolean;
}

/** The serial number that was sent, if it is a text: to be looked up together with the template. */
export function serialNumberIn({ body: { pass } }: Sent): string | undefined {
  const given = isHash(pass) ? pass.serial_number : undefined;
  return typeof given === "string" && given !== "" ? given : undefined;
}

/**
 * @param taken whether its serial number was given out before
 * @throws ApiError, the first in Passdock's order
 */
export function newPassIn(
  sent: Sent,
  template: TemplateRow,
  taken: boolean,
): { pass: NewPass; debug: boolean } {
  const { hash, redeemed, debug } = hashIn(sent);
  if (taken) {
    throw new ApiError(
      "serial_number_taken",
      `The serial number "${serialNumberIn(sent)}" was given out before, and never is again. Update the pass that has it, or choose another one.`,
    );
  }
  if ((hash.serial_number ?? "") === "") {
    throw new ApiError(
      "serial_number_missing",
      'Put "serial_number" into pass: a text that no other pass has.',
    );
  }
  const kinds: Kinds = parseJson(template.fields);
  refuseUnknownKeys(hash, kinds);
  const given = checked(newPassHash, hash, "value_does_not_fit");
  const { serial_number: serialNumber, redeemed: _, bar, relevance, ...fields } = given;
  const { values } = valuesIn(fields, kinds, sent.form);
  refuseUnfitValues(values, kinds);
  const overrides = Object.entries(relevanceIn(relevance, sent.form)).filter(([, value]) => value !== null);
  const thumbnail = thumbnailIn(sent, template);
  const pass: NewPass = {
    serialNumber,
    values,
    pass: Object.fromEntries(overrides),
    barcodeMessage: bar?.message,
    barcodeAltText: bar?.altText,
    images: thumbnail === undefined ? undefined : withThumbnail(new Map(), thumbnail),
    redeemed,
  };
  return { pass, debug };
}

/** @throws ApiError, the first in Passdock's order */
export function updateIn(sent: Sent, { pass, template }: PassRows): Update {
  const { hash, redeemed, debug } = hashIn(sent);
  const serialNumber = serialNumberIn(sent) ?? pass.serialNumber;
  if (serialNumber !== pass.serialNumber) {
    throw new ApiError(
      "invalid_parameter",
      `The serial number of this pass is "${pass.serialNumber}" and cannot be changed. Leave it out.`,
    );
  }
  const kinds: Kinds = parseJson(template.fields);
  refuseUnknownKeys(hash, kinds);
  const given = checked(passChangeHash, hash, "value_does_not_fit");
  const { serial_number: _, redeemed: __, bar, relevance, ...fields } = given;
  const { values, blank } = valuesIn(fields, kinds, sent.form);
  refuseUnfitValues(values, kinds);
  const patches = withoutOwn(values, blank, parseJson(pass.values));
  const passPatch = relevanceIn(relevance, sent.form);
  const changes = ![patches, passPatch, bar ?? {}].every(isEmpty);
  const change = { values: patches, passPatch, barcodeMessage: bar?.message, barcodeAltText: bar?.altText };
  const thumbnail = thumbnailIn(sent, template);
  return { change: changes ? change : undefined, thumbnail, redeemed, debug };
}

/** All that is 400. */
function hashIn(sent: Sent): { hash: Hash; redeemed: boolean | undefined; debug: boolean } {
  flagIn(sent, "errors");
  const debug = flagIn(sent, "debug") ?? false;
  const { pass } = sent.body;
  if (!isHash(pass)) {
    throw new ApiError("invalid_body", 'Send "pass": a hash such as {"gate": "53"}, or in a form its JSON.');
  }
  return { hash: pass, redeemed: booleanIn(pass.redeemed, "redeemed"), debug };
}

/** @throws ApiError unknown_field */
function refuseUnknownKeys(hash: Hash, kinds: Kinds): void {
  const keys = Object.keys(hash).filter((key) => !PASSDOCK_MEMBERS.has(key));
  refuseUnfitValues(Object.fromEntries(keys.map((key) => [key, {}])), kinds);
}

/** @returns what each field is given, and the keys of dates and numbers that are to be blank */
function valuesIn(
  fields: FieldOverrides,
  kinds: Kinds,
  form: boolean,
): { values: FieldOverrides; blank: string[] } {
  const values: [string, FieldOverride][] = [];
  const blank: string[] = [];
  for (const [key, { value, ...others }] of Object.entries(fields)) {
    const kind = kinds[key] ?? "text";
    const isBlank = kind !== "text" && typeof value === "string" && value.trim() === "";
    if (isBlank) blank.push(key);
    const fitted = isBlank || value === undefined ? {} : { value: fittedTo(kind, value, form) };
    values.push([key, { ...others, ...fitted }]);
  }
  return { values: Object.fromEntries(values.filter(([, override]) => !isEmpty(override))), blank };
}

/** Passdock knows texts only: a number's is read, and a date's is mended if a form has spoiled it. */
function fittedTo(kind: FieldKind, value: string | number, form: boolean): string | number {
  if (typeof value === "number") return value;
  switch (kind) {
    case "text":
      return value;
    case "date":
      return form ? withPlus(value) : value;
    case "number":
      return numberIn(value) ?? value;
  }
}

/** A `+` before the zone's hours that nobody escaped is a space in a form. */
function withPlus(date: string): string {
  return date.replace(/(T\d{2}:\d{2}(?::\d{2})?) (\d{2}:\d{2})$/, "$1+$2");
}

/** The values, with a null for each blank one of which the pass says something. */
function withoutOwn(values: FieldOverrides, blank: readonly string[], own: FieldOverrides) {
  const removed = blank
    .filter((key) => Object.hasOwn(own, key))
    .map((key): [string, FieldPatch] => [key, { ...values[key], value: null }]);
  return { ...values, ...Object.fromEntries(removed) };
}

/** As overrides of pass.json. A null removes. @throws ApiError invalid_pass */
function relevanceIn(
  { locations, relevantDate }: Relevance = {},
  form: boolean,
): Pick<PassOverrides, "locations"> & { relevantDate?: string | null } {
  const blank = relevantDate === null || relevantDate?.trim() === "";
  const date = blank || relevantDate === undefined ? undefined : form ? withPlus(relevantDate) : relevantDate;
  checked(passOverrides, { locations, relevantDate: date }, "invalid_pass");
  return {
    ...(locations === undefined ? {} : { locations }),
    ...(relevantDate === undefined ? {} : { relevantDate: date ?? null }),
  };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
