/**
 * API keys: who may do what, since when they were not used, and the end of one.
 */
import { type KeyScope, type ListedKey, type Named, parseKeys, parseNamed } from "../admin-answers.ts";
import { parseNothing } from "../admin-api.ts";
import { useDashboard } from "../context.ts";
import { hrefOf } from "../route.ts";
import { type LoadedList, useListed, useLoaded, useWriting } from "../use-api.ts";
import { useFoundEvents } from "../use-found-events.ts";
import { keyOfActor, keyScopeWords, keyWord, type ScopeNames, whenWords } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { Badge, ItemList, PageHeading, ProblemNote } from "./parts.tsx";

export function KeysView() {
  const list = useListed("/keys", parseKeys);
  const names = useScopeNames(list.items);
  return (
    <>
      <PageHeading title="Keys">
        <a class="as-button solid" href={hrefOf("new-key")}>
          New key
        </a>
      </PageHeading>
      <p class="hint">
        Give each phone, each program and each person a key of its own: then one can be revoked without the
        others.
      </p>
      <ItemList
        label="Keys"
        list={list}
        keyOf={({ id }) => id}
        row={(key) => <KeyRow listed={key} list={list} names={names} />}
        empty={<p>There are no keys yet, only the ADMIN_TOKEN. Make one for each scanner and each person.</p>}
      />
    </>
  );
}

/** The names of what these keys are limited to. Nothing is asked for if they have no limit. */
function useScopeNames(keys: readonly ListedKey[]): ScopeNames {
  const idsOf = (kind: keyof KeyScope) => keys.flatMap(({ scope }) => scope?.[kind] ?? []);
  const ofKind = (kind: "projects" | "templates", path: string) =>
    idsOf(kind).length === 0 ? undefined : path;
  const projects = useLoaded(ofKind("projects", "/projects?limit=200"), parseNamed);
  const templates = useLoaded(ofKind("templates", "/template-summaries?limit=200"), parseNamed);
  const events = useFoundEvents([...new Set(idsOf("events"))]);
  return {
    projects: namesById(projects.body?.items),
    templates: namesById(templates.body?.items),
    events: new Map([...events].map(([id, { name }]) => [id, name])),
  };
}

function namesById(items: readonly Named[] = []): ReadonlyMap<number, string> {
  return new Map(items.map(({ id, name }) => [id, name]));
}

interface KeyRowProps {
  readonly listed: ListedKey;
  readonly names: ScopeNames;
  readonly list: Pick<LoadedList<ListedKey>, "edit">;
}

function KeyRow({ listed, list, names }: KeyRowProps) {
  const { api, me, say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { id, name, role, scope, expiresAt, revokedAt, lastUsedAt } = listed;
  const now = Date.now();
  const { text, tone } = keyWord(listed, now);
  const isOwn = keyOfActor(me.actor)?.id === id;
  const revoke = async () => {
    const answer = await write({ method: "DELETE", path: `/keys/${id}` }, parseNothing);
    if (answer === undefined) return;
    // The key of this tab is refused from now on: this request signs this tab and the others out.
    if (isOwn) await api.me();
    say(`${name} is revoked. It may work for a minute more.`);
    list.edit((items) =>
      items.map((item) => (item.id === id ? { ...item, revokedAt: new Date().toISOString() } : item)),
    );
  };
  const ends =
    revokedAt !== null
      ? `Revoked ${whenWords(revokedAt, now)}`
      : expiresAt === null
        ? "Never ends"
        : `Ends ${whenWords(expiresAt, now)}`;
  return (
    <div class="split">
      <div>
        <h2>
          {name} <span class="hint">key {id}</span>
        </h2>
        <p>
          <Badge tone={tone}>{text}</Badge> Role {role} · {keyScopeWords(scope, names)}
        </p>
        <p class="hint">
          {ends} · {lastUsedAt === null ? "Never used" : `Last used ${whenWords(lastUsedAt, now)}`}
          {isOwn && " · This is your key"}
        </p>
        <ProblemNote problem={problem} />
      </div>
      {revokedAt === null && (
        <ConfirmButton
          label="Revoke"
          name={`Revoke ${name}`}
          question={
            isOwn
              ? "Revoke your own key? You are signed out."
              : `Revoke ${name}? Its phone or program stops working. A key cannot be restored.`
          }
          confirm={`Revoke ${name}`}
          isBusy={isBusy}
          onConfirm={() => void revoke()}
        />
      )}
    </div>
  );
}
