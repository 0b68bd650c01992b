/**
 * One pass: its status and what may be done with it, its card, its phones, and what happened to it.
 */
import { isIssuer, mayOpen } from "../access.ts";
import { parseScans } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { googleStateWord, googleStateWords } from "../google-words.ts";
import { OFFERED_WORDS } from "../offered-wallets.ts";
import {
  type GoogleState,
  type ListedPass,
  type PassContent,
  parseChanges,
  parseName,
  parsePass,
  parsePassContent,
  parsePhones,
  parseTemplateName,
} from "../pass-answers.ts";
import { installWords, passTitle, statusWord, walletWords } from "../pass-words.ts";
import { hrefOf, type Route } from "../route.ts";
import { type Loaded, useListed, useLoaded } from "../use-api.ts";
import { useFoundEvents } from "../use-found-events.ts";
import { whenWords } from "../words.ts";
import { HolderPage } from "./holder-page.tsx";
import { Badge, ItemList, PageHeading, PageLink, Placeholder, ProblemNote } from "./parts.tsx";
import { PassActions } from "./pass-actions.tsx";
import { FactList, PassCard, PassFields } from "./pass-card.tsx";
import { PassChange } from "./pass-change.tsx";
import { PassChanges, PassPhones } from "./pass-history.tsx";
import { ScanLine } from "./scans.tsx";

export function PassView({ query }: { readonly query: Route["query"] }) {
  const { id = "" } = query;
  // Another pass begins with nothing of this one.
  return <PassPage key={id} id={id} />;
}

function PassPage({ id }: { readonly id: string }) {
  const { me } = useDashboard();
  const pass = useLoaded(`/passes/${id}`, parsePass);
  const content = useLoaded(`/passes/${id}/content`, parsePassContent);
  const phones = useListed(`/passes/${id}/phones`, parsePhones);
  const changes = useListed(`/passes/${id}/changes`, parseChanges);
  const scans = useListed(`/scans?passId=${id}`, parseScans);
  const reload = () => {
    void pass.reload();
    void content.reload();
    for (const list of [phones, changes, scans]) list.reload();
  };
  const { body } = pass;
  // The answers of actions do not say what Google has: that follows when the pass is loaded again.
  const changed = (next: ListedPass) => pass.replace({ ...next, google: body?.google });
  return (
    <>
      <PageHeading title={titleOf(id, body)}>
        <button type="button" aria-disabled={pass.isLoading} onClick={reload}>
          Refresh
        </button>
        <a class="as-button" href={hrefOf("passes")}>
          All passes
        </a>
      </PageHeading>
      <ProblemNote problem={pass.problem} />
      {body === undefined ? (
        pass.problem === null && <Placeholder />
      ) : (
        <>
          <div class="pass-and-card">
            <section class="panel" aria-label="Status">
              <PassFacts pass={body} content={content} />
              {isIssuer(me) && <PassActions pass={body} onChanged={changed} onSent={reload} />}
            </section>
            <PassCard pass={body} content={content} />
          </div>
          {isIssuer(me) && <PassChange loaded={pass} pass={body} onChanged={reload} />}
          <PassFields content={content.body} />
          <PassPhones list={phones} />
          <PassChanges list={changes} installs={body.installs} />
          <section>
            <h2>Scans</h2>
            <ItemList
              label="Scans"
              list={scans}
              keyOf={({ scanId }) => scanId}
              row={(scan) => <ScanLine scan={scan} />}
              empty={<p>It was not scanned in the last 90 days.</p>}
            />
          </section>
        </>
      )}
    </>
  );
}

/** "Pass 19 · Ana Horvat": the serial number is among the facts. */
function titleOf(id: string, pass: ListedPass | undefined): string {
  const name = pass === undefined ? "" : passTitle(pass);
  return name === "" || name === pass?.serialNumber ? `Pass ${id}` : `Pass ${id} · ${name}`;
}

