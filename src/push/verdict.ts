/**
 * What an answer of APNs means for the push, the token and the operator. Pure.
 *
 * Only a 410 (Unregistered, ExpiredToken) and BadDeviceToken speak of the token itself; all else says something of us, of
 * our key or of the moment, and never costs a registration: a Wallet device registers again only when its owner adds the
 * pass again. So DeviceTokenNotForTopic costs none either, though it is said of a token of another app: it is refused at
 * each change.
 * Follows Apple's "Handling notification responses from APNs".
 */

export type Verdict =
  | { readonly outcome: "sent" }
  /** The token is dead since `at` (milliseconds), says APNs. */
  | { readonly outcome: "unregistered"; readonly at: number | undefined; readonly reason: string }
  /** Not a token of this environment, or none at all: believed only where this very configuration has delivered. */
  | { readonly outcome: "bad_token"; readonly reason: string }
  /** The provider token is too old for APNs. */
  | { readonly outcome: "expired_provider_token"; readonly reason: string }
  /** Not now. */
  | {
      readonly outcome: "retry";
      readonly reason: string;
      readonly afterSeconds: number | undefined;
      /** For the log: what the platform said, which may differ for each token. */
      readonly detail?: string;
    }
  /** Not like this: the operator or we have something to mend, and repeating it changes nothing. */
  | { readonly outcome: "refused"; readonly reason: string };

/** Apple: a provider token may be replaced every 20 minutes at most. */
export const PROVIDER_TOKEN_PAUSE_SECONDS = 20 * 60;
/** For what the operator has to mend: the key, its team, its topics. */
export const OPERATOR_PAUSE_SECONDS = 10 * 60;

const later = (afterSeconds: number | undefined) => (reason: string) =>
  ({ outcome: "retry", reason, afterSeconds }) as const;
const refused = (reason: string) => ({ outcome: "refused", reason }) as const;

/** APNs' reasons, each with what it means. A reason that is not here is no verdict of APNs that we know. */
const REASONS: Readonly<Record<string, (reason: string) => Verdict>> = {
  BadDeviceToken: (reason) => ({ outcome: "bad_token", reason }),
  ExpiredProviderToken: (reason) => ({ outcome: "expired_provider_token", reason }),

  IdleTimeout: later(undefined),
  TooManyRequests: later(60),
  InternalServerError: later(undefined),
  ServiceUnavailable: later(undefined),
  Shutdown: later(undefined),
  TooManyProviderTokenUpdates: later(PROVIDER_TOKEN_PAUSE_SECONDS),
  UnrelatedKeyIdInToken: later(OPERATOR_PAUSE_SECONDS),
  InvalidProviderToken: later(OPERATOR_PAUSE_SECONDS),
  TopicDisallowed: later(OPERATOR_PAUSE_SECONDS),
  MissingProviderToken: later(OPERATOR_PAUSE_SECONDS),
  Forbidden: later(OPERATOR_PAUSE_SECONDS),
  BadCertificate: later(OPERATOR_PAUSE_SECONDS),
  BadCertificateEnvironment: later(OPERATOR_PAUSE_SECONDS),
  BadEnvironmentKeyInToken: later(OPERATOR_PAUSE_SECONDS),
  BadEnvironmentKeyIdInToken: later(OPERATOR_PAUSE_SECONDS),

  DeviceTokenNotForTopic: refused,
  BadTopic: refused,
  MissingTopic: refused,
  BadPriority: refused,
  BadExpirationDate: refused,
  BadCollapseId: refused,
  BadMessageId: refused,
  InvalidPushType: refused,
  DuplicateHeaders: refused,
  PayloadEmpty: refused,
  PayloadTooLarge: refused,
  MissingDeviceToken: refused,
  BadPath: refused,
  MethodNotAllowed: refused,
};

/**
 * Reasons that last until somebody mends something: sending it again by itself would change nothing. All else may be over
 * in an hour or a day, whether APNs said it or nobody did.
 */
export const LASTING: readonly string[] = Object.entries(REASONS).flatMap(([reason, verdictFor]) => {
  const verdict = verdictFor(reason);
  const passes = verdict.outcome === "retry" && (verdict.afterSeconds ?? 0) < OPERATOR_PAUSE_SECONDS;
  return passes ? [] : [reason];
});

/**
 * @param body the answer's body as text; APNs writes `{"reason": …}`, a proxy in between may write anything
 * @param retryAfter the header of that name, in seconds
 */
export function verdictOf(status: number, body: string, retryAfter: string | null): Verdict {
  const json = parse(body);
  if (status === 200) {
    // APNs sends no body with it. One that is not even JSON is a page of something in between (a proxy, a portal), and
    // the push may have got no further: one too many does no harm, one too few leaves the phone behind.
    const isPage = body !== "" && json === undefined;
    return isPage ? later(undefined)("200 with somebody else's page") : { outcome: "sent" };
  }
  const { reason, timestamp } = read(json);
  if (status === 410 && (reason === "Unregistered" || reason === "ExpiredToken")) {
    return { outcome: "unregistered", at: timestamp, reason };
  }
  // A word about the token counts only as APNs gives it: another status is somebody else's answer.
  if (reason === "BadDeviceToken" && status !== 400)
    return { outcome: "retry", reason: `${status} ${reason}`, afterSeconds: undefined };
  const known = reason === undefined || !Object.hasOwn(REASONS, reason) ? undefined : REASONS[reason];
  const verdict = known?.(reason ?? "") ?? later(undefined)(`${status} ${reason ?? "without a reason"}`);
  const asked = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  if (verdict.outcome !== "retry" || asked === undefined) return verdict;
  return { ...verdict, afterSeconds: Math.max(asked, verdict.afterSeconds ?? 0) };
}

const FIRST_PAUSE_SECONDS = 15;
const LONGEST_PAUSE_SECONDS = 3600;
/** A queue refuses to hold a message back for longer. */
const QUEUE_DELAY_LIMIT_SECONDS = 12 * 3600;

/**
 * Seconds until the next attempt: doubled each time, an hour at most, or as long as was asked for; spread by up to a
 * quarter.
 */
export function pauseBefore(attempt: number, afterSeconds: number | undefined, random: number): number {
  const doubled = Math.min(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1), LONGEST_PAUSE_SECONDS);
  const pause = Math.ceil(Math.max(doubled, afterSeconds ?? 0) * (1 + random / 4));
  return Math.min(pause, QUEUE_DELAY_LIMIT_SECONDS);
}

/** @returns undefined where it is no JSON */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function read(json: unknown): { reason?: string; timestamp?: number } {
  if (typeof json !== "object" || json === null) return {};
  const { reason, timestamp } = json as { reason?: unknown; timestamp?: unknown };
  return {
    ...(typeof reason === "string" ? { reason: reason.slice(0, 64) } : {}),
    ...(typeof timestamp === "number" ? { timestamp } : {}),
  };
}
