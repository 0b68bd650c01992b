/**
 * The editor of a template: the panels, and next to them the card and what the linter says. On a phone the card is behind a button.
 */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { ChangeProgress } from "../change/change-progress.tsx";
import type { Problem } from "../problem.ts";
import { ProblemNote } from "../views/parts.tsx";
import { useCheck } from "./check/use-check.ts";
import type { StoredTemplate, TemplateDraft } from "./draft/draft.ts";
import { useEditedDraft } from "./draft/use-draft.ts";
import { EditorBar } from "./editor-bar.tsx";
import { PANEL_TITLES, type PanelName, panelOf } from "./panel-names.ts";
import { PanelTabs } from "./panel-tabs.tsx";
import { DraftPreview, FindingsPane } from "./preview-pane.tsx";
import { ConflictNote } from "./save/conflict-note.tsx";
import { SaveReview } from "./save/save-review.tsx";
import { reachesPhones } from "./save/save-words.ts";
import { useSaving } from "./save/use-save.ts";
import { sampleTexts } from "./start/sample-texts.ts";

interface TemplateEditorProps {
  /** Null: it is a new template. */
  readonly stored: StoredTemplate | null;
  readonly start: TemplateDraft;
  /** Discards a new template, with its draft. */
  readonly onDiscard?: () => void;
  /** The service has another version than the page was opened with. */
  readonly onStored?: (stored: StoredTemplate) => void;
}

export function TemplateEditor({ stored, start, onDiscard, onStored }: TemplateEditorProps) {
  const edited = useEditedDraft(stored, start);
  const { state, dispatch, edit } = edited;
  const { draft } = state;
  const check = useCheck(state.stored, draft);
  const saving = useSaving(edited, check);
  const [open, setOpen] = useState<PanelName>("general");
  const [sought, setSought] = useState(0);
  const [isPreviewOpen, setIsPreviewOpen] = useState(false);
  const id = state.stored?.id ?? null;
  useEffect(() => {
    if (state.stored !== null && state.stored !== stored) onStored?.(state.stored);
  }, [state.stored]);
  useFocusAtSave(saving.review !== undefined, edited.isUnsaved, check.checked?.isConflict === true);
  // The linter does not know which texts are samples.
  const samples = state.stored === null ? sampleTexts(draft.pass) : [];
  const checked = check.checked && {
    ...check.checked,
    findings: [...check.checked.findings, ...samples],
  };
  const findings = checked?.findings ?? [];
  const seek = (panel: PanelName) => {
    setOpen(panel);
    setSought(sought + 1);
  };
  return (
    <div class={isPreviewOpen ? "editor is-previewing" : "editor"}>
      <EditorBar
        edited={edited}
        saving={saving}
        findings={findings}
        isPreviewOpen={isPreviewOpen}
        onPreview={() => setIsPreviewOpen(!isPreviewOpen)}
        onDiscard={onDiscard ?? (() => dispatch({ kind: "discarded" }))}
      />
      <div class="editor-notes">
        {check.checked?.isConflict === true && id !== null && (
          <ConflictNote
            id={id}
            onLoaded={(theirs) => dispatch({ kind: "stored", stored: theirs })}
            onDiscard={(theirs) => {
              dispatch({ kind: "stored", stored: theirs });
              dispatch({ kind: "discarded" });
            }}
          />
        )}
        {state.isRebased && (
          <p class="note" role="status">
            Somebody else has changed the template. Your changes are now on top of theirs.
          </p>
        )}
        {saving.review === undefined && check.checked?.isConflict !== true && (
          <SaveProblem problem={saving.problem} onOpen={seek} />
        )}
        {saving.review !== undefined && (
          <SaveReview
            report={saving.review}
            pass={draft.pass}
            isBusy={saving.isBusy}
            problem={saving.problem}
            onSave={() => void saving.confirm()}
            onCancel={saving.cancel}
          />
        )}
        {saving.saved !== undefined && reachesPhones(saving.saved) && id !== null && (
          <ChangeProgress key={state.stored?.revision} path={`/templates/${id}/progress`} />
        )}
      </div>
      <PanelTabs
        draft={draft}
        edit={edit}
        findings={findings}
        imagesPath={id === null ? undefined : `/templates/${id}/images`}
        joinUrl={state.stored?.joinUrl}
        open={open}
        onOpen={setOpen}
        sought={sought}
      />
      <aside class="editor-side" aria-label="Preview and check">
        <div class="editor-preview">
          <DraftPreview draft={draft} id={id} panel={open} />
        </div>
        <FindingsPane checked={checked} isChecking={check.isChecking} onOpen={seek} />
      </aside>
    </div>
  );
}

interface SaveProblemProps {
  readonly problem: Problem | null;
  readonly onOpen: (panel: PanelName) => void;
}

/** Why it was not saved, and the way to the place of the fault. */
function SaveProblem({ problem, onOpen }: SaveProblemProps) {
  if (problem === null) return null;
  const panel = problem.pointer === null ? undefined : panelOf(problem.pointer);
  return (
    <div>
      <ProblemNote problem={problem} />
      {panel !== undefined && (
        <button type="button" class="link" onClick={() => onOpen(panel)}>
          Open {PANEL_TITLES[panel]}
        </button>
      )}
    </div>
  );
}

/** When a part of the editor disappears with the button that had the focus, the button that saves gets the focus. */
function useFocusAtSave(...shown: readonly boolean[]) {
  const before = useRef(shown);
  useLayoutEffect(() => {
    const isGone = before.current.some((wasShown, index) => wasShown && shown[index] === false);
    before.current = shown;
    if (isGone && document.activeElement === document.body)
      focusOn(document.querySelector(".editor-bar .solid"));
  });
}
