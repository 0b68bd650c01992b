/**
 * The messages that devices post to /v1/log, stored for the operator: limited, masked and never trusted.
 *
 * Anyone can send them without a key, so no code acts on them. Follows Apple's "Log a message".
 */
import { desc, eq, lt, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type PagePosition, pageOf, toPage } from "../db/page.ts";
import { deviceLogs } from "../db/schema.ts";
import { AUTOINCREMENT, selectInto } from "../db/select-into.ts";
import { isObject, writeJson } from "../json.ts";

/** An iPhone sends up to about 50 lines in a request; 200 is more than any device sends. */
const MAX_LINES = 200;
const MAX_LINE_CHARACTERS = 1000;
/** Older lines are removed. */
const STORED_LINES = 10_000;

/** Parses the lines of a body: `{"logs": […]}`, an array (some wallets) or a string. Any other body has no lines. */
export function parseLogLines(body: unknown): string[] {
  const logs = isObject(body) && "logs" in body ? body.logs : body;
  const lines = Array.isArray(logs) ? logs : [logs];
  return lines
    .filter((line): line is string => typeof line === "string" && line !== "")
    .slice(0, MAX_LINES)
    .map((line) => mask(line).slice(0, MAX_LINE_CHARACTERS).toWellFormed()); // mask before truncating, because half a token is not recognized
}

/** Masks device ids, push tokens and authentication tokens, because people read the log. */
function mask(line: string): string {
  return line
    .replace(/[0-9a-fA-F]{32,}/g, "…")
    .replace(/\b(ApplePass|AndroidPass|WalletUnionPass|Bearer)\s+\S+/gi, "$1 …")
    .replace(/ep\d+_[A-Za-z0-9_-]{20,}/g, "…");
}

/** Stores the lines of `parseLogLines`, and removes the oldest lines beyond the limit. One batch. */
export async function storeLogs(
  { db, now }: Pick<Context, "db" | "now">,
  client: string,
  lines: readonly string[],
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
    removed: db
      .delete(deviceLogs)
      .where(lt(deviceLogs.id, sql`(SELECT max(id) FROM device_logs) - ${STORED_LINES - 1}`)),
  });
}

/** Newest first. */
export async function listLogs(db: Database, position: PagePosition) {
  const page = pageOf(db, deviceLogs, position);
  const rows = await db
    .select({ row: deviceLogs, candidates: page.candidates })
    .from(page)
    .innerJoin(deviceLogs, eq(deviceLogs.id, page.id))
    .orderBy(desc(page.id));
  return toPage(rows, ({ row }) => ({ ...row, receivedAt: new Date(row.receivedAt).toISOString() }));
}
