/**
 * The choice of a template, a project or an event. Only the newest ones are listed, so that a long list is never loaded as a whole.
 * For any other one, the person types its number, which is at the end of its page's address.
 */
import { useState } from "preact/hooks";
import type { Named } from "../admin-answers.ts";
import type { ListState } from "../list-state.ts";
import { SelectField, TextField } from "./form-parts.tsx";

interface NamedFieldProps {
  readonly id: string;
  readonly label: string;
  /** Such as Template. */
  readonly kind: string;
  /** The option that chooses none. */
  readonly none: string;
  readonly list: Pick<ListState<Named>, "items" | "nextCursor">;
  /** An id, or empty. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

const OTHER = "other";

export function NamedField({ id, label, kind, none, list, value, onChange }: NamedFieldProps) {
  const { items, nextCursor } = list;
  const [isTyped, setIsTyped] = useState(false);
  const options = items.map((item) => [String(item.id), item.name || `${kind} ${item.id}`] as const);
  // The chosen one is always an option, also before the list has arrived, and if the first page does not have it.
  const isMissing = !isTyped && value !== "" && !options.some(([option]) => option === value);
  return (
    <>
      <SelectField
        id={id}
        label={label}
        value={isTyped ? OTHER : value}
        options={[
          ["", none],
          ...options,
          ...(isMissing ? [[value, `${kind} ${value}`] as const] : []),
          ...(nextCursor === null ? [] : [[OTHER, "Another, by its number"] as const]),
        ]}
        onChange={(chosen) => {
          setIsTyped(chosen === OTHER);
          onChange(chosen === OTHER ? "" : chosen);
        }}
      />
      {isTyped && (
        <TextField
          id={`${id}-number`}
          label={`Number of the ${kind.toLowerCase()}`}
          type="number"
          min={1}
          value={value}
          onChange={onChange}
          hint="It is at the end of the address of its page."
          required
        />
      )}
    </>
  );
}
