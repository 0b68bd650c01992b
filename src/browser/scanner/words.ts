/**
 * The words of each answer. A title has one or two words: it is read from two metres away, at night. The
 * other texts are in trouble-words.ts and page-words.ts.
 */

import type { Outcome } from "../outcomes.ts";

export interface AnswerWords {
  readonly title: string;
  readonly detail: string;
}

/** What is known of an outcome, in words: `value` such as "7 of 10", times such as "at 14:03". */
export interface OutcomeFacts {
  /** The label of the field that the scan counts in. */
  readonly label: string;
  readonly value: string;
  /** What the field is set to with a reward. */
  readonly resetTo: string;
  /** Such as A free coffee. Empty: the template does not say. */
  readonly reward: string;
  /** Such as "at 14:03 at Gate 2", of the first redemption. */
  readonly redeemed: string;
  readonly isByThisPhone: boolean;
  readonly isConflict: boolean;
  /** "at 14:03", or empty. */
  readonly nextAt: string;
  readonly voidedAt: string;
  readonly voidReason: string;
  /** "14:03", or empty. */
  readonly expiredAt: string;
  /** Whether the limit is the lowest number. */
  readonly isLowest: boolean;
}

/** Joins the parts that are not empty into one sentence. */
const sentence = (...parts: readonly string[]) => {
  const text = parts.filter((part) => part !== "").join(" ");
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
};
const sentences = (...texts: readonly string[]) =>
  texts
    .filter((text) => text !== "")
    .map((text) => sentence(text))
    .join(" ");
/** "Stamps: 7 of 10". */
const amount = (label: string, value: string) => (value === "" ? "" : `${label}: ${value}`);
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

export const OUTCOME_WORDS: Readonly<
  Record<Outcome | "not_understood", (facts: OutcomeFacts) => AnswerWords>
> = {
  redeemed: () => ({ title: "Valid", detail: "Marked as used." }),
  shown: () => ({ title: "Valid", detail: "It can be used again." }),
  added: ({ label, value }) =>
    / of /.test(value)
      ? { title: value, detail: sentence("Added:", label) }
      : { title: "Added", detail: amount(label, value) },
  rewarded: ({ reward, label, resetTo }) => ({
    title: "Reward",
    detail: sentences(
      reward === "" ? "Give the reward" : `Give: ${reward}`,
      resetTo === "" ? "" : amount(label, `${resetTo} now`),
    ),
  }),
  limit_reached: ({ label, value, isLowest }) => ({
    title: isLowest ? "Used up" : "Full",
    detail: sentences(amount(label, value), "This scan changed nothing"),
  }),
  no_reward: ({ label, value }) => ({
    title: "No reward",
    detail: sentences(amount(label, value), "Only a full card has a reward"),
  }),
  too_soon: ({ nextAt }) => ({
    title: "Too soon",
    detail: `This pass was scanned a short time ago.${nextAt === "" ? "" : ` It counts again ${nextAt}.`}`,
  }),
  already_redeemed: ({ redeemed, isByThisPhone, isConflict }) => ({
    title: "Already used",
    detail: isConflict
      ? `${sentence(capital(redeemed))} This phone scanned it earlier, but sent the scan later. Two people may have used this pass.`
      : sentence(capital(redeemed), isByThisPhone ? "by this phone" : ""),
  }),
  voided: ({ voidedAt, voidReason }) => ({
    title: "Voided",
    detail: voidReason === "" ? sentence(capital(voidedAt)) : sentence(voidReason),
  }),
  expired: ({ expiredAt }) => ({
    title: "Expired",
    detail: expiredAt === "" ? "" : sentence("Since", expiredAt),
  }),
  unknown: () => ({
    title: "Unknown",
    detail: "No pass has this code, or it is not for this entrance. Ask for the right pass.",
  }),
  shared_code: () => ({
    title: "Shared code",
    detail: "Many passes have this code. Read what is written on the pass, and decide.",
  }),
  several: () => ({
    title: "Not clear",
    detail:
      "More than one pass has this code, so none was marked as used. Read what is written on the pass, and decide.",
  }),
  value_not_a_number: ({ label, value }) => ({
    title: "Not counted",
    detail: `${label}${value === "" ? "" : ` (${value})`} is not a number, so nothing was added. Tell the person who runs the passes.`,
  }),
  scan_id_reused: () => ({
    title: "Scan again",
    detail:
      "This scan may have counted with the key that this phone had before. Scan the pass again to see it.",
  }),
  not_understood: () => ({
    title: "Not clear",
    detail:
      "This page does not understand the answer of the server. Reload this page. Then scan the pass again.",
  }),
};

/** The words for scans that the server has not answered. */
export const LOCAL_WORDS = {
  unchecked: { title: "Not checked", detail: "Recorded on this phone, and checked later." },
  /** @param why such as The key was revoked */
  withoutKey: (why: string) => ({
    title: "Not checked",
    detail: `${why}. Recorded on this phone, and sent with the next key.`,
  }),
  /** @param when such as "at 14:03" */
  seenBefore: (when: string) => ({
    title: "Seen before",
    detail: `This phone scanned this code ${when}. The server cannot be reached now.`,
  }),
  refused: (detail: string) => ({
    title: "Not recorded",
    detail: `The server refused the scan: ${detail} Tell the person who runs the passes.`,
  }),
  notStored: {
    title: "Not recorded",
    detail: "This phone could not store the scan, and no answer came. Scan the pass again.",
  },
  undone: { title: "Undone", detail: "The pass is as it was before this scan." },
  undoWaits: { title: "Undo waits", detail: "It will be undone as soon as the server can be reached." },
  fullCard: (reward: string) => ({
    title: "Full card",
    detail: reward === "" ? "Give the reward?" : `Give the reward? ${reward}`,
  }),
  notUndone: (detail: string) => `Not undone. ${detail}`,
} as const;

export const MESSAGES = {
  isKey: "This is the code of a key, not of a pass.",
  undone: "Undone.",
  undoWaits: "It will be undone later.",
  notUndone: "Not undone.",
} as const;
