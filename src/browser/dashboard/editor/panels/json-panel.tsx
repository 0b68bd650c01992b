/**
 * The template as JSON, for what the other panels do not have. It is edited both ways: here and in the other panels.
 */
import { useRef, useState } from "preact/hooks";
import type { TemplateDraft } from "../draft/draft.ts";
import type { PanelProps } from "../panel.ts";
import { readDraftText, textOfDraft } from "./json-text.ts";

/** Text that was typed and is not JSON yet, by the draft that it would change. It is kept while another panel is open. */
const unfinished = new WeakMap<TemplateDraft, { readonly text: string; readonly fault: string }>();

export function JsonPanel({ draft, edit }: PanelProps) {
  const [text, setText] = useState(() => unfinished.get(draft)?.text ?? textOfDraft(draft));
  const [fault, setFault] = useState<string | null>(unfinished.get(draft)?.fault ?? null);
  /** The draft that the text shows. If the draft is another one, it was edited elsewhere, and the text follows it. */
  const said = useRef<TemplateDraft>(draft);
  const isOwn = useRef(false);
  if (said.current !== draft) {
    const before = said.current;
    said.current = draft;
    if (isOwn.current) isOwn.current = false;
    // Saving changes nothing in the draft, so a text that is not JSON yet stays.
    else if (fault !== null && textOfDraft(before) === textOfDraft(draft))
      unfinished.set(draft, { text, fault });
    else {
      setText(textOfDraft(draft));
      setFault(null);
    }
  }
  const change = (typed: string) => {
    setText(typed);
    const read = readDraftText(typed);
    if ("fault" in read) {
      unfinished.set(draft, { text: typed, fault: read.fault });
      return setFault(read.fault);
    }
    unfinished.delete(draft);
    setFault(null);
    isOwn.current = true;
    edit(read.members);
  };
  return (
    <div class="field json-field">
      <label for="json-text">The whole template except its images</label>
      <p class="hint" id="json-hint">
        “pass” is what Apple calls pass.json. Here you can set what the other panels do not have.
      </p>
      <p id="json-fault" class="hint fault json-fault" role="status">
        {fault === null ? "" : `${fault} The card stays as it was.`}
      </p>
      <textarea
        id="json-text"
        rows={28}
        spellcheck={false}
        autocapitalize="none"
        autocomplete="off"
        value={text}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? "json-hint" : "json-hint json-fault"}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </div>
  );
}
