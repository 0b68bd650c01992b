/**
 * The names of a ZIP archive's entries: which are refused, because they leave the archive, or because two readers, or
 * two file systems, would take them for different ones.
 *
 * Follows PKWARE's APPNOTE 6.3, 4.4.17 (relative, forward slashes, no drive letter) and Unicode TR 15 (normalisation).
 */
import { refuse } from "./fault.ts";

const MOST_BYTES = 512;
// A byte order mark stays what it is: a character of the name.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The name of an entry. A folder's ends with a slash. @throws ArchiveFault bad_name */
export function readName(bytes: Uint8Array): string {
  if (bytes.length > MOST_BYTES) throw refuse("bad_name", `A name has more than ${MOST_BYTES} bytes.`);
  let name: string;
  try {
    name = decoder.decode(bytes);
  } catch {
    throw refuse("bad_name", "A name is not UTF-8.");
  }
  const why = faultIn(name);
  if (why !== undefined) throw refuse("bad_name", why, name);
  return name;
}

function faultIn(name: string): string | undefined {
  if (name === "") return "An entry has no name.";
  if (/\p{Cc}/u.test(name)) return "Its name holds a control character.";
  if (name.includes("\\")) return "Its name holds a backslash. Folders are separated by a slash.";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "Its name is absolute.";
  const segments = name.replace(/\/$/, "").split("/");
  if (segments.includes("..")) return "Its name leaves the archive.";
  if (segments.includes(".") || segments.includes("")) return "Its name has an empty part.";
  return undefined;
}

/**
 * No two entries have names that a phone's file system takes for one (upper or lower case, composed or decomposed), and
 * none is a file where another needs a folder.
 * @throws ArchiveFault duplicate_name
 */
export function judgeNames(entries: readonly { readonly path: string; readonly isFolder: boolean }[]): void {
  const files = new Set<string>();
  const folders = new Set<string>();
  const listed = new Set<string>();
  for (const { path, isFolder } of entries) {
    const key = folded(path.replace(/\/$/, ""));
    if (listed.has(key)) throw refuse("duplicate_name", "Two entries have its name.", path);
    listed.add(key);
    (isFolder ? folders : files).add(key);
    const parts = key.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  for (const { path, isFolder } of entries) {
    const key = folded(path.replace(/\/$/, ""));
    if (!isFolder && folders.has(key)) throw refuse("duplicate_name", "It is a file and a folder.", path);
  }
}

/** Upper case first: it makes one of what lower case alone leaves apart (ß and SS). */
function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
