/**
 * A file that a person chose or dropped. Certificates and keys have 1 to 2 KB, so a large file is another one. The server takes 64 KB.
 */
import type { Problem } from "./problem.ts";

const MAX_BYTES = 50_000;

/**
 * @param wanted such as "a certificate. Choose the .cer file", for the sentence that refuses another file
 * @param refusal looks at the bytes (file-kind.ts)
 */
export async function readChosenFile(
  file: File,
  wanted: string,
  refusal: (name: string, bytes: Uint8Array) => string | null = () => null,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: Problem }> {
  const refused = (detail: string) => ({ problem: { detail, code: null, pointer: null } });
  if (file.size > MAX_BYTES) return refused(`${file.name} is too large for ${wanted}.`);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const wrong = refusal(file.name, bytes);
    return wrong === null ? { bytes } : refused(wrong);
  } catch {
    // A browser gives a folder as a file that cannot be read.
    return refused(`${file.name} cannot be read. If it is a folder, choose the file in it.`);
  }
}

/** A browser opens a file that is dropped next to a field, in place of the page and of the key that is shown once. */
export function ignoreFilesNextToFields(): void {
  const ignore = (event: DragEvent) => {
    // A field has taken it, or it is text.
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  addEventListener("dragover", ignore);
  addEventListener("drop", ignore);
}
