/**
 * Words for what the admin API says: outcomes of scans, states of certificates, keys, steps. Pure.
 */
import { DAY_MS, MINUTE_MS } from "../../durations.ts";
import { keyEndWords, scopeWords } from "../key-words.ts";
import type { Me } from "../me.ts";
import { knownOutcome, type Outcome } from "../outcomes.ts";
import { timeFrom, timeWords } from "../times.ts";
import type { PageName } from "./access.ts";
import type { Certificate, Finding, KeyScope, ListedKey } from "./admin-answers.ts";
import { placeForPath } from "./page-of-call.ts";

export type Tone = "good" | "bad" | "warning" | "quiet";
export interface Word {
  readonly text: string;
  readonly tone: Tone;
}

/** The outcomes that the server stores. Another one is shown as it is. */
export const OUTCOME_LABELS: Readonly<Record<Exclude<Outcome, "scan_id_reused">, Word>> = {
  redeemed: { text: "Redeemed", tone: "good" },
  shown: { text: "Valid", tone: "good" },
  added: { text: "Added", tone: "good" },
  rewarded: { text: "Reward given", tone: "good" },
  limit_reached: { text: "Card full", tone: "warning" },
  no_reward: { text: "No reward yet", tone: "warning" },
  too_soon: { text: "Too soon", tone: "warning" },
  already_redeemed: { text: "Already used", tone: "bad" },
  voided: { text: "Voided", tone: "bad" },
  expired: { text: "Expired", tone: "bad" },
  unknown: { text: "Unknown code", tone: "bad" },
  shared_code: { text: "Shared code", tone: "bad" },
  several: { text: "Several passes", tone: "bad" },
  value_not_a_number: { text: "Value is no number", tone: "bad" },
};

export function outcomeWord(outcome: string): Word {
  const known = knownOutcome({ outcome });
  if (known === "not_understood" || known === "scan_id_reused") return { text: outcome, tone: "quiet" };
  return OUTCOME_LABELS[known];
}

/** "Gate 2 (key 3)" of "key:3 Gate 2"; any other actor as it is. */
export function actorWords(actor: string): string {
  const key = keyOfActor(actor);
  return key === undefined ? actor : `${key.name} (key ${key.id})`;
}

/** @returns undefined if the actor is not a key */
export function keyOfActor(actor: string): { readonly id: number; readonly name: string } | undefined {
  const [, id, name = ""] = /^key:(\d+) (.+)$/.exec(actor) ?? [];
  return id === undefined ? undefined : { id: Number(id), name };
}

/** Words for a time that the server writes, or a dash. */
export function whenWords(text: string | null | undefined, now: number): string {
  const time = timeFrom(text);
  return time === undefined ? "–" : timeWords(time, now);
}

/** Apple's certificates are valid for a year. A month before their end there is still time to renew them. */
const SOON_MS = 30 * DAY_MS;

/** What the certificate does now, and how long it lasts. */
export function certificateWord({ state, notAfter }: Certificate, now: number): Word {
  const left = (timeFrom(notAfter) ?? 0) - now;
  if (left <= 0) return { text: "Expired", tone: "bad" };
  if (state === "standby") return { text: "Signs later", tone: "quiet" };
  if (state !== "active") return { text: "Replaced", tone: "quiet" };
  return left < SOON_MS
    ? { text: `Ends in ${daysWords(left)}`, tone: "warning" }
    : { text: "Signs passes", tone: "good" };
}

