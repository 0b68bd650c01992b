/**
 * When Google notifies holders: three times in 24 hours for each pass, of messages and of members that changed. Google's pages name the
 * limit and some of the members; what a class counts for its objects is a guess.
 */
import type { GoogleRefusal } from "./refusals.ts";
import { isMembers, type Json, type JsonMembers } from "./shapes.ts";

const DAY_MS = 86_400_000;
const PER_DAY = 3;

/** The members of which Google notifies if a request asks for it, as far as its pages name them. */
const NOTIFYING: Readonly<Record<string, readonly string[]>> = {
  loyaltyClass: ["rewardsTier", "localizedRewardsTier"],
  loyaltyObject: ["loyaltyPoints.balance"],
  eventTicketClass: ["eventName"],
  eventTicketObject: ["seatInfo.seat"],
  flightObject: ["boardingAndSeatingInfo.seatNumber"],
};

/** The times of this resource and, for an object, of its class: a message of the class is one of each of its objects. */
export interface NotifiedTimes {
  readonly own: readonly number[];
  readonly ofClass: readonly number[];
}

/**
 * The times with one more.
 * @throws refusal if the pass has had its notifications
 */
export function notify(
  { own, ofClass }: NotifiedTimes,
  now: number,
  refusal: GoogleRefusal,
): readonly number[] {
  const isRecent = (at: number) => at > now - DAY_MS;
  if ([...own, ...ofClass].filter(isRecent).length >= PER_DAY) throw refusal;
  return [...own.filter(isRecent), now];
}

/** Whether a request that asks for it makes Google notify of a member. @param name such as loyaltyObject */
export function changesNotifying(name: string, before: JsonMembers, after: JsonMembers): boolean {
  const at = (resource: Json, path: string) =>
    JSON.stringify(
      path
        .split(".")
        .reduce<Json>((inner, member) => (isMembers(inner) ? inner[member] : undefined), resource),
    );
  return (NOTIFYING[name] ?? []).some((path) => at(before, path) !== at(after, path));
}
