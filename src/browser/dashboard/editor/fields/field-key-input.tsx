/**
 * The key of a field. It changes when the input is left, because passes, the scan rule and the join page go by it.
 */
import { useState } from "preact/hooks";
import type { TemplateDraft } from "../draft/draft.ts";
import { textAt } from "../draft/pass-members.ts";
import { keyFault, keyUses, keyUseWords } from "./field-keys.ts";
import { type FieldPlace, fieldAt } from "./field-list.ts";

interface KeyProps {
  readonly draft: TemplateDraft;
  readonly place: FieldPlace;
  readonly onRename: (key: string) => void;
}

export function FieldKeyInput({ draft, place, onRename }: KeyProps) {
  const key = textAt(fieldAt(draft.pass, place), "key");
  const [typed, setTyped] = useState<{ readonly text: string; readonly of: string }>();
  const text = typed?.of === key ? typed.text : key;
  const fault = keyFault(draft.pass, place, text);
  const uses = keyUses(draft, key);
  const [isOpen, setIsOpen] = useState(fault !== "");
  const note =
    fault !== ""
      ? fault
      : text === key
        ? "Programs set the value of a pass by this name. The holder does not see it."
        : "Passes store their values by this key: what they have under the old key is no longer shown.";
  return (
    <details class="field-key" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Key: {key}</summary>
      <div class="field">
        <label for="field-key">Key</label>
        <input
          id="field-key"
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={text}
          aria-invalid={fault !== ""}
          aria-describedby="field-key-note"
          onInput={(event) => setTyped({ text: event.currentTarget.value, of: key })}
          onChange={(event) => {
            const next = event.currentTarget.value;
            if (next !== key && keyFault(draft.pass, place, next) === "") onRename(next);
          }}
        />
        <p id="field-key-note" class={fault === "" ? "hint" : "hint fault"}>
          {note}
        </p>
        {uses.length > 0 && <p class="hint">{keyUseWords(uses)} Both names change together.</p>}
      </div>
    </details>
  );
}
