/**
 * What a key with a scope reaches, as SQL. A scope has ids of projects, events and templates, and the key reaches
 *
 * - the projects of the scope;
 * - the templates of the scope, and those of its projects;
 * - the events of the scope, and those of its projects;
 * - the passes of these templates, and those of these events.
 *
 * Everything else is answered as if it did not exist: lists leave it out by these conditions, and every id in a path or a body
 * is checked first (passes/reach.ts).
 */
import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { events, passes, projects, templates } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import type { Scope } from "./principal.ts";

/** SQL on projects. Undefined if the key reaches all of them. */
export function projectsWithin(scope: Scope | undefined): SQL | undefined {
  return scope && isOneOf(projects.id, scope.projects);
}

/** SQL on templates. */
export function templatesWithin(scope: Scope | undefined): SQL | undefined {
  return (
    scope && either(isOneOf(templates.id, scope.templates), isOneOf(templates.projectId, scope.projects))
  );
}

/** SQL on events. */
export function eventsWithin(scope: Scope | undefined): SQL | undefined {
  return scope && either(isOneOf(events.id, scope.events), isOneOf(events.projectId, scope.projects));
}

/**
 * SQL on passes. A deleted event has no passes. The unary plus prevents the use of the indexes of templates and events, so that
 * the other conditions of a query choose the index.
 */
export function passesWithin(scope: Scope | undefined): SQL | undefined {
  return (
    scope &&
    either(
      sql`+${passes.templateId} IN (SELECT ${templates.id} FROM ${templates} WHERE ${templatesWithin(scope)})`,
      sql`+${passes.eventId} IN (SELECT ${events.id} FROM ${events} WHERE ${eventsWithin(scope)} AND ${events.deletedAt} IS NULL)`,
    )
  );
}

/** SQL, in a select from passes: 1 if the key reaches the pass, else 0. (Without an event, the condition may be NULL.) */
export function isPassReached(scope: Scope | undefined): SQL<number> {
  return sql<number>`coalesce(${passesWithin(scope) ?? sql`1`}, 0)`;
}

function either(one: SQL, other: SQL): SQL {
  return sql`(${one} OR ${other})`;
}

function isOneOf(column: SQLWrapper, ids: readonly number[]): SQL {
  return sql`${column} IN (SELECT value FROM json_each(${writeJson(ids)}))`;
}
