/**
 * Which of the codes that a camera sees are reported. A code in view is read many times a second, and is one scan.
 */

/** A code that was not read for this time has left the view: its next reading is another scan. */
const OUT_OF_VIEW_MS = 1500;
/** An uncertain code counts if it is read twice within this time. */
const CONFIRMED_WITHIN_MS = 700;

/** A code that was read in one frame. */
export interface Reading {
  readonly text: string;
  /** Code 128 has only a check digit. The others correct errors, and a wrong one is as good as impossible. */
  readonly isCertain: boolean;
}

export interface SameCode {
  /**
   * @param now in milliseconds, of any clock that never goes back
   * @returns whether this reading is a new scan
   */
  isNew(reading: Reading, now: number): boolean;
}

export function createSameCode(): SameCode {
  const lastSeen = new Map<string, number>();
  let unconfirmed: { readonly text: string; readonly at: number } | undefined;
  return {
    isNew({ text, isCertain }, now) {
      for (const [seen, at] of lastSeen) if (now - at > OUT_OF_VIEW_MS) lastSeen.delete(seen);
      const isInView = lastSeen.has(text);
      const isConfirmed =
        isCertain || (unconfirmed?.text === text && now - unconfirmed.at <= CONFIRMED_WITHIN_MS);
      unconfirmed = { text, at: now };
      if (!isInView && !isConfirmed) return false;
      lastSeen.set(text, now);
      return !isInView;
    },
  };
}
