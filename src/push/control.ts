/**
 * The operator's control over all pushes: a pause, and the pace of campaigns. One row in D1, read once for each batch.
 *
 * A pause loses nothing: the messages of the queue are sent again, delayed, until it ends.
 */
import { eq, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { pushControl } from "../db/schema.ts";

export interface PushControl {
  /** Milliseconds; null while pushes go out. */
  readonly pausedAt: number | null;
  /** For each change of a template or an event; null for no limit. */
  readonly pushesPerSecond: number | null;
}

/** An absent member leaves its value unchanged. */
export interface PushControlChange {
  readonly paused?: boolean | undefined;
  readonly pushesPerSecond?: number | null | undefined;
}

const ROW = 1;

/** The current settings. Until the operator sets them, pushes are neither paused nor limited. */
export async function readPushControl(db: Database): Promise<PushControl> {
  const [row] = await db.select().from(pushControl).where(eq(pushControl.id, ROW));
  return { pausedAt: row?.pausedAt ?? null, pushesPerSecond: row?.pushesPerSecond ?? null };
}

/**
 * Sets only what is given, so two operators at the same time do not undo each other's change. Pausing again keeps the time
 * of the first pause.
 */
export async function setPushControl(
  { db, now }: Pick<Context, "db" | "now">,
  { paused, pushesPerSecond }: PushControlChange,
): Promise<PushControl> {
  const given = {
    ...(paused === undefined ? {} : { pausedAt: paused ? sql`coalesce(paused_at, ${now})` : null }),
    ...(pushesPerSecond === undefined ? {} : { pushesPerSecond }),
  };
  await db
    .insert(pushControl)
    .values({ id: ROW, pausedAt: paused === true ? now : null, pushesPerSecond })
    .onConflictDoUpdate({ target: pushControl.id, set: { id: ROW, ...given } });
  return readPushControl(db);
}
