/**
 * The change of what a pass shows: a form made from the fields of its template, what phones will show, and then the change.
 */
import { useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import { type ChangeableTemplate, parseChangeableTemplate, parseEvent } from "../change/change-answers.ts";
import { ChangeSteps } from "../change/change-steps.tsx";
import { type InputField, valuePointer } from "../change/entered.ts";
import {
  inputFields,
  inputFieldsOfContent,
  PASS_POINTERS,
  passChangeBody,
  passTexts,
} from "../change/pass-form.ts";
import { PassInputs } from "../change/pass-inputs.tsx";
import { useTyped } from "../change/use-typed.ts";
import { useDashboard } from "../context.ts";
import { type ListedPass, parsePass, parsePassContent } from "../pass-answers.ts";
import { type Loaded, useLoaded } from "../use-api.ts";
import { Placeholder, ProblemNote } from "./parts.tsx";

interface PassChangeProps {
  readonly loaded: Loaded<ListedPass>;
  readonly pass: ListedPass;
  readonly onChanged: () => void;
}

export function PassChange({ loaded, pass, onChanged }: PassChangeProps) {
  const id = String(pass.id);
  const typed = useTyped("pass-change", id);
  const [isOpen, setIsOpen] = useState(!typed.isEmpty);
  const summary = useRef<HTMLElement>(null);
  const close = () => {
    setIsOpen(false);
    // The button that was pressed is gone.
    focusOn(summary.current);
  };
  return (
    <details class="panel" open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary ref={summary}>Change what it shows</summary>
      {isOpen && <LoadedTemplate {...{ loaded, pass, onChanged }} onDone={close} />}
    </details>
  );
}

interface StepsProps extends PassChangeProps {
  readonly onDone: () => void;
}

function LoadedTemplate(props: StepsProps) {
  const { body, problem } = useLoaded(`/templates/${props.pass.templateId}`, parseChangeableTemplate);
  if (problem?.code === "template_not_found") return <WithoutTemplate {...props} />;
  if (body === undefined) return problem === null ? <Placeholder /> : <ProblemNote problem={problem} />;
  const { projectId } = body;
  const { eventId } = props.pass;
  return projectId === null || eventId === null ? (
    <PassForm {...props} template={body} fields={inputFields(body.pass, props.pass.values)} />
  ) : (
    <OfEvent {...props} template={body} path={`/projects/${projectId}/events/${eventId}`} />
  );
}

interface FormProps extends StepsProps {
  readonly template: Pick<ChangeableTemplate, "pass" | "projectId">;
}

/** A key that is limited to the event reaches the pass and not its template. The content of the pass has the same fields. */
function WithoutTemplate(props: StepsProps) {
  const { body, problem } = useLoaded(`/passes/${props.pass.id}/content`, parsePassContent);
  if (body === undefined) return problem === null ? <Placeholder /> : <ProblemNote problem={problem} />;
  const template = { pass: body.pass, projectId: null };
  return (
    <PassForm {...props} template={template} fields={inputFieldsOfContent(body.pass, props.pass.values)} />
  );
}

/** What the pass does not say itself, its event says. */
function OfEvent({ path, ...props }: FormProps & { readonly path: string }) {
  const { body, isLoading } = useLoaded(path, parseEvent);
  if (body === undefined && isLoading) return <Placeholder />;
  return <PassForm {...props} fields={inputFields(props.template.pass, props.pass.values, body?.values)} />;
}

function PassForm(props: FormProps & { readonly fields: readonly InputField[] }) {
  const { pass, template, fields, loaded, onChanged, onDone } = props;
  const { say } = useDashboard();
  const typed = useTyped("pass-change", String(pass.id));
  const close = () => {
    typed.clear();
    onDone();
  };
  return (
    <ChangeSteps
      path={`/passes/${pass.id}`}
      revision={pass.revision}
      entered={passChangeBody(pass, fields, typed.fields)}
      pass={template.pass}
      pointers={[...fields.map(({ key }) => valuePointer(key)), ...PASS_POINTERS]}
      parse={parsePass}
      onChanged={() => {
        close();
        say("The pass was changed.");
        onChanged();
      }}
      onConflict={() => void loaded.reload()}
      onCancel={close}
    >
      {(problem) => (
        <PassInputs
          fields={fields}
          texts={passTexts(pass)}
          typed={typed.fields}
          onChange={typed.change}
          problem={problem}
          projectId={template.projectId}
          isNew={false}
        />
      )}
    </ChangeSteps>
  );
}
