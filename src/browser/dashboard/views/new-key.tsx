/**
 * A new key: the form, and then the key, which is shown once.
 */
import { useRef, useState } from "preact/hooks";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { useHeadingFocus } from "../../heading-focus.ts";
import { type MadeKey, parseMadeKey } from "../admin-answers.ts";
import { useDraft } from "../drafts.ts";
import { EMPTY_KEY, ENDS, type NewKeyFields, newKeyBody, ROLE_WORDS, shownPointers } from "../new-key.ts";
import { type Problem, problemElsewhere } from "../problem.ts";
import { useWriting } from "../use-api.ts";
import { SelectField, TextField } from "./form-parts.tsx";
import { KeyScopeFields } from "./key-scope-fields.tsx";
import { KeyShownOnce } from "./key-shown-once.tsx";
import { PageHeading, ProblemNote } from "./parts.tsx";

const ROLE_OPTIONS = Object.entries(ROLE_WORDS).map(([role, [text]]) => [role, text] as const);

export function NewKeyView() {
  const [made, setMade] = useState<{ readonly key: MadeKey; readonly place: string }>();
  const element = useHeadingFocus(made === undefined ? "form" : "made");
  return (
    <div ref={element} class="steps">
      {made === undefined ? (
        <NewKeyForm onMade={(key, place) => setMade({ key, place })} />
      ) : (
        <KeyShownOnce made={made.key} place={made.place} onAnother={() => setMade(undefined)} />
      )}
    </div>
  );
}

function NewKeyForm({ onMade }: { readonly onMade: (key: MadeKey, place: string) => void }) {
  const { fields, change, clear } = useDraft("new-key", EMPTY_KEY);
  const { isBusy, problem, write } = useWriting();
  // After an answer that was lost, the same request is sent again: it must not make a second key.
  const sent = useRef<{ readonly fields: NewKeyFields; readonly body: ReturnType<typeof newKeyBody> } | null>(
    null,
  );
  const submit = async () => {
    if (sent.current?.fields !== fields) sent.current = { fields, body: newKeyBody(fields, Date.now()) };
    const { body } = sent.current;
    const answer = await write({ method: "POST", path: "/keys", body }, parseMadeKey);
    if (answer === undefined) return;
    clear();
    onMade(answer.body, fields.role === "scanner" ? fields.place.trim() : "");
  };
  return (
    <>
      <PageHeading title="New key" />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <SelectField
          id="role"
          label="What it is for"
          value={fields.role}
          options={ROLE_OPTIONS}
          hint={ROLE_WORDS[fields.role]?.[1] ?? ""}
          onChange={(role) => change({ role })}
        />
        <TextField
          id="name"
          label="Name"
          value={fields.name}
          maxLength={MAX_CHARACTERS.name}
          onChange={(name) => change({ name })}
          hint="The phone, program or person, such as Gate 2. Lists of scans and changes show it."
          problem={problem}
          pointer="/name"
          required
        />
        {fields.role === "scanner" && (
          <TextField
            id="place"
            label="Place (optional)"
            value={fields.place}
            maxLength={MAX_CHARACTERS.place}
            onChange={(place) => change({ place })}
            hint="Where the phone is. It is part of the link, and the phone sends it with each scan."
            problem={problem}
            pointer="/place"
          />
        )}
        <EndFields fields={fields} change={change} problem={problem} />
        <ReachFields fields={fields} change={change} />
        <ProblemNote problem={problemElsewhere(problem, shownPointers(fields))} />
        <div class="actions">
          <button type="submit" class="solid" aria-disabled={isBusy}>
            {isBusy ? "Making …" : "Make the key"}
          </button>
        </div>
      </form>
    </>
  );
}

interface FieldsProps {
  readonly fields: NewKeyFields;
  readonly change: (changed: Partial<NewKeyFields>) => void;
}

function EndFields({ fields, change, problem }: FieldsProps & { readonly problem: Problem | null }) {
  return (
    <>
      <SelectField
        id="ends"
        label="Ends"
        value={fields.ends}
        options={ENDS}
        onChange={(ends) => change({ ends })}
      />
      {fields.ends === "at" && (
        <TextField
          id="ends-at"
          label="End"
          type="datetime-local"
          value={fields.endsAt}
          onChange={(endsAt) => change({ endsAt })}
          problem={problem}
          pointer="/expiresAt"
          required
        />
      )}
    </>
  );
}

function ReachFields({ fields, change }: FieldsProps) {
  return (
    <>
      <fieldset>
        <legend>What it reaches</legend>
        <Radio
          label="All passes"
          isChecked={fields.reach === "all"}
          onChoose={() => change({ reach: "all" })}
        />
        <Radio
          label="Only some projects, templates and events"
          isChecked={fields.reach === "some"}
          onChoose={() => change({ reach: "some" })}
        />
      </fieldset>
      {fields.reach === "some" && <KeyScopeFields fields={fields} onChange={change} />}
    </>
  );
}

interface RadioProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChoose: () => void;
}

function Radio({ label, isChecked, onChoose }: RadioProps) {
  return (
    <label class="check">
      <input type="radio" name="reach" checked={isChecked} onChange={onChoose} />
      <span>{label}</span>
    </label>
  );
}
