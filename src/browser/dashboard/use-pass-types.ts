/**
 * The pass types of the service, for a choice. A key with a scope does not see them.
 */
import { useEffect, useState } from "preact/hooks";
import { parsePassTypes } from "./admin-answers.ts";
import { useDashboard } from "./context.ts";

/** @returns their identifiers. Empty: not there yet, or this key does not see them */
export function usePassTypeNames(): readonly string[] {
  const { api, me } = useDashboard();
  const [names, setNames] = useState<readonly string[]>([]);
  const isScoped = me.scope !== null;
  useEffect(() => {
    if (isScoped) return;
    let isNeeded = true;
    void api.get("/pass-types", parsePassTypes).then((answer) => {
      if (!isNeeded || answer.kind !== "ok") return;
      setNames(answer.body.items.map(({ passTypeIdentifier }) => passTypeIdentifier));
    });
    return () => {
      isNeeded = false;
    };
  }, [api, isScoped]);
  return names;
}
