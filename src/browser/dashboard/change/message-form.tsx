/**
 * A message to all holders of a template's passes: a field that has a text for the lock screen gets a new value.
 */
import { useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { mayOpen } from "../access.ts";
import { useDashboard } from "../context.ts";
import { type Loaded, useLoaded } from "../use-api.ts";
import { SelectField } from "../views/form-parts.tsx";
import { Placeholder, ProblemNote } from "../views/parts.tsx";
import { type ChangeableTemplate, parseChangeableTemplate } from "./change-answers.ts";
import { ChangeProgress } from "./change-progress.tsx";
import { ChangeSteps } from "./change-steps.tsx";
import { changedFieldValues, typedName, valuePointer } from "./entered.ts";
import { inputFields } from "./pass-form.ts";
import { templateFields } from "./template-fields.ts";
import { useTyped } from "./use-typed.ts";
import { ValueField } from "./value-field.tsx";

/** Nothing for a key that may not change templates. */
export function TemplateMessage({ templateId }: { readonly templateId: number }) {
  const { me } = useDashboard();
  return mayOpen("new-template", me) ? <LoadedMessage key={templateId} templateId={templateId} /> : null;
}

function LoadedMessage({ templateId }: { readonly templateId: number }) {
  const template = useLoaded(`/templates/${templateId}`, parseChangeableTemplate);
  const [sent, setSent] = useState(0);
  const section = useRef<HTMLElement>(null);
  const { body, problem } = template;
  if (body === undefined) return problem === null ? <Placeholder /> : <ProblemNote problem={problem} />;
  return (
    <section ref={section} tabIndex={-1} aria-label="Message">
      <h2>{body.name}</h2>
      <MessageForm
        loaded={template}
        template={body}
        onSent={() => {
          setSent(sent + 1);
          // The button that was pressed is gone.
          focusOn(section.current);
          void template.reload();
        }}
      />
      {sent > 0 && <ChangeProgress key={sent} path={`/templates/${templateId}/progress`} />}
    </section>
  );
}

/** Phones show the new value of such a field and nothing else, so it suits a message best. */
const isNews = ({ changeMessage }: { readonly changeMessage: string }) => changeMessage.trim() === "%@";

interface MessageFormProps {
  readonly loaded: Loaded<ChangeableTemplate>;
  readonly template: ChangeableTemplate;
  readonly onSent: () => void;
}

function MessageForm({ loaded, template, onSent }: MessageFormProps) {
  const { say } = useDashboard();
  const typed = useTyped("message", String(template.id));
  const audible = templateFields(template.pass).filter(({ changeMessage }) => changeMessage !== "");
  const chosen = audible.find(({ key }) => key === typed.fields.field) ?? audible.find(isNews) ?? audible[0];
  if (chosen === undefined) {
    return (
      <p class="hint">
        No field of this template has a text for the lock screen. Give one to a field, such as News on the
        back of the card.
      </p>
    );
  }
  // An emptied text is not sent: the field keeps what the template has.
  const fields = inputFields(template.pass).filter(({ key }) => key === chosen.key);
  const { values, fault } = changedFieldValues(fields, typed.fields);
  const isEmpty = Object.keys(values).length === 0;
  return (
    <ChangeSteps
      path={`/templates/${template.id}`}
      revision={template.revision}
      entered={{ body: isEmpty ? {} : { values }, fault }}
      pass={template.pass}
      pointers={[valuePointer(chosen.key)]}
      parse={parseChangeableTemplate}
      onChanged={() => {
        typed.clear();
        say("The message is on its way.");
        onSent();
      }}
      onConflict={() => void loaded.reload()}
    >
      {(problem) => (
        <>
          <p class="hint">
            The field gets a new value, and phones show the text of the change. A pass that has a value of its
            own in this field keeps it.
          </p>
          {audible.length > 1 && (
            <SelectField
              id="message-field"
              label="Field"
              value={chosen.key}
              options={audible.map(({ key, name }) => [key, name] as const)}
              onChange={(field) => typed.change({ field, [typedName(chosen.key)]: "" })}
            />
          )}
          {fields.map((field) => (
            <ValueField
              key={field.key}
              field={{ ...field, name: audible.length > 1 ? "New value" : `${field.name}: new value` }}
              typed={typed.fields}
              onChange={typed.change}
              problem={problem}
            />
          ))}
        </>
      )}
    </ChangeSteps>
  );
}
