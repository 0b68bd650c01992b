/**
 * The change of what a pass shows: a form made from the fields of its template, what phones will show, and then the change.
 */
import { useRef, useState } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";
import {
  type ChangeablePass,
  type ChangeableTemplate,
  parseChangeablePass,
  parseChangeableTemplate,
  parseEvent,
} from "../change/change-answers.ts";
import { ChangeSteps } from "../change/change-steps.tsx";
import { valuePointer } from "../change/entered.ts";
import { inputFields, PASS_POINTERS, passChangeBody, passTexts } from "../change/pass-form.ts";
import { PassInputs } from "../change/pass-inputs.tsx";
import { useTyped } from "../change/use-typed.ts";
import { useDashboard } from "../context.ts";
import { type Loaded, useLoaded } from "../use-api.ts";
import { Placeholder, ProblemNote } from "./parts.tsx";

interface PassChangeProps {
  readonly id: string;
  readonly onChanged: () => void;
}

export function PassChange({ id, onChanged }: PassChangeProps) {
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
      {isOpen && <LoadedPass id={id} onChanged={onChanged} onDone={close} />}
    </details>
  );
}

interface StepsProps extends PassChangeProps {
  readonly onDone: () => void;
}

function LoadedPass(props: StepsProps) {
  const pass = useLoaded(`/passes/${props.id}`, parseChangeablePass);
  if (pass.body === undefined)
    return pass.problem === null ? <Placeholder /> : <ProblemNote problem={pass.problem} />;
  return <LoadedTemplate {...props} loaded={pass} pass={pass.body} />;
}

interface TemplateProps extends StepsProps {
  readonly loaded: Loaded<ChangeablePass>;
  readonly pass: ChangeablePass;
}

function LoadedTemplate(props: TemplateProps) {
  const { body, problem } = useLoaded(`/templates/${props.pass.templateId}`, parseChangeableTemplate);
  if (body === undefined) return problem === null ? <Placeholder /> : <ProblemNote problem={problem} />;
  const { projectId } = body;
  const { eventId } = props.pass;
  return projectId === null || eventId === null ? (
    <PassForm {...props} template={body} eventValues={{}} />
  ) : (
    <OfEvent {...props} template={body} path={`/projects/${projectId}/events/${eventId}`} />
  );
}

interface FormProps extends TemplateProps {
  readonly template: ChangeableTemplate;
}

/** What the pass does not say itself, its event says. */
function OfEvent({ path, ...props }: FormProps & { readonly path: string }) {
  const { body, isLoading } = useLoaded(path, parseEvent);
  if (body === undefined && isLoading) return <Placeholder />;
  return <PassForm {...props} eventValues={body?.values ?? {}} />;
}

function PassForm(props: FormProps & { readonly eventValues: ChangeablePass["values"] }) {
  const { id, pass, template, eventValues, loaded, onChanged, onDone } = props;
  const { say } = useDashboard();
  const typed = useTyped("pass-change", id);
  const fields = inputFields(template.pass, pass.values, eventValues);
  const close = () => {
    typed.clear();
    onDone();
  };
  return (
    <ChangeSteps
      path={`/passes/${id}`}
      revision={pass.revision}
      entered={passChangeBody(pass, fields, typed.fields)}
      pass={template.pass}
      pointers={[...fields.map(({ key }) => valuePointer(key)), ...PASS_POINTERS]}
      parse={parseChangeablePass}
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
