/**
 * Interprets a response of APNs: what it means for the push, for the push token and for the operator. Pure.
 *
 * Only a 410 (Unregistered, ExpiredToken) and BadDeviceToken are about the token itself. Every other answer is about
 * this service, its key or a temporary state, and never removes a registration: a Wallet device registers again only
 * when its owner adds the pass again. DeviceTokenNotForTopic does not remove a registration either, although it means
 * that the token belongs to another app: its push is refused again at each change. Follows Apple's "Handling
 * notification responses from APNs".
 */
import { isObject, parseJson } from "../json.ts";

export type Verdict =
  | { readonly outcome: "sent" }
  /** APNs says that the token has been dead since `at` (milliseconds). */
  | { readonly outcome: "unregistered"; readonly at: number | undefined; readonly reason: string }
  /** APNs says that this is not a token, or a token of another environment. doubt.ts decides whether to act on it. */
  | { readonly outcome: "bad_token"; readonly reason: string }
  /** APNs says that the provider token is too old. */
  | { readonly outcome: "expired_provider_token"; readonly reason: string }
  /** Send it again later. */
  | {
      readonly outcome: "retry";
      readonly reason: string;
      /** The shortest pause that APNs asked for. */
      readonly afterSeconds: number | undefined;
      /** For the log: the platform's own message, which may differ for each token. */
      readonly detail?: string;
    }
  /** The request itself is wrong: sending it again changes nothing. */
  | { readonly outcome: "refused"; readonly reason: string };

/** How a failure ends: after some time without action, or after the operator has changed something. */
export type HealedBy = "time" | "operator";

interface Reason {
  readonly outcome: "bad_token" | "expired_provider_token" | "retry" | "refused";
  readonly healedBy: HealedBy;
  readonly afterSeconds?: number;
  /** It is about one token, and says nothing about whether other pushes are accepted. */
  readonly isAboutToken?: true;
  /** Another connection may heal it, so the first retries wait only for a short time (retry.ts). */
  readonly isRetriedSoon?: true;
}

/** The reason of a push that APNs did not answer within the time limit. */
export const NO_ANSWER = "no answer in time";
/** The reason of a push whose connection failed. */
export const NO_CONNECTION = "no connection";
/** The reason of pushes that could not be sent, because their APNs key cannot be decrypted. */
export const UNREADABLE_KEY = "the APNs key cannot be decrypted";

/** Apple: a provider token may be replaced every 20 minutes at most. */
const PROVIDER_TOKEN_PAUSE_SECONDS = 20 * 60;
/** The pause for faults that only the operator can correct: in the key, its team or its topics. */
export const OPERATOR_PAUSE_SECONDS = 10 * 60;

const REFUSED = { outcome: "refused", healedBy: "operator" } as const;
const OPERATOR = { outcome: "retry", healedBy: "operator", afterSeconds: OPERATOR_PAUSE_SECONDS } as const;

/** The known reasons of APNs. Any other response is retried, because the fault may be temporary. */
export const REASONS: Readonly<Record<string, Reason>> = {
  BadDeviceToken: { outcome: "bad_token", healedBy: "operator", isAboutToken: true },
  ExpiredProviderToken: { outcome: "expired_provider_token", healedBy: "time" },

  IdleTimeout: { outcome: "retry", healedBy: "time" },
  TooManyRequests: { outcome: "retry", healedBy: "time", afterSeconds: 60, isAboutToken: true },
  InternalServerError: { outcome: "retry", healedBy: "time" },
  ServiceUnavailable: { outcome: "retry", healedBy: "time" },
  Shutdown: { outcome: "retry", healedBy: "time" },
  TooManyProviderTokenUpdates: {
    outcome: "retry",
    healedBy: "time",
    afterSeconds: PROVIDER_TOKEN_PAUSE_SECONDS,
  },

  // After the key was replaced, the connections that are still open answer this for some minutes.
  UnrelatedKeyIdInToken: { ...OPERATOR, isRetriedSoon: true },
  InvalidProviderToken: OPERATOR,
  TopicDisallowed: OPERATOR,
  MissingProviderToken: OPERATOR,
  Forbidden: OPERATOR,
  BadCertificate: OPERATOR,
  BadCertificateEnvironment: OPERATOR,
  BadEnvironmentKeyInToken: OPERATOR,
  BadEnvironmentKeyIdInToken: OPERATOR,

  DeviceTokenNotForTopic: { ...REFUSED, isAboutToken: true },
  BadTopic: REFUSED,
  MissingTopic: REFUSED,
  BadPriority: REFUSED,
  BadExpirationDate: REFUSED,
  BadCollapseId: REFUSED,
  BadMessageId: REFUSED,
  InvalidPushType: REFUSED,
  DuplicateHeaders: REFUSED,
  PayloadEmpty: REFUSED,
  PayloadTooLarge: REFUSED,
  MissingDeviceToken: { ...REFUSED, isAboutToken: true },
  BadPath: REFUSED,
  MethodNotAllowed: REFUSED,
};

