/**
 * The editor of a template: the panels, and next to them the card and what the linter says. On a phone the card is behind a button.
 */
import { useEffect, useState } from "preact/hooks";
import { ChangeProgress } from "../change/change-progress.tsx";
import { useDashboard } from "../context.ts";
import { ProblemNote } from "../views/parts.tsx";
import type { StoredTemplate, TemplateDraft } from "./draft.ts";
import { EditorBar } from "./editor-bar.tsx";
import type { PanelName } from "./panel-names.ts";
import { PanelTabs } from "./panel-tabs.tsx";
import { DraftPreview, FindingsPane } from "./preview-pane.tsx";
import { SaveReview } from "./save-review.tsx";
import { reachesPhones } from "./save-words.ts";
import { parseStoredTemplate } from "./template-answer.ts";
import { useCheck } from "./use-check.ts";
import { useEditedDraft } from "./use-draft.ts";
import { useSaving } from "./use-save.ts";

interface TemplateEditorProps {
  /** Null: it is a new template. */
  readonly stored: StoredTemplate | null;
  readonly start: TemplateDraft;
  /** Of a new template: nothing of it is kept. */
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
  const seek = (panel: PanelName) => {
    setOpen(panel);
    setSought(sought + 1);
  };
  return (
    <div class={isPreviewOpen ? "editor is-previewing" : "editor"}>
      <EditorBar
        edited={edited}
        saving={saving}
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
          <ProblemNote problem={saving.problem} />
        )}
        {saving.review !== undefined && (
          <SaveReview
            report={saving.review}
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
        findings={check.checked?.findings ?? []}
        imagesPath={id === null ? undefined : `/templates/${id}/images`}
        joinUrl={state.stored?.joinUrl}
        open={open}
        onOpen={setOpen}
        sought={sought}
      />
      <aside class="editor-side" aria-label="Preview and check">
        <div class="editor-preview">
          <DraftPreview draft={draft} id={id} />
        </div>
        <FindingsPane checked={check.checked} isChecking={check.isChecking} onOpen={seek} />
      </aside>
    </div>
  );
}

interface ConflictNoteProps {
  readonly id: number;
  readonly onLoaded: (theirs: StoredTemplate) => void;
  readonly onDiscard: (theirs: StoredTemplate) => void;
}

/** Somebody else has stored another version since this one was loaded. */
function ConflictNote({ id, onLoaded, onDiscard }: ConflictNoteProps) {
  const { api } = useDashboard();
  const [isBusy, setIsBusy] = useState(false);
  const load = async (then: (theirs: StoredTemplate) => void) => {
    if (isBusy) return;
    setIsBusy(true);
    const answer = await api.get(`/templates/${id}`, parseStoredTemplate);
    setIsBusy(false);
    if (answer.kind === "ok") then(answer.body);
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
    </div>
  );
}
