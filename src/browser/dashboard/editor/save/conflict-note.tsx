/**
 * Somebody else has stored another version of a template since it was opened: their version is loaded, and the own changes go on top of
 * it or are discarded.
 */
import { useState } from "preact/hooks";
import { useDashboard } from "../../context.ts";
import { type Problem, problemOf } from "../../problem.ts";
import { ProblemNote } from "../../views/parts.tsx";
import type { StoredTemplate } from "../draft/draft.ts";
import { parseStoredTemplate } from "../draft/stored-template.ts";

interface ConflictNoteProps {
  readonly id: number;
  readonly onLoaded: (theirs: StoredTemplate) => void;
  readonly onDiscard: (theirs: StoredTemplate) => void;
}

export function ConflictNote({ id, onLoaded, onDiscard }: ConflictNoteProps) {
  const { api } = useDashboard();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = async (then: (theirs: StoredTemplate) => void) => {
    if (isBusy) return;
    setIsBusy(true);
    setProblem(null);
    const answer = await api.get(`/templates/${id}`, parseStoredTemplate);
    setIsBusy(false);
    if (answer.kind === "ok") then(answer.body);
    else setProblem(problemOf(answer));
  };
  return (
    <div class="problem" role="alert">
      <p>Somebody else has changed this template since you opened it. Nothing of yours is lost.</p>
      <div class="actions">
        <button type="button" aria-disabled={isBusy} onClick={() => void load(onLoaded)}>
          Put my changes on top of theirs
        </button>
        <button type="button" aria-disabled={isBusy} onClick={() => void load(onDiscard)}>
          Take theirs and discard mine
        </button>
      </div>
      <ProblemNote problem={problem} />
    </div>
  );
}
