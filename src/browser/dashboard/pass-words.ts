/**
 * Words for passes, their phones and their changes. Pure.
 */
import { atTimeWords, eventDayWords, timeFrom, timeWords } from "../times.ts";
import type { GoogleTimes, Install, ListedPass, LoggedChange, PassCount, Phone } from "./pass-answers.ts";
import type { Word } from "./words.ts";

export const STATUS_WORDS: Readonly<Record<string, Word>> = {
  active: { text: "Valid", tone: "good" },
  redeemed: { text: "Redeemed", tone: "quiet" },
  voided: { text: "Voided", tone: "bad" },
  expired: { text: "Expired", tone: "warning" },
};

export const INSTALL_WORDS: Readonly<Record<string, string>> = {
  not_been_installed: "Never on a phone",
  installed: "On a phone",
  uninstalled: "Removed from phones",
};

const PUSH_WORDS: Readonly<Record<string, Word>> = {
  done: { text: "Notified", tone: "good" },
  waiting: { text: "Waits for a push", tone: "warning" },
  unconfirmed: { text: "Push not confirmed", tone: "warning" },
  gave_up: { text: "Push failed", tone: "bad" },
  none: { text: "Is not pushed", tone: "quiet" },
};

const KIND_WORDS: Readonly<Record<string, string>> = {
  issued: "Issued",
  made: "Made",
  changed: "Changed",
  redeemed: "Redeemed",
  unredeemed: "Redemption undone",
  voided: "Voided",
  unvoided: "Valid again",
  personalized: "Holder signed up",
  registered: "A phone registered",
  deleted: "Deleted",
  restored: "Restored",
};

const CHANGE_PUSH_WORDS: Readonly<Record<string, string>> = {
  silent: "no phone was notified",
  waiting: "waits to be pushed",
  queued: "is being pushed",
  dispatched: "pushed to the phones that had it",
};

/** Undefined for a name that only a newer server knows: it is shown as it is. */
function known<T>(words: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}

export function statusWord(status: string): Word {
  return known(STATUS_WORDS, status) ?? { text: status, tone: "quiet" };
}

export const WALLET_WORDS: Readonly<Record<string, string>> = {
  apple: "Apple Wallet",
  google: "Google Wallet",
};

/** "On 2 phones and in Google Wallet", or why it is on none. Google does not say on how many phones it is. */
export function installWords({ installStatus, registrations, installs }: ListedPass): string {
  const inGoogle = installs?.google.status === "installed";
  if (registrations > 0) return `On ${phonesWords(registrations)}${inGoogle ? " and in Google Wallet" : ""}`;
  if (inGoogle && installs.apple.status !== "installed") return "In Google Wallet";
  return known(INSTALL_WORDS, installStatus) ?? installStatus;
}

/** "Since 3 June, 14:00", with what is known of its phones. Empty if the pass never was in this Wallet. */
export function walletWords(install: Install | undefined, phones: number, now: number): string {
  const [added, removed] = [timeFrom(install?.installedAt), timeFrom(install?.uninstalledAt)];
  if (added === undefined) return "";
  if (removed !== undefined) return `Removed ${atTimeWords(removed, now)}, added ${atTimeWords(added, now)}`;
  const since = `since ${timeWords(added, now)}`;
  return phones > 0 ? `On ${phonesWords(phones)}, ${since}` : `Saved ${since}`;
}

function phonesWords(count: number): string {
  return count === 1 ? "1 phone" : `${count.toLocaleString("en-GB")} phones`;
}

/** "1,204 passes", or "7 passes among the newest ones". */
export function passCountWords({ count, isExact }: PassCount): string {
  const words = `${count.toLocaleString("en-GB")} ${count === 1 ? "pass" : "passes"}`;
  return isExact ? words : `${words} among the newest ones`;
}

/** As the API takes dates of fields: a day, or a time with its time zone. */
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** The value of a field. Dates are read as all times here. */
export function valueWords(value: string, now: number): string {
  const [isDate, time] = DATE.exec(value) ?? [];
  if (isDate === undefined) return value;
  if (time === undefined) return eventDayWords(value, now) ?? value;
  const at = timeFrom(value);
  return at === undefined ? value : timeWords(at, now);
}

/** How a person knows the pass: by its first own value that is no date, such as a name, or by its number. */
export function passTitle({ values, externalId, serialNumber }: ListedPass): string {
  const own = Object.values(values).flatMap(({ value }) =>
    typeof value === "string" && value.trim() !== "" && !DATE.test(value) ? [value] : [],
  );
  return own[0] ?? externalId ?? serialNumber;
}

