/**
 * The pages on which a template is made, changed or looked at.
 */
import { useState } from "preact/hooks";
import { isIssuer, mayOpen } from "../access.ts";
import { useDashboard } from "../context.ts";
import { hrefOf, type Route } from "../route.ts";
import { tabStore } from "../tab-store.ts";
import { useLoaded } from "../use-api.ts";
import { PageHeading, Placeholder, ProblemNote } from "../views/parts.tsx";
import type { TemplateDraft } from "./draft/draft.ts";
import { forgetDraft, readKeptDraft } from "./draft/kept-draft.ts";
import { parseStoredTemplate } from "./draft/stored-template.ts";
import { StartPage } from "./start/new-template.tsx";
import { TemplateEditor } from "./template-editor.tsx";
import { TemplateFacts } from "./template-facts.tsx";

export function NewTemplateView() {
  const [start, setStart] = useState<TemplateDraft | undefined>(() => readKeptDraft(tabStore, "new")?.draft);
  const discard = () => {
    forgetDraft(tabStore, "new");
    setStart(undefined);
  };
  return (
    <>
      <PageHeading title="New template">
        <a class="as-button" href={hrefOf("templates")}>
          All templates
        </a>
      </PageHeading>
      {start === undefined ? (
        <StartPage onStart={setStart} />
      ) : (
        <TemplateEditor stored={null} start={start} onDiscard={discard} />
      )}
    </>
  );
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
