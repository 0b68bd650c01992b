/**
 * Adds a language to a template: one of the usual ones, or any that is typed.
 */
import { useState } from "preact/hooks";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { offeredLanguages, readLanguage } from "./languages.ts";

interface AddLanguageProps {
  readonly present: readonly string[];
  readonly onAdd: (language: string) => void;
}

const TYPED = "typed";

export function AddLanguage({ present, onAdd }: AddLanguageProps) {
  const [chosen, setChosen] = useState("");
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const add = () => {
    const language = chosen === TYPED ? readLanguage(typed) : chosen;
    if (language === undefined || language === "") {
      setFault(chosen === TYPED ? "Write it as phones do, such as is or pt-BR." : null);
      return;
    }
    setChosen("");
    setTyped("");
    setFault(null);
    onAdd(language);
  };
  return (
    <form
      class="one-field in-line"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <SelectField
        id="new-language"
        label="New language"
        value={chosen}
        options={[["", "Choose one"], ...offeredLanguages(present), [TYPED, "Another one"]]}
        onChange={setChosen}
      />
      {chosen === TYPED && (
        <TextField
          id="typed-language"
          label="Short name, such as is or pt-BR"
          value={typed}
          onChange={setTyped}
          problem={fault === null ? null : { detail: fault, code: null, pointer: null }}
        />
      )}
      <button type="submit">Add</button>
    </form>
  );
}
