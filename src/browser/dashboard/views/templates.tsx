/**
 * The templates, with previews: open one, issue a pass of it, copy it, delete it, or make one of a file.
 */
import { mayOpen } from "../access.ts";
import { parseNamed } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { hrefOf, queryOf, type Route } from "../route.ts";
import { parseListedTemplates } from "../template-answers.ts";
import { useChoices, useListed } from "../use-api.ts";
import { usePassTypeNames } from "../use-pass-types.ts";
import { ImportTemplate } from "./import-template.tsx";
import { ItemList, PageHeading, Placeholder } from "./parts.tsx";
import { TemplateFilters } from "./template-filters.tsx";
import { TemplateRow } from "./template-row.tsx";

/** Each row loads its images, so a page of the list is short. */
const PAGE = "20";

interface TemplatesProps {
  readonly query: Route["query"];
}

export function TemplatesView({ query }: TemplatesProps) {
  const { me } = useDashboard();
  const { passType = "", project = "" } = query;
  const asked = queryOf({ passTypeIdentifier: passType, projectId: project, limit: PAGE });
  const list = useListed(`/templates${asked}`, parseListedTemplates);
  const projects = useChoices("/projects?limit=200", parseNamed);
  const passTypes = usePassTypeNames();
  const mayMake = mayOpen("new-template", me);
  const isFiltered = passType !== "" || project !== "";
  return (
    <>
      <PageHeading title="Templates">
        {mayMake && (
          <a class="as-button solid" href={hrefOf("new-template", { project })}>
            New template
          </a>
        )}
      </PageHeading>
      {/* The filters need the projects. Nothing is shown before they arrive, because it would move. */}
      {projects.status === "first" ? (
        <Placeholder />
      ) : (
        <>
          <TemplateFilters
            key={queryOf(query)}
            query={query}
            projects={projects.items}
            passTypes={passTypes}
          />
          {mayMake && <ImportTemplate passTypes={passTypes} onImported={list.reload} />}
          <ItemList
            label="Templates"
            list={list}
            keyOf={({ id }) => id}
            row={(template) => (
              <TemplateRow
                template={template}
                projects={projects.items}
                passTypes={passTypes}
                onDeleted={() => list.edit((items) => items.filter(({ id }) => id !== template.id))}
              />
            )}
            empty={<NoTemplates {...{ isFiltered, mayMake }} ofProject={passType === "" && project !== ""} />}
          />
        </>
      )}
    </>
  );
}

interface NoTemplatesProps {
  readonly isFiltered: boolean;
  readonly mayMake: boolean;
  /** Whether the only filter is a project. */
  readonly ofProject: boolean;
}

function NoTemplates({ isFiltered, mayMake, ofProject }: NoTemplatesProps) {
  const { me } = useDashboard();
  if (isFiltered) {
    return (
      <>
        <p>
          {!ofProject
            ? "No template matches."
            : mayMake
              ? "No template is in this project. Make one, or open a template and choose the project under General."
              : "No template is in this project."}
        </p>
        <a class="text-link" href={hrefOf("templates")}>
          Show all templates
        </a>
      </>
    );
  }
  return (
    <>
      <p>
        A template is the design that all passes of one kind share.{" "}
        {me.scope === null ? "There is none yet." : "This key reaches none."}
      </p>
      {mayMake && (
        <a class="text-link" href={hrefOf("new-template")}>
          Make the first one
        </a>
      )}
    </>
  );
}
