/**
 * The fields of the form of a pass, to issue one or to change one.
 */
import type { ComponentChildren, ComponentProps } from "preact";
import { useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { parseNamed } from "../admin-answers.ts";
import type { Fields } from "../drafts.ts";
import { type Problem, problemAt } from "../problem.ts";
import { useChoices } from "../use-api.ts";
import { SelectField, TextField } from "../views/form-parts.tsx";
import type { InputField } from "./entered.ts";
import { PASS_POINTERS } from "./pass-form.ts";
import { ValueField } from "./value-field.tsx";

interface PassInputsProps {
  readonly fields: readonly InputField[];
  /** The texts of the other fields before anything was typed. */
  readonly texts: Fields;
  readonly typed: Fields;
  readonly onChange: (changed: Fields) => void;
  readonly problem: Problem | null;
  /** The pass can belong to an event of this project. */
  readonly projectId: number | null;
  readonly isNew: boolean;
}

export function PassInputs({ fields, texts, typed, onChange, problem, projectId, isNew }: PassInputsProps) {
  const text = (name: string) => typed[name] ?? texts[name] ?? "";
  const field = (name: string, pointer = `/${name}`) => ({
    id: `pass-${name}`,
    value: text(name),
    onChange: (value: string) => onChange({ [name]: value }),
    problem,
    pointer,
  });
  const others = Object.keys(texts);
  const isMore =
    fields.length === 0 ||
    others.some((name) => (typed[name] ?? "") !== "") ||
    PASS_POINTERS.some((pointer) => problemAt(problem, pointer) !== null);
  return (
    <>
      {fields.map((each) => (
        <ValueField
          key={each.key}
          field={each}
          typed={typed}
          onChange={onChange}
          problem={problem}
          startsEmpty={isNew}
          canAdd={!isNew}
        />
      ))}
      <MoreFields isOpen={isMore}>
        <TextField
          {...field("barcodeMessage")}
          label="Code"
          maxLength={MAX_CHARACTERS.barcodeMessage}
          hint="What the barcode says. Empty: the serial number, or what the template says."
        />
        {projectId !== null && <EventChoice project={projectId} field={field("eventId")} />}
        <TextField
          {...field("tags")}
          label="Tags"
          hint="To find the pass, such as: vip, row 7. Phones do not show them."
        />
        <div class="two-fields">
          <TextField
            {...field("externalId")}
            label="External ID"
            maxLength={MAX_CHARACTERS.externalId}
            hint="Its number in another system."
          />
          <TextField
            {...field("expirationDate", "/pass/expirationDate")}
            label="Expires"
            type="datetime-local"
            hint="In the time zone of this computer."
          />
        </div>
        {isNew && (
          <TextField
            {...field("serialNumber")}
            label="Serial number"
            maxLength={MAX_CHARACTERS.serialNumber}
            hint="Empty: the service makes one. It cannot be changed later."
          />
        )}
      </MoreFields>
    </>
  );
}

interface MoreFieldsProps {
  /** Once it was open, it stays open. */
  readonly isOpen: boolean;
  readonly children: ComponentChildren;
}

/** What most passes do not need. */
function MoreFields({ isOpen, children }: MoreFieldsProps) {
  const [wasOpened, setWasOpened] = useState(false);
  return (
    <details open={isOpen || wasOpened} onToggle={({ currentTarget }) => setWasOpened(currentTarget.open)}>
      <summary>Code, event, tags and more</summary>
      <div class="form">{children}</div>
    </details>
  );
}

interface EventChoiceProps {
  readonly project: number;
  readonly field: Omit<ComponentProps<typeof SelectField>, "label" | "options">;
}

/** Nothing if the project has no events. */
function EventChoice({ project, field }: EventChoiceProps) {
  const { value } = field;
  const { items } = useChoices(`/projects/${project}/events?limit=200`, parseNamed);
  if (items.length === 0 && value === "") return null;
  const options = items.map(({ id, name }) => [String(id), name] as const);
  const isMissing = value !== "" && !options.some(([id]) => id === value);
  return (
    <SelectField
      {...field}
      label="Event"
      options={[["", "None"], ...options, ...(isMissing ? [[value, `Event ${value}`] as const] : [])]}
    />
  );
}
