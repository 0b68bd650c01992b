/**
 * What a key is limited to: projects with all that is in them, templates, and events, which are found by their project.
 */
import { type Named, parseNamed } from "../admin-answers.ts";
import { idsOf, type NewKeyFields, toggledId } from "../new-key.ts";
import type { LoadedList } from "../use-api.ts";
import { useListed } from "../use-api.ts";
import { SelectField } from "./form-parts.tsx";
import { ItemList } from "./parts.tsx";

interface KeyScopeFieldsProps {
  readonly fields: NewKeyFields;
  readonly onChange: (changed: Partial<NewKeyFields>) => void;
}

export function KeyScopeFields({ fields, onChange }: KeyScopeFieldsProps) {
  const projects = useListed("/projects", parseNamed);
  const templates = useListed("/template-summaries", parseNamed);
  const projectOptions = projects.items.map(({ id, name }) => [String(id), name] as const);
  return (
    <div class="two-fields">
      <ScopeList
        legend="Projects"
        list={projects}
        ids={fields.projects}
        onChange={(ids) => onChange({ projects: ids })}
      />
      <ScopeList
        legend="Templates"
        list={templates}
        ids={fields.templates}
        onChange={(ids) => onChange({ templates: ids })}
      />
      {projectOptions.length > 0 && (
        <div>
          <SelectField
            id="project"
            label="Events of"
            value={fields.project}
            options={[["", "Choose a project"], ...projectOptions]}
            onChange={(project) => onChange({ project })}
          />
          {fields.project !== "" && (
            <ProjectEvents
              key={fields.project}
              project={fields.project}
              ids={fields.events}
              onChange={(ids) => onChange({ events: ids })}
            />
          )}
        </div>
      )}
    </div>
  );
}

interface ProjectEventsProps {
  readonly project: string;
  readonly ids: string;
  readonly onChange: (ids: string) => void;
}

function ProjectEvents({ project, ids, onChange }: ProjectEventsProps) {
  const list = useListed(`/projects/${project}/events`, parseNamed);
  return <ScopeList legend="Events" list={list} ids={ids} onChange={onChange} />;
}

interface ScopeListProps {
  readonly legend: string;
  readonly list: LoadedList<Named>;
  /** Separated by spaces. */
  readonly ids: string;
  readonly onChange: (ids: string) => void;
}

function ScopeList({ legend, list, ids, onChange }: ScopeListProps) {
  const chosen = idsOf(ids);
  return (
    <fieldset class="scope">
      <legend>{legend}</legend>
      <ItemList
        label={legend}
        list={list}
        keyOf={({ id }) => id}
        row={({ id, name }) => (
          <label class="check">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={() => onChange(toggledId(ids, id))}
            />
            <span>{name}</span>
          </label>
        )}
        empty={<p>There are none.</p>}
      />
    </fieldset>
  );
}
