/**
 * Sends the notices of a change (google/notices.ts) to Google, after the resource itself.
 *
 * Google takes three notifications of a pass in 24 hours. So a change notifies once, however many fields it has: by one message
 * with the texts of all of them, or in Google's own words if it has words for each of them. What is beyond the limit is sent as
 * a message without a notification.
 */
import { DAY_MS } from "../durations.ts";
import { type GoogleNotice, hasGoogleWords } from "../google/notices.ts";
import type { LocalizedString, Message } from "../google/types.ts";
import type { JsonObject } from "../json.ts";
import { logEvent } from "../log-events.ts";
import type { GoogleCaller } from "./access-token.ts";
import type { GoogleAnswer } from "./answers.ts";
import { callGoogle } from "./client.ts";
import type { IssuerRow } from "./issuers.ts";
import { type GoogleFailure, needsAction } from "./problems.ts";
import type { GoogleResource } from "./resources.ts";

/** What is sent with the resource, and what after it. */
export interface PlannedNotices {
  /** The resource, with notifyPreference if Google has to notify of a member in its own words. It is never stored as sent. */
  readonly resource: JsonObject;
  /** In the order in which they are sent. */
  readonly messages: readonly JsonObject[];
  /** When notifications were sent in the last 24 hours, with these. Milliseconds; to be stored. */
  readonly notifiedAt: readonly number[];
}

const MAX_A_DAY = 3;

/** When the notifications of the last 24 hours were sent, each once: those of a class are stored with its objects too. */
export function recentlyNotified(notifiedAt: readonly number[], now: number): readonly number[] {
  return [...new Set(notifiedAt)].filter((at) => at > now - DAY_MS).sort((a, b) => a - b);
}

/** Whether Google takes no other notification now. */
export function isDayFull(notifiedAt: readonly number[], now: number): boolean {
  return recentlyNotified(notifiedAt, now).length >= MAX_A_DAY;
}

/**
 * Plans the notices within Google's limit. Pure.
 * @param notifiedAt of this resource, and for an object also of its class
 * @param key makes the ids of the messages: the same key for a repeat of the same notices. One that could only be sent without a
 * notification has another id, because the same notices may notify the next day
 */
export function planNotices(
  resource: JsonObject,
  notices: readonly GoogleNotice[],
  notifiedAt: readonly number[],
  key: string,
  now: number,
): PlannedNotices {
  const recent = recentlyNotified(notifiedAt, now);
  if (notices.length === 0) return { resource, messages: [], notifiedAt: recent };
  const isFull = recent.length >= MAX_A_DAY;
  const notified = isFull ? recent : [...recent, now];
  if (hasGoogleWords(notices)) {
    // Beyond the limit the new value is on the card, without a notification.
    const notifying = isFull ? resource : { ...resource, notifyPreference: "NOTIFY_ON_UPDATE" };
    return { resource: notifying, messages: [], notifiedAt: notified };
  }
  const messageType = isFull ? SILENT : "TEXT_AND_NOTIFY";
  const id = isFull ? `${key}-silent` : key;
  const message = { id, ...joinMessages(notices.map((notice) => notice.message)), messageType };
  return { resource, messages: [message], notifiedAt: notified };
}

const SILENT = "TEXT";

/** One message with the texts of all: "Gate, Seat", and a line for each. */
function joinMessages(messages: readonly Message[]): Message {
  const [only] = messages;
  if (only !== undefined && messages.length === 1) return only;
  return {
    ...joinTexts(messages, "header", "localizedHeader", ", "),
    ...joinTexts(messages, "body", "localizedBody", "\n"),
  };
}

