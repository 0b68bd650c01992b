/**
 * What devices write to /v1/log, kept for the operator: bounded, masked, and never trusted.
 *
 * Anybody can write here without a key, so nothing acts upon it. Follows Apple's "Log a message".
 */
import { desc, lt, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { deviceLogs } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { writeJson } from "../json.ts";

/** An iPhone merges up to about 50 lines into a request; 200 is more than any. */
const MAX_LINES = 200;
const MAX_LINE_CHARACTERS = 1000;
/** The table keeps the newest. */
const KEPT_LINES = 10_000;

/** The lines in a body: `{"logs": […]}`, a bare array (some wallets), or a lone string; nothing in anything else. */
export function linesIn(body: unknown): string[] {
  const logs = typeof body === "object" && body !== null && "logs" in body ? body.logs : body;
  const lines = Array.isArray(logs) ? logs : [logs];
  return lines
    .filter((line): line is string => typeof line === "string" && line !== "")
    .slice(0, MAX_LINES)
    .map((line) => mask(line).slice(0, MAX_LINE_CHARACTERS).toWellFormed()); // masked first: half a token is not known for one
}

/** Device ids, push tokens and authentication tokens have no business in a log that people read. */
function mask(line: string): string {
  return line
    .replace(/[0-9a-fA-F]{32,}/g, "…")
    .replace(/\b(ApplePass|AndroidPass|WalletUnionPass|Bearer)\s+\S+/gi, "$1 …")
    .replace(/ep\d+_[A-Za-z0-9_-]{20,}/g, "…");
}

/** Stores lines that `linesIn` gave, and drops the oldest beyond the bound. One batch. */
export async function keepLogs(
  db: Database,
  client: string,
  lines: readonly string[],
  now: number,
): Promise<void> {
  if (lines.length === 0) return;
  await batchOf(db, {
    inserted: db
      .insert(deviceLogs)
      .select(
        selectInto(
          deviceLogs,
          { id: AUTOINCREMENT, client, message: sql`value`, receivedAt: now },
          sql`FROM json_each(${writeJson(lines)})`,
        ),
      ),
    dropped: db
      .delete(deviceLogs)
      .where(lt(deviceLogs.id, sql`(SELECT max(id) FROM device_logs) - ${KEPT_LINES - 1}`)),
  });
}

/** Newest first. @param cursor the id that the page before ended with */
export async function listLogs(db: Database, cursor: number | undefined, limit: number) {
  const rows = await db
    .select()
    .from(deviceLogs)
    .where(cursor === undefined ? undefined : lt(deviceLogs.id, cursor))
    .orderBy(desc(deviceLogs.id))
    .limit(limit);
  return rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt).toISOString() }));
}
