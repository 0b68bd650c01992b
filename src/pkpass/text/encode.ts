/**
 * The bytes of a text in the encoding of a barcode.
 *
 * Encodings have the names of the Encoding Standard (https://encoding.spec.whatwg.org), which contain the IANA names that
 * are used in practice. The standard gives some names to a larger encoding: "iso-8859-1" is decoded as windows-1252.
 * Here such a name means the smaller one, because a reader may not know the other characters.
 */
import { encodeByTable, makeTable, type Table } from "./tables.ts";

/** Returns undefined if the encoding does not have one of the characters. */
type Encode = (text: string) => Uint8Array | undefined;

interface Encoding {
  readonly encode: Encode;
  /** Whether it has all characters of Unicode. */
  readonly isUnicode: boolean;
}

const ASCII_NAMES = new Set(["ansi_x3.4-1968", "ascii", "us-ascii"]);
const UNICODE = new Set(["utf-8", "utf-16le", "utf-16be", "gb18030"]);
/** Encodings that the standard also gives the names of a smaller one, and the names that are their own. */
const SUPERSET = /^(windows-(1252|1254|874)|gbk|euc-kr)$/;
const SUPERSET_NAME = /^(windows-|x-cp|cp125|dos-|gbk|x-gbk)/;
/** The escape sequences of ISO-2022-JP before two-byte characters, and before ASCII. */
const TO_KANJI = [0x1b, 0x24, 0x42];
const TO_ASCII = [0x1b, 0x28, 0x42];

const encoder = new TextEncoder();
/** The encodings that were used, by name. There are about 220 names. */
const encodings = new Map<string, Encoding>();

/** Whether an encoding has this name, in upper or lower case. */
export function isEncoding(name: string): boolean {
  return findEncoding(name) !== undefined;
}

/**
 * The bytes of the text.
 * @returns undefined if the encoding cannot write it. An unknown encoding can write only ASCII, as almost all can.
 */
export function encodeText(text: string, name: string): Uint8Array | undefined {
  return (findEncoding(name)?.encode ?? encodeAscii)(text);
}

/** The first character that the encoding cannot write; undefined if it can write the text. */
export function findUnencodable(text: string, name: string): string | undefined {
  if (isAscii(text)) return undefined;
  const encoding = findEncoding(name);
  if (encoding?.isUnicode === true) return undefined;
  return [...text].find((character) => (encoding?.encode ?? encodeAscii)(character) === undefined);
}

function findEncoding(name: string): Encoding | undefined {
  const label = name.trim().toLowerCase();
  const known = encodings.get(label);
  if (known !== undefined) return known;
  try {
    const decoder = new TextDecoder(label);
    const encoding = { encode: createEncode(label, decoder), isUnicode: UNICODE.has(decoder.encoding) };
    encodings.set(label, encoding);
    return encoding;
  } catch {
    return undefined; // not a name of the standard
  }
}

function createEncode(label: string, decoder: TextDecoder): Encode {
  const { encoding } = decoder;
  const isSubset = SUPERSET.test(encoding) && !SUPERSET_NAME.test(label);
  switch (encoding) {
    case "utf-8":
      return (text) => encoder.encode(text);
    case "utf-16le":
    case "utf-16be":
      return (text) => encodeUtf16(text, encoding === "utf-16le");
    case "iso-2022-jp":
      return encodeIso2022Jp;
    case "windows-1252":
      if (ASCII_NAMES.has(label)) return encodeAscii;
      if (isSubset) return encodeLatin1;
  }
  let table: Table | undefined;
  return (text) => {
    if (isAscii(text)) return encoder.encode(text);
    table ??= makeTable(decoder, isSubset);
    return encodeByTable(text, table, encoding);
  };
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with the control characters.
  return /^[\x00-\x7f]*$/.test(text);
}

function encodeAscii(text: string): Uint8Array | undefined {
  return isAscii(text) ? encoder.encode(text) : undefined;
}

/** ISO 8859-1 is the first 256 characters of Unicode. */
function encodeLatin1(text: string): Uint8Array | undefined {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  return codes.every((code) => code <= 0xff) ? Uint8Array.from(codes) : undefined;
}

function encodeUtf16(text: string, isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index++)
    view.setUint16(index * 2, text.charCodeAt(index), isLittleEndian);
  return new Uint8Array(view.buffer);
}

/** ASCII, and the two-byte characters of EUC-JP without the highest bit of each byte. */
function encodeIso2022Jp(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  let isKanji = false;
  for (const character of text) {
    const encoded = encodeText(character, "euc-jp");
    if (encoded === undefined || encoded[0] === 0x8e) return undefined; // 0x8e: a half-width katakana
    if (isKanji !== encoded.length > 1) bytes.push(...(isKanji ? TO_ASCII : TO_KANJI));
    isKanji = encoded.length > 1;
    bytes.push(...encoded.map((byte) => byte & 0x7f));
  }
  if (isKanji) bytes.push(...TO_ASCII);
  return Uint8Array.from(bytes);
}
