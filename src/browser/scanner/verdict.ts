/**
 * What a scan means for the person at the gate: the colour, the sign and the words of its answer. Pure. Words are in words.ts.
 */
import { knownOutcome, type Outcome } from "../outcomes.ts";
import { atTimeWords, timeFrom, timeWords } from "../times.ts";
import type { ScannedPass, ScanResult } from "./answers.ts";
import { canUndo, type KeptScan } from "./scan.ts";
import type { Tone } from "./tone.ts";
import { keyWords } from "./trouble-words.ts";
import { type AnswerWords, LOCAL_WORDS, OUTCOME_WORDS, type OutcomeFacts } from "./words.ts";

/** Each has an outline of its own, because colours look alike to some people and in some light. */
export type Sign = "tick" | "cross" | "question" | "clock" | "undone";

/** - reward, no_reward: the holder of a full card gets the reward, or does not
 *  - check_again: ask the server once more about a scan that waits */
export type VerdictAction = "reward" | "no_reward" | "check_again" | "undo";

export interface Verdict extends AnswerWords {
  readonly tone: Tone;
  readonly sign: Sign;
  /** The template, and the front of the pass. */
  readonly pass: { readonly name: string; readonly fields: readonly Field[] } | null;
  readonly actions: readonly VerdictAction[];
}

interface Field {
  readonly key: string;
  readonly label: string;
  readonly value: string;
}

const TONES: Readonly<Record<Outcome | "not_understood", Tone>> = {
  redeemed: "go",
  shown: "go",
  added: "go",
  rewarded: "go",
  limit_reached: "stop",
  no_reward: "stop",
  too_soon: "stop",
  already_redeemed: "stop",
  voided: "stop",
  expired: "stop",
  unknown: "stop",
  shared_code: "stop",
  several: "stop",
  value_not_a_number: "stop",
  scan_id_reused: "stop",
  not_understood: "stop",
};
const SIGNS: Readonly<Record<Tone, Sign>> = {
  go: "tick",
  stop: "cross",
  ask: "question",
  unchecked: "clock",
};
/** The order of the sections, as one sees them on a pass. */
const SECTIONS = ["primary", "secondary", "auxiliary", "header"];

/**
 * @param now by the clock of this phone
 * @param earlier the scan of this phone that makes it `seen_before`, if it is known
 * @param refusal why the key does not work, by its code, if it does not
 */
export function verdictOf(scan: KeptScan, now: number, earlier?: KeptScan, refusal?: string): Verdict {
  const { state, undo } = scan;
  const undoAction: VerdictAction[] = canUndo(scan, now + scan.clockError) ? ["undo"] : [];
  if (isUndone(scan)) return { ...local("stop", LOCAL_WORDS.undone, []), sign: "undone", pass: passOf(scan) };
  if (undo === "wanted") return { ...local("unchecked", LOCAL_WORDS.undoWaits, []), pass: passOf(scan) };
  switch (state.kind) {
    case "answered": {
      const verdict = answerOf(scan, state.result, now);
      const { actions } = verdict;
      const detail = typeof undo === "object" ? LOCAL_WORDS.notUndone(undo.refused) : verdict.detail;
      return { ...verdict, detail, pass: passOf(scan), actions: [...actions, ...undoAction] };
    }
    case "waiting":
      return scan.shown === "seen_before"
        ? local("stop", LOCAL_WORDS.seenBefore(whenOf(earlier, now)), ["check_again", ...undoAction])
        : local("unchecked", uncheckedWords(refusal), ["check_again", ...undoAction]);
    case "refused":
      return local("stop", LOCAL_WORDS.refused(state.detail), []);
    case "withdrawn":
      return { ...local("stop", LOCAL_WORDS.undone, []), sign: "undone" };
    case "not_stored":
      return local("stop", LOCAL_WORDS.notStored, []);
  }
}

export function isUndone({ state, undo }: KeptScan): boolean {
  return (
    undo === "done" ||
    state.kind === "withdrawn" ||
    (state.kind === "answered" && state.result.undoneAt !== null)
  );
}

function uncheckedWords(refusal: string | undefined): AnswerWords {
  return refusal === undefined ? LOCAL_WORDS.unchecked : LOCAL_WORDS.withoutKey(keyWords(refusal).title);
}

function whenOf(earlier: KeptScan | undefined, now: number): string {
  return earlier === undefined ? "before" : atTimeWords(earlier.at, now);
}

function answerOf(scan: KeptScan, result: ScanResult, now: number): Verdict {
  const outcome = knownOutcome(result);
  if (outcome === "limit_reached" && result.reward !== undefined) {
    const words = LOCAL_WORDS.fullCard(result.reward.label ?? "");
    return local("ask", words, ["reward", "no_reward"]);
  }
  return local(TONES[outcome], OUTCOME_WORDS[outcome](factsOf(scan, result, now)), []);
}

function factsOf(scan: KeptScan, result: ScanResult, now: number): OutcomeFacts {
  const { pass, firstRedemption, field, value, max, min, reward } = result;
  const shown = pass?.fields.find(({ key }) => key === field);
  const redeemedAt = timeFrom(firstRedemption?.at);
  const place = firstRedemption?.place ?? null;
  const redeemed = redeemedAt === undefined ? "" : atTimeWords(redeemedAt, now);
  const nextAt = timeFrom(result.nextAt);
  const voidedAt = timeFrom(pass?.voidedAt);
  const expiredAt = timeFrom(pass?.expiresAt);
  return {
    label: labelOf(shown?.label, field),
    value: valueWords(value ?? shown?.value, max),
    resetTo: String(reward?.resetTo ?? value ?? ""),
    reward: reward?.label ?? "",
    redeemed: [redeemed, place === null ? "" : `at ${place}`].filter((part) => part !== "").join(" "),
    isByThisPhone: scan.state.kind === "answered" && scan.state.redeemedBy !== null,
    isConflict: result.conflict === true,
    nextAt: nextAt === undefined ? "" : atTimeWords(nextAt, now),
    voidedAt: voidedAt === undefined ? "" : atTimeWords(voidedAt, now),
    voidReason: pass?.voidReason ?? "",
    expiredAt: expiredAt === undefined ? "" : timeWords(expiredAt, now),
    isLowest: max === undefined && min !== undefined,
  };
}

function labelOf(label: string | undefined, field: string | undefined): string {
  return label !== undefined && label.trim() !== "" ? label : (field ?? "The number");
}

function valueWords(value: string | number | undefined, max: string | number | undefined): string {
  if (value === undefined) return "";
  return max === undefined ? String(value) : `${value} of ${max}`;
}

function local(tone: Tone, words: AnswerWords, actions: readonly VerdictAction[]): Verdict {
  return { tone, sign: SIGNS[tone], ...words, pass: null, actions };
}

function passOf({ state }: KeptScan): Verdict["pass"] {
  const pass: ScannedPass | null = state.kind === "answered" ? state.result.pass : null;
  if (pass === null) return null;
  const rank = (section: string) => SECTIONS.indexOf(section) + (SECTIONS.includes(section) ? 0 : 9);
  const fields = pass.fields
    .filter(({ value }) => String(value).trim() !== "")
    .toSorted((one, other) => rank(one.section) - rank(other.section))
    .map(({ key, label, value }) => ({ key, label, value: String(value) }));
  return { name: pass.templateName, fields };
}
