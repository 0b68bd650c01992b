/**
 * What phones show on the lock screen when an event changes, shown for its newest pass as an example (events/example.ts).
 */
import { notificationsOf } from "../changes/notifications.ts";
import type { ChangedEvent } from "../events/change.ts";
import { type Notification, silent } from "../pkpass/notifications.ts";
import { shownPass } from "./visible.ts";

/** The notifications of a change of an event. */
export function notificationsOfEvent({
  before,
  after,
  example,
}: Pick<ChangedEvent, "before" | "after" | "example">): Notification[] {
  if (example === undefined) return [silent("no_pass", "The event has no pass, so no phone shows a text.")];
  const shown = (event: ChangedEvent["before"]) =>
    shownPass(example.pass, {
      ...example,
      eventValues: event.values,
      eventPass: event.pass,
      eventWithout: event.without,
    });
  return notificationsOf(shown(before), shown(after));
}
