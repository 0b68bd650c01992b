/**
 * How many passes people got from the join page of a template, and whether it issues more.
 */
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { joinCounts, templates } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { joinOfRow } from "../templates/join-rule.ts";
import { livingTemplate, templateNotFound } from "../templates/show.ts";
import { dayAt, totalOf } from "./counts.ts";
import { closingOf } from "./find.ts";

export const JOIN_STATES = ["open", "closed", "full", "none"] as const;

export interface JoinState {
  /** none: the template has no join page. */
  readonly state: (typeof JOIN_STATES)[number];
  readonly issued: number;
  readonly today: { readonly count: number; readonly isExact: boolean };
  readonly cap: number | null;
}

/** The most networks whose counts are added up. */
const MAX_NETWORKS = 10_000;

/**
 * These counts are not part of the template, because its ETag does not change with them.
 * @throws ApiError template_not_found
 */
export async function showJoinState(
  db: Database,
  id: number,
  now: number,
  maxNetworks = MAX_NETWORKS,
): Promise<JoinState> {
  const ofToday = db
    .select({ count: joinCounts.count })
    .from(joinCounts)
    .where(and(eq(joinCounts.templateId, id), eq(joinCounts.day, dayAt(now))))
    .limit(maxNetworks + 1)
    .as("of_today");
  const today = db
    .select({
      count: sql<number>`coalesce(sum(${ofToday.count}), 0)`.as("today"),
      networks: sql<number>`count(*)`.as("networks"),
    })
    .from(ofToday)
    .as("counted_today");
  const [row] = await db
    .select({
      join: templates.join,
      pass: templates.pass,
      total: totalOf(templates.id).mapWith(Number).as("total"),
      today: today.count,
      networks: today.networks,
    })
    .from(templates)
    .crossJoin(today)
    .where(livingTemplate(id));
  if (row === undefined) throw templateNotFound(id);
  const { total, networks } = row;
  const rule = joinOfRow(row);
  const page = rule && { rule, pass: parseJson(row.pass), total };
  return {
    state: page === null ? "none" : (closingOf(page, now) ?? "open"),
    issued: total,
    today: { count: row.today, isExact: networks <= maxNetworks },
    cap: rule?.cap ?? null,
  };
}
