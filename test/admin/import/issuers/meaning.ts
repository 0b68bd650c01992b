/**
 * What a pass means to a phone, as a flat list of facts, so that two passes can be compared in all that they say. The
 * pass type, team, token and address of the web service are left out, because each service writes its own.
 */
import type { CheckedPass } from "../../../apple/pkpass.ts";
import { type Changes, GONE } from "./issuer.ts";
import type { Files } from "./packing.ts";
import { compact, type Json, type JsonObject } from "./writing.ts";

/** Pointer → value. */
type Facts = ReadonlyMap<string, Json>;

const OF_THE_SERVICE = ["passTypeIdentifier", "teamIdentifier", "authenticationToken", "webServiceURL"];
/** The formats of iOS 6 to 8. */
const OLD_FORMATS = ["PKBarcodeFormatQR", "PKBarcodeFormatPDF417", "PKBarcodeFormatAztec"];
const KNOWN_FILE = /^(pass\.json|manifest\.json|signature)$|\.png$|\.lproj\/pass\.strings$/;
/** An empty text of these keys means that there is none. */
const EMPTY_IS_NONE = /\/(\w+Color|changeMessage)$/;

/** A file of an issuer, as it is meant. */
export function meaningOfFile(
  pass: JsonObject,
  contents: Files,
  strings: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Facts {
  const folders = Object.entries(strings).map(([folder, texts]) => [folder.replace("_", "-"), texts]);
  return meaning(compact(pass), contents, Object.fromEntries(folders));
}

/** A pass that Edgepass issued. */
export function meaningOfPass({ files, strings }: CheckedPass): Facts {
  return meaning(new TextDecoder().decode(files["pass.json"]), files, strings);
}

function meaning(pass: string, files: Files, strings: JsonObject): Facts {
  const { "personalization.json": personalization, ...others } = files;
  const images = Object.entries(others)
    .filter(([path]) => path.endsWith(".png"))
    .map(([path, bytes]) => [path, bytes.toBase64()]);
  const strays = Object.keys(others).filter((path) => !KNOWN_FILE.test(path));
  return new Map(
    flatten("", {
      pass: asPhonesRead(readExactly(pass)),
      images: Object.fromEntries(images),
      strings,
      strays,
      ...(personalization === undefined
        ? {}
        : { personalization: readExactly(new TextDecoder().decode(personalization)) }),
    }),
  );
}

/** Parses JSON. A number that a JavaScript number may not hold becomes a bigint, or else a text. */
function readExactly(text: string): JsonObject {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || token.replace(/\D/g, "").length <= 15 ? token : `"number ${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) => {
    const digits = typeof value === "string" ? /^number (-?\d+)$/.exec(value)?.[1] : undefined;
    return digits === undefined ? value : BigInt(digits);
  }) as JsonObject;
}

/** iOS 9 and later read `barcodes`, or else `barcode`. Earlier ones, and other wallets, read `barcode`. */
function asPhonesRead(pass: JsonObject): JsonObject {
  const own = Object.entries(pass).filter(([key]) => !OF_THE_SERVICE.includes(key));
  const { barcode, barcodes = barcode === undefined ? [] : [barcode] } = pass;
  const old =
    barcode ?? (barcodes as JsonObject[]).find(({ format }) => OLD_FORMATS.includes(String(format)));
  return { ...Object.fromEntries(own), barcodes, ...(old === undefined ? {} : { barcode: old }) };
}

function* flatten(pointer: string, value: Json): Generator<readonly [string, Json]> {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) {
    if (value !== "" || !EMPTY_IS_NONE.test(pointer)) yield [pointer, value];
    return;
  }
  for (const [key, member] of Object.entries(value))
    yield* flatten(`${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, member);
}

/** All facts that differ. An image that can be scaled down from a sharper one of `before` is no difference. */
export function changesBetween(before: Facts, after: Facts): Changes {
  const pointers = new Set([...before.keys(), ...after.keys()]);
  const changed = [...pointers].filter((pointer) => {
    const sharper = [2, 3].map((density) => pointer.replace(/(@2x)?\.png$/, `@${density}x.png`));
    const isDerived =
      !before.has(pointer) && pointer.startsWith("/images/") && sharper.some((one) => before.has(one));
    return !isDerived && !same(before.get(pointer), after.get(pointer));
  });
  return Object.fromEntries(
    changed.map((pointer) => [pointer, after.get(pointer) ?? (after.has(pointer) ? null : GONE)]),
  );
}

/** Whether two values without members are equal. */
function same(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : compact(a) === compact(b);
}
