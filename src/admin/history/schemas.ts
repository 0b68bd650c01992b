/**
 * Schemas of what happened to a pass.
 */
import * as z from "zod";
import { PUSH_STATES } from "../../changes/push-state.ts";
import { changes } from "../../db/schema.ts";
import { paging } from "../openapi/parameters.ts";
import { instant, listSchema, nullable } from "../schemas.ts";

export const pageQuery = z.strictObject(paging);

const push = z.enum(PUSH_STATES).meta({
  description:
    "How far its pushes are. silent: nothing is sent, because phones show nothing of it, or none had the pass. waiting: pushes are " +
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
    redemptionId: nullable.string.meta({ description: "Of a redemption: its redemptionId, or its scanId" }),
    at: instant.meta({
      description: "When it was made, in whole seconds. It is later than the changes before it",
    }),
    push,
    dueAt: nullable.instant.meta({
      description: "With waiting and queued: when its next push job is due",
    }),
    dispatchedAt: nullable.instant.meta({ description: "With dispatched: since when it is" }),
  })
  .meta({ id: "Change" });
export const changeList = listSchema(change, "ChangeList");
