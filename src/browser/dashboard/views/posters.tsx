/**
 * The join pages of templates, where people get a pass of their own, and the posters that lead to them.
 */
import { useMemo, useRef } from "preact/hooks";
import { mayOpen } from "../access.ts";
import { parseJoinState, parseTemplateSummaries, type TemplateSummary } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { joinCountWords, joinWord } from "../join-words.ts";
import { hrefOf } from "../route.ts";
import { useChoices, useLoaded } from "../use-api.ts";
import { useSeen } from "../use-seen.ts";
import { Badge, ItemList, PageHeading, PageLink } from "./parts.tsx";

export function Posters() {
  const { me } = useDashboard();
  const list = useChoices("/template-summaries?limit=200", parseTemplateSummaries);
  // A template without a join page has no poster.
  const joined = useMemo(() => list.items.filter(({ joinUrl }) => joinUrl !== null), [list.items]);
  return (
    <>
      <PageHeading title="Join posters" />
      <p class="hint">
        A poster has the QR code of a join page. Print it for the counter, and people can get a pass by
        themselves.
      </p>
      <ItemList
        label="Join pages"
        list={{ ...list, items: joined }}
        keyOf={({ id }) => id}
        row={(template) => <PosterRow template={template} />}
        empty={
          <>
            <p>No template has a join page. It is made in the part “Join page” of a template.</p>
            <div class="empty-links">
              <PageLink page="templates" />
              {mayOpen("new-template", me) && <PageLink page="new-template" />}
            </div>
          </>
        }
      />
    </>
  );
}

function PosterRow({ template: { id, name, join, joinUrl } }: { readonly template: TemplateSummary }) {
  const element = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(element, true);
  const { body } = useLoaded(isSeen ? `/templates/${id}/join` : undefined, parseJoinState);
  const { text, tone } = joinWord(join, body, Date.now());
  const page = hrefOf("template", { id: String(id) });
  return (
    <div class="split" ref={element}>
      <div>
        <h2>{name}</h2>
        <p>
          <Badge tone={tone}>{text}</Badge> {join?.title}
        </p>
        <p class="hint join-count">{body !== undefined && joinCountWords(body)}</p>
      </div>
      <div class="actions">
        <a
          class="as-button"
          href={joinUrl ?? ""}
          target="_blank"
          rel="noreferrer"
          aria-label={`Join page of ${name}`}
        >
          Join page
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
        <a class="as-button" href={page} aria-label={`Template of ${name}`}>
          Template
        </a>
      </div>
    </div>
  );
}
