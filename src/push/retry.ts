/**
 * The retry policy of pushes: how often a message is sent to APNs, and how long it waits before each attempt. Pure.
 *
 * Some answers of APNs ask for a longer pause (verdict.ts). deliver.ts retries the tokens of a message; consumer.ts uses the
 * same pauses for a message that failed as a whole, when D1 or the queue did.
 */

/** With the pauses below this takes about two hours. */
export const MAX_ATTEMPTS = 10;
/** While there is no APNs key for the team. */
export const NO_KEY_PAUSE_SECONDS = 5 * 60;

const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 3600;
/** The pause of the first retries if another connection may heal the failure (verdict.ts). */
const SOON_SECONDS = 30;
const SOON_ATTEMPTS = 3;
/** A queue refuses to delay a message for longer. */
export const LONGEST_DELAY_SECONDS = 12 * 3600;

/**
 * Seconds until the next attempt: doubled each time, an hour at most, or as long as was asked for; spread by up to a
 * quarter.
 * @param isRetriedSoon whether the first retries wait only for a short time
 */
export function pauseBefore(
  attempt: number,
  afterSeconds: number | undefined,
  random: number,
  isRetriedSoon = false,
): number {
  const doubled = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS);
  const isSoon = isRetriedSoon && attempt <= SOON_ATTEMPTS;
  const seconds = isSoon ? SOON_SECONDS : Math.max(doubled, afterSeconds ?? 0);
  return Math.min(Math.ceil(seconds * (1 + random / 4)), LONGEST_DELAY_SECONDS);
}
