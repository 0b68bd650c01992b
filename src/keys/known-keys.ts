/**
 * The keys that this isolate has read, kept for a minute. So a keyed request costs no query, and neither does a revoked key that
 * is sent again and again. A revoked key may be accepted for up to a minute more.
 */
import { and, eq, isNull, lte, or } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { keys } from "../db/schema.ts";
import { HOUR_MS, MINUTE_MS } from "../durations.ts";
import type { ReadKey } from "./key-text.ts";

export type StoredKey = typeof keys.$inferSelect;

const KEPT_MS = MINUTE_MS;
const MAX_KEPT = 1000;
/** How exact `lastUsedAt` is: an isolate writes it at most once in this time. */
const USE_MS = HOUR_MS;

interface Known {
  /** Undefined if there is no such key. */
  readonly key: StoredKey | undefined;
  readonly readAt: number;
}

/** By the hash of the key. */
const known = new Map<string, Known>();

/** @returns undefined if there is no such key: the database is older than the key */
export async function findKey(
  db: Database,
  { id, hash }: ReadKey,
  now: number,
): Promise<StoredKey | undefined> {
  const kept = known.get(hash);
  if (kept !== undefined && now >= kept.readAt && now - kept.readAt < KEPT_MS) return kept.key;
  const [key] = await db
    .select()
    .from(keys)
    .where(and(eq(keys.id, id), eq(keys.hash, hash)));
  keep(hash, { key, readAt: now });
  return key;
}

function keep(hash: string, read: Known): void {
  const [oldest] = known.keys();
  if (known.size >= MAX_KEPT && oldest !== undefined) known.delete(oldest);
  known.delete(hash); // so that it becomes the newest
  known.set(hash, read);
}

/** The key was revoked: this isolate refuses it from now on. */
export function forgetKey(hash: string): void {
  known.delete(hash);
}

/** @returns a function that stores the use; undefined if a use in the last hour is stored */
export function useOf(db: Database, key: StoredKey, now: number): (() => Promise<unknown>) | undefined {
  const isDue = (at: number | null) => at === null || at <= now - USE_MS;
  if (!isDue(key.lastUsedAt)) return undefined;
  const kept = known.get(key.hash);
  if (kept?.key !== undefined) known.set(key.hash, { ...kept, key: { ...kept.key, lastUsedAt: now } });
  const isDueInRow = or(isNull(keys.lastUsedAt), lte(keys.lastUsedAt, now - USE_MS));
  return () =>
    repeatable(() =>
      db
        .update(keys)
        .set({ lastUsedAt: now })
        .where(and(eq(keys.id, key.id), isDueInRow)),
    );
}