/** A serial number that the service generated. */
const UUID = /^([\da-f]{8})(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * The title of a pass in a list, and what follows it: the template, and the serial number if a person may know it. A pass that only
 * has a generated number is named after its template.
 */
export function rowWords(pass: ListedPass, template: string): readonly [title: string, ...facts: string[]] {
  const title = passTitle(pass);
  const { serialNumber } = pass;
  const [, start] = UUID.exec(serialNumber) ?? [];
  if (title === serialNumber && start !== undefined) return [`${template}, ${start}`, serialNumber];
  return [title, template, ...(title === serialNumber || start !== undefined ? [] : [serialNumber])];
}

/** A phone that was never pushed, as it got the pass after the last change, was not notified of anything. */
export function pushWord({ push, lastAnswer }: Phone): Word {
  if (push === "done" && lastAnswer === null) return { text: "Up to date", tone: "good" };
  return known(PUSH_WORDS, push) ?? { text: push, tone: "quiet" };
}

/** What Apple said of the last push, and when the next one is. */
export function pushSentences(
  { wallet, push, lastAnswer, nextPushAt, doubted }: Phone,
  now: number,
): string[] {
  if (wallet !== "apple") return [`Apple does not push ${wallet === "" ? "this wallet" : wallet}.`];
  const next = timeFrom(nextPushAt);
  return [
    lastAnswer === null && push === "unconfirmed"
      ? "Apple has not accepted the push yet."
      : lastAnswerSentence(lastAnswer, now),
    ...(next === undefined ? [] : [`The next push is due ${next <= now ? "now" : atTimeWords(next, now)}.`]),
    ...(doubted ? ["Apple does not know its push token, which may be a mistake in the set-up."] : []),
  ];
}

function lastAnswerSentence(answer: Phone["lastAnswer"], now: number): string {
  if (answer === null) return "It was not pushed yet.";
  const time = timeFrom(answer.at);
  const when = time === undefined ? "" : ` ${atTimeWords(time, now)}`;
  if (answer.accepted) return `Apple accepted the last push${when}.`;
  return `The last push failed${when}: ${answer.reason ?? "the service could not send it"}.`;
}

/** "Template: changed" of a change that is not of the pass itself. */
export function changeWords({ kind, templateId, eventId }: LoggedChange): string {
  const words = known(KIND_WORDS, kind) ?? kind;
  if (templateId !== null) return `Template: ${words.toLowerCase()}`;
  return eventId === null ? words : `Event: ${words.toLowerCase()}`;
}

/** What Google said of the pass. */
export interface GoogleLine {
  readonly id: string;
  readonly at: string;
  readonly text: string;
}

/** The changes, newest first, with what Google said. @param isWhole whether the oldest change is among them */
export function withGoogleLines(
  changes: readonly LoggedChange[],
  google: GoogleTimes | undefined,
  isWhole: boolean,
): readonly (LoggedChange | GoogleLine)[] {
  const oldest = timeFrom(changes.at(-1)?.at) ?? 0;
  const lines = [
    { id: "removed", at: google?.uninstalledAt, text: "Removed from Google Wallet" },
    { id: "saved", at: google?.installedAt, text: "Saved in Google Wallet" },
  ];
  const all: (LoggedChange | GoogleLine)[] = [...changes];
  for (const { at, ...line } of lines) {
    const time = timeFrom(at);
    if (!at || time === undefined || (!isWhole && time < oldest)) continue;
    const place = all.findIndex((each) => (timeFrom(each.at) ?? 0) < time);
    all.splice(place < 0 ? all.length : place, 0, { ...line, at });
  }
  return all;
}

/**
 * What the change did to phones.
 * @param installs of the pass. Undefined: they are not known
 */
export function changePushWords(
  { push, dueAt }: LoggedChange,
  now: number,
  installs?: ListedPass["installs"],
): string {
  if (push === "dispatched" && installs?.apple.installedAt === null)
    return installs.google.installedAt === null ? "no phone had it" : "no iPhone had it";
  const words = known(CHANGE_PUSH_WORDS, push) ?? push;
  const due = timeFrom(dueAt);
  return due === undefined || due <= now ? words : `will be pushed ${atTimeWords(due, now)}`;
}

/** What phones will show after a change of the status: they are pushed, but a status is no field with a message. */
export function phonesWillShow(
  { registrations, installs }: Pick<ListedPass, "registrations" | "installs">,
  isValid: boolean,
): string {
  if (registrations === 0 && installs?.google.status !== "installed") return "No phone has it.";
  const look = isValid ? "as valid" : "as no longer valid";
  return `Phones will show: the pass ${look}, without a message on the lock screen.`;
}