/** "1 phone" or "1,200 phones". */
export function countWords(count: number, noun: string): string {
  return `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;
}

/** "11 months", "12 days" or "1 day". */
export function daysWords(ms: number): string {
  const days = Math.max(0, Math.floor(ms / DAY_MS));
  if (days >= 60) return `${Math.floor(days / 30)} months`;
  return countWords(days, "day");
}

export function keyWord(
  { revokedAt, expiresAt }: Pick<ListedKey, "revokedAt" | "expiresAt">,
  now: number,
): Word {
  if (revokedAt !== null) return { text: "Revoked", tone: "quiet" };
  const end = timeFrom(expiresAt);
  if (end !== undefined && end <= now) return { text: "Expired", tone: "quiet" };
  return { text: "Works", tone: "good" };
}

/** Facts of the key that has signed in, such as "Role reader", "Berlin, 12 June only", "Until Saturday 18:00". */
export function keyFacts(me: Me, now: number): readonly string[] {
  const facts = [`Role ${me.role}`, me.scope === null ? "" : scopeWords(me, now), keyEndWords(me, now)];
  return facts.filter((fact) => fact !== "");
}

/** The names of what a key reaches. A list of keys has only the ids. */
export type ScopeNames = Readonly<Record<keyof KeyScope, ReadonlyMap<number, string>>>;
const NO_NAMES: ScopeNames = { projects: new Map(), events: new Map(), templates: new Map() };

/** "Everything", or "Event Berlin, templates Card and 9": 9 has no name, for example because it was deleted. */
export function keyScopeWords(scope: KeyScope | null, names: ScopeNames = NO_NAMES): string {
  if (scope === null) return "Everything";
  const { projects, events, templates } = scope;
  const parts = [
    idsWords("project", projects, names.projects),
    idsWords("event", events, names.events),
    idsWords("template", templates, names.templates),
  ].filter((part) => part !== "");
  const text = parts.join(", ");
  return text === "" ? "Nothing" : text.slice(0, 1).toUpperCase() + text.slice(1);
}

const LIST = new Intl.ListFormat("en-GB");

function idsWords(kind: string, ids: readonly number[], names: ReadonlyMap<number, string>): string {
  if (ids.length === 0) return "";
  const shown = ids.toSorted((one, other) => one - other).map((id) => names.get(id) ?? String(id));
  return `${kind}${ids.length === 1 ? "" : "s"} ${LIST.format(shown)}`;
}

export function severityWord({ severity }: Pick<Finding, "severity">): Word {
  switch (severity) {
    case "error":
      return { text: "Error", tone: "bad" };
    case "warning":
      return { text: "Warning", tone: "warning" };
    case "sample":
      return { text: "Sample", tone: "quiet" };
    default:
      return { text: "To do", tone: "quiet" };
  }
}

/** A call in a sentence of the server, as src/health/findings.ts writes it. */
const CALL = / \((?:GET|POST|PUT|PATCH|DELETE) (\/admin\/v1\/[^\s)]+)[^)]*\)/g;

/** The navigation says what the key may do. */
const ABOUT_KEY = "/admin/v1/me";

/** What the server says to do, without the calls that a page makes. A call that no page makes stays. */
export function withoutCalls(text: string): string {
  return text.replace(CALL, (call, path: string) =>
    pageForPath(path) === undefined && path !== ABOUT_KEY ? call : "",
  );
}

/** The page that makes the first of the calls in a sentence that has one. */
export function pageForCure(cure: string): PageName | undefined {
  return [...cure.matchAll(CALL)]
    .map(([, path = ""]) => pageForPath(path))
    .find((page) => page !== undefined);
}

/** The page that makes a call. @param path of the API @returns undefined: there is none */
function pageForPath(path: string): PageName | undefined {
  return placeForPath(path)?.page;
}

/** The time of a datetime-local field, which is in the time zone of this computer, as the API takes it. Empty: none. */
export function toInstant(local: string): string {
  const time = new Date(local).getTime();
  return local === "" || Number.isNaN(time) ? "" : new Date(time).toISOString();
}

/** The same for an end that is included: a field has minutes, and what happened in its minute counts. */
export function toInstantAtEnd(local: string): string {
  const start = toInstant(local);
  return start === "" ? "" : new Date(Date.parse(start) + MINUTE_MS - 1).toISOString();
}

/** "since 28 November, 21:14": the API writes times as programs read them. */
export function withReadableTimes(text: string, now: number): string {
  return text.replace(/\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?/g, (instant, time) => {
    const at = timeFrom(instant);
    if (at === undefined) return instant;
    return time === undefined ? dayWords(at) : whenWords(instant, now);
  });
}

/** The day in UTC, which is how the API counts days. */
function dayWords(at: number): string {
  const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat("en-GB", parts).format(at);
}