/** Reasons for which a retry cannot succeed until the operator has changed something. */
export const HEALED_BY_OPERATOR: readonly string[] = Object.entries(REASONS).flatMap(
  ([reason, { healedBy }]) => (healedBy === "operator" ? [reason] : []),
);

/** Whether the operator has to change something before a push that failed for this reason can succeed. */
export function needsOperator(reason: string): boolean {
  return findReason(reason)?.healedBy === "operator";
}

/** Whether the first retries for this reason wait only for a short time. */
export function isRetriedSoon(reason: string): boolean {
  return findReason(reason)?.isRetriedSoon === true;
}

/** Whether the verdict is about the push token alone. Any other failure may concern every push. */
export function isAboutToken(verdict: Verdict): boolean {
  if (verdict.outcome === "sent") return false;
  return verdict.outcome === "unregistered" || findReason(verdict.reason)?.isAboutToken === true;
}

/** Whether there was no response at all. */
export function isUnanswered(verdict: Verdict): boolean {
  return verdict.outcome === "retry" && (verdict.reason === NO_ANSWER || verdict.reason === NO_CONNECTION);
}

/**
 * @param body the response body as text. APNs writes `{"reason": …}`, a proxy in between may write anything
 * @param retryAfter the header of that name, in seconds
 */
export function toVerdict(status: number, body: string, retryAfter: string | null): Verdict {
  const json = parseBody(body);
  if (status === 200) {
    // APNs sends no body with a 200. A body that is not JSON comes from something in between (a proxy, a captive
    // portal), and the push may not have reached APNs. A second push does no harm, but without a push the phone keeps
    // the old pass.
    const isForeign = body !== "" && json === undefined;
    return isForeign ? retry("200 with a body that is not from APNs") : { outcome: "sent" };
  }
  const { reason, timestamp } = readFields(json);
  if (status === 410 && (reason === "Unregistered" || reason === "ExpiredToken")) {
    return { outcome: "unregistered", at: timestamp, reason };
  }
  // A reason is valid only with the status that APNs sends with it. With any other status, it is not from APNs.
  if (reason === "BadDeviceToken" && status !== 400) return retry(`${status} ${reason}`);
  const known = reason === undefined ? undefined : findReason(reason);
  const verdict =
    known === undefined || reason === undefined
      ? retry(`${status} ${reason ?? "without a reason"}`)
      : applyReason(reason, known);
  const requested = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  if (verdict.outcome !== "retry" || requested === undefined) return verdict;
  return { ...verdict, afterSeconds: Math.max(requested, verdict.afterSeconds ?? 0) };
}

function findReason(reason: string): Reason | undefined {
  return Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
}

function applyReason(reason: string, { outcome, afterSeconds }: Reason): Verdict {
  return outcome === "retry" ? retry(reason, afterSeconds) : { outcome, reason };
}

function retry(reason: string, afterSeconds?: number): Verdict {
  return { outcome: "retry", reason, afterSeconds };
}

/** @returns undefined if it is not JSON */
function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

function readFields(json: unknown): { reason?: string; timestamp?: number } {
  if (!isObject(json)) return {};
  const { reason, timestamp } = json;
  return {
    ...(typeof reason === "string" ? { reason: reason.slice(0, 64) } : {}),
    ...(typeof timestamp === "number" ? { timestamp } : {}),
  };
}
