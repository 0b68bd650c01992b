/**
 * The names and dates of what the scope of a key contains, for the person who uses the key ("Opening night, 5 March").
 */
import { and, asc, isNull, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { events, projects, templates } from "../db/schema.ts";
import { parseJson, writeJson } from "../json.ts";
import { firstDateOf } from "../pkpass/first-date.ts";
import type { Scope } from "./principal.ts";

export interface Named {
  readonly id: number;
  readonly name: string;
}

/** The resources of a scope that still exist. */
export interface NamedScope {
  readonly projects: readonly Named[];
  /** `date` is the first one of the event's own pass.json, as it is written there. */
  readonly events: readonly (Named & { readonly projectId: number; readonly date: string | null })[];
  readonly templates: readonly (Named & { readonly organizationName: string })[];
}

/** One round trip, and a row for each id of the scope. */
export async function nameScope(db: Database, scope: Scope): Promise<NamedScope> {
  const named = await batchOf(db, {
    projects: db
      .select({ id: projects.id, name: projects.name })
      .from(projects)
      .where(isListed(projects.id, scope.projects))
      .orderBy(asc(projects.id)),
    events: db
      .select({ id: events.id, name: events.name, projectId: events.projectId, pass: events.pass })
      .from(events)
      .where(and(isListed(events.id, scope.events), isNull(events.deletedAt)))
      .orderBy(asc(events.id)),
    templates: db
      .select({
        id: templates.id,
        name: templates.name,
        organizationName: sql<string>`${templates.pass} ->> '$.organizationName'`.as("organization_name"),
      })
      .from(templates)
      .where(and(isListed(templates.id, scope.templates), isNull(templates.deletedAt)))
      .orderBy(asc(templates.id)),
  });
  return {
    ...named,
    events: named.events.map(({ pass, ...event }) => ({ ...event, date: firstDateOf(parseJson(pass)) })),
  };
}

function isListed(column: SQLiteColumn, ids: readonly number[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${writeJson(ids)}))`;
}
