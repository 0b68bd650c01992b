/**
 * Checks that a key with a scope reaches the resources that a request names. Others are refused as if they did not exist.
 *
 * The admin API does this for every id in a path and in a body (admin/openapi/access.ts), the APIs of other systems in their
 * routes. Lists use the conditions of keys/scope.ts instead. A deleted resource is still reached, so that a repeated
 * deletion is answered as the first one was. A pass that leaves the scope between the check and the write is still written:
 * it was in the scope when the request arrived.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { events, passes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { eventNotFound } from "../events/events.ts";
import { projectNotFound } from "../events/projects.ts";
import { pointerTo, writeJson } from "../json.ts";
import { eventsWithin, passesWithin, templatesWithin } from "../keys/scope.ts";
import { templateNotFound } from "../templates/show.ts";
import { passNotFound } from "./show.ts";

/** What a request names. */
export interface Named {
  readonly projectId?: number | undefined;
  readonly eventId?: number | undefined;
  readonly templateId?: number | undefined;
  readonly passId?: number | undefined;
  readonly passIds?: readonly number[] | undefined;
}

/**
 * Costs a round trip, but only for a key with a scope.
 * @param isInBody whether a refusal points to the member of the body
 * @throws ApiError project_not_found, event_not_found, template_not_found or pass_not_found
 */
export async function demandReach(
  { db, scope }: Pick<Context, "db" | "scope">,
  { projectId, eventId, templateId, passId, passIds = [] }: Named,
  isInBody = false,
): Promise<void> {
  if (scope === undefined) return;
  const at = (...path: (string | number)[]) => (isInBody ? pointerTo(path) : undefined);
  if (projectId !== undefined && !scope.projects.includes(projectId))
    throw projectNotFound(projectId, at("projectId"));
  const named = passId === undefined ? passIds : [passId, ...passIds];
  if (eventId === undefined && templateId === undefined && named.length === 0) return;
  const outside = (ids: readonly number[], from: SQL) =>
    db
      .select({ id: sql<number>`listed.value`.as("outside_id") })
      .from(sql`json_each(${writeJson(ids)}) AS listed`)
      .where(sql`NOT EXISTS (SELECT 1 ${from})`)
      .limit(1);
  const found = await batchOf(db, {
    event:
      eventId === undefined
        ? undefined
        : outside(
            [eventId],
            sql`FROM ${events} WHERE ${events.id} = listed.value AND ${eventsWithin(scope)}`,
          ),
    template:
      templateId === undefined
        ? undefined
        : outside(
            [templateId],
            sql`FROM ${templates} WHERE ${templates.id} = listed.value AND ${templatesWithin(scope)}`,
          ),
    pass:
      named.length === 0
        ? undefined
        : outside(named, sql`FROM ${passes} WHERE ${passes.id} = listed.value AND ${passesWithin(scope)}`),
  });
  const [event, template, pass] = [found.event?.[0], found.template?.[0], found.pass?.[0]];
  if (event !== undefined) throw eventNotFound(event.id, at("eventId"));
  if (template !== undefined) throw templateNotFound(template.id, at("templateId"));
  if (pass !== undefined) throw passNotFound(pass.id, at("passIds", passIds.indexOf(pass.id)));
}

/**
 * What a key with a scope makes must be in its scope.
 * @param projectId of the template that is made or changed
 * @throws ApiError forbidden_scope
 */
export function demandProjectOfScope(
  { scope }: Pick<Context, "scope">,
  projectId: number | null | undefined,
): void {
  if (scope === undefined || typeof projectId === "number") return;
  throw new ApiError(
    "forbidden_scope",
    "The key has a scope, so its templates must be in a project of the scope. Send projectId.",
    { pointer: "/projectId" },
  );
}
