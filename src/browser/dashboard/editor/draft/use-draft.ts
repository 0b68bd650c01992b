/**
 * The draft of a view: what was edited is kept over a reload until it is saved or discarded.
 */
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { tabStore } from "../../tab-store.ts";
import type { StoredTemplate, TemplateDraft } from "./draft.ts";
import {
  beginEditing,
  type EditorEvent,
  type EditorState,
  editingOnTop,
  editorAfter,
  isUnsaved,
} from "./editor-state.ts";
import {
  ALL_EDITS,
  forgetDraft,
  type KeptImages,
  type KeptName,
  keepDraft,
  readKeptDraft,
} from "./kept-draft.ts";

export interface EditedDraft {
  readonly state: EditorState;
  /** Whether there is something to save. */
  readonly isUnsaved: boolean;
  /** The images that a reload would lose, because the browser has too little space for them. */
  readonly lost: readonly string[];
  dispatch(event: EditorEvent): void;
  edit(change: Partial<TemplateDraft>): void;
}

export function useEditedDraft(stored: StoredTemplate | null, start: TemplateDraft): EditedDraft {
  const name: KeptName = stored === null ? "new" : `${stored.id}`;
  const [state, dispatch] = useReducer<EditorState, EditorEvent, undefined>(editorAfter, undefined, () =>
    resume(stored, start),
  );
  const [lost, setLost] = useState<readonly string[]>([]);
  const unsaved = isUnsaved(state);
  const keptImages = useRef<KeptImages>(undefined);
  useEffect(() => {
    if (!unsaved) {
      forgetDraft(tabStore, name);
      keptImages.current = undefined;
      setLost([]);
      return;
    }
    const basis =
      state.stored === null ? null : { revision: state.stored.revision, draft: state.stored.draft };
    const left = keepDraft(tabStore, name, { basis, draft: state.draft }, keptImages.current);
    keptImages.current = left.includes(ALL_EDITS) ? undefined : { images: state.draft.images, lost: left };
    setLost((before) => (before.join() === left.join() ? before : left));
  }, [name, unsaved, state.stored, state.draft]);
  const edit = useCallback(
    (change: Partial<TemplateDraft>) => dispatch({ kind: "edited", change, now: Date.now() }),
    [],
  );
  return { state, isUnsaved: unsaved, lost, dispatch, edit };
}

/** Continues with a draft that was kept, also if somebody else has stored another version meanwhile. */
function resume(stored: StoredTemplate | null, start: TemplateDraft): EditorState {
  const kept = readKeptDraft(tabStore, stored === null ? "new" : `${stored.id}`);
  if (kept === undefined) return beginEditing(stored, start);
  if (stored === null) return beginEditing(null, kept.draft);
  if (kept.basis === null || kept.basis.revision === stored.revision) return beginEditing(stored, kept.draft);
  return editingOnTop(stored, kept.basis.draft, kept.draft);
}
