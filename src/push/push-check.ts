/**
 * A push for the operator to see whether pushes can get out, before any phone waits for one. It goes to the device token of 64
 * zeros, which no phone has, over the same path as every other push.
 *
 * APNs looks at the token last. So BadDeviceToken shows that the connection, the key and the topic are right.
 */
import { and, eq, isNull, lte, or } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { passTypes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { showPassType } from "../identities/pass-types.ts";
import { type Fetch, pushOnce } from "./apns.ts";
import { findApnsKey, UnreadableApnsKey } from "./apns-keys.ts";
import { cureFor } from "./cures.ts";
import { clearFailure, recordFailedCheck } from "./failures.ts";
import { providerToken } from "./provider-token.ts";
import { isAboutToken, UNREADABLE_KEY, type Verdict } from "./verdict.ts";

export interface PushCheck {
  /** The HTTP status of the response; null if there was none. */
  readonly status: number | null;
  /** APNs' reason, or why there was no response; null for a 200, and if there is no key. */
  readonly reason: string | null;
  /** What the response means. With no_apns_key, nothing was sent. */
  readonly verdict: Verdict["outcome"] | "no_apns_key";
  /** Whether pushes of this pass type can get out. */
  readonly ok: boolean;
  /** What that means, and what to do. */
  readonly detail: string;
}

const NO_PHONE = "0".repeat(64);
/** For one pass type. Apple may block senders of many bad tokens. */
const CHECKED_EVERY_MS = 5000;

/**
 * Sends the push and interprets the response. The result also counts for the health report: it ends a failure, or
 * records it.
 * @throws ApiError pass_type_not_found, push_check_too_soon
 */
export async function checkPush(
  { db, config, now }: Pick<Context, "db" | "config" | "now">,
  passTypeIdentifier: string,
  fetch: Fetch,
): Promise<PushCheck> {
  const { teamIdentifier } = await showPassType(db, passTypeIdentifier, now);
  await claimCheck(db, passTypeIdentifier, now);
  const found = await findApnsKey(db, passTypeIdentifier);
  if (found === undefined) return withoutKey(passTypeIdentifier, teamIdentifier);
  const token = await providerToken(db, config.secrets, found.key, now).catch(async (error: unknown) => {
    if (!(error instanceof UnreadableApnsKey)) throw error;
    await recordFailedCheck(db, passTypeIdentifier, UNREADABLE_KEY, now);
    return undefined;
  });
  if (token === undefined) return notSent(UNREADABLE_KEY, `${UNREADABLE_KEY}. ${cureFor(UNREADABLE_KEY)}`);
  const { status, verdict } = await pushOnce(
    {
      origin: config.apnsOrigin,
      providerToken: token.token,
      topic: passTypeIdentifier,
      pushToken: NO_PHONE,
      startedAt: now,
    },
    fetch,
  );
  if (verdict.outcome === "expired_provider_token")
    await providerToken(db, config.secrets, found.key, now, token);
  const judged = judge(verdict);
  if (judged.ok) await clearFailure(db, passTypeIdentifier);
  else if (verdict.outcome !== "sent" && !isAboutToken(verdict))
    await recordFailedCheck(db, passTypeIdentifier, verdict.reason, now);
  return { status, ...judged };
}

/**
 * Records the time of the check, if the last one was long enough ago. It is not repeated after an error of D1: a repeat could
 * not tell its own time from that of another check.
 * @throws ApiError push_check_too_soon
 */
async function claimCheck(db: Database, passTypeIdentifier: string, now: number): Promise<void> {
  const { meta } = await db
    .update(passTypes)
    .set({ pushCheckedAt: now })
    .where(
      and(
        eq(passTypes.passTypeIdentifier, passTypeIdentifier),
        or(isNull(passTypes.pushCheckedAt), lte(passTypes.pushCheckedAt, now - CHECKED_EVERY_MS)),
      ),
    );
  if (meta.changes > 0) return;
  const seconds = CHECKED_EVERY_MS / 1000;
  throw new ApiError(
    "push_check_too_soon",
    `A pass type can be checked every ${seconds} seconds. Wait, and try again.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}

function withoutKey(passTypeIdentifier: string, teamIdentifier: string | null): PushCheck {
  const why =
    teamIdentifier === null
      ? `${passTypeIdentifier} has no team yet. Install its certificate (PUT /admin/v1/pass-types/${passTypeIdentifier}/certificate).`
      : `team ${teamIdentifier} has no APNs key. Store the team's .p8 (POST /admin/v1/apns-keys).`;
  return notSent(null, why);
}

function notSent(reason: string | null, why: string): PushCheck {
  const detail = `Nothing was sent, because ${why}`;
  return { status: null, reason, verdict: "no_apns_key", ok: false, detail };
}

function judge(verdict: Verdict): Omit<PushCheck, "status"> {
  switch (verdict.outcome) {
    case "bad_token":
    case "unregistered":
      return {
        reason: verdict.reason,
        verdict: verdict.outcome,
        ok: true,
        detail:
          "Pushes can get out: APNs accepted the connection, the key and the pass type, and refused only the device token, which belongs to no phone.",
      };
    case "sent":
      return {
        reason: null,
        verdict: "sent",
        ok: false,
        detail:
          "The push was accepted, but its device token belongs to no phone. So the response is not from APNs. Check APNS_ORIGIN: in production, it should not be set.",
      };
    case "expired_provider_token":
    case "retry":
    case "refused":
      return {
        reason: verdict.reason,
        verdict: verdict.outcome,
        ok: false,
        detail: `Pushes do not get out (${verdict.reason}). ${cureFor(verdict.reason)}`,
      };
  }
}
