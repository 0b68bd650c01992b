/**
 * The names of events that a view knows only by their ids.
 */
import { useEffect, useState } from "preact/hooks";
import { useDashboard } from "./context.ts";
import { type FoundEvent, findEvents } from "./find-events.ts";

const NONE: ReadonlyMap<number, FoundEvent> = new Map();

/** @returns those that were found so far. An id may be missing */
export function useFoundEvents(ids: readonly number[]): ReadonlyMap<number, FoundEvent> {
  const { api, me } = useDashboard();
  const [found, setFound] = useState(NONE);
  // A key that is limited to events does not reach their projects, but knows the names.
  const known = (me.resources?.events ?? []).flatMap(({ id, name, projectId }) =>
    projectId === undefined || !ids.includes(id) ? [] : [[id, { name, projectId }] as const],
  );
  const unknown = ids.filter((id) => !known.some(([each]) => each === id));
  const asked = unknown.toSorted((one, other) => one - other).join(" ");
  useEffect(() => {
    if (asked === "") return;
    let isNeeded = true;
    void findEvents(api, asked.split(" ").map(Number)).then((events) => isNeeded && setFound(events));
    return () => {
      isNeeded = false;
    };
  }, [api, asked]);
  return known.length === 0 ? found : new Map([...found, ...known]);
}
