/**
 * What a person has typed into a form and not sent: it survives a reload of the tab, and ends with the tab or with the sign-out.
 */
import { useState } from "preact/hooks";
import { isObject, parseJson, writeJson } from "../../json.ts";
import { readText, type TextStore, writeText } from "../text-store.ts";
import { forgetTemplateDrafts } from "./editor/draft/kept-draft.ts";
import { tabStore } from "./tab-store.ts";
import { forgetUnanswered } from "./unanswered.ts";

const PREFIX = "edgepass-draft-";
/** Forms with a draft for each pass, event, template or project: see readTyped. */
const TYPED_DRAFTS = [
  "new-pass",
  "pass-change",
  "event-change",
  "message",
  "new-event",
  "new-project",
] as const;
export type TypedDraftName = (typeof TYPED_DRAFTS)[number];
const FORM_DRAFTS = ["new-key", "new-pass-type", "apns-key", "google-issuer", "pace"] as const;
export type DraftName = (typeof FORM_DRAFTS)[number];

/** Texts by the name of their field. */
export type Fields = Readonly<Record<string, string>>;

/** The draft, completed with the values of an empty form. A field that the form no longer has is left out. */
export function readDraft<F extends Fields>(store: TextStore, name: DraftName, empty: F): F {
  const stored = parseStored(readText(store, PREFIX + name));
  const known = Object.keys(empty).flatMap((field) => {
    const text = stored[field];
    return typeof text === "string" ? [[field, text] as const] : [];
  });
  return { ...empty, ...Object.fromEntries(known) };
}

export function writeDraft(store: TextStore, name: DraftName, fields: Fields | undefined): void {
  writeText(store, PREFIX + name, fields === undefined ? "" : writeJson(fields));
}

/**
 * What was typed into a form whose fields are not always the same.
 * @param of the id of what the form is about, such as "7"
 */
export function readTyped(store: TextStore, name: TypedDraftName, of: string): Fields {
  const typed = parseStored(readText(store, PREFIX + name))[of];
  if (!isObject(typed)) return {};
  return Object.fromEntries(
    Object.entries(typed).flatMap(([field, text]) => (typeof text === "string" ? [[field, text]] : [])),
  );
}

/** @param fields if there are none, nothing is kept */
export function writeTyped(store: TextStore, name: TypedDraftName, of: string, fields: Fields): void {
  const { [of]: _, ...others } = parseStored(readText(store, PREFIX + name));
  const kept = Object.keys(fields).length === 0 ? others : { ...others, [of]: fields };
  writeText(store, PREFIX + name, Object.keys(kept).length === 0 ? "" : writeJson(kept));
}

/** Deletes all drafts of this tab, and its requests without an answer. */
export function forgetDrafts(store: TextStore): void {
  for (const name of [...FORM_DRAFTS, ...TYPED_DRAFTS]) writeText(store, PREFIX + name, "");
  forgetTemplateDrafts(store);
  forgetUnanswered(store);
}

export interface Draft<F> {
  readonly fields: F;
  change(changed: Partial<F>): void;
  /** Deletes the draft, once it was sent. @param next what the form shows now. Default: it is empty */
  clear(next?: F): void;
}

/** The fields of a form. */
export function useDraft<F extends Fields>(name: DraftName, empty: F): Draft<F> {
  const [fields, setFields] = useState(() => readDraft(tabStore, name, empty));
  return {
    fields,
    change: (changed) =>
      setFields((before) => {
        const after = { ...before, ...changed };
        writeDraft(tabStore, name, after);
        return after;
      }),
    clear: (next = empty) => {
      writeDraft(tabStore, name, undefined);
      setFields(next);
    },
  };
}

function parseStored(text: string): Readonly<Record<string, unknown>> {
  try {
    const stored = parseJson(text);
    return isObject(stored) ? stored : {};
  } catch {
    return {};
  }
}
