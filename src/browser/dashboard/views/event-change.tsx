/**
 * The change of an event: its values by the fields of the templates of its project, what phones will show, and then the change.
 */
import type { JsonObject } from "../../../json.ts";
import { MAX_CHARACTERS } from "../../../limits.ts";
import { mayOpen, reachesProject } from "../access.ts";
import { type ListedEvent, parseChangeableTemplates, parseEvent } from "../change/change-answers.ts";
import { ChangeSteps } from "../change/change-steps.tsx";
import { type InputField, typedName, valuePointer } from "../change/entered.ts";
import {
  EVENT_POINTERS,
  eventChangeBody,
  eventFields,
  eventTexts,
  shownEventFields,
} from "../change/event-form.ts";
import { memberText } from "../change/template-fields.ts";
import { useTyped } from "../change/use-typed.ts";
import { ValueField } from "../change/value-field.tsx";
import { useDashboard } from "../context.ts";
import type { Fields } from "../drafts.ts";
import type { Problem } from "../problem.ts";
import { hrefOf } from "../route.ts";
import { useChoices } from "../use-api.ts";
import { SelectField, TextField } from "./form-parts.tsx";
import { Placeholder, ProblemNote } from "./parts.tsx";

interface EventChangeProps {
  readonly event: ListedEvent;
  readonly onChanged: (event: ListedEvent) => void;
  readonly onConflict: () => void;
}

export function EventChange({ event, onChanged, onConflict }: EventChangeProps) {
  const { me, say } = useDashboard();
  const { id, projectId, revision } = event;
  // A key that is limited to the event does not see the templates of its project.
  const isReached = reachesProject(me, projectId);
  const templates = useChoices(`/templates?projectId=${projectId}&limit=20`, parseChangeableTemplates);
  const typed = useTyped("event-change", String(id));
  if (templates.status === "first") return <Placeholder />;
  const fields = eventFields(event, templates.items);
  const shown = shownEventFields(fields, typed.fields);
  const others = fields.filter((field) => !shown.includes(field));
  return (
    <ChangeSteps
      path={`/projects/${projectId}/events/${id}`}
      revision={revision}
      entered={eventChangeBody(event, fields, typed.fields)}
      pass={namingPass(fields, templates.items[0]?.pass)}
      pointers={[...shown.map(({ key }) => valuePointer(key)), ...EVENT_POINTERS]}
      parse={parseEvent}
      onChanged={(changed) => {
        typed.clear();
        say("The event was changed.");
        onChanged(changed);
      }}
      onConflict={onConflict}
    >
      {(problem) => (
        <>
          {shown.map((field) => (
            <ValueField
              key={field.key}
              field={field}
              typed={typed.fields}
              onChange={typed.change}
              problem={problem}
            />
          ))}
          {others.length > 0 && (
            <SelectField
              id="add-value"
              label={shown.length === 0 ? "Give its passes a value" : "Another value"}
              value=""
              options={[["", "Choose a field"], ...others.map(({ key, name }) => [key, name] as const)]}
              hint="The fields of the templates in this project."
              onChange={(key) => key !== "" && typed.change({ [typedName(key)]: "" })}
            />
          )}
          <ProblemNote problem={isReached ? templates.problem : null} />
          {!isReached ? (
            <p class="hint">
              This key does not see the templates of the project, so only values that the event has can be
              changed.
            </p>
          ) : (
            fields.length === 0 &&
            templates.problem === null && (
              <NoFields project={String(projectId)} hasTemplates={templates.items.length > 0} />
            )
          )}
          <EventTexts event={event} typed={typed.fields} onChange={typed.change} problem={problem} />
        </>
      )}
    </ChangeSteps>
  );
}

interface NoFieldsProps {
  readonly project: string;
  readonly hasTemplates: boolean;
}

function NoFields({ project, hasTemplates }: NoFieldsProps) {
  const { me } = useDashboard();
  if (hasTemplates)
    return <p class="hint">The templates of this project have no fields to give a value to.</p>;
  return (
    <>
      <p class="hint">
        No template is in this project, so there are no fields to give a value to.{" "}
        {mayOpen("new-template", me)
          ? "Make one for it, or open a template and choose the project under General."
          : "An admin can put one into it."}
      </p>
      {mayOpen("new-template", me) && (
        <div class="actions">
          <a class="as-button" href={hrefOf("new-template", { project })}>
            New template
          </a>
          <a class="as-button" href={hrefOf("templates")}>
            All templates
          </a>
        </div>
      )}
    </>
  );
}

/** What the report takes names from: the fields of all templates, and the organization of one. */
function namingPass(fields: readonly InputField[], first: JsonObject | undefined): JsonObject {
  const backFields = fields.map(({ key, name }) => ({ key, label: name }));
  return { organizationName: memberText(first, "organizationName"), generic: { backFields } };
}

interface EventTextsProps {
  readonly event: ListedEvent;
  readonly typed: Fields;
  readonly onChange: (changed: Fields) => void;
  readonly problem: Problem | null;
}

function EventTexts({ event, typed, onChange, problem }: EventTextsProps) {
  const texts: Fields = eventTexts(event);
  const field = (name: string, pointer = `/${name}`) => ({
    id: `event-${name}`,
    value: typed[name] ?? texts[name] ?? "",
    onChange: (text: string) => onChange({ [name]: text }),
    problem,
    pointer,
  });
  return (
    <>
      <div class="two-fields">
        <TextField
          {...field("expirationDate", "/pass/expirationDate")}
          label="Its passes expire"
          type="datetime-local"
          hint="In the time zone of this computer."
        />
        <SelectField
          {...field("voided", "/pass/voided")}
          label="Its passes are"
          options={[
            ["", "Valid"],
            ["voided", "Voided"],
          ]}
          hint="Void them if the event is cancelled."
        />
      </div>
      <div class="two-fields">
        <TextField
          {...field("name")}
          label="Name of the event"
          maxLength={MAX_CHARACTERS.name}
          hint="Phones do not show it."
        />
        <TextField {...field("externalId")} label="External ID" maxLength={MAX_CHARACTERS.externalId} />
      </div>
    </>
  );
}
