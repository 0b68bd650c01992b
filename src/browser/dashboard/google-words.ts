/**
 * Words for an issuer of Google Wallet: what its last check has found. Pure.
 */
import type { GoogleCheck, GoogleIssuer } from "./admin-answers.ts";
import { type Word, whenWords, withoutCalls } from "./words.ts";

/** By the code of a check (src/google-wallet/problems.ts). */
const PROBLEMS: Readonly<Record<string, string>> = {
  key_unreadable: "The key cannot be read",
  key_refused: "Google refuses the key",
  api_disabled: "The Google Wallet API is off",
  not_invited: "The service account is not invited",
  wrong_issuer: "The service account is of another issuer",
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
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
