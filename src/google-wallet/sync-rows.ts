/**
 * What happens to the row of a class or an object while it is sent: claimed, then done, failed or given up.
 *
 * A claim belongs to one request or run for two minutes, so that two calls for one resource cannot arrive in the other order. The content
 * is read in the batch of the claim, together with `generation`. A change is either in what was read, or raises `generation` afterwards. So
 * if `generation` is still the same when Google has answered, nothing is left to send. After a crash, the claim ends by itself.
 */
import { type SQL, sql } from "drizzle-orm";
import type { ShownTexts } from "../db/schema.ts";
import { MINUTE_MS } from "../durations.ts";
import { type Json, type JsonObject, writeJson } from "../json.ts";
import type { GoogleFailure } from "./problems.ts";

const CLAIM_MS = 2 * MINUTE_MS;
/** How long a call that was given up may still be on its way. Not longer than the shortest pause (repeats.ts). */
const ARRIVES_WITHIN_MS = 10_000;
/**
 * A call has 10 seconds. The token takes one call, a resource up to three, the same once more above Google's daily limit, and its message
 * up to three (send-row.ts).
 */
const SEND_WITHIN_MS = CLAIM_MS - 100_000;

export interface Claim {
  /** Until when, in milliseconds. It names the claim, so it has a random part. */
  readonly until: number;
  readonly now: number;
}

/** @param random 0 to 1 */
export function newClaim(now: number, random: number): Claim {
  return { until: now + CLAIM_MS + Math.floor(random * 1000), now };
}

/** Whether there is still time to send something. */
export function mayStillSend({ now: claimedAt }: Claim, now: number): boolean {
  return now - claimedAt < SEND_WITHIN_MS;
}

/** SQL: whether nobody has claimed the row. */
export function isUnclaimedAt(now: number): SQL {
  return sql`(claimed_until IS NULL OR claimed_until <= ${now})`;
}

/** SQL: whether nobody else has claimed the row. After an error of D1, this claim may be in it already. */
export function isFree(claim: Claim, isRepeat: boolean): SQL {
  const isUnclaimed = isUnclaimedAt(claim.now);
  return isRepeat ? sql`(${isUnclaimed} OR ${hasClaim(claim)})` : isUnclaimed;
}

/**
 * For an UPDATE with `isFree`. A crash leaves a row that is due when its claim has ended, and of which nobody knows what Google has:
 * the last call may have had its effect. So it counts as sent.
 */
export function claimColumns({ until }: Claim) {
  const hasCrashed = sql`claimed_until IS NOT NULL AND claimed_until <> ${until}`;
  return {
    claimedUntil: until,
    sendAt: sql`coalesce(send_at, ${until})`,
    sent: sql`iif(${hasCrashed}, ${UNSENT.sent}, sent)`,
    sentAt: sql`iif(${hasCrashed}, max(sent_at, claimed_until), sent_at)`,
  };
}

/** SQL: whether the row still has this claim. */
export function hasClaim({ until }: Claim): SQL {
  return sql`claimed_until = ${until}`;
}

/** For an UPDATE with `hasClaim`. */
export interface DoneRow {
  /** As the claim found them. */
  readonly generation: number;
  /** When it has to be looked at although nothing changes. */
  readonly nextAt: number | null;
  readonly now: number;
  /** SQL: whether the row is stale already for another reason than `generation`. */
  readonly isStale?: SQL | undefined;
}

export function doneColumns({ generation, nextAt, now, isStale = sql`0` }: DoneRow) {
  return {
    claimedUntil: null,
    attempts: 0,
    problem: null,
    gaveUpAt: null,
    sendAt: sql`CASE WHEN generation <> ${generation} OR ${isStale} THEN ${now} ELSE ${nextAt} END`,
  };
}

/** The claim ends without a call: the row is due again then. It counts as no attempt. */
export function postponedColumns(sendAt: number) {
  return { claimedUntil: null, sendAt };
}

/**
 * It will be sent again at that time. If there was no answer, the call may still be on its way: the claim stays for some seconds, so
 * that no click sends something newer before it.
 */
export function failedColumns(failure: GoogleFailure, sendAt: number, now: number) {
  const isOnItsWay = isUnclear(failure) && failure.status === null;
  return {
    claimedUntil: isOnItsWay ? now + ARRIVES_WITHIN_MS : null,
    attempts: sql`attempts + 1`,
    problem: problemOfFailure(failure),
    sendAt,
  };
}

/** Nothing is sent until the row becomes stale. If it did so during the send, it is due at once. */
export function gaveUpColumns(failure: GoogleFailure, generation: number, now: number) {
  return {
    claimedUntil: null,
    attempts: sql`iif(generation <> ${generation}, 0, attempts + 1)`,
    problem: problemOfFailure(failure),
    gaveUpAt: sql`iif(generation <> ${generation}, NULL, ${now})`,
    sendAt: sql`iif(generation <> ${generation}, ${now}, NULL)`,
  };
}

/** Whether the call may have had its effect all the same. Then nobody knows what Google has. */
export function isUnclear({ code }: GoogleFailure): boolean {
  return code === "unavailable";
}

function problemOfFailure({ code, detail }: GoogleFailure) {
  return writeJson({ code, detail });
}

/** SQL: whether no call was made for this row: a claim made it, and Google has nothing of it. */
export const WAS_NEVER_SENT = sql`sent_at = 0`;

/** Of a row that was never sent, or of which nobody knows what Google has. */
export const UNSENT = { sent: writeJson({}) as Json<JsonObject>, sentAt: 0 };

/** A row that its first claim makes. */
export const NEW_ROW = {
  ...UNSENT,
  generation: 0,
  sendAt: null,
  claimedUntil: null,
  attempts: 0,
  problem: null,
  gaveUpAt: null,
  shownTexts: writeJson<ShownTexts>({}),
  notifiedAt: writeJson<readonly number[]>([]),
};
