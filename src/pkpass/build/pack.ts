/**
 * A pack: the files of a template that all of its passes share (images, pass.strings), hashed once and written as ZIP
 * records. Building a pass adds pass.json, the manifest and the signature.
 *
 * Pure. Other modules validate the images and store the bytes in R2.
 */

import { joinPieces, lengthOf, type Pieces } from "../../bytes.ts";
import { isObject, parseJson, writeJson } from "../../json.ts";
import { slotOf } from "../images/names.ts";
import {
  bytesBeforeContent,
  centralBytes,
  entryBytes,
  localBytes,
  localRecord,
  storedFiles,
  writeCentral,
  type ZipFile,
  zipFile,
} from "./zip.ts";

export interface Pack {
  /** Sorted by path. */
  readonly files: readonly HashedFile[];
  /** Local records of all files, in this order. They start at offset 0 of the archive. */
  readonly locals: Pieces;
  /** Their central directory records. */
  readonly centrals: Uint8Array;
  /** Their lines of manifest.json, each `,"path":"sha1"`. */
  readonly manifest: string;
}

/** SHA-1 in hex. */
export const SHA1_CHARACTERS = 40;
/** "EPK" and the version of the layout below. */
const MAGIC = 0x45504b01;
const HEADER_BYTES = 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Hashes the files and writes their records.
 * @param files path in the .pkpass → bytes. The order does not matter: the pack is sorted by path.
 */
export async function compilePack(files: ReadonlyMap<string, Uint8Array>): Promise<Pack> {
  const hashed = [...files].map(async ([path, bytes]) => {
    return { path, file: zipFile(path, [bytes]), sha1: await sha1(bytes) };
  });
  return layOut(await Promise.all(hashed));
}

/** A file of a pack with its hash. */
interface HashedFile {
  readonly path: string;
  readonly file: ZipFile;
  readonly sha1: string;
}

function layOut(files: readonly HashedFile[]): Pack {
  const sorted = sortByPath(files);
  const records = sorted.map(({ file }) => file);
  const centrals = new Uint8Array(records.reduce((sum, file) => sum + centralBytes(file), 0));
  const view = new DataView(centrals.buffer);
  let local = 0;
  let central = 0;
  for (const file of records) {
    central = writeCentral(centrals, view, central, file, local);
    local += localBytes(file);
  }
  const lines = sorted.map(({ path, sha1 }) => manifestLine(path, sha1));
  return { files: sorted, locals: records.flatMap(localRecord), centrals, manifest: lines.join("") };
}

function sortByPath<File extends { readonly path: string }>(files: readonly File[]): File[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function manifestLine(path: string, sha1: string): string {
  return `,${writeJson(path)}:"${sha1}"`;
}

/** Writes the pack for R2. */
export function serialisePack(pack: Pack): Pieces {
  const manifest = encoder.encode(pack.manifest);
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, pack.files.length);
  view.setUint32(8, lengthOf(pack.locals));
  view.setUint32(12, pack.centrals.length);
  view.setUint32(16, manifest.length);
  return [header, ...pack.locals, pack.centrals, manifest];
}

/** Reads the output of serialisePack without copying. @throws Error for any other bytes */
export function readPack(bytes: Uint8Array): Pack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== MAGIC) throw new Error("not a pack");
  const centralsAt = HEADER_BYTES + view.getUint32(8);
  const manifestAt = centralsAt + view.getUint32(12);
  if (manifestAt + view.getUint32(16) !== bytes.length) throw new Error("the pack is truncated");
  const locals = bytes.subarray(HEADER_BYTES, centralsAt);
  const manifest = decoder.decode(bytes.subarray(manifestAt));
  return {
    files: hashedFiles(locals, manifest),
    locals: [locals],
    centrals: bytes.subarray(centralsAt, manifestAt),
    manifest,
  };
}

/**
 * Where the content of a file is in the output of serialisePack, so that one file can be read alone.
 * @param files all files of the pack, in any order @returns undefined if the pack does not have the file
 */
export function rangeInPack(
  files: readonly { readonly path: string; readonly bytes: number }[],
  path: string,
): { readonly offset: number; readonly length: number } | undefined {
  let offset = HEADER_BYTES;
  for (const file of sortByPath(files)) {
    offset += bytesBeforeContent(file.path);
    if (file.path === path) return { offset, length: file.bytes };
    offset += file.bytes;
  }
  return undefined;
}

/**
 * How many bytes a pack adds to a pass: its records, and its lines of the manifest.
 * @param serialised the length of the output of serialisePack
 */
export function bytesOfPack(serialised: number): number {
  return serialised - HEADER_BYTES;
}

/** How many bytes a file of a pack adds to a pass. */
export function bytesOfFile(path: string, bytes: number): number {
  return entryBytes(path, bytes) + encoder.encode(manifestLine(path, "")).length + SHA1_CHARACTERS;
}

/** The files of a pack, by path. Their bytes are views, not copies. */
export function packFiles(pack: Pack): Map<string, Uint8Array> {
  return new Map(pack.files.map(({ path, file }) => [path, joinPieces(file.content)]));
}

/**
 * Merges two packs: the files of the second override those of the first. Nothing is hashed again, and no content is copied. An
 * image replaces all images of its slot, in every density and language: otherwise a phone could still show a sharper one that
 * was meant to be replaced.
 */
export function overlayPack(base: Pack, own: Pack): Pack {
  return layOut([...withoutReplaced(base.files, own.files), ...own.files]);
}

/** The files of `base` that stay when `own` is merged over them. */
export function withoutReplaced<File extends { readonly path: string }>(
  base: readonly File[],
  own: readonly { readonly path: string }[],
): File[] {
  const slots = new Set(own.map(({ path }) => slotOf(path)));
  return base.filter(({ path }) => {
    const slot = slotOf(path);
    return slot === undefined || !slots.has(slot);
  });
}

function hashedFiles(locals: Uint8Array, manifestLines: string): HashedFile[] {
  const manifest = parseJson(`{${manifestLines.slice(1)}}`);
  const digests = isObject(manifest) ? manifest : {};
  return [...storedFiles(locals)].map((file) => {
    const path = decoder.decode(file.name);
    return { path, file, sha1: String(digests[path]) };
  });
}

/** SHA-1 in lower-case hex, as Apple's format demands in manifest.json. */
export async function sha1(bytes: Uint8Array): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)).toHex();
}
