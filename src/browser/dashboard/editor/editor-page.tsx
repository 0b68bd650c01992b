/**
 * The pages on which a template is made, changed or looked at.
 */
import { useEffect, useState } from "preact/hooks";
import { useHeadingFocus } from "../../heading-focus.ts";
import { isIssuer, mayOpen } from "../access.ts";
import { useDashboard } from "../context.ts";
import { hrefOf, isId, type Route } from "../route.ts";
import { tabStore } from "../tab-store.ts";
import { useLoaded } from "../use-api.ts";
import { PageHeading, Placeholder, ProblemNote } from "../views/parts.tsx";
import type { TemplateDraft } from "./draft/draft.ts";
import { forgetDraft, keepDraft, readKeptDraft } from "./draft/kept-draft.ts";
import { parseStoredTemplate } from "./draft/stored-template.ts";
import { StartPage } from "./start/new-template.tsx";
import { TemplateEditor } from "./template-editor.tsx";
import { TemplateFacts } from "./template-facts.tsx";

export function NewTemplateView({ query }: { readonly query: Route["query"] }) {
  const { project = "" } = query;
  const projectId = isId(project) ? Number(project) : null;
  const [start, setStart] = useState(() => keptStart(projectId));
  const isStarted = start !== undefined;
  // The draft has the project now. After a reload, the address must not undo another choice.
  useEffect(() => {
    if (isStarted && project !== "") location.replace(hrefOf("new-template"));
  }, [isStarted, project]);
  // The button that was pressed is removed.
  const element = useHeadingFocus(isStarted ? "editor" : "start");
  const discard = () => {
    forgetDraft(tabStore, "new");
    setStart(undefined);
  };
  return (
    <div ref={element} class="steps">
      <PageHeading title="New template">
        <a class="as-button" href={hrefOf("templates")}>
          All templates
        </a>
      </PageHeading>
      {start === undefined ? (
        <StartPage projectId={projectId} onStart={setStart} />
      ) : (
        <TemplateEditor stored={null} start={start} onDiscard={discard} />
      )}
    </div>
  );
}

/** A draft that is there already is put into the project that the page was opened for. */
function keptStart(projectId: number | null): TemplateDraft | undefined {
  const kept = readKeptDraft(tabStore, "new")?.draft;
  if (kept === undefined || projectId === null) return kept;
  const draft = { ...kept, projectId };
  keepDraft(tabStore, "new", { basis: null, draft });
  return draft;
}

export function TemplateView({ query }: { readonly query: Route["query"] }) {
  const { id = "" } = query;
  // Another template begins with nothing of this one.
  return <TemplatePage key={id} id={id} />;
}

function TemplatePage({ id }: { readonly id: string }) {
  const { me } = useDashboard();
  const { body, problem, replace } = useLoaded(`/templates/${id}`, parseStoredTemplate);
  return (
    <>
      <PageHeading title={body?.draft.name ?? `Template ${id}`}>
        {body !== undefined && isIssuer(me) && (
          <a class="as-button" href={hrefOf("new-pass", { id })}>
            Issue a pass
          </a>
        )}
        {body !== undefined && mayOpen("message", me) && (
          <a class="as-button" href={hrefOf("message", { id })}>
            Message to all
          </a>
        )}
        {body !== undefined && body.joinUrl !== null && (
          <a class="as-button" href={`${body.joinUrl}/poster`} target="_blank" rel="noopener">
            Join poster
          </a>
        )}
        <a class="as-button" href={hrefOf("templates")}>
          All templates
        </a>
      </PageHeading>
      <ProblemNote problem={problem} />
      {body === undefined ? (
        problem === null && <Placeholder />
      ) : me.role === "admin" ? (
        <TemplateEditor stored={body} start={body.draft} onStored={replace} />
      ) : (
        <TemplateFacts template={body} />
      )}
    </>
  );
}
