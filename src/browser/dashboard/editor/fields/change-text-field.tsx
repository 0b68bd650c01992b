/**
 * The text of a field on the lock screen, with the new value in place of %@, and what phones show.
 */
import type { JsonObject } from "../../../../json.ts";
import type { TemplateDraft } from "../draft/draft.ts";
import { textAt } from "../draft/pass-members.ts";
import { LongTextField } from "../long-text-field.tsx";
import { lockScreenOf } from "./lock-screen.ts";

interface ChangeTextProps {
  readonly draft: TemplateDraft;
  readonly field: JsonObject;
  /** Undefined: phones show no text. */
  readonly onChange: (text: string | undefined) => void;
}

export function ChangeTextField({ draft, field, onChange }: ChangeTextProps) {
  const shown = lockScreenOf(field, navigator.language);
  const sender = textAt(draft.pass, "organizationName") || draft.name;
  return (
    <div class="change-text">
      <LongTextField
        id="field-change-message"
        label="Text on the lock screen when the value changes"
        value={textAt(field, "changeMessage")}
        rows={1}
        // Apple: without a text, the member is absent.
        onChange={(text) => onChange(text === "" ? undefined : text)}
        hint="%@ is replaced by the new value, such as: You have %@ points."
      />
      {shown.kind === "silent" && <p class="hint">Without a text, phones update silently.</p>}
      {shown.kind === "general" && (
        <p class="hint">Without %@ iOS shows a general text, such as “Store Card changed”.</p>
      )}
      {shown.kind === "text" && (
        <figure class="lock-screen">
          <figcaption class="hint">Phones show:</figcaption>
          <p>
            <strong>{sender}</strong>
            <span>{shown.text}</span>
          </p>
        </figure>
      )}
    </div>
  );
}
