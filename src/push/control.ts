/**
 * The operator's control over all pushes: a pause, and the pace of campaigns. The settings are one row in D1, which is
 * read once for each batch. The same row has the heartbeat of the minute trigger.
 *
 * No push is lost during a pause: changes and messages wait in D1 until it ends (held.ts).
 */
import { eq, sql } from "drizzle-orm";
import { parseReaderNames, READER_NAMES } from "../changes/readers.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type Marker, markIf } from "../db/requests.ts";
import { PUSH_CONTROL_ROW, pushControl } from "../db/schema.ts";

export interface PushControl {
  /** When the pause started, in milliseconds; null if pushes are not paused. */
  readonly pausedAt: number | null;
  /** The limit for each change of a template or an event; null for no limit. */
  readonly pushesPerSecond: number | null;
}

/** An absent member leaves its value unchanged. */
export interface PushControlChange {
  readonly paused?: boolean | undefined;
  readonly pushesPerSecond?: number | null | undefined;
}

/** Whether the minute trigger runs. */
export interface Heartbeat {
  /** When it last ran; null if it never did. */
  readonly sweptAt: number | null;
  /** Since when it is expected to run. */
  readonly startedAt: number | null;
}

/** The current settings. Until the operator sets them, pushes are neither paused nor limited. */
export async function readPushControl(db: Database): Promise<PushControl> {
  return toPushControl(await selectPushControl(db));
}

/** Statement, for a batch. */
export function selectPushControl(db: Database) {
  return db.select().from(pushControl).where(eq(pushControl.id, PUSH_CONTROL_ROW));
}

/** @param rows the result of `selectPushControl` */
export function toPushControl([row]: Awaited<ReturnType<typeof selectPushControl>>): PushControl {
  return { pausedAt: row?.pausedAt ?? null, pushesPerSecond: row?.pushesPerSecond ?? null };
}

/**
 * Sets only the given members, so that two operators at the same time do not undo each other's changes. Pausing again
 * does not change the start of the pause.
 */
export async function setPushControl(
  context: Marker,
  { paused, pushesPerSecond }: PushControlChange,
): Promise<PushControl> {
  const { db, now } = context;
  const given = {
    ...(paused === undefined ? {} : { pausedAt: paused ? sql`coalesce(paused_at, ${now})` : null }),
    ...(pushesPerSecond === undefined ? {} : { pushesPerSecond }),
  };
  await repeatableBatchOf(db, {
    set: db
      .insert(pushControl)
      .values({ id: PUSH_CONTROL_ROW, pausedAt: paused === true ? now : null, pushesPerSecond })
      .onConflictDoUpdate({ target: pushControl.id, set: { id: PUSH_CONTROL_ROW, ...given } }),
    mark: markIf(context, PUSH_CONTROL_ROW),
  });
  return readPushControl(db);
}

/**
 * Records that the minute trigger ran, for the health report.
 * @returns the names of the readers of the change log, which saves a query for them
 */
export async function recordHeartbeat(db: Database, now: number): Promise<string[]> {
  const { rows } = await repeatableBatchOf(db, {
    rows: db
      .insert(pushControl)
      .values({ id: PUSH_CONTROL_ROW, sweptAt: now })
      .onConflictDoUpdate({ target: pushControl.id, set: { sweptAt: now } })
      .returning({ readers: READER_NAMES }),
  });
  const [row] = rows;
  return row === undefined ? [] : parseReaderNames(row.readers);
}

/** When the minute trigger last ran. */
export async function readHeartbeat(db: Database): Promise<Heartbeat> {
  const [row] = await db.select().from(pushControl).where(eq(pushControl.id, PUSH_CONTROL_ROW));
  return { sweptAt: row?.sweptAt ?? null, startedAt: row?.startedAt ?? null };
}
