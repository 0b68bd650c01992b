/**
 * Tables of the encodings with one byte for each character, and of those with two: character → bytes.
 *
 * JavaScript can only decode them. So a table is made by decoding every sequence of bytes that may be a character, when
 * the encoding is first needed. If an encoding has a character twice, the table has the bytes that the Encoding
 * Standard (https://encoding.spec.whatwg.org) writes.
 */

/** Character → its bytes as one number. The first byte is the highest. */
export type Table = ReadonlyMap<string, number>;

interface Multibyte {
  /** The first bytes of characters with two bytes. */
  readonly first: readonly [from: number, to: number];
  /** The lowest second byte. The highest is 0xfe. */
  readonly second: number;
  /** First bytes that are left out, because all their characters are elsewhere too. */
  readonly repeated?: readonly number[];
  /** Characters for which the last of their sequences is written. */
  readonly last?: string;
}

const MULTIBYTE: Readonly<Record<string, Multibyte>> = {
  big5: { first: [0xa1, 0xfe], second: 0x40, last: "═╞╡╪十卅" },
  "euc-jp": { first: [0x8e, 0xfe], second: 0xa1 },
  "euc-kr": { first: [0x81, 0xfe], second: 0x41 },
  gb18030: { first: [0x81, 0xfe], second: 0x40 },
  gbk: { first: [0x81, 0xfe], second: 0x40 },
  shift_jis: { first: [0x81, 0xfc], second: 0x40, repeated: [0xed, 0xee] },
};
const LINE_FEED = 0x0a;
/** GB 18030 numbers its sequences of four bytes: the last one up to U+FFFF, and that of U+10000. */
const LAST_FOUR_BYTES = 39419;
const FIRST_BEYOND = 189000;

/**
 * @param isSubset whether the name means less than what the decoder knows: ISO 8859-9 and not windows-1254, GB 2312 and
 *   not GBK, KS X 1001 and not windows-949
 */
export function makeTable(decoder: TextDecoder, isSubset: boolean): Table {
  const { encoding } = decoder;
  const multibyte = Object.hasOwn(MULTIBYTE, encoding) ? MULTIBYTE[encoding] : undefined;
  const sequences = multibyte === undefined ? range(0x80, 0xff) : listPairs(multibyte, isSubset);
  // Half-width katakana, and the euro sign of GBK, have one byte.
  if (encoding === "shift_jis" || (encoding === "gbk" && !isSubset)) sequences.unshift(...range(0x80, 0xdf));
  if (encoding === "gb18030") sequences.push(...range(0, LAST_FOUR_BYTES).map(toFourBytes));
  const table = new Map(range(0, 0x7f).map((byte) => [String.fromCharCode(byte), byte]));
  for (const [index, text] of decodeEach(sequences, decoder).entries()) {
    const isCharacter =
      text.length === 1 ? text !== "\ufffd" : text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff;
    if (!isCharacter || (table.has(text) && !multibyte?.last?.includes(text))) continue;
    table.set(text, sequences[index] ?? 0);
  }
  // ISO 8859 has control characters where a Windows encoding has printable ones.
  if (!isSubset || multibyte !== undefined) return table;
  for (const [text, byte] of table) if (byte >= 0x80 && byte < 0xa0) table.delete(text);
  for (const byte of range(0x80, 0x9f)) table.set(String.fromCharCode(byte), byte);
  return table;
}

/** @returns undefined if a character is not in the table */
export function encodeByTable(text: string, table: Table, encoding: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const character of text) {
    const beyond = (character.codePointAt(0) ?? 0) - 0x10000;
    const isComputed = encoding === "gb18030" && beyond >= 0;
    const sequence = isComputed ? toFourBytes(FIRST_BEYOND + beyond) : table.get(character);
    if (sequence === undefined) return undefined;
    pushBytes(bytes, sequence);
  }
  return Uint8Array.from(bytes);
}

/** All sequences are decoded at once, with a line feed after each: no character contains one. */
function decodeEach(sequences: readonly number[], decoder: TextDecoder): string[] {
  const bytes: number[] = [];
  for (const sequence of sequences) {
    pushBytes(bytes, sequence);
    bytes.push(LINE_FEED);
  }
  return decoder.decode(Uint8Array.from(bytes)).split("\n");
}

function pushBytes(bytes: number[], sequence: number): void {
  if (sequence > 0xff) pushBytes(bytes, Math.floor(sequence / 0x100));
  bytes.push(sequence % 0x100);
}

function listPairs({ first, second, repeated = [] }: Multibyte, isSubset: boolean): number[] {
  // GB 2312 and KS X 1001 are where both bytes are at least this.
  const lowest = isSubset ? 0xa1 : 0;
  return range(Math.max(first[0], lowest), first[1])
    .filter((byte) => !repeated.includes(byte))
    .flatMap((byte) => range(Math.max(second, lowest), 0xfe).map((next) => byte * 0x100 + next));
}

/** The sequence of four bytes with this number, in GB 18030. */
function toFourBytes(number: number): number {
  const three = Math.floor(number / 10);
  const two = Math.floor(three / 126);
  const one = Math.floor(two / 10);
  return (
    (((0x81 + one) * 0x100 + 0x30 + (two % 10)) * 0x100 + 0x81 + (three % 126)) * 0x100 + 0x30 + (number % 10)
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
