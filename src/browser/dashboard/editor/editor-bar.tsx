/**
 * The bar above the editor: whether something is unsaved, undo, and the button that saves. It stays in view.
 */
import { focusOn } from "../../heading-focus.ts";
import { ConfirmButton } from "../views/confirm-button.tsx";
import type { EditedDraft } from "./draft/use-draft.ts";
import type { LintFinding } from "./panel.ts";
import type { Saving } from "./save/use-save.ts";
import { foundWords } from "./start/sample-texts.ts";

interface EditorBarProps {
  readonly edited: EditedDraft;
  readonly saving: Saving;
  readonly findings: readonly LintFinding[];
  readonly isPreviewOpen: boolean;
  readonly onPreview: () => void;
  readonly onDiscard: () => void;
}

export function EditorBar(props: EditorBarProps) {
  const { edited, saving, findings, isPreviewOpen, onPreview, onDiscard } = props;
  const { state, isUnsaved, lost, dispatch } = edited;
  return (
    <div class="editor-bar">
      <div class="editor-status">
        <span role="status">{statusOf(edited)}</span>
        {state.stored === null ? (
          <ConfirmButton
            label="Start again"
            question="Remove this draft, and start from another card?"
            confirm="Remove this draft"
            isBusy={saving.isBusy}
            isDanger={false}
            onConfirm={onDiscard}
          />
        ) : (
          isUnsaved && (
            <button type="button" class="link" onClick={onDiscard}>
              Discard
            </button>
          )
        )}
      </div>
      {findings.length > 0 && (
        <button type="button" class="link found" onClick={showCheck}>
          {foundWords(findings)}
        </button>
      )}
      <div class="actions">
        <IconButton
          name="Undo"
          sign="↶"
          isOff={state.past.length === 0}
          onPress={() => dispatch({ kind: "undone" })}
        />
        <IconButton
          name="Redo"
          sign="↷"
          isOff={state.future.length === 0}
          onPress={() => dispatch({ kind: "redone" })}
        />
        <button type="button" class="preview-button" aria-pressed={isPreviewOpen} onClick={onPreview}>
          Preview
        </button>
        <button
          type="button"
          // While the review is shown, its button saves. This one keeps its space, so that nothing moves.
          class={saving.review === undefined ? "solid" : "solid is-hidden"}
          aria-disabled={saving.isBusy || !isUnsaved}
          onClick={() => isUnsaved && void saving.begin()}
        >
          {saving.isBusy && saving.review === undefined ? "Saving …" : "Save"}
        </button>
      </div>
      {lost.length > 0 && (
        <p class="hint fault">
          The browser has too little space: a reload of this page would lose {lost.join(", ")}. Save the
          template first.
        </p>
      )}
    </div>
  );
}

/** The findings may be below the window. */
function showCheck(): void {
  const pane = document.querySelector(".findings-pane");
  focusOn(pane);
  pane?.scrollIntoView({ block: "nearest" });
}

function statusOf({ state, isUnsaved }: EditedDraft): string {
  if (state.stored === null) return "Not saved yet.";
  return isUnsaved ? "You have unsaved changes." : "Everything is saved.";
}

interface IconButtonProps {
  readonly name: string;
  readonly sign: string;
  readonly isOff: boolean;
  readonly onPress: () => void;
}

function IconButton({ name, sign, isOff, onPress }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={name}
      title={name}
      aria-disabled={isOff}
      onClick={onPress}
    >
      <span aria-hidden="true">{sign}</span>
      <span class="icon-word">{name}</span>
    </button>
  );
}
