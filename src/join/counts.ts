/**
 * Counts the passes that people got from join pages: in total, and by network and day. A count is compared and raised in the
 * batch that issues the pass, so two requests at the same time never exceed a limit.
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { joinCounts } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { DAY_MS } from "../durations.ts";
import { writeJson } from "../json.ts";
import type { Secrets } from "../secrets/secrets.ts";

const PURPOSE = "network of a join form";
const NETWORK_BYTES = 16;

/** A network on one day. Each has its own count. */
export interface NetworkDay {
  /** Days since 1970, in UTC. */
  readonly day: number;
  /** The HMAC of both. */
  readonly network: string;
}

/** The row that counts all passes of a template. No network has it. */
const TOTAL: NetworkDay = { day: 0, network: "" };

/** The day of a time. */
export function dayAt(now: number): number {
  return Math.floor(now / DAY_MS);
}

export function secondsToNextDay(now: number): number {
  return Math.ceil((DAY_MS - (now % DAY_MS)) / 1000);
}

export async function networkDayOf(secrets: Secrets, network: string, now: number): Promise<NetworkDay> {
  const day = dayAt(now);
  const code = await secrets.mac(secrets.newestKeyId, PURPOSE, JSON.stringify([day, network]));
  return { day, network: code.subarray(0, NETWORK_BYTES).toHex() };
}

/** SQL: how many passes people got of the template in total. */
export function totalOf(templateId: SQLWrapper): SQL {
  return countOf(templateId, TOTAL);
}

/** SQL: how many passes of the template a network got on its day. */
export function countOf(templateId: SQLWrapper, { day, network }: NetworkDay): SQL {
  return sql`coalesce((SELECT counted.count FROM ${joinCounts} AS counted WHERE counted.template_id = ${templateId}
    AND counted.day = ${day} AND counted.network = ${network}), 0)`;
}

/** Statement: raises both counts. @param network undefined if it is not known @param wrote SQL: whether the pass was inserted */
export function raiseCounts(db: Database, templateId: number, network: NetworkDay | undefined, wrote: SQL) {
  const counted = network === undefined ? [TOTAL] : [TOTAL, network];
  const row = { templateId, day: sql`one.value ->> 'day'`, network: sql`one.value ->> 'network'`, count: 1 };
  const from = sql`FROM json_each(${writeJson(counted)}) AS one WHERE ${wrote}`;
  return db
    .insert(joinCounts)
    .select(selectInto(joinCounts, row, from))
    .onConflictDoUpdate({
      target: [joinCounts.templateId, joinCounts.day, joinCounts.network],
      set: { count: sql`${joinCounts.count} + 1` },
    });
}