interface PassFactsProps {
  readonly pass: ListedPass;
  readonly content: Loaded<PassContent>;
}

function PassFacts({ pass, content }: PassFactsProps) {
  const { templateId, eventId, status, landingUrl } = pass;
  const template = useLoaded(`/templates/${templateId}`, parseTemplateName);
  const { text, tone } = statusWord(status);
  const now = Date.now();
  const facts = [
    [
      "Template",
      <a class="text-link" href={hrefOf("template", { id: String(templateId) })}>
        {template.body?.name ?? `Template ${templateId}`}
      </a>,
    ],
    ["Event", eventId === null ? "" : <EventName id={eventId} project={template.body?.projectId} />],
    ["Serial number", pass.serialNumber],
    ["External ID", pass.externalId ?? ""],
    ["Code", pass.barcodeMessage ?? ""],
    ["Tags", pass.tags.join(", ")],
    ["Offered in", content.body === undefined ? "…" : OFFERED_WORDS[content.body.wallets]],
    ["Issued", whenWords(pass.createdAt, now)],
    ["Last change", whenWords(pass.updatedAt, now)],
    ["Redeemed", timeOrNone(pass.redeemedAt, now)],
    ["Voided", timeOrNone(pass.voidedAt, now)],
    ["Reason", pass.voidReason ?? ""],
    ["Expires", timeOrNone(pass.expiresAt, now)],
    ["Apple Wallet", walletWords(pass.installs?.apple, pass.registrations, now)],
    ["Google Wallet", walletWords(pass.installs?.google, 0, now)],
    ["Sent to Google", pass.google ? <SentToGoogle google={pass.google} /> : ""],
  ] as const;
  return (
    <>
      <div class="split">
        <p class="lead">
          <Badge tone={tone}>{text}</Badge> {installWords(pass)}
        </p>
      </div>
      <FactList facts={facts.filter(([, fact]) => fact !== "")} />
      {landingUrl !== undefined && <HolderPage url={landingUrl} />}
    </>
  );
}

function SentToGoogle({ google }: { readonly google: GoogleState }) {
  const { me } = useDashboard();
  const { text, tone } = googleStateWord(google);
  const { last, problem } = googleStateWords(google, Date.now());
  return (
    <div class="google-check">
      <p>
        <Badge tone={tone}>{text}</Badge>
      </p>
      {problem.map((sentence, index) => (
        <p key={sentence} class={index === 0 ? "long" : "hint long"}>
          {sentence}
        </p>
      ))}
      <p class="hint">{last}</p>
      {google.state === "failed" && mayOpen("google-wallet", me) && <PageLink page="google-wallet" />}
    </div>
  );
}

interface EventNameProps {
  readonly id: number;
  /** Of the template. Null: it is in none. Undefined: that is not known yet. */
  readonly project: number | null | undefined;
}

function EventName({ id, project }: EventNameProps) {
  if (project === undefined) return <>Event {id}</>;
  return project === null ? (
    <EventOfSomeProject id={id} />
  ) : (
    <EventOfProject key={id} id={id} project={project} />
  );
}

/** A template in no project may have passes of any event. */
function EventOfSomeProject({ id }: { readonly id: number }) {
  const event = useFoundEvents([id]).get(id);
  if (event === undefined) return <>Event {id}</>;
  return (
    <a class="text-link" href={hrefOf("event", { id: String(id), project: String(event.projectId) })}>
      {event.name}
    </a>
  );
}

function EventOfProject({ id, project }: { readonly id: number; readonly project: number }) {
  const event = useLoaded(`/projects/${project}/events/${id}`, parseName);
  return (
    <a class="text-link" href={hrefOf("event", { id: String(id), project: String(project) })}>
      {event.body?.name ?? `Event ${id}`}
    </a>
  );
}

function timeOrNone(text: string | null, now: number): string {
  return text === null ? "" : whenWords(text, now);
}
