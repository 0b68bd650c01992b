/**
 * One event: what it gives to its passes, how far its newest change is, and its passes.
 */
import { useRef, useState } from "preact/hooks";
import { memberOf, toText } from "../../../json.ts";
import { focusOn } from "../../heading-focus.ts";
import { isIssuer, mayOpen, reachesProject } from "../access.ts";
import { parseNothing } from "../admin-api.ts";
import { type ListedEvent, parseEvent } from "../change/change-answers.ts";
import { ChangeProgress } from "../change/change-progress.tsx";
import { memberText } from "../change/template-fields.ts";
import { useDashboard } from "../context.ts";
import { parsePassCount } from "../pass-answers.ts";
import { passCountWords, valueWords } from "../pass-words.ts";
import { goOn, hrefOf, isId, type Route } from "../route.ts";
import { useLoaded, useWriting } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { EventChange } from "./event-change.tsx";
import { PageHeading, Placeholder, ProblemNote } from "./parts.tsx";
import { FactList } from "./pass-card.tsx";

export function EventView({ query }: { readonly query: Route["query"] }) {
  const { id = "", project = "" } = query;
  if (isId(project)) return <EventPage key={`${project} ${id}`} id={id} project={project} />;
  return (
    <>
      <PageHeading title="Event" />
      <p>This address does not say in which project the event is.</p>
      <a class="text-link" href={hrefOf("events")}>
        All projects
      </a>
    </>
  );
}

interface EventPageProps {
  readonly id: string;
  readonly project: string;
}

function EventPage({ id, project }: EventPageProps) {
  const { me } = useDashboard();
  const path = `/projects/${project}/events/${id}`;
  const event = useLoaded(path, parseEvent);
  const [changes, setChanges] = useState(0);
  const newest = useRef<HTMLElement>(null);
  const { body } = event;
  return (
    <>
      <PageHeading title={body === undefined ? "Event" : body.name}>
        <a class="as-button" href={hrefOf("events", reachesProject(me, Number(project)) ? { project } : {})}>
          All events
        </a>
      </PageHeading>
      <ProblemNote problem={event.problem} />
      {body === undefined ? (
        event.problem === null && <Placeholder />
      ) : (
        <>
          <EventFacts event={body} />
          <section ref={newest} tabIndex={-1}>
            <h2>Newest change</h2>
            <ChangeProgress key={changes} path={`${path}/progress`} />
          </section>
          {isIssuer(me) && (
            <section>
              <h2>Change all its passes</h2>
              <EventChange
                event={body}
                onConflict={() => void event.reload()}
                onChanged={(changed) => {
                  event.replace(changed);
                  setChanges(changes + 1);
                  // The button that was pressed is gone.
                  newest.current?.scrollIntoView({ block: "nearest" });
                  focusOn(newest.current);
                }}
              />
            </section>
          )}
          {mayOpen("new-template", me) && <DeleteEvent path={path} project={project} />}
        </>
      )}
    </>
  );
}

function EventFacts({ event }: { readonly event: ListedEvent }) {
  const { id, projectId, externalId, values, pass, createdAt, updatedAt } = event;
  const now = Date.now();
  const ofEvent = { project: String(projectId), event: String(id) };
  const { body } = useLoaded(`/passes/count?eventId=${id}`, parsePassCount);
  const facts = [
    ...Object.entries(values).flatMap(([key, { value }]) =>
      // A field may have the same name as one of the other facts.
      value === undefined ? [] : [[key, valueWords(toText(value), now), `value ${key}`] as const],
    ),
    ["Expires", whenGiven(memberText(pass, "expirationDate"), now)],
    ["Voided", memberOf(pass, "voided") === true ? "yes" : ""],
    ["External ID", externalId ?? ""],
    ["Made", whenWords(createdAt, now)],
    ["Last change", whenWords(updatedAt, now)],
  ] as const;
  return (
    <section class="panel" aria-label="About it">
      <FactList facts={facts.filter(([, fact]) => fact !== "")} />
      {Object.keys(values).length === 0 && <p class="hint">It has no values for its passes yet.</p>}
      <a class="text-link" href={hrefOf("passes", ofEvent)}>
        {body === undefined ? "Its passes" : passCountWords(body)}
      </a>
    </section>
  );
}

function whenGiven(text: string, now: number): string {
  return text === "" ? "" : whenWords(text, now);
}

function DeleteEvent({ path, project }: { readonly path: string; readonly project: string }) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const remove = async (force: boolean) => {
    const from = location.hash;
    const call = { method: "DELETE", path: force ? `${path}?force=true` : path };
    if ((await write(call, parseNothing)) === undefined) return;
    say("The event is deleted.");
    goOn(from, hrefOf("events", { project }));
  };
  return (
    <div class="actions apart">
      <ConfirmButton
        label="Delete the event"
        question="Delete this event? Its passes stay, without what the event gives them."
        confirm="Delete it"
        isBusy={isBusy}
        onConfirm={() => void remove(false)}
      />
      {/* It says how many passes. */}
      <ProblemNote problem={problem} />
      {problem?.code === "passes_become_valid" && (
        <ConfirmButton
          label="Delete it nevertheless"
          question="Delete this event, and make these passes valid again?"
          confirm="Delete it, and make them valid"
          isBusy={isBusy}
          onConfirm={() => void remove(true)}
        />
      )}
    </div>
  );
}
