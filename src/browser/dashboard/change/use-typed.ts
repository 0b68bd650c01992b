/**
 * What was typed into a form whose fields depend on a template: only the fields that were changed, so that the others show what is
 * newer. Each pass, event and template has its own draft.
 */
import { useState } from "preact/hooks";
import { type Fields, readTyped, type TypedDraftName, writeTyped } from "../drafts.ts";
import { tabStore } from "../tab-store.ts";

export interface Typed {
  readonly fields: Fields;
  readonly isEmpty: boolean;
  change(changed: Fields): void;
  clear(): void;
}

/** @param of the id of what the form is about, such as "7". For another id, the component is created again */
export function useTyped(name: TypedDraftName, of: string): Typed {
  const [fields, setFields] = useState(() => readTyped(tabStore, name, of));
  return {
    fields,
    isEmpty: Object.keys(fields).length === 0,
    change: (changed) =>
      setFields((before) => {
        const after = { ...before, ...changed };
        writeTyped(tabStore, name, of, after);
        return after;
      }),
    clear: () => {
      writeTyped(tabStore, name, of, {});
      setFields({});
    },
  };
}
