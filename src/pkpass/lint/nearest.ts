/**
 * Finds the known name that is most similar to a misspelled one.
 */

const MAX_EDITS = 2;
/**
 * No name in Apple's documentation is longer. The limit bounds the work, because a name is compared with all known
 * ones.
 */
const MAX_LENGTH = 60;

/** The known name that differs only in upper and lower case. */
export function findIgnoringCase(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return known.find((candidate) => candidate.toLowerCase() === lower);
}

/** The known name that differs only in case; otherwise the one with the fewest edits, at most two. */
export function findNearest(name: string, known: readonly string[]): string | undefined {
  const same = findIgnoringCase(name, known);
  if (same !== undefined || name.length > MAX_LENGTH) return same;
  let best: string | undefined;
  // With two edits, any short word can become any other.
  let fewest = Math.min(MAX_EDITS, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const edits = countEdits(name, candidate, fewest - 1);
    if (edits === undefined) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

/** Levenshtein distance: the characters to insert, delete or replace; undefined if more than `max`. */
function countEdits(a: string, b: string, max: number): number | undefined {
  if (Math.abs(a.length - b.length) > max) return undefined;
  const beyond = max + 1;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(beyond);
    next[0] = i + 1;
    let least = i + 1;
    // Cells further from the diagonal exceed `max` (Ukkonen 1985).
    for (let j = Math.max(0, i - max); j < Math.min(b.length, i + beyond); j++) {
      const replaced = (row[j] ?? beyond) + (a[i] === b[j] ? 0 : 1);
      const edits = Math.min(replaced, (row[j + 1] ?? beyond) + 1, (next[j] ?? beyond) + 1);
      next[j + 1] = edits;
      least = Math.min(least, edits);
    }
    if (least > max) return undefined;
    row = next;
  }
  const edits = row[b.length] ?? beyond;
  return edits > max ? undefined : edits;
}

/** Ends a message with the suggestion, if there is one. */
export function didYouMean(name: string | undefined): string {
  return name === undefined ? "." : `. Did you mean "${name}"?`;
}
