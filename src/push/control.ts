/**
 * The operator's hand on all pushes: a pause, and the pace of campaigns. One row in D1, read once for each batch.
 *
 * A pause loses nothing: what lies in the queue comes again and again until it ends.
 */
import { eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { pushControl } from "../db/schema.ts";

export interface PushControl {
  /** Milliseconds; null while pushes go out. */
  readonly pausedAt: number | null;
  /** For each change of a template or an event; null for as fast as it can. */
  readonly pushesPerSecond: number | null;
}

/** What is absent stays. */
export interface PushControlChange {
  readonly paused?: boolean | undefined;
  readonly pushesPerSecond?: number | null | undefined;
}

const ROW = 1;

/** As the operator last set it; at first nothing is paused and nothing slowed. */
export async function readPushControl(db: Database): Promise<PushControl> {
  const [row] = await db.select().from(pushControl).where(eq(pushControl.id, ROW));
  return { pausedAt: row?.pausedAt ?? null, pushesPerSecond: row?.pushesPerSecond ?? null };
}

/**
 * Sets what is given and nothing else: of two operators at once, neither undoes what the other did. A pause that is
 * repeated keeps its beginning.
 */
export async function setPushControl(
  db: Database,
  { paused, pushesPerSecond }: PushControlChange,
  now: number,
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
