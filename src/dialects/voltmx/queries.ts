/**
 * Queries for VoltMX's "Getting the Latest Version of a Pass": finds the passes that a path can mean, and parses the
 * update tag that the client has.
 */
import { sql } from "drizzle-orm";
import { parseTag } from "../../changes/effective.ts";
import type { Database } from "../../db/client.ts";
import { changes } from "../../db/schema.ts";
import { type LoadedPass, loadBySerialNumber } from "../../passes/load.ts";
import { decodeAgain } from "../../wallet/parse.ts";

/**
 * The passes that were not deleted, for both readings of a serial number: iOS percent-encodes it twice, other clients
 * once.
 */
export async function loadBothReadings(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
  now: number,
): Promise<LoadedPass[]> {
  const readings = [...new Set([serialNumber, decodeAgain(serialNumber)])];
  const found = await Promise.all(
    readings.map((reading) => loadBySerialNumber(db, passTypeIdentifier, reading, now)),
  );
  return found.filter((loaded): loaded is LoadedPass => loaded?.pass.deletedAt === null);
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
