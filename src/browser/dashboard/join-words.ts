/**
 * Words for join pages: whether one issues passes, and how many it has issued. Pure.
 */
import { timeFrom } from "../times.ts";
import type { JoinState, TemplateSummary } from "./admin-answers.ts";
import { type Word, whenWords } from "./words.ts";

/** @param state undefined: not known yet. Then only the closing time counts */
export function joinWord(
  join: TemplateSummary["join"],
  state: Pick<JoinState, "state"> | undefined,
  now: number,
): Word {
  const closes = timeFrom(join?.closesAt);
  if (state?.state === "full") return { text: "All given out", tone: "warning" };
  if (state?.state === "closed" || (closes !== undefined && closes <= now))
    return { text: "Closed", tone: "quiet" };
  if (closes === undefined) return { text: "Open", tone: "good" };
  return { text: `Open until ${whenWords(join?.closesAt, now)}`, tone: "good" };
}

/** "1,204 of 2,000 passes issued, 12 of them today (UTC)" */
export function joinCountWords({ issued, today, cap }: JoinState): string {
  const number = (count: number) => count.toLocaleString("en-GB");
  const total = cap === null ? number(issued) : `${number(issued)} of ${number(cap)}`;
  const noun = (cap ?? issued) === 1 ? "pass" : "passes";
  // The day of the counts is that of UTC, and not that of this computer.
  const ofToday = `${today.isExact ? "" : "more than "}${number(today.count)} of them today (UTC)`;
  return `${total} ${noun} issued${issued === 0 ? "" : `, ${ofToday}`}`;
}
