/**
 * The names of events that a view knows only by their ids.
 */
import { useEffect, useState } from "preact/hooks";
import { useDashboard } from "./context.ts";
import { type FoundEvent, findEvents } from "./find-events.ts";

const NONE: ReadonlyMap<number, FoundEvent> = new Map();

/** @returns those that were found so far. An id may be missing */
export function useFoundEvents(ids: readonly number[]): ReadonlyMap<number, FoundEvent> {
  const { api } = useDashboard();
  const [found, setFound] = useState(NONE);
  const asked = ids.toSorted((one, other) => one - other).join(" ");
  useEffect(() => {
    if (asked === "") return;
    let isNeeded = true;
    void findEvents(api, asked.split(" ").map(Number)).then((events) => isNeeded && setFound(events));
    return () => {
      isNeeded = false;
    };
  }, [api, asked]);
  return found;
}
