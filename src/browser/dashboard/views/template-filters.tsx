/**
 * The filters of the list of templates: only by what there are several of.
 */
import { useState } from "preact/hooks";
import type { Named } from "../admin-answers.ts";
import type { Route } from "../route.ts";
import { FilterForm } from "./filter-form.tsx";
import { SelectField } from "./form-parts.tsx";

interface TemplateFiltersProps {
  readonly query: Route["query"];
  readonly projects: readonly Named[];
  readonly passTypes: readonly string[];
}

type Option = readonly [value: string, text: string];

export function TemplateFilters({ query, projects, passTypes }: TemplateFiltersProps) {
  const [fields, setFields] = useState({ passType: "", project: "", ...query });
  const hasPassTypes = passTypes.length > 1 || fields.passType !== "";
  const hasProjects = projects.length > 0 || fields.project !== "";
  if (!hasPassTypes && !hasProjects) return null;
  return (
    <FilterForm page="templates" query={query} entered={fields}>
      {hasPassTypes && (
        <SelectField
          id="filter-pass-type"
          label="Pass type"
          value={fields.passType}
          options={withChosen(
            [["", "All"], ...passTypes.map((each): Option => [each, each])],
            fields.passType,
          )}
          onChange={(passType) => setFields({ ...fields, passType })}
        />
      )}
      {hasProjects && (
        <SelectField
          id="filter-project"
          label="Project"
          value={fields.project}
          options={withChosen(
            [["", "All"], ...projects.map(({ id, name }): Option => [String(id), name])],
            fields.project,
          )}
          onChange={(project) => setFields({ ...fields, project })}
        />
      )}
    </FilterForm>
  );
}

/** Adds the value in the address, which must be an option before the others have arrived. */
function withChosen(options: readonly Option[], chosen: string): readonly Option[] {
  return options.some(([value]) => value === chosen) ? options : [...options, [chosen, chosen]];
}
