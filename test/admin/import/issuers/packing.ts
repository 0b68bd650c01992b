/**
 * How the software of different issuers packs the files of a .pkpass into a ZIP archive.
 *
 * Follows PKWARE's APPNOTE 6.3; the archives are written by fflate.
 */
import { Zip, ZipDeflate, zipSync } from "fflate";
import { joined } from "../../../pkpass/archives.ts";

export type Files = Readonly<Record<string, Uint8Array>>;
/** Packs the files. */
export type Packer = (files: Files) => Uint8Array;

const EMPTY = new Uint8Array();

export const deflated: Packer = (files) => zipSync(files);
export const stored: Packer = (files) => zipSync(files, { level: 0 });

/** Java's and Go's libraries write to a stream: the sizes follow the data (APPNOTE 4.4.4, bit 3). */
export const streamed: Packer = (files) => {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part);
  });
  for (const [path, content] of Object.entries(files)) {
    const entry = new ZipDeflate(path);
    zip.add(entry);
    entry.push(content, true);
  }
  zip.end();
  return joined(parts);
};

/** Info-ZIP's `zip -r`: an entry for each folder, Unix permissions, and the time as an extra field (APPNOTE 4.5). */
export const withFolders: Packer = (files) => {
  const folders = new Set(Object.keys(files).flatMap((path) => /^.*\//.exec(path) ?? []));
  const entries = [...folders].map((folder) => [folder, EMPTY] as const);
  return zipSync(Object.fromEntries([...entries, ...Object.entries(files)]), {
    os: 3,
    attrs: 0o100644 << 16,
    extra: { 21589: Uint8Array.of(1, 0, 0, 0, 0x69) },
  });
};

/** Finder's "Compress": the folder itself is packed, with its own files beside it. */
export const byFinder =
  (folder: string): Packer =>
  (files) => {
    const inside = Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content] as const);
    return zipSync({
      [`${folder}/`]: EMPTY,
      ...Object.fromEntries(inside),
      [`__MACOSX/${folder}/._pass.json`]: Uint8Array.of(0, 5, 0x16, 7),
    });
  };
