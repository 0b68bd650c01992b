/**
 * How many passes people got from the join page of a template, and whether it issues more.
 */
import { sql } from "drizzle-orm";
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
 * Not in the template itself, because its ETag does not change with these counts.
 * @throws ApiError template_not_found
 */
export async function showJoinState(
  db: Database,
  id: number,
  now: number,
  maxNetworks = MAX_NETWORKS,
): Promise<JoinState> {
  const ofToday = sql`(SELECT ${joinCounts.count} FROM ${joinCounts} WHERE ${joinCounts.templateId} = ${id}
    AND ${joinCounts.day} = ${dayAt(now)} LIMIT ${maxNetworks + 1})`;
  const [row] = await db
    .select({
      join: templates.join,
      pass: templates.pass,
      total: totalOf(templates.id).mapWith(Number).as("total"),
      today: sql<number>`(SELECT coalesce(sum(count), 0) FROM ${ofToday})`.as("today"),
      networks: sql<number>`(SELECT count(*) FROM ${ofToday})`.as("networks"),
    })
    .from(templates)
    .where(livingTemplate(id));
  if (row === undefined) throw templateNotFound(id);
  const { total, today, networks } = row;
  const rule = joinOfRow(row);
  const page = rule && { rule, pass: parseJson(row.pass), total };
  return {
    state: page === null ? "none" : (closingOf(page, now) ?? "open"),
    issued: total,
    today: { count: today, isExact: networks <= maxNetworks },
    cap: rule?.cap ?? null,
  };
}
