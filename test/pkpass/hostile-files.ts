/**
 * Small .pkpass files that become large objects, unless what is parsed and reported is limited. Each has at most a few
 * hundred kilobytes, most of them a few.
 */
import { archive, bytesOf, joined, type Member } from "./archives.ts";
import { chunk, pngOf } from "./png-files.ts";

const TEXT_BYTES = 500_000;
/** Repeats a text as often as it fits into one text file, up to a maximum. */
const often = (text: string, most = Number.POSITIVE_INFINITY) =>
  text.repeat(Math.min(most, Math.floor(TEXT_BYTES / text.length)));
const numbered = (count: number, of: (index: number) => string, separator = ",") =>
  Array.from({ length: count }, (_, index) => of(index)).join(separator);
const file = (path: string, content: string | Uint8Array): Member => ({ path, content });
const pass = (content: string) => [file("pass.json", content)];
const longKey = (length: number) => JSON.stringify("k".repeat(length));

/** A DER sequence of many empty ones. */
function sequenceOfMany(bytes: number): Uint8Array {
  const content = bytesOf("\x30\x00".repeat(bytes / 2));
  return joined([Uint8Array.of(0x30, 0x83, bytes >> 16, (bytes >> 8) & 0xff, bytes & 0xff), content]);
}

/** A PNG with as many empty chunks of text as fit into these bytes. */
function pngOfChunks(bytes: number): Uint8Array {
  const png = pngOf({ width: 1, height: 1, type: 0 });
  const empty = chunk("tEXt", []);
  const chunks = new Uint8Array(Math.floor(bytes / empty.length) * empty.length);
  for (let at = 0; at < chunks.length; at += empty.length) chunks.set(empty, at);
  return joined([png.subarray(0, 33), chunks, png.subarray(33)]);
}

export const HOSTILE_FILES: Readonly<Record<string, () => readonly Member[]>> = {
  "keys that are repeated below 62 objects, compressed to a thousand bytes": () => [
    { ...file("pass.json", `${'{"ab":'.repeat(62)}{${often('"":1,')}"":1}${"}".repeat(62)}`), method: 8 },
  ],
  "keys that are repeated below 62 objects": () =>
    pass(`${'{"ab":'.repeat(62)}{${often('"":1,', 9000)}"":1}${"}".repeat(62)}`),
  "keys that are repeated in every object": () =>
    pass(`{"userInfo":[${numbered(3000, () => '{"":1,"":1}')}]}`),
  "numbers that no double equals, below a long key": () =>
    pass(`{${longKey(400_000)}:[${numbered(9000, () => "1e400")}]}`),
  "control characters below a long key": () =>
    pass(`{${longKey(200_000)}:[${numbered(9000, () => '"\\u0001"')}]}`),
  "the key __proto__ below a long key": () =>
    pass(`{${longKey(200_000)}:[${numbered(4000, () => '{"__proto__":1}')}]}`),
  "empty arrays": () => pass(`{"userInfo":[${often("[],")}[]]}`),
  "nested objects": () => pass(`[${often(`${'{"a":'.repeat(60)}1${"}".repeat(60)},`)}1]`),
  "fields of a wrong type": () => pass(`{"generic":{"backFields":[${often("[],", 9000)}[]]}}`),
  "fields without anything": () => pass(`{"generic":{"backFields":[${often("{},", 9000)}{}]}}`),
  "fields with a value of a wrong type": () =>
    pass(`{"generic":{"backFields":[${often('{"key":"","value":[]},', 3000)}{}]}}`),
  "fields with many faults": () =>
    pass(
      `{"generic":{"backFields":[${often('{"dateStyle":1,"timeStyle":1,"currencyCode":1,"numberStyle":1,"row":2,"semantics":{"seats":[]}},', 1200)}{}]}}`,
    ),
  "unknown keys": () => pass(`{${numbered(9900, (index) => `"${index}${"k".repeat(40)}":1`)}}`),
  "comments and trailing commas": () => pass(`[${often("[1,],/**/", 4900)}1]`),
  "wrong values everywhere": () =>
    pass(
      `{"locations":[${often('{"latitude":"","longitude":[]},', 3000)}1],"barcodes":[${often("{},", 300)}1]}`,
    ),
  "a manifest of many files": () => [
    ...pass("{}"),
    file("manifest.json", `{${numbered(9900, (index) => `"${index}${"f".repeat(40)}":1`)}}`),
  ],
  "four files of empty arrays": () =>
    ["pass", "personalization", "tooling", "manifest"].map((name) =>
      file(`${name}.json`, `[${often("[],", 9900)}[]]`),
    ),
  "many translations": () => [
    ...pass("{}"),
    ...["en", "de", "fr"].map((language) =>
      file(
        `${language}.lproj/pass.strings`,
        numbered(13_000, (index) => `${language}${index}=b;`, ""),
      ),
    ),
  ],
  "control characters in translations": () => [
    ...pass("{}"),
    ...["en", "de"].map((language) =>
      file(
        `${language}.lproj/pass.strings`,
        numbered(9000, (index) => `"\\U1${index}"="\\U1";`, ""),
      ),
    ),
  ],
  "strings of quotation marks": () => [...pass("{}"), file("en.lproj/pass.strings", `"${often("'")}"=a;`)],
  "names with many folders": () =>
    numbered(490, (index) => `${index}/${"a/".repeat(230)}x`, "\n")
      .split("\n")
      .map((path) => ({ path, content: "" })),
  "images in many languages": () => [
    ...pass("{}"),
    ...numbered(490, (index) => `x${index}.lproj/logo.png`, "\n")
      .split("\n")
      .map((path) => ({ path, content: pngOf({ width: 1, height: 1, type: 0 }) })),
  ],
  "an image of many chunks": () => [
    ...pass("{}"),
    { ...file("icon.png", pngOfChunks(1_000_000)), method: 8 },
  ],
  "a signature of many parts": () => [
    ...pass("{}"),
    file("manifest.json", "{}"),
    file("signature", sequenceOfMany(90_000)),
  ],
};

export const hostileFile = (members: readonly Member[]) => archive(members);
