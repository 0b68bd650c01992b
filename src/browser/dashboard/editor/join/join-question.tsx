/**
 * One question of a join page: its text, what kind of answer it takes, its place in the form.
 */
import { useState } from "preact/hooks";
import { type JsonObject, pointerTo } from "../../../../json.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { valueText } from "../draft/pass-members.ts";
import { LongTextField } from "../long-text-field.tsx";
import type { LintFinding } from "../panel.ts";
import { type AskableField, JOIN_TYPES, optionsOf, withJoinType, withOptional } from "./join-draft.ts";

interface JoinQuestionProps {
  readonly question: JsonObject;
  readonly index: number;
  readonly isLast: boolean;
  /** Undefined: the template does not have it. */
  readonly field: AskableField | undefined;
  readonly findings: readonly LintFinding[];
  readonly onChange: (question: JsonObject) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

export function JoinQuestion(props: JoinQuestionProps) {
  const { question, index, isLast, field, findings, onChange, onMove, onRemove } = props;
  const id = `join-question-${index}`;
  const label = valueText(question.label);
  const type = valueText(question.type);
  const options = Array.isArray(question.options) ? question.options.map(valueText) : [];
  // A field with a date style shows nothing else.
  const types = field?.kind === "date" ? JOIN_TYPES.filter(([each]) => each === "date") : JOIN_TYPES;
  const fits = types.some(([each]) => each === type);
  return (
    <div class="join-question">
      <div class="two-fields">
        <TextField
          id={`${id}-label`}
          label="Question"
          value={label}
          onChange={(text) => onChange({ ...question, label: text })}
          hint={`Shown as ${field?.label ?? valueText(question.key)}.`}
        />
        <SelectField
          id={`${id}-type`}
          label="Answer"
          value={type}
          options={fits ? types : [[type, type], ...types]}
          onChange={(chosen) => onChange(withJoinType(question, chosen))}
        />
      </div>
      {type === "select" && (
        <Choices
          id={`${id}-options`}
          options={options}
          onChange={(changed) => onChange({ ...question, options: changed })}
        />
      )}
      {type === "checkbox" && (
        <TextField
          id={`${id}-ticked`}
          label="What the pass shows if the box is ticked"
          value={options[0] ?? ""}
          onChange={(text) => onChange(withOptional(question, "options", text === "" ? undefined : [text]))}
          hint="If you leave it empty: Yes."
        />
      )}
      <TextField
        id={`${id}-hint`}
        label="Hint"
        value={valueText(question.hint)}
        onChange={(text) => onChange(withOptional(question, "hint", text))}
        hint="A text below the question, if it needs one."
      />
      <FindingNotes findings={findings} pointer={pointerTo(["join", "fields", index])} />
      <div class="split">
        <label class="check">
          <input
            type="checkbox"
            checked={question.required === true}
            onChange={({ currentTarget }) =>
              onChange(withOptional(question, "required", currentTarget.checked || undefined))
            }
          />
          Has to be answered
        </label>
        <div class="actions">
          <button
            type="button"
            aria-label={`Move ${label} up`}
            aria-disabled={index === 0}
            onClick={() => onMove(-1)}
          >
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 15l6-6 6 6" />
            </svg>
          </button>
          <button
            type="button"
            aria-label={`Move ${label} down`}
            aria-disabled={isLast}
            onClick={() => onMove(1)}
          >
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 9l6 6 6-6" />
            </svg>
          </button>
          <button type="button" aria-label={`Remove ${label}`} onClick={onRemove}>
            Remove
          </button>
        </div>
      </div>
    </div>
  );
}

interface ChoicesProps {
  readonly id: string;
  readonly options: readonly string[];
  readonly onChange: (options: readonly string[]) => void;
}

function Choices({ id, options, onChange }: ChoicesProps) {
  // The text as it is typed, with empty lines and spaces that are not part of the options.
  const [typed, setTyped] = useState("");
  const stored = options.join("\n");
  return (
    <LongTextField
      id={id}
      label="Choices"
      value={optionsOf(typed).join("\n") === stored ? typed : stored}
      onChange={(text) => {
        setTyped(text);
        onChange(optionsOf(text));
      }}
      hint="One in each line."
    />
  );
}
