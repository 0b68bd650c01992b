/**
 * Inputs of the editor whose text is not what the draft has: numbers and choices of yes or no.
 */

import { useState } from "preact/hooks";
import { writeJson } from "../../../../json.ts";
import { TextField } from "../../views/form-parts.tsx";
import { valueText } from "../draft/pass-members.ts";
import { readNumber } from "./value-kind.ts";

interface TypedFieldProps {
  readonly id: string;
  readonly label: string;
  /** What the draft has. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly read?: (typed: string) => unknown;
  readonly hint?: string;
  /** Why the value is not possible. */
  readonly fault?: string;
}

/** A number, with the digits as they were typed: 1.50 does not become 1.5 while somebody types 1.505. */
export function TypedField({ value, onChange, read = readNumber, fault = "", ...field }: TypedFieldProps) {
  const [typed, setTyped] = useState(() => valueText(value));
  // The draft may have changed elsewhere.
  const isOwn = writeJson([read(typed)]) === writeJson([value]);
  return (
    <TextField
      {...field}
      value={isOwn ? typed : valueText(value)}
      onChange={(text) => {
        setTyped(text);
        onChange(read(text));
      }}
      {...(fault !== "" && { hint: fault })}
    />
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** A choice of yes or no. */
export function CheckField({ label, isOn, onChange }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
