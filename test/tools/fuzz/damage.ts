/**
 * Ways to damage a .pkpass: bits flip, it is truncated, bytes are inserted, its directory has wrong values. Or the
 * damage is in one of its files, which is packed correctly, so that it is read. Damage is data, so that a request that
 * found a fault can be printed without the file, and sent again.
 *
 * Follows PKWARE's APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import fc from "fast-check";
import { openArchive } from "../../apple/iphone-zip.ts";
import { archive } from "../../pkpass/archives.ts";

/** `at` is a position or a record, modulo their number, so that it is valid for any file. */
export type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly mask: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: readonly number[] }
  | { readonly kind: "repack"; readonly path: string; readonly changes: readonly Damage[] }
  | { readonly kind: "lie"; readonly at: number; readonly field: Field; readonly value: number };

/** The fields of an entry: their offsets in the central directory and in the local header, and their sizes. */
const FIELDS = {
  flags: [8, 6, 2],
  method: [10, 8, 2],
  crc: [16, 14, 4],
  compressedBytes: [20, 18, 4],
  bytes: [24, 22, 4],
  nameBytes: [28, 26, 2],
  extraBytes: [30, 28, 2],
  commentBytes: [32, undefined, 2],
  disk: [34, undefined, 2],
  attributes: [38, undefined, 4],
  headerAt: [42, undefined, 4],
} as const satisfies Record<string, readonly [number, number | undefined, 2 | 4]>;
type Field = keyof typeof FIELDS;

const CENTRAL = 0x02014b50;
const VALUES = [0, 1, 8, 9, 0x7fff, 0xfffe, 0xffff, 0x10000, 0x1000000, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** The files of a pass whose content is parsed. */
const PATHS = [
  ...["signature", "manifest.json", "pass.json", "personalization.json"],
  ...["fr.lproj/pass.strings", "icon.png"],
];

const fields = Object.keys(FIELDS) as Field[];
const ofBytes: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant("flip"), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("cut"), at: fc.nat() }),
  fc.record({
    kind: fc.constant("insert"),
    at: fc.nat(),
    bytes: fc.array(fc.nat(255), { minLength: 1, maxLength: 9 }),
  }),
);
const ofFile: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constant("repack"),
  path: fc.constantFrom(...PATHS),
  changes: fc.array(ofBytes, { minLength: 1, maxLength: 3 }),
});
const lie: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constant("lie"),
  at: fc.nat(40),
  field: fc.constantFrom(...fields),
  value: fc.oneof(fc.constantFrom(...VALUES), fc.nat(500)),
});
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 5, arbitrary: ofFile },
  { weight: 1, arbitrary: ofBytes },
  { weight: 2, arbitrary: lie },
);

/** The file after all of the damage, one step after the other. */
export function damaged(file: Uint8Array, all: readonly Damage[]): Uint8Array {
  return all.reduce(after, file);
}

function after(file: Uint8Array, change: Damage): Uint8Array {
  const place = (at: number) => at % Math.max(1, file.length);
  switch (change.kind) {
    case "flip":
      return file.map((byte, i) => (i === place(change.at) ? byte ^ change.mask : byte));
    case "cut":
      return file.slice(0, place(change.at));
    case "insert": {
      const at = place(change.at);
      return Uint8Array.from([...file.subarray(0, at), ...change.bytes, ...file.subarray(at)]);
    }
    case "repack":
      return repacked(file, change.path, change.changes);
    case "lie":
      return withLie(file.slice(), change.at, change.field, change.value);
  }
}

/** Replaces the bytes of one of its files, with correct checksums. A file that is already damaged stays unchanged. */
function repacked(file: Uint8Array, path: string, changes: readonly Damage[]): Uint8Array {
  try {
    const files = Object.entries(openArchive(file));
    const members = files.map(([name, content]) => ({
      path: name,
      content: name === path ? damaged(content, changes) : content,
    }));
    return archive(members);
  } catch {
    return file;
  }
}

/** The same wrong value in both records of an entry, because an entry that contradicts itself would be rejected early. */
function withLie(file: Uint8Array, record: number, field: Field, value: number): Uint8Array {
  const view = new DataView(file.buffer);
  const centrals: number[] = [];
  for (let at = 0; at + 46 <= file.length; at++) if (view.getUint32(at, true) === CENTRAL) centrals.push(at);
  const central = centrals[record % Math.max(1, centrals.length)];
  if (central === undefined) return file;
  const local = view.getUint32(central + 42, true);
  const [inCentral, inLocal, bytes] = FIELDS[field];
  const places = [central + inCentral, ...(inLocal === undefined ? [] : [local + inLocal])];
  for (const at of places) {
    if (at + bytes > file.length) continue;
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return file;
}
