/**
 * What holders of Google Wallet see when something changes, or why they see nothing: the counterpart of Apple's texts of the lock
 * screen (pkpass/notifications.ts). Pure.
 */
import { limitText } from "../pkpass/finding.ts";
import { MAX_NOTIFICATIONS, type Notification } from "../pkpass/notifications.ts";
import { type GoogleNotice, hasGoogleWords } from "./notices.ts";

/** Why Google Wallet shows no text. The first ones are about the whole change, the last two about one field. */
export const GOOGLE_SILENT_REASONS = [
  "nothing_changed",
  "not_in_google_wallet",
  "no_pass",
  "only_images_changed",
  "no_field_changed",
  "not_active",
  "daily_limit",
  "no_change_message",
  "no_message",
] as const;
type GoogleSilentReason = (typeof GOOGLE_SILENT_REASONS)[number];

export type GoogleNotification =
  /** The text for one field. */
  | { readonly kind: "text"; readonly field: string; readonly text: string }
  /** Google notifies of these fields in words of its own. */
  | { readonly kind: "google_words"; readonly fields: readonly string[]; readonly message: string }
  | {
      readonly kind: "silent";
      readonly reason: GoogleSilentReason;
      readonly message: string;
      /** The field that it is about, if it is about one. */
      readonly field?: string;
    };

export interface GoogleFacts {
  /** Whether anybody has saved the pass, or one of the passes. */
  readonly isSaved: boolean;
  /** Whether Google gets anything else than before. */
  readonly isChanged: boolean;
  /** Whether the pass is neither redeemed nor voided nor expired. */
  readonly isActive: boolean;
  /** Whether Google has notified three times in the last 24 hours. */
  readonly isDayFull: boolean;
}

/** Reasons of iPhones that are about the whole change, and hold here too. */
const WHOLE = ["nothing_changed", "no_pass", "only_images_changed", "no_field_changed"] as const;

const MESSAGES: Readonly<Record<Exclude<GoogleSilentReason, "no_change_message" | "no_message">, string>> = {
  nothing_changed: "Google Wallet shows the same as before.",
  not_in_google_wallet: "Nobody has saved it in Google Wallet, so nobody sees a text there now.",
  no_pass: "The event has no pass, so nobody sees a text.",
  only_images_changed: "Only images changed. Google Wallet shows texts only for fields.",
  no_field_changed: "No value of a field changed. Google Wallet shows texts only for fields.",
  not_active: "The pass is not active. Google Wallet shows its state, and no text.",
  daily_limit:
    "Google notifies three times in 24 hours, and has done so. The texts are on the pass, without a notification.",
};

/** @param apple what iPhones show for the same change: it names the fields that changed */
export function googleNotificationsOf(
  apple: readonly Notification[],
  notices: readonly GoogleNotice[],
  { isSaved, isChanged, isActive, isDayFull }: GoogleFacts,
): GoogleNotification[] {
  const whole = WHOLE.find((reason) =>
    apple.some((item) => item.kind === "silent" && item.reason === reason),
  );
  if (whole === "no_pass") return [about(whole)];
  const saved = isSaved ? [] : [about("not_in_google_wallet")];
  if (!isChanged) return [...saved, about("nothing_changed")];
  // Something that only Google shows, such as its own images.
  if (whole !== undefined) return [...saved, about(whole === "nothing_changed" ? "no_field_changed" : whole)];
  if (!isActive) return [...saved, about("not_active")];
  const full = isDayFull && notices.length > 0 ? [about("daily_limit")] : [];
  return [...saved, ...full, ...withNotice(notices, isDayFull), ...withoutNotice(apple, notices)].slice(
    0,
    MAX_NOTIFICATIONS,
  );
}

function withNotice(notices: readonly GoogleNotice[], isDayFull: boolean): GoogleNotification[] {
  if (!hasGoogleWords(notices))
    return notices.map(({ field, message }) => ({
      ...{ kind: "text", field },
      text: limitText(typeof message.body === "string" ? message.body : ""),
    }));
  const fields = notices.map(({ field }) => field).slice(0, MAX_NOTIFICATIONS);
  const message = "Google notifies of this in words of its own.";
  return isDayFull ? [] : [{ kind: "google_words", fields, message }];
}

/** The changed fields without a notice. */
function withoutNotice(
  apple: readonly Notification[],
  notices: readonly GoogleNotice[],
): GoogleNotification[] {
  const noticed = new Set(notices.map(({ field }) => field));
  const others = apple.flatMap((item) => {
    if (item.kind === "silent") return [];
    return item.kind === "text" ? [item.field] : item.fields;
  });
  return [
    ...apple.flatMap((item) =>
      item.kind === "silent" && item.reason === "no_change_message" && item.field !== undefined
        ? [
            aboutField(
              "no_change_message",
              item.field,
              "has no changeMessage, so Google Wallet shows no text for it.",
            ),
          ]
        : [],
    ),
    ...[...new Set(others)]
      .filter((field) => !noticed.has(field))
      .map((field) =>
        aboutField("no_message", field, "gets no message: it is empty now, or it comes with another event."),
      ),
  ];
}

function about(reason: keyof typeof MESSAGES): GoogleNotification {
  return { kind: "silent", reason, message: MESSAGES[reason] };
}

function aboutField(reason: GoogleSilentReason, field: string, what: string): GoogleNotification {
  return { kind: "silent", reason, message: limitText(`"${field}" ${what}`), field };
}
