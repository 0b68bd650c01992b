/**
 * The parts of forms: fields whose errors are next to them, a choice, and a file that is dropped.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { type Problem, problemAt, problemWords } from "../problem.ts";

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  /** The problem of the form. It is shown at this field if it has the pointer of this field. */
  readonly problem?: Problem | null;
  readonly pointer?: string;
  readonly type?: "text" | "password" | "datetime-local" | "number";
  readonly maxLength?: number;
  readonly min?: number;
  readonly list?: string;
  readonly autocomplete?: "off" | "current-password";
  readonly inputMode?: "decimal";
  readonly required?: boolean;
}

export function TextField({
  id,
  label,
  value,
  onChange,
  hint = "",
  problem = null,
  pointer = "",
  autocomplete = "off",
  type = "text",
  ...more
}: TextFieldProps) {
  const { attributes, note } = useFieldNote<HTMLInputElement>({ id, label, hint, problem, pointer });
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...more}
        {...attributes}
        // preact's types know the attributes of an input only for a literal type.
        type={type as "text"}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {note}
    </div>
  );
}

interface FieldNoteProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly problem: Problem | null;
  /** Empty: the problem is always that of this field. */
  readonly pointer: string;
}

/** The hint of a field, or what is wrong with it: then the field gets the focus. */
export function useFieldNote<E extends HTMLElement>({ id, label, hint, problem, pointer }: FieldNoteProps) {
  const own = pointer === "" ? problem : problemAt(problem, pointer);
  const text = own === null ? hint : problemWords(own, label);
  const element = useRef<E>(null);
  useEffect(() => {
    if (own !== null) focusOn(element.current);
  }, [own]);
  const described = text === "" ? undefined : `${id}-note`;
  return {
    /** For the element that takes the input. */
    attributes: { ref: element, id, "aria-invalid": own !== null, "aria-describedby": described },
    note: text !== "" && (
      <p id={`${id}-note`} class={own === null ? "hint" : "hint fault"}>
        {text}
      </p>
    ),
  };
}

interface SelectFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  /** As in TextFieldProps. */
  readonly problem?: Problem | null;
  readonly pointer?: string;
}

export function SelectField(props: SelectFieldProps) {
  const { id, label, value, options, onChange, hint = "", problem = null, pointer = "" } = props;
  const { attributes, note } = useFieldNote<HTMLSelectElement>({ id, label, hint, problem, pointer });
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
      {note}
    </div>
  );
}

interface FileDropProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly accept: string;
  readonly isBusy: boolean;
  readonly onFile: (file: File) => void;
  /** Called in place of onFile if several files may be dropped at once. */
  readonly onFiles?: (files: readonly File[]) => void;
  /** Above the label, such as a picture of what is there. */
  readonly children?: ComponentChildren;
}

/** A file by drop, by click or by keyboard. */
export function FileDrop({ id, label, hint, accept, isBusy, onFile, onFiles, children }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file === undefined || isBusy) return;
    if (onFiles === undefined) onFile(file);
    else onFiles([...(files ?? [])]);
  };
  return (
    <label
      class={isOver ? "file-drop is-over" : "file-drop"}
      for={id}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      {children}
      <strong>{isBusy ? "Sending …" : label}</strong>
      <span class="hint">{hint}</span>
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={onFiles !== undefined}
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file can be chosen again after it was mended.
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
