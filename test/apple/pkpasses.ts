/**
 * Opens a .pkpasses as Safari does before it offers the passes in it. It shares no code with src/. Follows Apple's
 * "Distributing and updating a pass": a ZIP of .pkpass files, at most ten, at most 150 MB.
 */
import { demand } from "./iphone-invalid-pass.ts";
import { openArchive } from "./iphone-zip.ts";

const MAX_PASSES = 10;
const MOST_BYTES = 150_000_000;

/**
 * The files in the archive, in its order.
 * @throws InvalidPass if it is not an archive, or contains a file whose name is not that of a pass
 */
export function openPkpasses(bytes: Uint8Array): { name: string; bytes: Uint8Array }[] {
  demand(bytes.length <= MOST_BYTES, `the archive has ${bytes.length} bytes`);
  const files = Object.entries(openArchive(bytes)).map(([name, bytes]) => ({ name, bytes }));
  demand(files.length > 0 && files.length <= MAX_PASSES, `the archive holds ${files.length} passes`);
  for (const { name } of files) demand(/^[\w.-]+\.pkpass$/.test(name), `${name} is no name of a pass`);
  return files;
}
