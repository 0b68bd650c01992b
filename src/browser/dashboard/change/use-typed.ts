/**
 * What was typed into a form whose fields depend on a template: only the fields that were changed, so that the others show what is
 * newer. It is a draft, of one pass, event or template at a time.
 */
import { isObject, parseJson, writeJson } from "../../../json.ts";
import { type DraftName, type Fields, useDraft } from "../drafts.ts";

export interface Typed {
  readonly fields: Fields;
  readonly isEmpty: boolean;
  change(changed: Fields): void;
  clear(): void;
}

const NOTHING = { of: "", typed: "{}" };

/** @param of the one that the form is about, such as "7" */
export function useTyped(name: DraftName, of: string): Typed {
  const draft = useDraft(name, NOTHING);
  const fields = draft.fields.of === of ? parseTyped(draft.fields.typed) : {};
  return {
    fields,
    isEmpty: Object.keys(fields).length === 0,
    change: (changed) => draft.change({ of, typed: writeJson({ ...fields, ...changed }) }),
    clear: () => draft.clear(),
  };
}

function parseTyped(text: string): Fields {
  const typed = parseJson(text);
  if (!isObject(typed)) return {};
  return Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
}
