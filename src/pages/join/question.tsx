/**
 * A question of a join form: its label, its hint, what is wrong with the answer, and the input. Follows HTML's autofill and
 * WCAG 2.2 (labels, error identification).
 */

import { Breakable } from "../../breakable.tsx";
import { inputName } from "../../join/answers.ts";
import { DEFAULT_MAX_ANSWER, type JoinField } from "../../templates/join-field.ts";
import type { Direction } from "../language.ts";
import type { JoinLanguage } from "./join-language.ts";

interface QuestionProps {
  readonly field: JoinField;
  readonly id: string;
  readonly answer: string;
  readonly fault: string | undefined;
  readonly language: JoinLanguage;
}

/** A question of the form, with what is wrong with its answer above the input. */
export function Question({ field, id, answer, fault, language }: QuestionProps) {
  const { words, marks, templateMarks, direction, translate } = language;
  const { type, required = false } = field;
  const label = translate(field.label);
  const hint = field.hint && translate(field.hint);
  const name = inputName(field);
  if (type === "checkbox")
    return (
      <Checkbox
        id={id}
        name={name}
        label={label}
        hint={hint}
        required={required}
        isTicked={answer !== ""}
        fault={fault}
        language={language}
      />
    );
  const shared = { id, name, required, ...described(id, hint, fault) };
  return (
    <div class="field">
      <label for={id}>
        <span {...templateMarks}>{label}</span>
        {!required && (
          <>
            {" "}
            <span class="optional" {...marks}>
              {words.optional}
            </span>
          </>
        )}
      </label>
      <Notes id={id} hint={hint} fault={fault} language={language} />
      {type === "select" ? (
        <select {...shared} autocomplete={field.autocomplete}>
          <option value="">{optionText(words.choose, direction)}</option>
          {(field.options ?? []).map((option) => (
            <option value={option} selected={option === answer}>
              {optionText(translate(option), direction)}
            </option>
          ))}
        </select>
      ) : (
        <input {...shared} {...typed(field, hint)} value={answer} />
      )}
    </div>
  );
}

/** A text from left to right keeps its order in a page from right to left. It needs Unicode's isolates: an option has no markup. */
const optionText = (text: string, direction: Direction) =>
  direction === "rtl" ? `\u2068${text}\u2069` : text;

/** The attributes of an input by its type. An address and a number are written from left to right in every language. */
function typed(
  { type, autocomplete, maxLength = DEFAULT_MAX_ANSWER, pattern }: JoinField,
  hint: string | undefined,
) {
  if (type === "date") return { type, autocomplete };
  const automatic = type === "text" ? undefined : type;
  return {
    type,
    autocomplete: autocomplete ?? automatic,
    maxlength: maxLength,
    pattern,
    title: pattern === undefined ? undefined : hint,
    dir: type === "text" ? ("auto" as const) : ("ltr" as const),
    ...(type === "email" && { autocapitalize: "none" as const }),
  };
}

interface CheckboxProps {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly required: boolean;
  readonly isTicked: boolean;
  readonly fault: string | undefined;
  readonly language: JoinLanguage;
}

/** A box with its label beside it. */
export function Checkbox({ id, name, label, hint, required, isTicked, fault, language }: CheckboxProps) {
  return (
    <div class="field check">
      <Notes id={id} hint={hint} fault={fault} language={language} />
      <label for={id}>
        <input
          id={id}
          type="checkbox"
          name={name}
          value="on"
          required={required}
          checked={isTicked}
          {...described(id, hint, fault)}
        />
        <span {...language.templateMarks}>
          <Breakable text={label} />
        </span>
      </label>
    </div>
  );
}

interface NotesProps {
  readonly id: string;
  readonly hint: string | undefined;
  readonly fault: string | undefined;
  readonly language: JoinLanguage;
}

function Notes({ id, hint, fault, language }: NotesProps) {
  return (
    <>
      {hint !== undefined && (
        <p class="note" id={`${id}-hint`} {...language.templateMarks}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`} dir="auto">
          {fault}
        </p>
      )}
    </>
  );
}

/** Connects an input with the texts about it. */
function described(id: string, hint: string | undefined, fault: string | undefined) {
  const texts = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`].filter(Boolean);
  return {
    "aria-describedby": texts.length > 0 ? texts.join(" ") : undefined,
    "aria-invalid": fault === undefined ? undefined : ("true" as const),
  };
}
