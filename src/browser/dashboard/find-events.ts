/**
 * Events by their ids alone. The API has them by project, so the newest events of some projects are looked through. Pure, except
 * for the calls.
 */
import { type Named, parseNamed } from "./admin-answers.ts";
import type { AdminApi } from "./admin-api.ts";

export interface FoundEvent {
  readonly name: string;
  readonly projectId: number;
}

/** One request for each. */
const MAX_PROJECTS = 20;

/** @returns those that were found. An event that is missing may still exist */
export async function findEvents(
  api: Pick<AdminApi, "get">,
  ids: readonly number[],
): Promise<ReadonlyMap<number, FoundEvent>> {
  const found = new Map<number, FoundEvent>();
  if (ids.length === 0) return found;
  for (const { id: projectId } of (await namesAt(api, "/projects?limit=200")).slice(0, MAX_PROJECTS)) {
    for (const { id, name } of await namesAt(api, `/projects/${projectId}/events?limit=200`))
      if (ids.includes(id)) found.set(id, { name, projectId });
    if (ids.every((id) => found.has(id))) break;
  }
  return found;
}

async function namesAt(api: Pick<AdminApi, "get">, path: string): Promise<readonly Named[]> {
  const answer = await api.get(path, parseNamed);
  return answer.kind === "ok" ? answer.body.items : [];
}
