/**
 * Words for what a change does to phones: the texts of the lock screen, or why there is none, and how many phones there are. Pure.
 */
import type { JsonObject } from "../../../json.ts";
import { countWords } from "../words.ts";
import type { DryRun } from "./dry-run.ts";
import { templateFields } from "./template-fields.ts";

type Phones = NonNullable<DryRun["phones"]>;

/** What phones show, as a dry run foresees it. */
export interface LockScreen {
  /** Each is a notification. */
  readonly texts: readonly string[];
  /** Why there is none, or not one for everything that changes. */
  readonly notes: readonly string[];
}

const LIST = new Intl.ListFormat("en-GB");

/** Why phones show no text for the whole change. */
const SILENT: Readonly<Record<string, string>> = {
  nothing_changed: "Phones show the same as before, so they are not notified.",
  not_installed: "No phone has this pass now, so no text is shown.",
  no_pass: "The event has no passes yet, so no phone shows anything.",
  only_images_changed: "Only images change. Phones show the new ones, without a text on the lock screen.",
  no_field_changed: "No field gets another value, so phones show no text on the lock screen.",
};
/** Shown with the texts, which the dry run foresees even without a phone. */
const WOULD_SHOW = "No phone has this pass now. This is what one with the pass would show.";
/** iOS writes it itself, in words that it chooses. */
const GENERAL = "A general text that the phone writes itself, such as “The pass was changed”.";
const SEVERAL = "Several texts are due at once. Phones may show one general text in place of them.";

/** @param pass pass.json that has the names of the fields */
export function lockScreenWords(report: DryRun, pass: JsonObject = {}): LockScreen {
  const { notifications } = report;
  const names = new Map(templateFields(pass).map(({ key, name }) => [key, name]));
  const texts = notifications.flatMap(({ kind, text }) => (kind === "text" ? [text ?? ""] : []));
  const isGeneral = notifications.some(({ kind }) => kind === "general");
  const isSilent = notifications.filter(({ kind }) => kind === "silent");
  const withoutText = isSilent.flatMap(({ reason, field = "" }) =>
    reason === "no_change_message" ? [`“${names.get(field) ?? field}”`] : [],
  );
  const reasons = isSilent.flatMap(({ reason = "", message = "" }) => {
    if (reason === "no_change_message") return [];
    if (reason === "not_installed" && (isGeneral || texts.length > 0)) return [WOULD_SHOW];
    return [Object.hasOwn(SILENT, reason) ? (SILENT[reason] ?? message) : message];
  });
  return {
    texts: isGeneral && texts.length === 0 ? [GENERAL] : texts,
    notes: [
      ...reasons.map((reason) => ofPhones(reason, report)),
      ...(isGeneral && texts.length > 0 ? [ofPhones(SEVERAL, report)] : []),
      ...(withoutText.length === 0 ? [] : [withoutTextWords(withoutText)]),
    ].filter((note) => note !== ""),
  };
}

function withoutTextWords(names: readonly string[]): string {
  const verb = names.length === 1 ? "has" : "have";
  return `${LIST.format(names)} ${verb} no text for the lock screen: the new value is only seen on the pass.`;
}

/** "3 phones", "about 10,000 phones or more" or "no phone". */
function changedPhonesWords(phones: Phones | undefined): string {
  if (phones === undefined || (phones.count === 0 && phones.isExact)) return "no phone";
  const words = countWords(phones.count, "phone");
  return phones.isExact ? words : `about ${words} or more`;
}

/** With Google Wallet, which has sentences of its own (google-words.ts), phones are called iPhones. */
function ofPhones(words: string, { googleReach }: DryRun): string {
  return googleReach === undefined ? words : words.replaceAll(/\b[Pp]hone/g, "iPhone");
}

/** "3 phones get this change." */
export function reachSentence(report: DryRun): string {
  return ofPhones(phonesSentence(report.phones), report);
}

function phonesSentence(phones: Phones | undefined): string {
  const words = changedPhonesWords(phones);
  const verb = words === "no phone" || phones?.count === 1 ? "gets" : "get";
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)} ${verb} this change.`;
}

/** The text of the button that makes the change. */
export function changeButtonWords(report: DryRun): string {
  const words = changedPhonesWords(report.phones);
  const isShown = report.notifications.every(({ reason }) => reason !== "nothing_changed");
  return words === "no phone" || !isShown ? "Change" : `Change and notify ${words}`;
}
