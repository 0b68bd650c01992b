/**
 * Sorts the verdicts of one message by what has to happen with each token. Pure. It has the only exhaustive switch over
 * verdicts.
 */
import { OPERATOR_PAUSE_SECONDS, type Verdict } from "./verdict.ts";

/** The response of APNs for one token. */
export interface TokenVerdict {
  readonly pushToken: string;
  readonly verdict: Verdict;
}

export interface DeadToken {
  readonly pushToken: string;
  /** Registrations that the token made at or after this time stay. Milliseconds. */
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
  /** APNs reported that the provider token has expired. */
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
        // A phone that registered again after its token became invalid keeps its registration. A timestamp in the
        // future comes from a different clock, so registrations after the start of this push are treated as newer.
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