/** The texts of one member. A language that one of them lacks has its untranslated text. */
function joinTexts(
  messages: readonly Message[],
  plain: "header" | "body",
  localized: "localizedHeader" | "localizedBody",
  separator: string,
): Message {
  const texts = messages.flatMap((message) => {
    const translated = message[localized];
    const text = message[plain] ?? translated?.defaultValue?.value;
    return text == null || text === "" ? [] : [{ text, translations: translationsOf(translated) }];
  });
  if (texts.length === 0) return {};
  const joined = texts.map(({ text }) => text).join(separator);
  const languages = new Set(texts.flatMap(({ translations }) => [...translations.keys()]));
  const language = messages.map((message) => message[localized]?.defaultValue?.language).find(Boolean);
  if (language == null || languages.size === 0) return { [plain]: joined };
  const translatedValues = [...languages].map((name) => ({
    language: name,
    value: texts.map(({ text, translations }) => translations.get(name) ?? text).join(separator),
  }));
  return { [plain]: joined, [localized]: { defaultValue: { language, value: joined }, translatedValues } };
}

function translationsOf(text: LocalizedString | undefined): ReadonlyMap<string, string> {
  return new Map(
    (text?.translatedValues ?? []).flatMap(({ language, value }) =>
      language == null || value == null ? [] : [[language, value] as const],
    ),
  );
}

export type SentNotices = { readonly ok: true } | ({ readonly ok: false } & GoogleFailure);

/**
 * One call for each message. A message that Google refuses because of its limit is sent again without a notification. If it refuses
 * the message itself, it may have ten already, which are the most: they are removed, and the message is sent again.
 *
 * A failure that can pass is returned, so that the change is repeated with the same ids. A message that Google refuses for good is
 * logged and given up: the card itself is up to date, and must not wait for it.
 */
export async function sendMessages(
  caller: GoogleCaller,
  issuer: IssuerRow,
  made: GoogleResource,
  messages: readonly JsonObject[],
): Promise<SentNotices> {
  for (const message of messages) {
    let answer = await addMessage(caller, issuer, made, message);
    if (!answer.ok && answer.code === "refused") {
      const removed = await removeMessages(caller, issuer, made);
      answer = removed.ok ? await addMessage(caller, issuer, made, message) : removed;
    }
    if (answer.ok) continue;
    if (isPassing(answer) && !isOverDailyLimit(answer)) return answer;
    const { code, detail } = answer;
    logEvent("google_message_refused", { kind: `${made.type}${made.kind}`, code, detail });
  }
  return { ok: true };
}

async function addMessage(
  caller: GoogleCaller,
  issuer: IssuerRow,
  { kind, type, id }: GoogleResource,
  message: JsonObject,
): Promise<GoogleAnswer> {
  const path = `/${type}${kind}/${id}/addMessage`;
  const add = (body: JsonObject) => callGoogle(caller, issuer, { method: "POST", path, body });
  const answer = await add({ message });
  return isOverDailyLimit(answer) ? add({ message: { ...message, messageType: SILENT } }) : answer;
}

/** All but those of the template's own google part. */
function removeMessages(
  caller: GoogleCaller,
  issuer: IssuerRow,
  { kind, type, id, resource }: GoogleResource,
): Promise<GoogleAnswer> {
  const { messages = null, reviewStatus } = resource;
  const body = { ...(reviewStatus === undefined ? {} : { reviewStatus }), messages };
  return callGoogle(caller, issuer, { method: "PATCH", path: `/${type}${kind}/${id}`, body });
}

/**
 * Google's limit of notifications, and not that of calls: waiting some seconds does not help. Its documentation has the first name.
 * The other words were reported of a message of a class: "Quota exceeded for issuer 3388… when adding TEXT_AND_NOTIFY message".
 */
export function isOverDailyLimit(answer: GoogleAnswer): boolean {
  return !answer.ok && /QuotaExceededException|Quota exceeded for issuer/i.test(answer.detail);
}

/** Whether the same call can succeed later. */
function isPassing({ code }: GoogleFailure): boolean {
  return code === "quota_exceeded" || code === "unavailable" || needsAction(code);
}
