/**
 * The fields of a template by section: add, move, remove, and what each shows.
 */
import { useState } from "preact/hooks";
import type { Style } from "../../../../pkpass/styles.ts";
import { STYLE_WORDS } from "../../template-words.ts";
import { SelectField } from "../../views/form-parts.tsx";
import type { PanelProps } from "../panel.ts";
import { stylesIn } from "./field-list.ts";
import { FieldSection } from "./field-section.tsx";
import { sectionsShown } from "./section-words.ts";
import { useFieldEditing } from "./use-field-editing.ts";

export function FieldsPanel(props: PanelProps) {
  const styles = stylesIn(props.draft.pass);
  const [chosen, setChosen] = useState("");
  const style = styles.find((each) => each === chosen) ?? styles[0];
  if (style === undefined)
    return (
      <p class="empty">
        The template has no style yet. Choose one under General: it decides which fields there are.
      </p>
    );
  return (
    <div class="fields-panel">
      {styles.length > 1 && (
        <SelectField
          id="fields-style"
          label="Fields of"
          value={style}
          options={styles.map((each) => [each, STYLE_WORDS[each]] as const)}
          onChange={setChosen}
          hint="From iOS 27 on, phones show the poster. Older ones show the other style."
        />
      )}
      <StyleFields key={style} style={style} {...props} />
    </div>
  );
}

function StyleFields({ style, ...props }: PanelProps & { readonly style: Style }) {
  const editing = useFieldEditing(props, style);
  return (
    <>
      <p role="status" class="unseen">
        {editing.said}
      </p>
      {sectionsShown(props.draft.pass, style).map((section) => (
        <FieldSection key={section} {...props} style={style} section={section} editing={editing} />
      ))}
    </>
  );
}
