/**
 * The project of a template: its events give values to the passes.
 */
import { parseNamed } from "../../admin-answers.ts";
import { useDashboard } from "../../context.ts";
import { useChoices } from "../../use-api.ts";
import { SelectField } from "../../views/form-parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import type { PanelProps } from "../panel.ts";
import { projectOptions } from "./project-options.ts";

export function ProjectField({ draft, edit, findings }: PanelProps) {
  const { me } = useDashboard();
  const { items, status } = useChoices("/projects?limit=200", parseNamed);
  const isNone = status === "ready" && items.length === 0;
  return (
    <div>
      <SelectField
        id="general-project"
        label="Project"
        value={draft.projectId === null ? "" : String(draft.projectId)}
        // The service refuses a template without a project from a key with a scope.
        options={projectOptions(items, draft.projectId, me.scope === null)}
        onChange={(id) => edit({ projectId: id === "" ? null : Number(id) })}
        hint={
          isNone
            ? "There are no projects yet. Make one on the page Events: its events can give values to these passes."
            : "The events of the project can give values to its passes, such as the gate."
        }
      />
      <FindingNotes findings={findings} pointer="/projectId" />
    </div>
  );
}
