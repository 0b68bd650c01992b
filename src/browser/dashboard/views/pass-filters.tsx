/**
 * The search and the filters of the list of passes.
 */
import { useState } from "preact/hooks";
import { type Named, parseNamed } from "../admin-answers.ts";
import type { ListState } from "../list-state.ts";
import { INSTALL_WORDS, STATUS_WORDS, WALLET_WORDS } from "../pass-words.ts";
import type { Route } from "../route.ts";
import { useChoices } from "../use-api.ts";
import { FilterForm } from "./filter-form.tsx";
import { SelectField, TextField } from "./form-parts.tsx";
import { NamedField } from "./named-field.tsx";

type Option = readonly [value: string, text: string];

const SEARCH_OPTIONS: readonly Option[] = [
  ["text", "Text in a value"],
  ["serialNumber", "Serial number"],
  ["externalId", "External ID"],
  ["code", "Code"],
];
const STATUS_OPTIONS: readonly Option[] = [
  ["", "Any status"],
  ...Object.entries(STATUS_WORDS).map(([status, { text }]) => [status, text] as const),
];
const INSTALL_OPTIONS: readonly Option[] = [["", "On phones or not"], ...Object.entries(INSTALL_WORDS)];
const WALLET_OPTIONS: readonly Option[] = [["", "Any Wallet"], ...Object.entries(WALLET_WORDS)];

interface PassFiltersProps {
  readonly query: Route["query"];
  readonly templates: Pick<ListState<Named>, "items" | "nextCursor">;
}

const EMPTY = {
  by: "text",
  sought: "",
  template: "",
  project: "",
  event: "",
  status: "",
  installed: "",
  wallet: "",
  tag: "",
};

export function PassFilters({ query, templates }: PassFiltersProps) {
  const [fields, setFields] = useState({ ...EMPTY, ...query });
  const change = (changed: Partial<typeof fields>) => setFields({ ...fields, ...changed });
  const projects = useChoices("/projects?limit=200", parseNamed);
  const { by, ...rest } = fields;
  return (
    <FilterForm page="passes" query={query} entered={{ ...rest, by: fields.sought.trim() === "" ? "" : by }}>
      <SelectField
        id="by"
        label="Search by"
        value={fields.by}
        options={SEARCH_OPTIONS}
        onChange={(by) => change({ by })}
      />
      <TextField
        id="sought"
        label="Search for"
        value={fields.sought}
        onChange={(sought) => change({ sought })}
      />
      <NamedField
        id="template"
        label="Template"
        kind="Template"
        none="All templates"
        list={templates}
        value={fields.template}
        onChange={(template) => change({ template })}
      />
      {(projects.items.length > 0 || fields.project !== "") && (
        <NamedField
          id="project"
          label="Events of project"
          kind="Project"
          none="All events"
          list={projects}
          value={fields.project}
          onChange={(project) => change({ project, event: "" })}
        />
      )}
      {fields.project !== "" && (
        <EventField
          key={fields.project}
          project={fields.project}
          event={fields.event}
          onChange={(event) => change({ event })}
        />
      )}
      <SelectField
        id="status"
        label="Status"
        value={fields.status}
        options={STATUS_OPTIONS}
        onChange={(status) => change({ status })}
      />
      <SelectField
        id="installed"
        label="Phones"
        value={fields.installed}
        options={INSTALL_OPTIONS}
        onChange={(installed) => change({ installed })}
      />
      <SelectField
        id="wallet"
        label="Wallet"
        value={fields.wallet}
        options={WALLET_OPTIONS}
        onChange={(wallet) => change({ wallet })}
      />
      <TextField id="tag" label="Tag" value={fields.tag} onChange={(tag) => change({ tag })} />
    </FilterForm>
  );
}

interface EventFieldProps {
  readonly project: string;
  readonly event: string;
  readonly onChange: (event: string) => void;
}

function EventField({ project, event, onChange }: EventFieldProps) {
  const list = useChoices(`/projects/${encodeURIComponent(project)}/events?limit=200`, parseNamed);
  return (
    <NamedField
      id="event"
      label="Event"
      kind="Event"
      none="Choose an event"
      list={list}
      value={event}
      onChange={onChange}
    />
  );
}
