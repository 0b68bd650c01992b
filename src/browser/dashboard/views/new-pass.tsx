/**
 * A new pass: a form made from the fields of its template, and then the link and the QR code for its holder.
 */
import { useState } from "preact/hooks";
import type { JsonObject } from "../../../json.ts";
import { useHeadingFocus } from "../../heading-focus.ts";
import {
  type ChangeableTemplate,
  type IssuedPass,
  parseChangeableTemplate,
  parseIssuedPass,
} from "../change/change-answers.ts";
import { valuePointer } from "../change/entered.ts";
import { LiveCheck } from "../change/live-check.tsx";
import { inputFields, newPassBody, PASS_POINTERS, passTexts } from "../change/pass-form.ts";
import { PassInputs } from "../change/pass-inputs.tsx";
import { useTyped } from "../change/use-typed.ts";
import { problemElsewhere } from "../problem.ts";
import { hrefOf, type Route } from "../route.ts";
import { useLoaded, useWriting } from "../use-api.ts";
import { HolderPage } from "./holder-page.tsx";
import { PageHeading, Placeholder, ProblemNote } from "./parts.tsx";

export function NewPassView({ query }: { readonly query: Route["query"] }) {
  const { id = "" } = query;
  return <NewPassOf key={id} id={id} />;
}

function NewPassOf({ id }: { readonly id: string }) {
  const { body, problem } = useLoaded(`/templates/${id}`, parseChangeableTemplate);
  const [issued, setIssued] = useState<IssuedPass>();
  const element = useHeadingFocus(issued === undefined ? "form" : "issued");
  if (body === undefined) {
    return (
      <>
        <PageHeading title="Issue a pass" />
        {problem === null ? <Placeholder /> : <ProblemNote problem={problem} />}
      </>
    );
  }
  return (
    <div ref={element} class="steps">
      {issued === undefined ? (
        <NewPassForm template={body} onIssued={setIssued} />
      ) : (
        <IssuedPassView pass={issued} onAnother={() => setIssued(undefined)} />
      )}
    </div>
  );
}

interface NewPassFormProps {
  readonly template: ChangeableTemplate;
  readonly onIssued: (pass: IssuedPass) => void;
}

function NewPassForm({ template, onIssued }: NewPassFormProps) {
  const typed = useTyped("new-pass", String(template.id));
  const { isBusy, problem, write, fail } = useWriting();
  const fields = inputFields(template.pass);
  const { body, fault } = newPassBody(fields, typed.fields);
  const submit = async () => {
    if (fault !== null) return fail(fault);
    const call = { method: "POST", path: `/templates/${template.id}/passes`, body };
    const answer = await write(call, parseIssuedPass);
    if (answer === undefined) return;
    typed.clear();
    onIssued(answer.body);
  };
  const pointers = [...fields.map(({ key }) => valuePointer(key)), ...PASS_POINTERS];
  return (
    <>
      <PageHeading title="Issue a pass" />
      <p class="hint">Of the template {template.name}. What you leave empty is as in the template.</p>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <PassInputs
          fields={fields}
          texts={passTexts(undefined)}
          typed={typed.fields}
          onChange={typed.change}
          problem={problem}
          projectId={template.projectId}
          isNew={true}
        />
        {fault === null && <LiveCheck body={lintedBody(template.id, body)} />}
        <ProblemNote problem={problemElsewhere(problem, pointers)} />
        <div class="actions">
          <button type="submit" class="solid" aria-disabled={isBusy}>
            {isBusy ? "Issuing …" : "Issue the pass"}
          </button>
          {!typed.isEmpty && (
            <button type="button" onClick={typed.clear}>
              Clear the form
            </button>
          )}
        </div>
      </form>
    </>
  );
}

/** What the linter looks at. The rest is checked when the form is sent. */
function lintedBody(templateId: number, { values, pass, barcodeMessage }: JsonObject): JsonObject {
  return {
    templateId,
    ...(values === undefined ? {} : { values }),
    ...(pass === undefined ? {} : { pass }),
    ...(barcodeMessage === undefined ? {} : { barcodeMessage }),
  };
}

interface IssuedPassProps {
  readonly pass: IssuedPass;
  readonly onAnother: () => void;
}

function IssuedPassView({ pass, onAnother }: IssuedPassProps) {
  return (
    <>
      <PageHeading title="The pass is issued" />
      <section class="panel" aria-label="For the holder">
        <p>Scan the code with the phone that gets the pass, or send its holder the link.</p>
        <HolderPage url={pass.landingUrl} isDrawn={true} />
        <p class="hint">Serial number {pass.serialNumber}</p>
      </section>
      <div class="actions">
        <button type="button" class="solid" onClick={onAnother}>
          Issue another
        </button>
        <a class="as-button" href={hrefOf("pass", { id: String(pass.id) })}>
          Show the pass
        </a>
      </div>
    </>
  );
}
