/**
 * The input of one field of a card: its label, its value, and what is shown if it is empty.
 */
import { MAX_CHARACTERS } from "../../../limits.ts";
import { timeWords } from "../../times.ts";
import type { Fields } from "../drafts.ts";
import type { Problem } from "../problem.ts";
import { TextField, useFieldNote } from "../views/form-parts.tsx";
import { type InputField, plusOne, shownText, textOfValue, typedName, valuePointer } from "./entered.ts";
import type { FieldValue } from "./template-fields.ts";

interface ValueFieldProps {
  readonly field: InputField;
  readonly typed: Fields;
  readonly onChange: (changed: Fields) => void;
  readonly problem: Problem | null;
  /** Whether the input is empty until something is typed, as in the form of a new pass. */
  readonly startsEmpty?: boolean;
  /** Whether numbers have a button that adds one. */
  readonly canAdd?: boolean;
}

export function ValueField(props: ValueFieldProps) {
  const { field, typed, onChange, problem, startsEmpty = false, canAdd = false } = props;
  const { key, name, kind } = field;
  const entered = typed[typedName(key)];
  const current = shownText(field);
  const value = entered ?? (startsEmpty ? "" : current);
  const change = (text: string) => onChange({ [typedName(key)]: text });
  const shared = {
    id: `value-${key}`,
    label: name,
    value,
    onChange: change,
    hint: hintOf(field, { value, isChanged: entered !== undefined && entered !== current && !startsEmpty }),
    problem,
    pointer: valuePointer(key),
  };
  if (kind === "date") return <TextField {...shared} type="datetime-local" />;
  if (kind === "text")
    return isLong(field, value) ? (
      <TextArea {...shared} />
    ) : (
      <TextField {...shared} maxLength={MAX_CHARACTERS.fieldText} />
    );
  const more = canAdd ? plusOne(value) : undefined;
  return (
    <div class={more === undefined ? "" : "with-button"}>
      <TextField {...shared} inputMode="decimal" />
      {more !== undefined && (
        <button type="button" aria-label={`Add 1 to ${name}`} onClick={() => change(more)}>
          + 1
        </button>
      )}
    </div>
  );
}

interface Shown {
  readonly value: string;
  readonly isChanged: boolean;
}

function hintOf(field: InputField, { value, isChanged }: Shown): string {
  const below = wordsOf(field, field.below);
  if (value.trim() === "" && below !== "")
    return `Empty: the card shows “${below}”${/[.!?…]$/.test(below) ? "" : "."}`;
  const current = wordsOf(field, field.own ?? field.below);
  return isChanged && current !== "" ? `Now: ${current}` : "";
}

const MAX_HINT = 80;

function wordsOf(field: InputField, value: FieldValue | undefined): string {
  const text = textOfValue(field, value);
  if (field.kind === "date") return text === "" ? "" : timeWords(new Date(text).getTime(), Date.now());
  return text.length > MAX_HINT ? `${text.slice(0, MAX_HINT)}…` : text;
}

/** An input of one line would lose the ends of lines. */
function isLong(field: InputField, value: string): boolean {
  return field.isLong || /\n/.test(value) || /\n/.test(shownText(field)) || value.length > 100;
}

interface TextAreaProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint: string;
  readonly problem: Problem | null;
  readonly pointer: string;
}

function TextArea({ id, label, value, onChange, hint, problem, pointer }: TextAreaProps) {
  const { attributes, note } = useFieldNote<HTMLTextAreaElement>({ id, label, hint, problem, pointer });
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        {...attributes}
        rows={3}
        value={value}
        maxLength={MAX_CHARACTERS.fieldText}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {note}
    </div>
  );
}
