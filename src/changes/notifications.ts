/**
 * What phones show on the lock screen for a change: the texts of its fields, or why they show none. It compares the same
 * content that decides whether a change is pushed at all (visible.ts).
 */
import { findNotifications, type Notification, silent } from "../pkpass/notifications.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { findDifferences } from "./visible.ts";

/** The language of the answers. Phones use their own. */
const LOCALE = "en";

/** What phones get: pass.json, and with it images, translations and more. */
export interface ShownContent {
  readonly pass: TemplatePass;
  readonly images: Readonly<Record<string, string>>;
}

/** What a phone that has the pass shows. */
export function notificationsOf(before: ShownContent, after: ShownContent): Notification[] {
  let isDifferent = false;
  for (const { pointer } of findDifferences(before, after)) {
    isDifferent = true;
    if (!pointer.startsWith("/images/")) return findNotifications(before.pass, after.pass, LOCALE);
  }
  if (!isDifferent) return [silent("nothing_changed", "Phones show the same as before.")];
  return [silent("only_images_changed", "Only images changed. Phones show texts only for fields.")];
}

/** The same for one pass. @param phones how many devices are registered for it */
export function notificationsOfPass(
  before: ShownContent,
  after: ShownContent,
  phones: number,
): Notification[] {
  const found = notificationsOf(before, after);
  if (phones > 0) return found;
  const message = "No phone is registered for the pass, so nobody sees a text now.";
  return [silent("not_installed", message), ...found];
}
