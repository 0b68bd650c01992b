/**
 * Schemas of what Google refused.
 */
import * as z from "zod";
import { instant, listSchema } from "../schemas.ts";

const googleFailure = z
  .object({
    issuerId: z.string(),
    kind: z.enum(["class", "object"]).meta({
      description: "class: what all passes of a template, or of one of its events, show. object: a pass",
    }),
    type: z.string(),
    resourceId: z.string(),
    templateId: z.int().nullable().meta({ description: "With class: the `id` of the template" }),
    eventId: z.int().nullable().meta({
      description: "With class: the `id` of the event. Null for passes without an event",
    }),
    passId: z.int().nullable().meta({ description: "With object: the `id` of the pass" }),
    code: z.string(),
    detail: z.string(),
    cure: z.string(),
    refusedAt: instant,
  })
  .meta({ id: "GoogleFailure" });
export const googleFailureList = listSchema(googleFailure, "GoogleFailureList");

export const googleRetry = z.object({ retried: z.int() }).meta({ id: "GoogleRetry" });
