/**
 * A pack: all files of a template that are the same in each of its passes (images, pass.strings), hashed once, with
 * their ZIP records ready. A pass is then a pack, its pass.json, its manifest and its signature.
 *
 * Pure. It does not check images (images.ts) and knows nothing of R2, where the bytes rest.
 */
import { slotOf } from "../images/names.ts";
import {
  centralBytes,
  localBytes,
  storedEntries,
  writeCentral,
  writeLocal,
  type ZipEntry,
  zipEntry,
} from "./zip.ts";

export interface Pack {
  /** Local records of all files, from offset 0 of the archive. */
  readonly locals: Uint8Array;
  /** Their central directory records. */
  readonly centrals: Uint8Array;
  readonly count: number;
  /** Their lines of manifest.json, each `,"path":"sha1"`. */
  readonly manifest: string;
}

/** "EPK" and the version of the layout below. */
const MAGIC = 0x45504b01;
const HEADER_BYTES = 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Hashes the files and lays out their records.
 * @param files bundle path → bytes. Their order does not matter: the pack is sorted by path.
 */
export async function compilePack(files: ReadonlyMap<string, Uint8Array>): Promise<Pack> {
  const hashed = [...files].map(async ([path, bytes]) => {
    return { path, entry: zipEntry(path, bytes), sha1: await sha1(bytes) };
  });
  return laidOut(await Promise.all(hashed));
}

/** A file of a pack, with what is known of it once it was hashed. */
interface HashedFile {
  readonly path: string;
  readonly entry: ZipEntry;
  readonly sha1: string;
}

function laidOut(files: readonly HashedFile[]): Pack {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const entries = sorted.map(({ entry }) => entry);
  const locals = new Uint8Array(sum(entries, localBytes));
  const centrals = new Uint8Array(sum(entries, centralBytes));
  const localsView = new DataView(locals.buffer);
  const centralsView = new DataView(centrals.buffer);
  let local = 0;
  let central = 0;
  for (const entry of entries) {
    central = writeCentral(centrals, centralsView, central, entry, local);
    local = writeLocal(locals, localsView, local, entry);
  }
  const lines = sorted.map(({ path, sha1 }) => `,${JSON.stringify(path)}:"${sha1}"`);
  return { locals, centrals, count: entries.length, manifest: lines.join("") };
}

/** The pack as one array of bytes. */
export function serialisePack(pack: Pack): Uint8Array {
  const manifest = encoder.encode(pack.manifest);
  const out = new Uint8Array(HEADER_BYTES + pack.locals.length + pack.centrals.length + manifest.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, pack.count);
  view.setUint32(8, pack.locals.length);
  view.setUint32(12, pack.centrals.length);
  view.setUint32(16, manifest.length);
  out.set(pack.locals, HEADER_BYTES);
  out.set(pack.centrals, HEADER_BYTES + pack.locals.length);
  out.set(manifest, HEADER_BYTES + pack.locals.length + pack.centrals.length);
  return out;
}

/** Reads what serialisePack wrote, without copying. @throws Error if these are other bytes. */
export function readPack(bytes: Uint8Array): Pack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== MAGIC) throw new Error("not a pack");
  const centralsAt = HEADER_BYTES + view.getUint32(8);
  const manifestAt = centralsAt + view.getUint32(12);
  if (manifestAt + view.getUint32(16) !== bytes.length) throw new Error("a pack that is cut short");
  return {
    count: view.getUint32(4),
    locals: bytes.subarray(HEADER_BYTES, centralsAt),
    centrals: bytes.subarray(centralsAt, manifestAt),
    manifest: decoder.decode(bytes.subarray(manifestAt)),
  };
}

/** The files of a pack, by path. The bytes are views of the pack's own. */
export function filesOf(pack: Pack): Map<string, Uint8Array> {
  return new Map(hashedFiles(pack).map(({ path, entry }) => [path, entry.bytes]));
}

/**
 * A pack with another one's files laid over it; nothing is hashed again. An image takes the place of all of its slot, in
 * every density and language: else a phone would go on showing the sharper one that was meant to be replaced.
 */
export function overlaidPack(base: Pack, own: Pack): Pack {
  const ownFiles = hashedFiles(own);
  const slots = new Set(ownFiles.map(({ path }) => slotOf(path)));
  const left = hashedFiles(base).filter(({ path }) => {
    const slot = slotOf(path);
    return slot === undefined || !slots.has(slot);
  });
  return laidOut([...left, ...ownFiles]);
}

function hashedFiles(pack: Pack): HashedFile[] {
  const digests: Readonly<Record<string, string>> = JSON.parse(`{${pack.manifest.slice(1)}}`);
  return [...storedEntries(pack.locals)].map((entry) => {
    const path = decoder.decode(entry.name);
    return { path, entry, sha1: digests[path] ?? "" };
  });
}

/** SHA-1 in lower-case hex: what manifest.json lists, by Apple's format. */
export async function sha1(bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

function sum(entries: readonly ZipEntry[], measure: (entry: ZipEntry) => number): number {
  return entries.reduce((total, entry) => total + measure(entry), 0);
}
