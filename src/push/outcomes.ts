/**
 * Sorts the verdicts of one message: what has to happen with each token. Pure. The one exhaustive switch over verdicts.
 */
import type { Verdict } from "./verdict.ts";
import { OPERATOR_PAUSE_SECONDS } from "./verdict.ts";

/** What APNs answered for one token. */
export interface TokenVerdict {
  readonly pushToken: string;
  readonly verdict: Verdict;
}

export interface DeadToken {
  readonly pushToken: string;
  /** Milliseconds. What the token registered at or after this moment stays. */
  readonly before: number;
  readonly reason: string;
}

export interface Retry {
  readonly pushToken: string;
  readonly reason: string;
  readonly afterSeconds?: number | undefined;
  readonly detail?: string;
}

export interface RefusedToken {
  readonly pushToken: string;
  readonly reason: string;
}

export interface Outcomes {
  readonly dead: readonly DeadToken[];
  readonly retries: readonly Retry[];
  readonly refused: readonly RefusedToken[];
  /** APNs called the provider token expired. */
  readonly isProviderTokenExpired: boolean;
}

/**
 * @param areBadTokensConfirmed whether tokens with BadDeviceToken are dead (doubt.ts)
 * @param startedAt milliseconds: when the work on the message started
 */
export function sortVerdicts(
  verdicts: readonly TokenVerdict[],
  areBadTokensConfirmed: boolean,
  startedAt: number,
): Outcomes {
  const dead: DeadToken[] = [];
  const retries: Retry[] = [];
  const refused: RefusedToken[] = [];
  let isProviderTokenExpired = false;
  for (const { pushToken, verdict } of verdicts) {
    switch (verdict.outcome) {
      case "sent":
        break;
      case "unregistered":
        // A phone that registered again after APNs gave up the token keeps its registration. A timestamp in the future
        // comes from another clock: what was registered after this push started is newer than the token's death.
        dead.push({
          pushToken,
          before: Math.min(verdict.at ?? startedAt, startedAt),
          reason: verdict.reason,
        });
        break;
      case "bad_token":
        if (areBadTokensConfirmed) dead.push({ pushToken, before: startedAt, reason: verdict.reason });
        else retries.push({ pushToken, reason: verdict.reason, afterSeconds: OPERATOR_PAUSE_SECONDS });
        break;
      case "expired_provider_token":
        isProviderTokenExpired = true;
        retries.push({ pushToken, reason: verdict.reason });
        break;
      case "retry":
        retries.push({ pushToken, ...verdict });
        break;
      case "refused":
        refused.push({ pushToken, reason: verdict.reason });
        break;
    }
  }
  return { dead, retries, refused, isProviderTokenExpired };
}
