/**
 * Checks the draft a moment after the last edit. Only the newest answer counts.
 */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useDashboard } from "../../context.ts";
import type { StoredTemplate, TemplateDraft } from "../draft/draft.ts";
import { type Checked, checkedOf, checkOf } from "./draft-check.ts";

const WAIT_MS = 700;

export interface Check {
  /** The result for the newest draft that was checked. Undefined: none was checked yet. */
  readonly checked: Checked | undefined;
  readonly isChecking: boolean;
  /** Checks without waiting. @returns undefined if the draft was edited meanwhile */
  checkNow(): Promise<Checked | undefined>;
}

export function useCheck(stored: StoredTemplate | null, draft: TemplateDraft): Check {
  const { api } = useDashboard();
  const [last, setLast] = useState<{ readonly stored: StoredTemplate | null; readonly answer: Checked }>();
  const newest = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const checkNow = useCallback(async () => {
    clearTimeout(timer.current);
    newest.current += 1;
    const mine = newest.current;
    const { call, parse } = checkOf(stored, draft);
    const answer = checkedOf(draft, await api.send(call, parse));
    if (mine !== newest.current) return undefined;
    setLast({ stored, answer });
    return answer;
  }, [api, stored, draft]);
  useEffect(() => {
    timer.current = setTimeout(() => void checkNow(), WAIT_MS);
    return () => {
      clearTimeout(timer.current);
      // An answer about an older draft says nothing any more.
      newest.current += 1;
    };
  }, [checkNow]);
  // A conflict ends when the other version is loaded.
  const isSolved = last?.answer.isConflict === true && last.stored !== stored;
  const checked = isSolved ? undefined : last?.answer;
  return { checked, isChecking: checked?.draft !== draft, checkNow };
}
