/**
 * One field while it is edited. What it has besides these inputs is kept.
 */
import { type JsonObject, pointerTo } from "../../../../json.ts";
import type { Section } from "../../../../pkpass/styles.ts";
import { ConfirmButton } from "../../views/confirm-button.tsx";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { textAt } from "../draft/pass-members.ts";
import { findingsAt, type LintFinding, type PanelProps } from "../panel.ts";
import { ChangeTextField } from "./change-text-field.tsx";
import { FieldKeyInput } from "./field-key-input.tsx";
import { keyUses, keyUseWords } from "./field-keys.ts";
import { endOf, type FieldPlace, fieldName } from "./field-list.ts";
import { hasTwoRows, SECTION_NAMES, sectionsShown } from "./section-words.ts";
import { type FieldEditing, LABEL_ID, SECTION_ID } from "./use-field-editing.ts";
import { ValueFields } from "./value-fields.tsx";

interface EditorProps extends PanelProps {
  readonly place: FieldPlace;
  readonly field: JsonObject;
  readonly editing: FieldEditing;
}

const VALUE_MEMBERS = [
  "value",
  "attributedValue",
  "dateStyle",
  "timeStyle",
  "isRelative",
  "ignoresTimeZone",
  "numberStyle",
  "currencyCode",
];
const ELSEWHERE = [...VALUE_MEMBERS, "label", "changeMessage", "textAlignment", "row", "key"];

export function FieldEditor(props: EditorProps) {
  const { draft, findings, place, field, editing } = props;
  const pointer = pointerTo(["pass", place.style, place.section, place.index]);
  const isShownBelow = (finding: LintFinding) =>
    ELSEWHERE.some((member) => findingsAt([finding], `${pointer}/${member}`).length > 0);
  const notes = (...members: readonly string[]) =>
    members.map((member) => (
      <FindingNotes key={member} findings={findings} pointer={`${pointer}/${member}`} />
    ));
  const set = (member: string, value: unknown) => editing.change(place, member, value);
  return (
    <fieldset
      class="field-editor"
      aria-label={fieldName(field)}
      onKeyDown={(event) => {
        if (event.key === "Escape") editing.close();
      }}
    >
      <FindingNotes findings={findings.filter((finding) => !isShownBelow(finding))} pointer={pointer} />
      <TextField
        id={LABEL_ID}
        label="Label"
        value={textAt(field, "label")}
        onChange={(text) => set("label", text)}
      />
      {notes("label")}
      <ValueFields
        field={field}
        isLong={isBehind(place.section)}
        set={set}
        replace={(changed) => editing.replace(place, changed)}
      />
      {notes(...VALUE_MEMBERS)}
      <ChangeTextField draft={draft} field={field} onChange={(text) => set("changeMessage", text)} />
      {notes("changeMessage")}
      <PlaceFields {...props} set={set} />
      {notes("textAlignment", "row")}
      <FieldKeyInput draft={draft} place={place} onRename={(key) => editing.rename(place, key)} />
      {notes("key")}
      <div class="actions">
        <button type="button" onClick={() => editing.close()}>
          Done
        </button>
        <RemoveButton {...props} />
      </div>
    </fieldset>
  );
}

function isBehind(section: Section): boolean {
  return section === "backFields" || section === "additionalInfoFields";
}

type SetProps = EditorProps & { readonly set: (member: string, value: unknown) => void };

const ALIGNMENTS = [
  ["", "Automatic"],
  ["PKTextAlignmentLeft", "Left"],
  ["PKTextAlignmentCenter", "Centre"],
  ["PKTextAlignmentRight", "Right"],
] as const;

/** In which section the field is, and how it is placed there. */
function PlaceFields({ draft, place, field, editing, set }: SetProps) {
  const { style, section } = place;
  const alignment = textAt(field, "textAlignment");
  const isKnown = ALIGNMENTS.some(([each]) => each === alignment);
  // Wallet ignores it elsewhere.
  const isAligned = section !== "primaryFields" && !isBehind(section);
  const sections = sectionsShown(draft.pass, style);
  return (
    <div class="two-fields">
      <SelectField
        id={SECTION_ID}
        label="Section"
        value={section}
        options={sections.map((each) => [each, SECTION_NAMES[each]] as const)}
        onChange={(chosen) => {
          const to = sections.find((each) => each === chosen);
          if (to !== undefined) editing.move(place, endOf(draft.pass, style, to, place), SECTION_ID);
        }}
      />
      {(isAligned || alignment !== "") && (
        <SelectField
          id="field-alignment"
          label="Alignment"
          value={isKnown ? alignment : ""}
          options={ALIGNMENTS}
          onChange={(chosen) => set("textAlignment", chosen === "" ? undefined : chosen)}
        />
      )}
      {(hasTwoRows(style, section) || field.row === 1) && (
        <SelectField
          id="field-row"
          label="Row"
          value={field.row === 1 ? "1" : "0"}
          options={[
            ["0", "First"],
            ["1", "Second"],
          ]}
          onChange={(chosen) => set("row", chosen === "1" ? 1 : undefined)}
        />
      )}
    </div>
  );
}

/** Removing can be undone. It asks first only if something else needs the field. */
function RemoveButton({ draft, place, field, editing }: EditorProps) {
  const uses = keyUses(draft, textAt(field, "key"));
  if (uses.length === 0) {
    return (
      <button type="button" class="danger" onClick={() => editing.remove(place)}>
        Remove
      </button>
    );
  }
  const next =
    uses.length === 2
      ? "Change both too."
      : uses[0] === "scan"
        ? "Change Scanning too."
        : "Change the join page too.";
  return (
    <ConfirmButton
      label="Remove"
      question={`${keyUseWords(uses)} ${next}`}
      confirm="Remove the field"
      isBusy={false}
      onConfirm={() => editing.remove(place)}
    />
  );
}
