/**
 * Schemas of what happened to a pass, and to a change.
 */
import * as z from "zod";
import { PUSH_STATES } from "../../changes/push-state.ts";
import { changes } from "../../db/schema.ts";
import { PHONE_PUSHES } from "../../passes/phones.ts";
import { paging } from "../openapi/parameters.ts";
import { instant, listSchema, nullable } from "../schemas.ts";

export const pageQuery = z.strictObject(paging);

const push = z.enum(PUSH_STATES).meta({
  description:
    "The state of its pushes. silent: nothing is sent, because phones do not show it, or none had the pass. waiting: pushes are " +
    "paused, or the push queue has not accepted it yet. queued: its job, or that of the next phones, is in the push queue. " +
    "dispatched: the messages for all of its phones were given to the push queue",
});

const change = z
  .object({
    id: z.int().meta({ description: "Its place in the change log: a later change has a greater one" }),
    kind: z.enum(changes.kind.enumValues).meta({ description: "What was done" }),
    passId: z.int().nullable().meta({ description: "The pass, if it is a change of the pass itself" }),
    templateId: z.int().nullable().meta({ description: "The template, if it is a change of the template" }),
    eventId: z.int().nullable().meta({ description: "The event, if it is a change of the event" }),
    actor: z.string().meta({
      description:
        "Who made it: `key:ID NAME`, `admin` for the ADMIN_TOKEN, `join` for the join page, `holder` for a phone",
    }),
    redemptionId: nullable.string.meta({ description: "For a redemption: its redemptionId, or its scanId" }),
    at: instant.meta({
      description:
        "When it was made, rounded up to a whole second, because phones get it as Last-Modified. It is later than the changes before it",
    }),
    push,
    dueAt: nullable.instant.meta({
      description: "With waiting and queued: when its next push job is due",
    }),
    dispatchedAt: nullable.instant.meta({
      description: "With dispatched: when it was dispatched, but not before `at`",
    }),
  })
  .meta({ id: "Change" });
export const changeList = listSchema(change, "ChangePage")
  .extend({
    google: z
      .object({
        installedAt: nullable.instant.meta({
          description: "When it was last saved there. Null if it never was",
        }),
        uninstalledAt: nullable.instant.meta({ description: "When it was removed. Null while it is there" }),
      })
      .meta({
        description:
          "In Google Wallet, as Google's callbacks say. They are not in the log, so each page has it",
      }),
  })
  .meta({ id: "ChangeList" });

const phone = z
  .object({
    id: z.int().meta({ description: "The id of the registration, as long as it lasts" }),
    device: z.string().meta({
      description:
        "The same for all passes of a pass type on one phone. An HMAC of its device library identifier: another one after MASTER_SECRET was rotated",
    }),
    pushToken: z.string().meta({ description: "The end of the push token" }),
    wallet: z.string().meta({ description: "apple, or another wallet, which is not pushed by APNs" }),
    registeredAt: instant.meta({
      description: "When the phone last sent the registration or a new push token",
    }),
    push: z.enum(PHONE_PUSHES).meta({
      description:
        "Whether the phone was notified of the newest change that it shows. done: APNs has accepted a push since, or the phone " +
        "registered after it. waiting: the change is not dispatched yet. unconfirmed: it is, and APNs has not accepted the push yet; it " +
        "is in the queue or retried. gave_up: it is in a dead letter. none: APNs does not push this wallet",
    }),
    nextPushAt: nullable.instant.meta({
      description: "With waiting, and unless pushes are paused: when the push is due",
    }),
    lastAnswer: z
      .object({
        at: instant.meta({ description: "When it was accepted, or gave up" }),
        accepted: z.boolean().meta({ description: "Whether APNs accepted the push (status 200)" }),
        reason: nullable.string.meta({
          description: "For a push that gave up: APNs' reason. Null if D1 or the queue failed",
        }),
      })
      .nullable()
      .meta({
        description: "The last push to its push token that APNs accepted, or that gave up later. Null: none",
      }),
    doubted: z.boolean().meta({
      description: "Whether APNs calls its push token bad (BadDeviceToken), which is not believed yet",
    }),
  })
  .meta({ id: "Phone" });

export const phoneList = listSchema(phone, "PhonePage")
  .extend({
    paused: z.boolean(),
    failure: z
      .object({
        reason: z.string().meta({ description: "APNs' reason" }),
        firstFailedAt: instant.meta({ description: "When it was first seen" }),
        lastFailedAt: instant.meta({ description: "When it was last seen" }),
        cure: z.string(),
      })
      .nullable()
      .meta({
        description: "Why no push of the pass type is accepted. Null if pushes get out",
      }),
  })
  .meta({ id: "PhoneList" });

export const progress = z
  .object({
    change: change.nullable().meta({
      description: "The newest change that was or will be pushed. Null if none of the newest 20 changes is",
    }),
    phones: z
      .object({
        count: z.int().meta({ description: "Phones that have one of its passes and are pushed" }),
        isExact: z.boolean().meta({
          description:
            "false if there are more than 10,000 registrations: then `count` and `notified` are estimates",
        }),
      })
      .meta({ description: "The phones that the change concerns" }),
    notified: z.int().meta({
      description:
        "How many of them were notified: APNs accepted a push since the change, or they registered after it",
    }),
    gaveUp: z.int().meta({
      description:
        "How many of them are in a dead letter of the change. Only the newest 100 dead letters are searched",
    }),
    paused: z.boolean(),
    pushesPerSecond: z.int().nullable(),
    perSecond: z.number().nullable().meta({
      description: "How many were notified in a second, on average. Null: none yet, or nothing is left",
    }),
    endsAt: nullable.instant.meta({
      description:
        "When the last one is notified, at this pace. Null while pushes are paused, before the first one, if nothing is left, and " +
        "once the rest is only being retried, or if it would last more than 30 days",
    }),
    google: z
      .object({
        objects: z
          .object({
            count: z
              .int()
              .meta({ description: "Passes that Google has, or that somebody has asked to add there" }),
            isExact: z.boolean().meta({
              description: "false if there are more than 10,000: then the numbers of passes are estimates",
            }),
          })
          .meta({ description: "The passes of the template or the event in Google Wallet" }),
        waiting: z.int().meta({
          description:
            "How many of them still have to be sent, because of any change. A change that only the class shows concerns none",
        }),
        gaveUp: z
          .int()
          .meta({ description: "How many of them Google refused: GET /google-failures has the reasons" }),
        classes: z
          .object({
            waiting: z.int().meta({ description: "How many still have to be sent" }),
            gaveUp: z.int().meta({ description: "How many Google refused" }),
          })
          .meta({
            description:
              "What all passes of the template, or of one of its events, show: one call for all of them",
          }),
        seconds: z.int().meta({
          description: "How long what waits takes at 15 calls a second, if nothing else waits",
        }),
      })
      .optional()
      .meta({ description: "The progress in Google Wallet. Absent without an issuer" }),
  })
  .meta({ id: "Progress" });
