/**
 * The fields of forms.
 */

interface ChoiceProps<T extends string> {
  readonly legend: string;
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few. */
export function Choice<T extends string>({ legend, options, value, onChange }: ChoiceProps<T>) {
  const keys = Object.keys(options) as T[];
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choices">
        {keys.map((key) => (
          <label key={key}>
            <input type="radio" name={legend} checked={key === value} onChange={() => onChange(key)} />
            <span>{options[key]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

interface SelectProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function Select({ label, options, value, onChange }: SelectProps) {
  const isKnown = options.some((option) => option.value === value);
  return (
    <div class="select">
      <label for="select">{label}</label>
      <select
        id="select"
        value={isKnown ? value : ""}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
