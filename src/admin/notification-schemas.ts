/**
 * Schema of what phones show on the lock screen for a change.
 */
import * as z from "zod";
import { SILENT_REASONS } from "../pkpass/notifications.ts";

const field = z.string().meta({ description: "The key of the field" });
const message = z.string().meta({ description: "For people" });

const notification = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("text"),
      field,
      text: z.string().meta({
        description:
          "The field's changeMessage with the new value in the place of %@, formatted in English. Phones use their own language and region, and the translations of the template",
      }),
    }),
    z.object({ kind: z.literal("general"), fields: z.array(z.string()), message }),
    z.object({
      kind: z.literal("silent"),
      reason: z.enum(SILENT_REASONS).meta({
        description: [
          "nothing_changed: phones show the same as before",
          "not_installed: no phone is registered for the pass. What it would show follows",
          "no_pass: the event has no pass",
          "only_images_changed: phones show no text for images",
          "no_field_changed: something else than the value of a field changed, for example the barcode or voided",
          "no_change_message: the field has no changeMessage",
        ].join(". "),
      }),
      message,
      field: field.optional(),
    }),
  ])
  .meta({
    id: "Notification",
    description:
      "text: phones show it. general: phones are reported to show a text of their own, such as Store Card changed. silent: phones show nothing",
    examples: [{ kind: "text", field: "stamps", text: "You have 4 stamps" }],
  });

/** What phones show, as a member of the changed resource. */
export const notified = {
  notifications: z.array(notification).meta({
    description:
      "What a phone that has the pass shows on its lock screen, by Apple's rules for changeMessage: one item for each changed field, at most 50. For a template: on phones whose pass does not replace the value. For an event: for its newest pass",
  }),
};
