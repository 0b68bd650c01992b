/**
 * Sends a claimed row: the resource if it differs from what was last sent, and then the notices of the change. What comes of it is
 * written by the caller, who knows the table.
 */
import { sql } from "drizzle-orm";
import type { ShownTexts } from "../db/schema.ts";
import type { Noticed } from "../google/notices.ts";
import { type Json, type JsonObject, parseJson, writeJson } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import { digestOf } from "./digest.ts";
import type { IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
import { kindOfFailure, pauseAfterFailure } from "./repeats.ts";
import { type GoogleResource, sendResource } from "./resources.ts";
import { isOverDailyLimit, planNotices, sendMessages } from "./send-notices.ts";
import { type DoneRow, doneColumns, failedColumns, gaveUpColumns, isUnclear, UNSENT } from "./sync-rows.ts";

/** The columns of a claimed row that sending it needs. */
export interface ClaimedColumns {
  readonly sent: Json<JsonObject>;
  readonly sentAt: number;
  readonly generation: number;
  readonly attempts: number;
  readonly shownTexts: Json<ShownTexts>;
  readonly notifiedAt: Json<readonly number[]>;
}

export interface ToSend extends GoogleResource {
  readonly noticed: Noticed;
  /** How the ids of its messages begin. */
  readonly messageKey: "pass" | "template" | "event";
  /** When its class notified, for an object. */
  readonly notifiedByClass?: readonly number[];
  /** Whether messages are sent. If not, they stay due. Default: yes. */
  readonly sendsMessages?: boolean;
  /** Whether Google gets it if it does not have it. Default: yes. */
  readonly mayInsert?: boolean;
}

export interface SentRow {
  /** Undefined if all of it got through. */
  readonly failure: GoogleFailure | undefined;
  /** Whether Google has the resource now. The messages may have failed. */
  readonly hasResource: boolean;
  /** Whether there was a call. */
  readonly isSent: boolean;
  readonly sent: Json<JsonObject>;
  readonly notifiedAt: readonly number[];
  /** Whether its messages have still to be sent. */
  readonly hasDueMessages?: boolean;
}

/** The texts that the row last showed, for the notices; undefined if it was never sent, so that nobody is notified. */
export function textsBefore({ sent, shownTexts }: ClaimedColumns): ShownTexts | undefined {
  const texts = parseJson(shownTexts);
  return sent === UNSENT.sent && Object.keys(texts).length === 0 ? undefined : texts;
}

export async function sendRow(
  caller: GoogleCaller,
  issuer: IssuerRow,
  row: ClaimedColumns,
  toSend: ToSend,
): Promise<SentRow> {
  const { noticed, messageKey, notifiedByClass = [], sendsMessages = true, mayInsert, resource } = toSend;
  const sent = writeJson(resource);
  const before = parseJson(row.notifiedAt);
  const known = [...new Set([...before, ...notifiedByClass])].toSorted((a, b) => a - b);
  const key = `${messageKey}-${await digestOfMessage(row, noticed)}`;
  const plan = planNotices(resource, noticed.notices, known, key, caller.now);
  const notifiedAt = noticed.notices.length === 0 ? before : plan.notifiedAt;
  const isKnown = row.sentAt > 0;
  const isEqual = isKnown && sent === row.sent && plan.resource === resource;
  if (!isEqual) {
    const last = isKnown ? parseJson(row.sent) : undefined;
    const send = (made: JsonObject) =>
      sendResource(caller, issuer, { ...toSend, resource: made }, last, mayInsert);
    let answer = await send(plan.resource);
    // Google counts differently than the row, or the template asks for a notification each time. The value must not wait until tomorrow.
    if (isOverDailyLimit(answer)) answer = await send(withoutNotification(resource));
    if (!answer.ok) return { failure: answer, hasResource: false, isSent: true, sent, notifiedAt: before };
  }
  if (plan.messages.length > 0 && !sendsMessages) {
    const left = { isSent: !isEqual, sent, notifiedAt: before, hasDueMessages: true };
    return { failure: undefined, hasResource: true, ...left };
  }
  const isSent = !isEqual || plan.messages.length > 0;
  if (plan.messages.length > 0) {
    const messages = await sendMessages(caller, issuer, toSend, plan.messages);
    if (!messages.ok) return { failure: messages, hasResource: true, isSent, sent, notifiedAt: before };
  }
  return { failure: undefined, hasResource: true, isSent, sent, notifiedAt };
}

function withoutNotification({ notifyPreference: _asked, ...silent }: JsonObject): JsonObject {
  return silent;
}

/**
 * The same until these notices have got through, also if something else changes meanwhile: a message that was sent without an answer
 * does not notify again. Afterwards the row says otherwise, so a value that comes back has another one.
 */
async function digestOfMessage(row: ClaimedColumns, { notices }: Noticed): Promise<string> {
  if (notices.length === 0) return "";
  return (await digestOf(writeJson([row.shownTexts, row.notifiedAt, notices]))).slice(0, 12);
}

/** What the row says after a send. */
export interface AfterSend extends Omit<DoneRow, "generation"> {
  /** 0 to 1. */
  readonly random: number;
}

/** For an UPDATE with `hasClaim`. */
export function columnsAfter(
  { failure, hasResource, isSent, sent, notifiedAt, hasDueMessages = false }: SentRow,
  row: ClaimedColumns,
  { noticed }: Pick<ToSend, "noticed">,
  { random, ...after }: AfterSend,
) {
  const { now } = after;
  // A restore during the send has emptied it: nobody knows what Google has.
  const stored = sql`iif(sent = '{}' AND ${row.sent} <> '{}', '{}', ${sent})`;
  const isUnknown = failure !== undefined && isSent && isUnclear(failure);
  const unknown = isUnknown ? { sent: UNSENT.sent, sentAt: now } : {};
  const resource = hasResource ? { sent: stored, ...(isSent && { sentAt: now }) } : unknown;
  if (hasDueMessages) {
    const isStale = sql`1`;
    return { ...doneColumns({ ...after, generation: row.generation, isStale }), ...resource };
  }
  if (failure === undefined) {
    const notices = { shownTexts: writeJson(noticed.texts), notifiedAt: writeJson(notifiedAt) };
    return { ...doneColumns({ ...after, generation: row.generation }), ...resource, ...notices };
  }
  switch (kindOfFailure(failure.code, row.attempts)) {
    case "refused":
      return { ...gaveUpColumns(failure, row.generation, now), ...resource };
    case "repeat":
    case "account":
      return {
        ...failedColumns(failure, now + pauseAfterFailure(failure, row.attempts, random), now),
        ...resource,
      };
  }
}
