/**
 * Projects and their events.
 */
import { useState } from "preact/hooks";
import type { Me } from "../../me.ts";
import { isAdmin, mayOpen } from "../access.ts";
import { parseNothing } from "../admin-api.ts";
import {
  type ListedEvent,
  type ListedProject,
  parseEvent,
  parseEvents,
  parseProject,
  parseProjects,
} from "../change/change-answers.ts";
import { eventSummary } from "../change/event-form.ts";
import { useDashboard } from "../context.ts";
import { goOn, hrefOf, isId, queryOf, type Route } from "../route.ts";
import { useListed, useLoaded, useWriting } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { FilterForm } from "./filter-form.tsx";
import { TextField } from "./form-parts.tsx";
import { NameForm } from "./name-form.tsx";
import { ItemList, PageHeading, Placeholder, ProblemNote } from "./parts.tsx";

export function EventsView({ query }: { readonly query: Route["query"] }) {
  const { project = "" } = query;
  return isId(project) ? (
    <EventsOfProject key={queryOf(query)} project={project} query={query} />
  ) : (
    <Projects />
  );
}

function Projects() {
  const { me } = useDashboard();
  const list = useListed("/projects", parseProjects);
  return (
    <>
      <PageHeading title="Events" />
      <p class="hint">
        An event holds what its passes have in common, such as the gate or the start. Events belong to
        projects.
      </p>
      <EventsOfKey />
      <ItemList
        label="Projects"
        list={list}
        keyOf={({ id }) => id}
        row={(project) => <ProjectRow project={project} />}
        empty={<p>{noProjectsWords(me)}</p>}
      />
      {list.status !== "first" && isAdmin(me) && (
        <NameForm
          draft="new-project"
          of=""
          label="New project"
          hint="Such as Concerts, or the name of a tour."
          path="/projects"
          parse={parseProject}
          next={({ id }) => hrefOf("events", { project: String(id) })}
        />
      )}
    </>
  );
}

function noProjectsWords(me: Me): string {
  if (me.scope !== null) return "This key reaches no project as a whole.";
  return `There are no projects yet.${isAdmin(me) ? " Make one for your events." : ""}`;
}

/** A key may be limited to events: it does not reach their projects, so no list leads to them. */
function EventsOfKey() {
  const { me } = useDashboard();
  const events = me.resources?.events ?? [];
  if (events.length === 0) return null;
  return (
    <section>
      <h2>Events of this key</h2>
      <ul class="rows" aria-label="Events of this key">
        {events.map(({ id, name, projectId }) => (
          <li key={id}>
            {projectId === undefined ? (
              name
            ) : (
              <a class="text-link" href={hrefOf("event", { id: String(id), project: String(projectId) })}>
                {name}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProjectRow({ project }: { readonly project: ListedProject }) {
  return (
    <div class="split">
      <div>
        <a class="text-link" href={hrefOf("events", { project: String(project.id) })}>
          {project.name}
        </a>
        {project.externalId !== null && <p class="hint">{project.externalId}</p>}
      </div>
    </div>
  );
}

interface EventsOfProjectProps {
  readonly project: string;
  readonly query: Route["query"];
}

function EventsOfProject({ project, query }: EventsOfProjectProps) {
  const { me } = useDashboard();
  const { externalId = "" } = query;
  const [sought, setSought] = useState(externalId);
  const { body, problem } = useLoaded(`/projects/${project}`, parseProject);
  const list = useListed(`/projects/${project}/events${queryOf({ externalId })}`, parseEvents);
  const isEmpty = list.status === "ready" && list.items.length === 0;
  return (
    <>
      <PageHeading title={body === undefined ? "Events" : body.name}>
        <a class="as-button" href={hrefOf("templates", { project })}>
          Its templates
        </a>
        <a class="as-button" href={hrefOf("events")}>
          All projects
        </a>
      </PageHeading>
      <ProblemNote problem={problem} />
      {body === undefined ? (
        problem === null && <Placeholder />
      ) : (
        <>
          <details open={externalId !== ""}>
            <summary>Search</summary>
            <FilterForm page="events" query={{ externalId }} entered={{ project, externalId: sought.trim() }}>
              <TextField id="sought" label="External ID" value={sought} onChange={setSought} />
            </FilterForm>
          </details>
          <ItemList
            label="Events"
            list={list}
            keyOf={({ id }) => id}
            row={(event) => <EventRow event={event} />}
            empty={
              <p>
                {externalId === "" ? "This project has no events yet." : "No event has this external ID."}
              </p>
            }
          />
          {list.status !== "first" && mayOpen("new-template", me) && (
            <NameForm
              draft="new-event"
              of={project}
              label="New event"
              hint="Such as Opening night. Phones do not show the name."
              path={`/projects/${project}/events`}
              parse={parseEvent}
              next={({ id }) => hrefOf("event", { id: String(id), project })}
            />
          )}
          {mayOpen("new-template", me) && isEmpty && externalId === "" && <DeleteProject project={project} />}
        </>
      )}
    </>
  );
}

function EventRow({ event }: { readonly event: ListedEvent }) {
  const { id, projectId, name, createdAt } = event;
  return (
    <div class="split">
      <div>
        <a class="text-link" href={hrefOf("event", { id: String(id), project: String(projectId) })}>
          {name}
        </a>
        <p class="hint">{[...eventSummary(event), `made ${whenWords(createdAt, Date.now())}`].join(" · ")}</p>
      </div>
    </div>
  );
}

/** The service refuses it while there are templates in the project. */
function DeleteProject({ project }: { readonly project: string }) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const remove = async () => {
    const from = location.hash;
    if ((await write({ method: "DELETE", path: `/projects/${project}` }, parseNothing)) === undefined) return;
    say("The project is deleted.");
    goOn(from, hrefOf("events"));
  };
  return (
    <div class="actions apart">
      <ConfirmButton
        label="Delete the project"
        question="Delete this project? It has no events."
        confirm="Delete it"
        isBusy={isBusy}
        onConfirm={() => void remove()}
      />
      <ProblemNote problem={problem} />
    </div>
  );
}
