/**
 * What scanners have read: filters, counts, and a list that grows page by page. The filters are in the address, so that a reload keeps
 * them.
 */
import { useState } from "preact/hooks";
import { type ListedScan, parseScans, type ScanCounts } from "../admin-answers.ts";
import { hrefOf, queryOf, type Route } from "../route.ts";
import { useListed } from "../use-api.ts";
import { actorWords, OUTCOME_LABELS, outcomeWord, toInstant, toInstantAtEnd, whenWords } from "../words.ts";
import { FilterForm } from "./filter-form.tsx";
import { SelectField, TextField } from "./form-parts.tsx";
import { Badge, ItemList, PageHeading, Placeholder } from "./parts.tsx";
import { ScanCountsView } from "./scan-counts.tsx";
import { ScanHours } from "./scan-hours.tsx";

interface ScansProps {
  readonly query: Route["query"];
}

const OUTCOME_OPTIONS = [
  ["", "All outcomes"],
  ...Object.entries(OUTCOME_LABELS).map(([outcome, { text }]) => [outcome, text] as const),
] as const;

export function ScansView({ query }: ScansProps) {
  const { place = "", outcome = "", from = "", to = "" } = query;
  const times = { place, from: toInstant(from), to: toInstantAtEnd(to) };
  const asked = queryOf({ ...times, outcome });
  const [refreshes, setRefreshes] = useState(0);
  const list = useListed(`/scans${asked}`, parseScans);
  const counts = list.first?.counts ?? null;
  const refresh = () => {
    list.reload();
    setRefreshes(refreshes + 1);
  };
  return (
    <>
      <PageHeading title="Scans">
        <button type="button" aria-disabled={list.status !== "ready"} onClick={refresh}>
          Refresh
        </button>
      </PageHeading>
      <details class="filter" open={isWide() || asked !== ""}>
        <summary>Filter</summary>
        <Filters key={asked} query={query} places={placesOf(counts)} />
      </details>
      {list.status === "first" ? (
        <Placeholder />
      ) : (
        <>
          <ScanCountsView counts={counts} />
          {counts !== null && counts.total > 0 && (
            <ScanHours key={`${refreshes} ${asked}`} asked={times} outcome={outcome} />
          )}
          <ItemList
            label="Scans"
            list={list}
            keyOf={({ scanId }) => scanId}
            row={(scan) => <ScanLine scan={scan} />}
            rowsShow=""
            empty={<NoScans isFiltered={asked !== ""} />}
          />
        </>
      )}
    </>
  );
}

function NoScans({ isFiltered }: { readonly isFiltered: boolean }) {
  if (!isFiltered)
    return <p>Nobody has scanned yet. The link of a scanner's key opens the scanner on a phone.</p>;
  return (
    <>
      <p>No scan matches.</p>
      <a class="text-link" href={hrefOf("scans")}>
        Show all scans
      </a>
    </>
  );
}

/** Whether the filters are open at first. On a phone they are closed, so that the list comes first. */
export function isWide(): boolean {
  return matchMedia("(min-width: 44rem)").matches;
}

function placesOf(counts: ScanCounts | null): readonly string[] {
  return (counts?.byPlace ?? []).flatMap(({ place }) => place ?? []);
}

interface FiltersProps extends ScansProps {
  readonly places: readonly string[];
}

function Filters({ query, places }: FiltersProps) {
  const [fields, setFields] = useState({ place: "", outcome: "", from: "", to: "", ...query });
  const change = (changed: Partial<typeof fields>) => setFields({ ...fields, ...changed });
  return (
    <FilterForm page="scans" query={query} entered={fields}>
      <TextField
        id="place"
        label="Place"
        list="places"
        value={fields.place}
        onChange={(place) => change({ place })}
      />
      <datalist id="places">
        {places.map((place) => (
          <option key={place} value={place} />
        ))}
      </datalist>
      <SelectField
        id="outcome"
        label="Outcome"
        value={fields.outcome}
        options={OUTCOME_OPTIONS}
        onChange={(outcome) => change({ outcome })}
      />
      <TextField
        id="since"
        label="From"
        type="datetime-local"
        value={fields.from}
        onChange={(from) => change({ from })}
      />
      <TextField
        id="until"
        label="To"
        type="datetime-local"
        value={fields.to}
        onChange={(to) => change({ to })}
      />
    </FilterForm>
  );
}

export function ScanLine({ scan }: { readonly scan: ListedScan }) {
  const { outcome, at, place, actor, passId, undoneAt, field, value, conflict } = scan;
  const { text, tone } = outcomeWord(outcome);
  const about = [
    passId === null ? "no pass" : `pass ${passId}`,
    ...(field === null || value === null ? [] : [`${field} ${value}`]),
    ...(conflict ? ["two phones were offline"] : []),
    ...(undoneAt === null ? [] : ["undone"]),
  ];
  return (
    <div class={undoneAt === null ? "line" : "line is-undone"}>
      <time dateTime={at}>{whenWords(at, Date.now())}</time>
      <Badge tone={undoneAt === null ? tone : "quiet"}>{text}</Badge>
      <span class="where">
        <span>{place ?? "No place"}</span>{" "}
        <span class="hint">
          {actorWords(actor)} · {about.join(" · ")}
        </span>
      </span>
    </div>
  );
}
