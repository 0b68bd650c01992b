/**
 * Renders pass.json of one pass: the template, overridden by the event, overridden by the pass, and then the keys that
 * Edgepass sets itself. Objects merge by key, and arrays replace those below (merge.ts). After each layer, the keys in its
 * `without` are removed.
 *
 * Values apply to the fields of every style, so that posterGeneric and its fallback style show the same. They do not
 * apply to the fields in upcomingPassInformation. A hidden field is left out, and so is a section of hidden fields only.
 *
 * Pure. It removes parts that were valid when they were stored, but would now make Wallet refuse the pass (a date style
 * for a value that is not a date, an empty colour): a plainer pass is better than one that cannot be installed. Follows
 * Apple's "Pass" and "Pass.Barcodes".
 */
import { writeJson } from "../../json.ts";
import { mergeLayers } from "../../merge.ts";
import { fieldKind, fits } from "../schema/field-kinds.ts";
import {
  type Field,
  type FieldOverride,
  type FieldOverrides,
  type PassOverrides,
  SECTIONS,
  STYLES,
  type TemplatePass,
} from "../schema/schema.ts";
import { type BarcodeContent, type BarcodeLayers, chooseEncodings, mergeBarcodes } from "./barcodes.ts";

/** The keys that identify a pass and authorise the phone that has it. */
export interface PassIdentity {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
  readonly serialNumber: string;
  readonly authenticationToken: string;
  /** Without a trailing slash and query: clients append `/v1/…`. */
  readonly webServiceURL: string;
}

/** Overrides of a template: by field key, and by key of pass.json. */
export interface Layer {
  readonly values: FieldOverrides;
  readonly overrides: PassOverrides;
  /** The keys of pass.json that the layer removes. */
  readonly without: readonly string[];
}

export interface PassContent extends Layer, Omit<BarcodeContent, "serialNumber"> {
  readonly event: Layer | undefined;
  /** Whether the pass was redeemed or voided. Phones show both in the same way. If not, `voided` of the layers applies. */
  readonly voided: boolean;
}

const COLOURS = [
  "backgroundColor",
  "foregroundColor",
  "labelColor",
  "footerBackgroundColor",
  "stripColor",
] as const;

const encoder = new TextEncoder();

/** Renders the bytes of pass.json. */
export function renderPass(template: TemplatePass, content: PassContent, identity: PassIdentity): Uint8Array {
  const merged = mergePass(template, content, identity.serialNumber);
  return encoder.encode(writeJson({ ...merged, ...identity, formatVersion: 1 }));
}

/** Merges template, event and pass into what a phone shows: pass.json without the identity. */
export function mergePass(template: TemplatePass, content: PassContent, serialNumber: string): TemplatePass {
  const layers: readonly Layer[] = content.event === undefined ? [content] : [content.event, content];
  const pass: TemplatePass = { ...template };
  for (const style of STYLES) {
    const given = template[style];
    if (given === undefined) continue;
    const rendered = { ...given };
    for (const section of SECTIONS) {
      const fields = given[section];
      if (fields === undefined) continue;
      const shown = fields.flatMap((field) => {
        const overrides = layers.map(({ values }) => findOverride(values, field.key));
        return renderField(field, overrides) ?? [];
      });
      if (fields.length > 0 && shown.length === 0) delete rendered[section];
      else rendered[section] = shown;
    }
    Object.assign(pass, { [style]: rendered });
  }
  for (const { overrides, without } of layers) {
    for (const [key, value] of Object.entries(overrides)) pass[key] = mergeLayers(pass[key], value);
    for (const key of without) delete pass[key];
  }
  for (const key of COLOURS) if (pass[key] === "") delete pass[key];
  if (content.voided) pass.voided = true;
  delete pass.barcodes;
  delete pass.barcode;
  const barcodes = mergeBarcodes(barcodeLayers(template, content), { ...content, serialNumber });
  return Object.assign(pass, chooseEncodings(barcodes));
}

/** What each layer says about barcodes. */
export function barcodeLayers(template: TemplatePass, content: PassContent): BarcodeLayers {
  return { template, event: content.event, pass: content };
}

/** Only own properties, because a field key may be the name of a property that every object inherits. */
function findOverride(values: FieldOverrides, key: string): FieldOverride | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Undefined for a hidden field. */
function renderField(field: Field, overrides: readonly (FieldOverride | undefined)[]): Field | undefined {
  const { hidden, ...content }: FieldOverride = Object.assign({}, ...overrides);
  if (hidden === true) return undefined;
  const rendered: Field = { ...field, ...content };
  rendered.value ??= "";
  // Wallet shows attributedValue instead of value, so the template's attributedValue would hide the value of this pass.
  if (overrides.some((override) => override?.value !== undefined)) delete rendered.attributedValue;
  // An empty changeMessage would make iOS show a notification without text.
  if (rendered.changeMessage === "") delete rendered.changeMessage;
  if (!fits(fieldKind(rendered), rendered.value)) {
    delete rendered.dateStyle;
    delete rendered.timeStyle;
    delete rendered.isRelative;
    delete rendered.ignoresTimeZone;
    delete rendered.numberStyle;
    delete rendered.currencyCode;
  }
  return rendered;
}
