/**
 * Records what a verified callback of Google says: whether a pass is in Google Wallet, and since when.
 *
 * A callback has no time of its event, so the time is when it arrives, and the order is that of their expiry: one that is older than
 * the last one changes nothing. If several persons have saved a pass, the newest callback decides: after one of them has removed it,
 * the pass counts as removed until somebody saves it. Google's `count` is not read, because its meaning is not documented.
 */
import { and, eq, isNull, lte, or, sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeatable } from "../db/repeat.ts";
import { googleIssuers, googleNonces, googleObjects, passes } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { MINUTE_MS } from "../durations.ts";
import type { CallbackMessage } from "./callback.ts";
import { readObjectId } from "./objects.ts";

/** Of an id that is not one of this service: no row has it. */
const NO_OBJECT = { passId: 0, type: "" };

export type RecordedInstall = "recorded" | "repeated" | "unknown_object" | "unknown_issuer";

/** One batch: the pass and the nonce are written, or neither. It may run twice. */
export async function recordInstall(
  db: Database,
  message: CallbackMessage,
  now: number,
): Promise<RecordedInstall> {
  const { issuerId, objectId, nonce, expiresAt } = message;
  const { passId, type } = readObjectId(objectId) ?? NO_OBJECT;
  const isIssuer = eq(googleIssuers.issuerId, issuerId);
  const isNonce = and(eq(googleNonces.issuerId, issuerId), eq(googleNonces.nonce, nonce));
  const isObject = and(
    eq(googleObjects.passId, passId),
    eq(googleObjects.issuerId, issuerId),
    eq(googleObjects.type, type),
    eq(googleObjects.resourceId, objectId),
  );
  const { issuers, objects, nonces, wasRepeated } = await repeatableBatchOf(db, {
    issuers: db.select({ issuerId: googleIssuers.issuerId }).from(googleIssuers).where(isIssuer),
    objects: db.select({ passId: googleObjects.passId }).from(googleObjects).where(isObject),
    pass: db
      .update(passes)
      .set({ ...timesAfter(message, now), googleCallbackAt: expiresAt })
      .where(
        and(
          eq(passes.id, passId),
          isNull(passes.deletedAt),
          or(isNull(passes.googleCallbackAt), lte(passes.googleCallbackAt, expiresAt)),
          sql`EXISTS (SELECT 1 FROM ${googleIssuers} WHERE ${isIssuer})`,
          sql`EXISTS (SELECT 1 FROM ${googleObjects} WHERE ${isObject})`,
          sql`NOT EXISTS (SELECT 1 FROM ${googleNonces} WHERE ${isNonce})`,
        ),
      ),
    nonces: db
      .insert(googleNonces)
      .select(
        selectInto(
          googleNonces,
          { issuerId, nonce, expiresAt },
          sql`FROM ${googleIssuers} WHERE ${isIssuer}`,
        ),
      )
      .onConflictDoNothing(),
  });
  if (issuers.length === 0) return "unknown_issuer";
  if (nonces.meta.changes === 0 && !wasRepeated) return "repeated";
  return objects.length === 0 ? "unknown_object" : "recorded";
}

/** Saving it again while it is there keeps the time. What was removed had been saved, even if that callback never arrived. */
function timesAfter({ eventType }: CallbackMessage, now: number) {
  const { googleInstalledAt, googleUninstalledAt } = passes;
  if (eventType === "del")
    return {
      googleInstalledAt: sql`coalesce(${googleInstalledAt}, ${now})`,
      googleUninstalledAt: sql`coalesce(${googleUninstalledAt}, ${now})`,
    };
  return {
    googleInstalledAt: sql`iif(${googleUninstalledAt} IS NULL, coalesce(${googleInstalledAt}, ${now}), ${now})`,
    googleUninstalledAt: null,
  };
}

/** Removes the nonces of callbacks that have expired: such a callback is refused anyway. @returns how many */
export async function pruneNonces(db: Database, now: number): Promise<number> {
  const { meta } = await repeatable(() =>
    db.delete(googleNonces).where(lte(googleNonces.expiresAt, now - MINUTE_MS)),
  );
  return meta.changes;
}
