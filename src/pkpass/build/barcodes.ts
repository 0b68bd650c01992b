/**
 * The barcodes that a phone shows, from a template, an event and a pass. The renderer, the linter and the search by code
 * use the same functions, so that a pass is found by what its barcodes show and by nothing else.
 *
 * `barcodes` and `barcode` of one layer belong together: the uppermost layer that has one of them replaces both keys of
 * those below, and a change of one of them removes the other. `barcodes` in `without` removes both. Follows Apple's
 * "Pass.Barcodes".
 */
import type { JsonObject } from "../../json.ts";
import type { Barcode, PassOverrides, PassPatch } from "../schema/schema.ts";
import { findUnencodable } from "../text/encode.ts";

/** What one layer says about barcodes. */
export type BarcodeKeys = Pick<PassOverrides, "barcodes" | "barcode">;

/** The barcodes of a layer that may also remove those of the layers below. */
export interface BarcodeLayer {
  readonly overrides: BarcodeKeys;
  readonly without: readonly string[];
}

export interface BarcodeLayers {
  readonly template: BarcodeKeys;
  readonly event: BarcodeLayer | undefined;
  readonly pass: BarcodeLayer;
}

/** What a pass sets for all its barcodes. */
export interface BarcodeContent {
  readonly serialNumber: string;
  /** If null, the barcodes encode their own message, or else the serial number. */
  readonly barcodeMessage: string | null;
  /** If null, the barcodes show their own altText. */
  readonly barcodeAltText: string | null;
  /** With "message", the text below each barcode without an altText is its message. */
  readonly barcodeText: "message" | null;
}

export interface ShownBarcode extends Barcode {
  readonly message: string;
}

/** The two keys of pass.json. They are absent if the pass shows no barcode. */
export interface ShownBarcodes {
  readonly barcodes?: ShownBarcode[];
  /** For iOS 8 and earlier, and for other wallets, which read only this key. */
  readonly barcode?: ShownBarcode;
}

/** The formats of iOS 6 to 8. */
const LEGACY_FORMATS = new Set(["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"]);

/** The barcodes with the messages and texts that they show. The encodings are those that were asked for, if any. */
export function mergeBarcodes(layers: BarcodeLayers, content: BarcodeContent): ShownBarcodes {
  if (takesBarcodes(layers.pass)) return {};
  const source = findSource(layers);
  const show = (barcode: Barcode) => showBarcode(barcode, content);
  const explicit = source.barcode ? [source.barcode] : [];
  const given = source.barcodes?.length ? source.barcodes : explicit;
  // A pass with a barcode message needs a barcode: without a format in the template it is a QR code.
  const needed: Barcode[] = content.barcodeMessage === null ? [] : [{ format: "PKBarcodeFormatQR" }];
  const barcodes = (given.length === 0 ? needed : given).map(show);
  if (content.barcodeMessage === "" || barcodes.length === 0) return {};
  const [legacy] = [...explicit.map(show), ...barcodes.filter(({ format }) => LEGACY_FORMATS.has(format))];
  return { barcodes, ...(legacy === undefined ? {} : { barcode: legacy }) };
}

/** A patch of one layer (RFC 7396). If it names only one of the two keys, it removes the other one. */
export function patchBothBarcodeKeys(patch: JsonObject): JsonObject {
  const names = (key: keyof BarcodeKeys) => Object.hasOwn(patch, key);
  if (names("barcodes") === names("barcode")) return patch;
  return { ...patch, [names("barcodes") ? "barcode" : "barcodes"]: null };
}

/** The barcodes with the encoding that each is written in. */
export function chooseEncodings({ barcodes, barcode }: ShownBarcodes): ShownBarcodes {
  if (barcodes === undefined) return {};
  return {
    barcodes: barcodes.map(chooseEncoding),
    ...(barcode === undefined ? {} : { barcode: chooseEncoding(barcode) }),
  };
}

/** The texts that a scanner can read from the pass. */
export function shownCodes({ barcodes = [], barcode }: ShownBarcodes): ReadonlySet<string> {
  return new Set([...barcodes, ...(barcode === undefined ? [] : [barcode])].map(({ message }) => message));
}

/** The layer whose barcodes are shown. */
function findSource({ template, event, pass }: BarcodeLayers): BarcodeKeys {
  if (hasBarcodes(pass.overrides)) return pass.overrides;
  if (event === undefined) return template;
  if (takesBarcodes(event)) return {};
  return hasBarcodes(event.overrides) ? event.overrides : template;
}

function takesBarcodes({ without }: BarcodeLayer): boolean {
  return without.includes("barcodes");
}

function hasBarcodes({ barcodes, barcode }: BarcodeKeys): boolean {
  return barcodes !== undefined || barcode !== undefined;
}

/** A patch with both keys, if it has one of them: the other is removed. */
export function pairBarcodes(patch: PassPatch): PassPatch {
  if (!("barcodes" in patch) && !("barcode" in patch)) return patch;
  return { ...patch, barcodes: patch.barcodes ?? null, barcode: patch.barcode ?? null };
}

/** An empty altText is left out: it says that there is no text below this barcode. */
function showBarcode({ altText: own, ...barcode }: Barcode, content: BarcodeContent): ShownBarcode {
  const message = content.barcodeMessage ?? (barcode.message || content.serialNumber);
  const followed = content.barcodeText === "message" ? message : undefined;
  const altText = content.barcodeAltText ?? own ?? followed;
  return { ...barcode, message, ...(altText ? { altText } : {}) };
}

/** The encoding that was asked for, if it can write the message. Most scanners expect ISO 8859-1, so it is the default. */
function chooseEncoding(barcode: ShownBarcode): ShownBarcode {
  const asked = barcode.messageEncoding || "iso-8859-1";
  const messageEncoding = findUnencodable(barcode.message, asked) === undefined ? asked : "utf-8";
  return { ...barcode, messageEncoding };
}
