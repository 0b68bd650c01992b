/**
 * Checks the names of ZIP entries. It rejects names that point outside the archive, and names that readers or file
 * systems would interpret differently.
 *
 * Follows PKWARE's APPNOTE 6.3, 4.4.17 (relative, forward slashes, no drive letter) and Unicode TR 15 (normalisation).
 */
import { refuse } from "./fault.ts";

const MAX_BYTES = 512;
/** A pass has one folder for each language, and may be packed with the folder that it is in. */
const MAX_SEGMENTS = 10;
// A byte order mark is kept: it is a character of the name.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes the name of an entry. The name of a folder ends with a slash. @throws ArchiveFault invalid_name */
export function readName(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES)
    throw refuse("invalid_name", `The name of an entry is longer than ${MAX_BYTES} bytes.`);
  let name: string;
  try {
    name = decoder.decode(bytes);
  } catch {
    throw refuse("invalid_name", "The name of an entry is not valid UTF-8.");
  }
  const why = findNameFault(name);
  if (why !== undefined) throw refuse("invalid_name", why, name);
  return name;
}

function findNameFault(name: string): string | undefined {
  if (name === "") return "An entry has no name.";
  if (/\p{Cc}/u.test(name)) return "The name contains a control character.";
  if (name.includes("\\")) return "The name contains a backslash. Separate folders with a slash.";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "The name is an absolute path.";
  const segments = name.replace(/\/$/, "").split("/");
  if (segments.includes("..")) return "The name points outside the archive.";
  if (segments.includes(".") || segments.includes(""))
    return "The name contains an empty segment or a dot segment.";
  if (segments.length > MAX_SEGMENTS) return `The name has more than ${MAX_SEGMENTS - 1} folders.`;
  return undefined;
}

/**
 * Rejects two entries with names that the file system of a phone treats as equal (upper or lower case, composed or
 * decomposed), and a name that is both a file and a folder.
 * @throws ArchiveFault duplicate_name
 */
export function checkNames(entries: readonly { readonly path: string; readonly isFolder: boolean }[]): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  const listed = new Set<string>();
  for (const { path, isFolder } of entries) {
    const key = foldName(path.replace(/\/$/, ""));
    if (listed.has(key)) throw refuse("duplicate_name", "Two entries have this name.", path);
    listed.add(key);
    (isFolder ? folders : files).add(key);
    const parts = key.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  for (const { path, isFolder } of entries) {
    const key = foldName(path.replace(/\/$/, ""));
    if (!isFolder && folders.has(key))
      throw refuse("duplicate_name", "The name is used for both a file and a folder.", path);
  }
}

/** Convert to upper case first, because lower case alone would not make ß and SS equal. */
function foldName(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
