/**
 * The members of which Google notifies in its own words when they change (notifyPreference NOTIFY_ON_UPDATE). Pure.
 *
 * Only those that Google's documentation names. Of a member that it does not notify of, holders would learn nothing: so if in doubt,
 * they get a message. README.md says which members are in doubt.
 * Follows https://developers.google.com/wallet/retail/loyalty-cards/use-cases/trigger-push-notifications, and the same page of
 * event tickets and of boarding passes.
 */
import { type JsonObject, memberOf, writeJson } from "../json.ts";
import type { Part } from "./raw-parts.ts";
import type { GoogleType } from "./types.ts";

type MemberPath = readonly [member: string, ...inner: string[]];

const NOTIFYING: Readonly<Partial<Record<GoogleType, Partial<Record<Part, readonly MemberPath[]>>>>> = {
  loyalty: {
    class: [["rewardsTier"], ["localizedRewardsTier"]],
    object: [["loyaltyPoints", "balance"]],
  },
  eventTicket: {
    class: [["eventName"]],
    object: [["seatInfo", "seat"]],
  },
  flight: {
    object: [["boardingAndSeatingInfo", "seatNumber"]],
  },
};

/** Whether Google notifies of anything in this resource. */
export function hasNotifyingMembers(type: GoogleType, part: Part): boolean {
  return NOTIFYING[type]?.[part] !== undefined;
}

/** Whether the two differ in a member of which Google notifies. */
export function differsNotifying(
  type: GoogleType,
  part: Part,
  before: JsonObject,
  after: JsonObject,
): boolean {
  const paths = NOTIFYING[type]?.[part] ?? [];
  return paths.some((path) => textAt(before, path) !== textAt(after, path));
}

function textAt(resource: JsonObject, path: MemberPath): string | undefined {
  const value = path.reduce<unknown>((inner, name) => memberOf(inner, name), resource);
  return value === undefined ? undefined : writeJson(value);
}
