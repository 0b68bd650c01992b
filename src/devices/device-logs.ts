/**
 * The messages that devices post to /v1/log, stored for the operator: limited, masked and never trusted.
 *
 * Anyone can send them without a key, so no code acts on them, and a request costs one row, however many lines it has.
 * Follows Apple's "Log a message".
 */
import { desc, eq, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type PagePosition, pageOf, toPage } from "../db/page.ts";
import { deviceLogs } from "../db/schema.ts";
import { isObject, parseJson, writeJson } from "../json.ts";
import { maskUnverified } from "./unverified.ts";

/** An iPhone sends up to about 50 lines in a request; 200 is more than any device sends. */
const MAX_LINES = 200;
const MAX_LINE_CHARACTERS = 1000;
const MAX_CLIENT_CHARACTERS = 100;
/** The lines of a request as JSON. The first line always fits. */
const MAX_STORED_BYTES = 8 * 1024;
/** Older requests are removed. At most 8 MB are stored. */
export const STORED_REQUESTS = 1000;

const encoder = new TextEncoder();

/**
 * Parses the lines of a body: `{"logs": […]}`, an array (some wallets) or a string. Any other body has no lines. Lines
 * are masked and cut; those beyond the limits are left out.
 */
export function parseLogLines(body: unknown): string[] {
  const logs = isObject(body) && "logs" in body ? body.logs : body;
  const kept: string[] = [];
  let bytes = 2; // the brackets of the array
  for (const line of Array.isArray(logs) ? logs : [logs]) {
    if (typeof line !== "string" || line === "") continue;
    const masked = maskUnverified(line, MAX_LINE_CHARACTERS);
    bytes += encoder.encode(writeJson(masked)).length + 1; // and a comma
    if (bytes > MAX_STORED_BYTES || kept.length === MAX_LINES) break;
    kept.push(masked);
  }
  return kept;
}

/**
 * Stores the lines of `parseLogLines` as one row. Ids rise by one, so each new row removes at most one: the oldest beyond
 * the limit. One batch. It is not repeated after an error of D1, because the lines would be stored twice.
 */
export async function storeLogs(
  { db, now }: Pick<Context, "db" | "now">,
  userAgent: string,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const client = maskUnverified(userAgent, MAX_CLIENT_CHARACTERS);
  await batchOf(db, {
    inserted: db.insert(deviceLogs).values({ client, messages: writeJson(lines), receivedAt: now }),
    removed: db.delete(deviceLogs).where(eq(deviceLogs.id, sql`last_insert_rowid() - ${STORED_REQUESTS}`)),
  });
}

/** Requests, newest first, each with its lines in their order. */
export async function listLogs(db: Database, position: PagePosition) {
  const page = pageOf(db, deviceLogs, position);
  const rows = await db
    .select({ row: deviceLogs, candidates: page.candidates })
    .from(page)
    .innerJoin(deviceLogs, eq(deviceLogs.id, page.id))
    .orderBy(desc(page.id));
  return toPage(rows, ({ row: { id, client, messages, receivedAt } }) => ({
    id,
    client,
    messages: parseJson(messages),
    receivedAt: new Date(receivedAt).toISOString(),
  }));
}
