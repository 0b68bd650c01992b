/**
 * A file that a person chose or dropped. Certificates and keys have 1 to 2 KB, so a large file is another one.
 */
import type { Problem } from "./problem.ts";

const MAX_BYTES = 100_000;

/** @param wanted such as "a certificate. Choose the .cer file", for the sentence that refuses another file */
export async function readChosenFile(
  file: File,
  wanted: string,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: Problem }> {
  const refused = (detail: string) => ({ problem: { detail, code: null, pointer: null } });
  if (file.size > MAX_BYTES) return refused(`${file.name} is too large for ${wanted}.`);
  try {
    return { bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    // A browser gives a folder as a file that cannot be read.
    return refused(`${file.name} cannot be read. If it is a folder, choose the file in it.`);
  }
}
