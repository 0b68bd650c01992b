/**
 * The choice of a pass type of this service. Who does not see the list types it.
 */
import { SelectField, TextField } from "./form-parts.tsx";

interface PassTypeFieldProps {
  readonly id: string;
  readonly value: string;
  /** Empty: this key does not see them. */
  readonly passTypes: readonly string[];
  readonly onChange: (passTypeIdentifier: string) => void;
}

export function PassTypeField({ id, value, passTypes, onChange }: PassTypeFieldProps) {
  if (passTypes.length === 0)
    return (
      <TextField
        id={id}
        label="Pass type"
        value={value}
        onChange={onChange}
        hint="Such as pass.com.example.card"
      />
    );
  const options = passTypes.map((each) => [each, each] as const);
  return (
    <SelectField
      id={id}
      label="Pass type"
      value={value}
      options={value === "" || !passTypes.includes(value) ? [["", "Choose one"], ...options] : options}
      onChange={onChange}
    />
  );
}
