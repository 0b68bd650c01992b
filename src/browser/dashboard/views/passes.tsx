/**
 * The passes: a search, filters, how many fit, and a list that grows page by page. What is sought is in the address.
 */
import { useState } from "preact/hooks";
import { isIssuer } from "../access.ts";
import { type Named, parseNamed } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import type { ListState } from "../list-state.ts";
import { type ListedPass, parsePassCount, parsePasses } from "../pass-answers.ts";
import { installWords, passCountWords, rowWords, statusWord } from "../pass-words.ts";
import { hrefOf, queryOf, type Route } from "../route.ts";
import { useChoices, useListed, useLoaded } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { Badge, ItemList, PageHeading, PageLink } from "./parts.tsx";
import { PassFilters } from "./pass-filters.tsx";
import { isWide } from "./scans.tsx";

interface PassesProps {
  readonly query: Route["query"];
}

export function PassesView({ query }: PassesProps) {
  const {
    by = "text",
    sought = "",
    template = "",
    event = "",
    status = "",
    installed = "",
    wallet = "",
    tag = "",
  } = query;
  const asked = queryOf({
    ...(SEARCHES.includes(by) ? { [by]: sought.trim() } : {}),
    ...{ templateId: template, eventId: event, status, installStatus: installed, wallet, tag },
  });
  const { me } = useDashboard();
  const list = useListed(`/passes${asked}`, parsePasses);
  const [refreshes, setRefreshes] = useState(0);
  const templates = useChoices("/template-summaries?limit=200", parseNamed);
  const refresh = () => {
    list.reload();
    setRefreshes(refreshes + 1);
  };
  return (
    <>
      <PageHeading title="Passes">
        {isIssuer(me) && (
          <a class="as-button" href={hrefToIssue(template, templates)}>
            Issue a pass
          </a>
        )}
        <button type="button" aria-disabled={list.status !== "ready"} onClick={refresh}>
          Refresh
        </button>
      </PageHeading>
      <details class="filter" open={isWide() || asked !== ""}>
        <summary>Search and filter</summary>
        <PassFilters key={queryOf(query)} query={query} templates={templates} />
      </details>
      <p class="lead pass-count" role="status">
        <PassCountWords key={`${refreshes} ${asked}`} asked={asked} />
      </p>
      <ItemList
        label="Passes"
        list={list}
        keyOf={({ id }) => id}
        row={(pass) => <PassRow pass={pass} templates={templates.items} />}
        rowsShow={templates.items}
        empty={<NoPasses isFiltered={asked !== ""} />}
      />
    </>
  );
}

/** The form for a new pass of the filter's template, or of the only template. Otherwise the list of templates, which leads to the forms. */
function hrefToIssue(template: string, { items, nextCursor }: ListState<Named>): string {
  const [only] = items.length === 1 && nextCursor === null ? items : [];
  const id = template === "" ? only?.id : template;
  return id === undefined ? hrefOf("templates") : hrefOf("new-pass", { id: String(id) });
}

/** The number of passes. The component's key is the filters, so an answer for earlier filters is not shown. */
function PassCountWords({ asked }: { readonly asked: string }) {
  const { body } = useLoaded(`/passes/count${asked}`, parsePassCount);
  return <>{body !== undefined && passCountWords(body)}</>;
}

/** The filters of the API that search for a text. */
const SEARCHES: readonly string[] = ["text", "serialNumber", "externalId", "code"];

function NoPasses({ isFiltered }: { readonly isFiltered: boolean }) {
  const { me } = useDashboard();
  if (!isFiltered)
    return (
      <>
        <p>There are no passes yet. Issue one of a template, or let people get one by its join page.</p>
        {isIssuer(me) && <PageLink page="templates" />}
      </>
    );
  return (
    <>
      <p>No pass matches.</p>
      <a class="text-link" href={hrefOf("passes")}>
        Show all passes
      </a>
    </>
  );
}

interface PassRowProps {
  readonly pass: ListedPass;
  readonly templates: readonly Named[];
}

function PassRow({ pass, templates }: PassRowProps) {
  const { id, templateId, status, createdAt, tags } = pass;
  const { text, tone } = statusWord(status);
  const template = templates.find((each) => each.id === templateId)?.name ?? `Template ${templateId}`;
  const [title, ...known] = rowWords(pass, template);
  const facts = [...known, installWords(pass), `issued ${whenWords(createdAt, Date.now())}`, ...tags];
  return (
    <>
      <div class="split">
        <a class="text-link" href={hrefOf("pass", { id: String(id) })}>
          {title}
        </a>
        <Badge tone={tone}>{text}</Badge>
      </div>
      <p class="hint">{facts.join("\u00a0· ")}</p>
    </>
  );
}
