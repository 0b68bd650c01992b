/**
 * Words for Google Wallet: what the last check of an issuer has found, what Google refused, and whether it has a pass as it is. Pure.
 */
import type { GoogleCheck, GoogleFailure, GoogleIssuer } from "./admin-answers.ts";
import type { GoogleState } from "./pass-answers.ts";
import { type Word, whenWords, withoutCalls } from "./words.ts";

/** By the code of a check (src/google-wallet/problems.ts). */
const PROBLEMS: Readonly<Record<string, string>> = {
  key_unreadable: "The key cannot be read",
  key_refused: "Google refuses the key",
  api_disabled: "The Google Wallet API is off",
  not_invited: "The service account is not invited",
  wrong_issuer: "The service account belongs to another issuer",
  issuer_unknown: "Google does not know the issuer",
  demo_mode: "Demo mode",
  quota_exceeded: "Too many requests",
  unavailable: "Google does not answer",
  refused: "Google refuses it",
};

export function issuerWord({ lastCheck }: Pick<GoogleIssuer, "lastCheck">): Word {
  if (lastCheck === null) return { text: "Not checked yet", tone: "warning" };
  if (lastCheck.ok) return { text: "Works", tone: "good" };
  const code = lastCheck.code ?? "";
  const text = Object.hasOwn(PROBLEMS, code) ? (PROBLEMS[code] ?? code) : "Does not work";
  return { text, tone: code === "demo_mode" ? "warning" : "bad" };
}

/** What was found, what to do, and when it was checked. */
export function checkSentences(check: GoogleCheck, now: number): readonly string[] {
  const cure = check.cure === null ? [] : [withoutCalls(check.cure)];
  return [sentence(check.detail), ...cure, `Last check: ${whenWords(check.checkedAt, now)}.`];
}

/** Google's own words may have no full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const STATES: Readonly<Record<string, Word>> = {
  up_to_date: { text: "Up to date", tone: "good" },
  waiting: { text: "Waits to be sent", tone: "quiet" },
  failed: { text: "Refused", tone: "bad" },
};

export function googleStateWord({ state, problem }: GoogleState): Word {
  const word = (Object.hasOwn(STATES, state) ? STATES[state] : undefined) ?? { text: state, tone: "quiet" };
  return state === "waiting" && problem !== null ? { ...word, tone: "warning" } : word;
}

/** When it was last sent, and why it is not up to date: what Google said, and the cure. */
export function googleStateWords({ state, sentAt, problem }: GoogleState, now: number) {
  const last = sentAt === null ? "Never sent" : `Last sent ${whenWords(sentAt, now)}`;
  const start = state === "failed" ? "Google says" : "The last attempt failed";
  return {
    last,
    problem: problem === null ? [] : [`${start}: ${sentence(problem.detail)}`, withoutCalls(problem.cure)],
  };
}

/** "Pass 7", "Template 3" or "Template 3, event 4". */
export function failureTitle({ passId, templateId, eventId }: GoogleFailure): string {
  if (passId !== null) return `Pass ${passId}`;
  return eventId === null ? `Template ${templateId}` : `Template ${templateId}, event ${eventId}`;
}
