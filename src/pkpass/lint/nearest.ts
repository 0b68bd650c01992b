/**
 * The name that was meant by a misspelled one.
 */

const MAX_EDITS = 2;
/** No name of Apple's is longer, and what is compared with all of them has to be bounded. */
const MAX_LENGTH = 60;

/** The known name that differs from this one in case only. */
export function sameButForCase(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return known.find((candidate) => candidate.toLowerCase() === lower);
}

/** The known name that differs in case only, or else the one that the fewest edits away: two at most. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const same = sameButForCase(name, known);
  if (same !== undefined || name.length > MAX_LENGTH) return same;
  let best: string | undefined;
  // Two edits make any short word of any other.
  let fewest = Math.min(MAX_EDITS, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const edits = editsBetween(name, candidate, fewest - 1);
    if (edits === undefined) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

/** How many characters to add, drop or replace; undefined if more than `most`. The distance of Levenshtein (1965). */
function editsBetween(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined;
  const beyond = most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(beyond);
    next[0] = i + 1;
    let least = i + 1;
    // Further off the diagonal it takes more than `most` (Ukkonen 1985).
    for (let j = Math.max(0, i - most); j < Math.min(b.length, i + beyond); j++) {
      const replaced = (row[j] ?? beyond) + (a[i] === b[j] ? 0 : 1);
      const edits = Math.min(replaced, (row[j + 1] ?? beyond) + 1, (next[j] ?? beyond) + 1);
      next[j + 1] = edits;
      least = Math.min(least, edits);
    }
    if (least > most) return undefined;
    row = next;
  }
  const edits = row[b.length] ?? beyond;
  return edits > most ? undefined : edits;
}
