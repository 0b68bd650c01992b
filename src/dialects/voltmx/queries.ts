/**
 * Queries for VoltMX's "Getting the Latest Version of a Pass": whether a path means a pass, and the update tag that the
 * client has.
 */
import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { parseTag } from "../../changes/effective.ts";
import type { Database } from "../../db/client.ts";
import { changes, passes } from "../../db/schema.ts";
import { decodeAgain } from "../../wallet/parse.ts";

/**
 * Whether there is a pass with this serial number that was not deleted, in either reading: iOS percent-encodes it twice,
 * other clients once.
 */
export async function existsInEitherReading(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
): Promise<boolean> {
  const readings = [serialNumber, decodeAgain(serialNumber)];
  const [found] = await db
    .select({ id: passes.id })
    .from(passes)
    .where(
      and(
        eq(passes.passTypeIdentifier, passTypeIdentifier),
        inArray(passes.serialNumber, readings),
        isNull(passes.deletedAt),
      ),
    )
    .limit(1);
  return found !== undefined;
}

/**
 * Parses passesUpdatedSince. Undefined for a tag that is greater than the last change, as after a restore of the
 * database: otherwise a client with such a tag would never get an update.
 */
export async function findIssuedTag(db: Database, text: string | undefined): Promise<number | undefined> {
  const tag = parseTag(text);
  if (tag === undefined) return undefined;
  const [row] = await db.select({ newest: sql<number | null>`max(${changes.id})` }).from(changes);
  return tag <= (row?.newest ?? 0) ? tag : undefined;
}
