/**
 * Schemas of what a change does to phones: what they show on the lock screen, and a dry run of the change.
 */
import * as z from "zod";
import { GOOGLE_SILENT_REASONS } from "../google/notifications.ts";
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
          "The field's changeMessage with the new value in place of %@, formatted in English. Phones use their own language and region, and the translations of the template",
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
          "no_field_changed: something other than the value of a field changed, for example the barcode or voided",
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

const notifications = z.array(notification).meta({
  description:
    "What a phone that has the pass shows on its lock screen, by Apple's rules for changeMessage: one item for each changed field, at most 50. For a template: on phones whose pass does not replace the value. For an event: for its newest pass",
});

const googleNotification = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("text"),
      field,
      text: z.string().meta({
        description:
          "The field's changeMessage with the new value in place of %@, in the template's language. It is a message on the pass, in all languages of the template. Several fields are one message",
      }),
    }),
    z.object({ kind: z.literal("google_words"), fields: z.array(z.string()), message }),
    z.object({
      kind: z.literal("silent"),
      reason: z.enum(GOOGLE_SILENT_REASONS).meta({
        description: [
          "nothing_changed: Google Wallet shows the same as before",
          "not_in_google_wallet: nobody has saved the pass, or one of the passes. What it would show follows",
          "no_pass: the event has no pass",
          "only_images_changed: Google Wallet shows no text for images",
          "no_field_changed: something other than the value of a field changed",
          "not_active: the pass is redeemed, voided or expired, which Google Wallet shows without a text",
          "daily_limit: Google notifies three times in 24 hours, and has done so: for a template or an event, in each of its classes. The texts are on the pass only",
          "no_change_message: the field has no changeMessage",
          "no_message: the value of the field is empty now, or comes with another event",
        ].join(". "),
      }),
      message,
      field: field.optional(),
    }),
  ])
  .meta({
    id: "GoogleNotification",
    description:
      "text: Google Wallet shows it as a message, and notifies of it. google_words: Google notifies in words of its own. silent: there is no notification",
    examples: [{ kind: "text", field: "stamps", text: "You have 4 stamps" }],
  });

const googleReach = z
  .object({
    passes: z.int().meta({
      description:
        "How many passes that the change concerns Google has: it has a pass from the first click on its link. `googlePasses` counts those that are in Google Wallet now",
    }),
    calls: z.int().meta({
      description:
        "The calls that bring them up to date. One is enough for a change of a template or an event that only the class of its passes shows",
    }),
    seconds: z.int().meta({ description: "How long the calls take, at 15 a second" }),
  })
  .meta({ id: "GoogleReach", examples: [{ passes: 3, calls: 1, seconds: 1 }] });

const difference = z
  .object({
    pointer: z.string().meta({
      description:
        "JSON Pointer (RFC 6901) into what phones get. /pass is pass.json. For an event: what it gives to its passes, /values and /pass. For a template also /strings, /personalization and others",
    }),
    before: z.unknown().optional().meta({ description: "Absent if there is nothing before the change" }),
    after: z.unknown().optional().meta({ description: "Absent if there is nothing after the change" }),
  })
  .meta({ id: "Difference", description: "A value that is longer than 1,000 characters is cut" });

const phones = z
  .object({
    count: z
      .int()
      .meta({ description: "Phones with Apple Wallet. One with several of the passes counts once" }),
    googlePasses: z
      .int()
      .meta({ description: "Passes in Google Wallet. Google does not say how many phones have them" }),
    isExact: z
      .boolean()
      .meta({ description: "Whether there are no more. It is exact up to 10,000 registrations, and passes" }),
  })
  .meta({
    id: "Phones",
    description: "Who has the pass, or a pass of the template or event",
  });

/**
 * What phones show, and what only a dry run reports: members of the answer of a change, in addition to those of the
 * resource.
 */
export const notified = {
  notifications: notifications
    .optional()
    .describe(
      `${notifications.meta()?.description}. Absent in the answer to a repeat with an Idempotency-Key`,
    ),
  googleNotifications: z.array(googleNotification).optional().meta({
    description:
      "What holders of Google Wallet see: one item for each changed field, at most 50. For a template: of passes without an event that do not replace the value. For an event: of passes of the template of its newest pass. Absent without a Google issuer, and in the answer to a repeat with an Idempotency-Key",
  }),
  dryRun: z.literal(true).optional().meta({
    description: "Only with dryRun=true: nothing was written, and the resource is shown as it is",
  }),
  differences: z.array(difference).optional().meta({
    description:
      "Only with dryRun=true: what phones would get differently, at most 100. Images are compared by their SHA-256",
  }),
  hasMoreDifferences: z
    .boolean()
    .optional()
    .meta({ description: "Only with dryRun=true: whether there are more than `differences` has" }),
  phones: phones.optional().meta({
    description:
      "Only with dryRun=true: the phones that are registered for the pass, or for a pass of the template or event",
  }),
  googleReach: googleReach.optional().meta({
    description:
      "Only with dryRun=true, and only with a Google issuer: what sending the change to Google takes. Messages about changed values are one call more for each class or pass",
  }),
};

/** The query of a change. */
export const changeQuery = z.strictObject({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .meta({
      description:
        "true: the request is checked, but nothing is written and no phone is notified. The answer has the resource as it is, and `differences`, `phones`, `notifications` and `lint` as the change would make them",
    }),
});
