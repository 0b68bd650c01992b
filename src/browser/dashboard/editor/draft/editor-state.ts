/**
 * What the editor holds: the draft, the steps that can be undone, and the template that the draft began with. Pure.
 */
import { isObject, memberOf } from "../../../../json.ts";
import type { StoredTemplate, TemplateDraft } from "./draft.ts";
import { isChanged, rebase } from "./draft-change.ts";

export interface EditorState {
  /** Null: the template is not saved yet. */
  readonly stored: StoredTemplate | null;
  readonly draft: TemplateDraft;
  readonly past: readonly TemplateDraft[];
  readonly future: readonly TemplateDraft[];
  readonly editedAt: number;
  /** A pointer to what was edited last. */
  readonly editedPlace: string;
  /** Whether the draft was put on top of what somebody else has stored. */
  readonly isRebased: boolean;
}

export type EditorEvent =
  | { readonly kind: "edited"; readonly change: Partial<TemplateDraft>; readonly now: number }
  | { readonly kind: "undone" }
  | { readonly kind: "redone" }
  | { readonly kind: "discarded" }
  /** A template was stored. @param sent the draft that was sent, or undefined if somebody else stored it */
  | { readonly kind: "stored"; readonly stored: StoredTemplate; readonly sent?: TemplateDraft };

/** A word that is typed without a pause is undone as a whole. */
const PAUSE_MS = 800;
const MAX_STEPS = 100;

export function beginEditing(stored: StoredTemplate | null, draft: TemplateDraft): EditorState {
  return { stored, draft, past: [], future: [], editedAt: 0, editedPlace: "", isRebased: false };
}

/** Applies what was edited since `basis` to what is stored now. */
export function editingOnTop(
  stored: StoredTemplate,
  basis: TemplateDraft,
  draft: TemplateDraft,
): EditorState {
  const state = beginEditing(stored, rebase(basis, draft, stored.draft));
  // The other person may have stored the same changes: then there is nothing left to save.
  return { ...state, isRebased: isUnsaved(state) };
}

export function editorAfter(state: EditorState, event: EditorEvent): EditorState {
  const { stored, draft, past, future } = state;
  switch (event.kind) {
    case "edited": {
      const after = { ...draft, ...event.change };
      const place = changedPlace(draft, after);
      const isSameStep =
        event.now - state.editedAt < PAUSE_MS && place === state.editedPlace && past.length > 0;
      return {
        ...state,
        draft: after,
        past: isSameStep ? past : [...past, draft].slice(-MAX_STEPS),
        future: [],
        editedAt: event.now,
        editedPlace: place,
      };
    }
    case "undone": {
      const before = past.at(-1);
      if (before === undefined) return state;
      return { ...state, draft: before, past: past.slice(0, -1), future: [draft, ...future], editedAt: 0 };
    }
    case "redone": {
      const [after, ...later] = future;
      if (after === undefined) return state;
      return { ...state, draft: after, past: [...past, draft], future: later, editedAt: 0 };
    }
    case "discarded":
      // The button that discards asks no question, because undo brings the draft back.
      return stored === null || stored.draft === draft
        ? state
        : { ...beginEditing(stored, stored.draft), past: [...past, draft].slice(-MAX_STEPS) };
    case "stored": {
      const basis = event.sent ?? stored?.draft ?? event.stored.draft;
      // This empties the undo steps: they would bring back what is no longer stored.
      const state = editingOnTop(event.stored, basis, draft);
      return event.sent === undefined ? state : { ...state, isRebased: false };
    }
  }
}

/** Whether there is something to save. */
export function isUnsaved({ stored, draft }: Pick<EditorState, "stored" | "draft">): boolean {
  return stored === null || isChanged(stored.draft, draft);
}

/** A pointer to the only value that differs, or to the innermost object or list that contains all values that differ. */
function changedPlace(before: unknown, after: unknown): string {
  if (!isContainer(before) || !isContainer(after)) return "";
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...keys].filter((key) => memberOf(before, key) !== memberOf(after, key));
  const [key] = changed;
  if (key === undefined || changed.length > 1) return "";
  return `/${key}${changedPlace(memberOf(before, key), memberOf(after, key))}`;
}

const isContainer = (value: unknown): value is object => isObject(value) || Array.isArray(value);
