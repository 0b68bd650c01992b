/**
 * Sends the notices of a change (google/notices.ts) to Google, after the resource itself.
 *
 * Google takes three notifications of a pass in 24 hours. What is beyond them is sent as a message without a notification.
 */
import type { GoogleNotice } from "../google/notices.ts";
import type { JsonObject } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import type { IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
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

/**
 * Plans the notices within Google's limit. Pure.
 * @param notifiedAt of this resource, and for an object also of its class
 * @param key makes the ids of the messages: the same key for a repeat of the same change
 */
export function planNotices(
  resource: JsonObject,
  _notices: readonly GoogleNotice[],
  notifiedAt: readonly number[],
  _key: string,
  _now: number,
): PlannedNotices {
  return { resource, messages: [], notifiedAt };
}

export type SentNotices = { readonly ok: true } | ({ readonly ok: false } & GoogleFailure);

/** One call for each message. A message that Google refuses because of its limit is sent again without a notification. */
export async function sendMessages(
  _caller: GoogleCaller,
  _issuer: IssuerRow,
  _resource: Pick<GoogleResource, "kind" | "type" | "id">,
  _messages: readonly JsonObject[],
): Promise<SentNotices> {
  return { ok: true };
}
