/**
 * The join pages of templates, where people get a pass of their own, and the posters that lead to them.
 */
import { useMemo } from "preact/hooks";
import { timeFrom } from "../../times.ts";
import { type JoinTemplate, parseTemplates } from "../admin-answers.ts";
import { useListed } from "../use-api.ts";
import { type Word, whenWords } from "../words.ts";
import { Badge, ItemList, PageHeading, PageLink } from "./parts.tsx";

export function Posters() {
  const list = useListed("/templates", parseTemplates);
  // A template without a join page has no poster.
  const joined = useMemo(() => list.items.filter(({ joinUrl }) => joinUrl !== null), [list.items]);
  return (
    <>
      <PageHeading title="Join posters" />
      <p class="hint">
        A poster has the QR code of a join page. Print it for the counter: people get a pass by themselves.
      </p>
      <ItemList
        label="Join pages"
        list={{ ...list, items: joined }}
        keyOf={({ id }) => id}
        row={(template) => <PosterRow template={template} />}
        empty={
          <>
            <p>No template has a join page. Open a template, and switch it on there.</p>
            <PageLink page="templates" />
          </>
        }
      />
    </>
  );
}

function PosterRow({ template: { name, join, joinUrl } }: { readonly template: JoinTemplate }) {
  const { text, tone } = joinWord(join, Date.now());
  return (
    <div class="split">
      <div>
        <h2>{name}</h2>
        {join?.title !== undefined && <p>{join.title}</p>}
        <p>
          <Badge tone={tone}>{text}</Badge>
        </p>
      </div>
      <div class="actions">
        <a
          class="as-button"
          href={joinUrl ?? ""}
          target="_blank"
          rel="noreferrer"
          aria-label={`Join page of ${name}`}
        >
          Page
        </a>
        <a
          class="as-button"
          href={`${joinUrl}/poster`}
          target="_blank"
          rel="noreferrer"
          aria-label={`Poster of ${name}`}
        >
          Poster
        </a>
      </div>
    </div>
  );
}

function joinWord(join: JoinTemplate["join"], now: number): Word {
  const closes = timeFrom(join?.closesAt);
  if (closes === undefined) return { text: "Open", tone: "good" };
  const when = whenWords(join?.closesAt, now);
  return closes <= now ? { text: "Closed", tone: "quiet" } : { text: `Open until ${when}`, tone: "good" };
}
