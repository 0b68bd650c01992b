/**
 * Ends a batch early if APNs does not answer. Each push without an answer keeps one of six connections busy until its
 * time limit, so a consumer would work for minutes with no result.
 */
import { isUnanswered, type Verdict } from "./verdict.ts";

/** This many pushes in a row without one answer: two for each connection. */
const UNANSWERED_LIMIT = 12;
/**
 * The limit when no push of the batch may start any more: one for each connection. Without it, the rest would be sent again
 * at once.
 */
const LATE_LIMIT = 6;

export interface Breaker {
  /** Records the verdict of a push. Any answer of APNs starts the count again. */
  record(verdict: Verdict): void;
  /**
   * If APNs does not answer: the verdict for the tokens that are not pushed. Otherwise undefined.
   * @param isLate whether no push of the batch may start any more
   */
  verdict(isLate: boolean): Verdict | undefined;
}

export function createBreaker(): Breaker {
  let unanswered = 0;
  let last: Verdict | undefined;
  return {
    record(verdict) {
      unanswered = isUnanswered(verdict) ? unanswered + 1 : 0;
      last = verdict;
    },
    verdict: (isLate) => (unanswered >= (isLate ? LATE_LIMIT : UNANSWERED_LIMIT) ? last : undefined),
  };
}
