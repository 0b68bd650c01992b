/**
 * Writes a folder that running services read at the same time, and that several builds may write at the same time: a file
 * is replaced as a whole and only if it differs, and what is left over from earlier builds is removed last.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

/** A newer file may belong to another build, which started after this one. */
const LEFT_OVER_AFTER_MS = 60_000;

/**
 * @param files contents by path within the folder
 * @param temporary an existing folder on the same disk
 */
export function writeFiles(folder, files, temporary) {
  mkdirSync(folder, { recursive: true });
  const own = mkdtempSync(join(temporary, "assets-"));
  try {
    for (const [name, contents] of files) {
      const path = join(folder, name);
      if (isSame(path, contents)) continue;
      mkdirSync(dirname(path), { recursive: true });
      const written = join(own, "file");
      writeFileSync(written, contents);
      renameSync(written, path);
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
  removeLeftOvers(folder, files);
}

function isSame(path, contents) {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  return size === contents.length && readFileSync(path).equals(contents);
}

function removeLeftOvers(folder, files) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || files.has(relative(folder, path))) continue;
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt === undefined || Date.now() - changedAt < LEFT_OVER_AFTER_MS) continue;
    rmSync(path, { force: true });
  }
}
