/**
 * What holders of Google Wallet are notified of when a class or an object changes: the fields with a changeMessage whose value
 * differs from what was last sent. Pure.
 *
 * Google shows no text of a field by itself. A notice is either a message of ours (addMessage, TEXT_AND_NOTIFY), or Google's own
 * words for the few members of which it notifies (notifyPreference NOTIFY_ON_UPDATE).
 * Follows https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications.
 */
import type { JsonObject } from "../json.ts";
import type { PassSource, SharedSource } from "./render.ts";

/** Field key → its value as text, of the fields with a changeMessage. */
export type NoticeTexts = Readonly<Record<string, string>>;

export interface GoogleNotice {
  /** The key of the field. */
  readonly field: string;
  /** message: Google gets `message`. member: Google notifies in its own words, because a member differs of which it does so. */
  readonly kind: "message" | "member";
  /** Google's Message, without id and messageType: header, body, localizedHeader, localizedBody. */
  readonly message: JsonObject;
}

export interface Noticed {
  /** To be stored, for the next change. */
  readonly texts: NoticeTexts;
  readonly notices: readonly GoogleNotice[];
}

/** @param before as stored; undefined if the class was never sent: then there are no notices */
export function noticesOfClass(_source: SharedSource, before: NoticeTexts | undefined): Noticed {
  return { texts: before ?? {}, notices: [] };
}

/**
 * @param before as stored of the object; undefined if it was never sent
 * @param ofClass as stored of its class: what the object showed of a field that it did not set
 */
export function noticesOfObject(
  _source: SharedSource,
  _pass: PassSource,
  before: NoticeTexts | undefined,
  _ofClass: NoticeTexts,
): Noticed {
  return { texts: before ?? {}, notices: [] };
}
