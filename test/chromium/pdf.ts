/** Counts the pages of a PDF that Chromium writes, whose page objects are not compressed. Follows ISO 32000-2 (§7.7.3.3). */

export function countPages(pdf: Uint8Array): number {
  const text = new TextDecoder("latin1").decode(pdf);
  return [...text.matchAll(/\/Type\s*\/Page\b/g)].length;
}
