/**
 * What the operator can do when pushes fail, by the reason of verdict.ts. Pure. The reasons are those of Apple's "Handling
 * notification responses from APNs".
 */
import { NO_ANSWER, NO_CONNECTION, needsOperator, REASONS, UNREADABLE_KEY } from "./verdict.ts";

const WAIT =
  "This is temporary at Apple, and pushes are retried automatically. If it lasts, see Apple's system status (developer.apple.com/system-status).";
const CONNECTION =
  "APNs speaks only HTTP/2. Turn on HTTP/2 to Origin in the zone of the custom domain (on Enterprise zones it is off by default), or use workers.dev. Check APNS_ORIGIN if it is set: it may be the address of an HTTP/2 proxy.";
const KEY =
  "The keyId, the teamIdentifier and the .p8 do not belong together, or the key was revoked. Store all three as Apple's portal shows them (POST /admin/v1/apns-keys).";
const ENVIRONMENT =
  "The key is only for Apple's sandbox, which Wallet does not use. Create a key for production in Apple's portal, and store it (POST /admin/v1/apns-keys).";
const BETWEEN =
  "Something between Edgepass and Apple changes the requests. Check APNS_ORIGIN: in production, it should not be set.";
const REPORT = "The request itself is wrong. Update Edgepass; if that does not help, report it as a bug.";

const CURES: Readonly<Record<string, string>> = {
  [NO_CONNECTION]: CONNECTION,
  [NO_ANSWER]: `${WAIT} If it never worked: ${CONNECTION}`,
  [UNREADABLE_KEY]:
    "Put the missing entry of MASTER_SECRET back, or store the team's .p8 again (POST /admin/v1/apns-keys).",
  InvalidProviderToken: KEY,
  ExpiredProviderToken: `A new provider token is made automatically, at most every 20 minutes. If the failure lasts longer: ${KEY}`,
  MissingProviderToken: BETWEEN,
  UnrelatedKeyIdInToken:
    "APNs accepts the keys of one team per connection. After a key was replaced, this ends within 15 minutes. If it lasts longer, another team uses the same connections: deploy one Edgepass for each team.",
  TopicDisallowed:
    "The key may not push this pass type: it belongs to another team, or is restricted to other topics. Create a team-scoped key of the team of the pass type's certificate, and store it (POST /admin/v1/apns-keys).",
  BadEnvironmentKeyInToken: ENVIRONMENT,
  BadEnvironmentKeyIdInToken: ENVIRONMENT,
  TooManyProviderTokenUpdates:
    "APNs accepts a new provider token of a key only every 20 minutes. If this key was just stored again, wait: pushes are retried. Otherwise another program uses it: create a key for Edgepass alone in Apple's portal, and store it (POST /admin/v1/apns-keys).",
  Forbidden: BETWEEN,
  BadCertificate: BETWEEN,
  BadCertificateEnvironment: BETWEEN,
  IdleTimeout: WAIT,
  InternalServerError: WAIT,
  ServiceUnavailable: WAIT,
  Shutdown: WAIT,
  TooManyRequests: "APNs got too many pushes to one device token. Wait for some minutes.",
};

/** What to do when pushes fail for this reason: a sentence for people. */
export function cureFor(reason: string): string {
  if (Object.hasOwn(CURES, reason)) return CURES[reason] ?? WAIT;
  if (Object.hasOwn(REASONS, reason)) return REPORT;
  // "525 without a reason": a response that is not from APNs. Cloudflare's edge answers 52x when it has no connection.
  if (/^5[23]\d /.test(reason)) return CONNECTION;
  return `The response is not one that Apple documents. ${BETWEEN} ${CONNECTION}`;
}

/**
 * Whether the failure may end without the operator: a temporary fault of Apple's, or, where pushes got out before, anything
 * that is not about the key and its topics, such as a lost connection.
 * @param isProven whether a push was ever delivered
 */
export function mayEndByItself(reason: string, isProven: boolean): boolean {
  if (Object.hasOwn(CURES, reason) && CURES[reason] === WAIT) return true;
  return isProven && reason !== UNREADABLE_KEY && !needsOperator(reason);
}
