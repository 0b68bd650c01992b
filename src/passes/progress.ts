/**
 * How many phones have been notified of the newest change of a template or an event: from the change log, the rows of the
 * devices and the dead letters. What is in the queue is not known. google-progress.ts does the same for Google Wallet.
 */
import { and, desc, eq, isNull, type SQL, sql } from "drizzle-orm";
import { isPushed } from "../changes/push-state.ts";
import { TARGETS } from "../changes/targets.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { changes } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import { eventNotFound, livingEventIn } from "../events/events.ts";
import { selectPushControl, toPushControl } from "../push/control.ts";
import { selectGaveUpCount } from "../push/gave-up.ts";
import { countReached, type Reached, type ReachedTarget } from "../push/reached.ts";
import { livingTemplate, templateNotFound } from "../templates/show.ts";
import { type GoogleProgress, googleProgress, READ_BY_GOOGLE } from "./google-progress.ts";
import { type LoggedChange, SEARCHED_CHANGES, showChange } from "./history.ts";
import { instantOf } from "./show.ts";

export interface Progress {
  /** The newest change that was or will be pushed. Null if none of the newest ones is. */
  readonly change: LoggedChange | null;
  readonly phones: { readonly count: number; readonly isExact: boolean };
  readonly notified: number;
  /** Phones of the change in the newest dead letters. */
  readonly gaveUp: number;
  readonly paused: boolean;
  readonly pushesPerSecond: number | null;
  /** How many were notified per second, on average. Null if nothing is left to do, or nothing was done yet. */
  readonly perSecond: number | null;
  readonly endsAt: string | null;
  /** Absent without an issuer. */
  readonly google?: GoogleProgress;
}

/** This long after the last message was given to the queue, the remaining phones are being retried, at an unknown pace. */
const RETRYING_AFTER_MS = 10 * 60_000;

/** @throws ApiError template_not_found */
export async function templateProgress(db: Database, id: number, now: number): Promise<Progress> {
  const progress = await progressOf(db, { kind: "template", id }, livingTemplate(id), now);
  if (progress === undefined) throw templateNotFound(id);
  return progress;
}

/** @throws ApiError event_not_found */
export async function eventProgress(
  db: Database,
  projectId: number,
  id: number,
  now: number,
): Promise<Progress> {
  const progress = await progressOf(db, { kind: "event", id }, livingEventIn(projectId, id), now);
  if (progress === undefined) throw eventNotFound(id);
  return progress;
}

/**
 * Two round trips, or three if there are too many phones, or passes in Google Wallet, to count them.
 * @param living SQL on the table of the target
 * @returns undefined if there is no such target
 */
async function progressOf(
  db: Database,
  target: ReachedTarget,
  living: SQL | undefined,
  now: number,
): Promise<Progress | undefined> {
  const { found, newest, control } = await batchOf(db, {
    found: db
      .select({ readByGoogle: READ_BY_GOOGLE.as("read_by_google") })
      .from(sql`${TARGETS[target.kind].table}`)
      .where(living),
    newest: db
      .select()
      .from(changes)
      .where(isChangeOf(target))
      .orderBy(desc(changes.id))
      .limit(SEARCHED_CHANGES),
    control: selectPushControl(db),
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const { readByGoogle } = first;
  const change = newest.find(isPushed);
  const [reached, givenUp, google] = await Promise.all([
    countReached(db, target, change),
    change && selectGaveUpCount(db, sql`${isChangeOf(target)} AND ${changes.id} >= ${change.id}`),
    readByGoogle === null ? undefined : googleProgress(db, target, (newest[0]?.id ?? 0) > readByGoogle, now),
  ]);
  const gaveUp = givenUp?.[0]?.phones ?? 0;
  const { pausedAt, pushesPerSecond } = toPushControl(control);
  const settings = { paused: pausedAt !== null, pushesPerSecond };
  return {
    change: change === undefined ? null : showChange(change),
    phones: { count: reached.phones, isExact: reached.isExact },
    notified: reached.notified,
    gaveUp,
    ...settings,
    ...(change === undefined ? NO_PACE : paceOf(change, reached, gaveUp, settings, now)),
    ...(google && { google }),
  };
}

/** SQL on changes: those of the template or the event itself. */
function isChangeOf({ kind, id }: ReachedTarget): SQL | undefined {
  const { templateId, eventId } = changes;
  return and(
    isNull(changes.passId),
    kind === "template" ? eq(templateId, id) : isNull(templateId),
    kind === "event" ? eq(eventId, id) : isNull(eventId),
  );
}

/** A later end is not shown: such a slow pace is a disturbance, and the end could exceed the largest date. */
const FORESEEN_MS = 30 * DAY_MS;
const NO_PACE = { perSecond: null, endsAt: null };

function paceOf(
  { pushAt, dispatchedAt }: typeof changes.$inferSelect,
  { phones, notified }: Reached,
  gaveUp: number,
  { paused, pushesPerSecond }: Pick<Progress, "paused" | "pushesPerSecond">,
  now: number,
): Pick<Progress, "perSecond" | "endsAt"> {
  const left = phones - notified - gaveUp;
  const isRetrying = dispatchedAt !== null && now - dispatchedAt > RETRYING_AFTER_MS;
  if (left <= 0 || isRetrying) return NO_PACE;
  const seconds = (now - pushAt) / 1000;
  const average = notified > 0 && seconds > 0 ? notified / seconds : null;
  const perSecond = average === null ? null : Math.round(average * 10) / 10;
  const pace = dispatchedAt === null && pushesPerSecond !== null ? pushesPerSecond : average;
  if (paused || pace === null) return { perSecond, endsAt: null };
  const leftMs = Math.ceil((left / pace) * 1000);
  return { perSecond, endsAt: leftMs > FORESEEN_MS ? null : instantOf(Math.max(now, pushAt) + leftMs) };
}
