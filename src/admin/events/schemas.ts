/**
 * Schemas of events.
 */
import * as z from "zod";
import { reported } from "../lint/schemas.ts";
import { notified } from "../notification-schemas.ts";
import { idParameter, paging } from "../openapi/parameters.ts";
import {
  changedValues,
  externalId,
  fieldOverride,
  instant,
  listSchema,
  name,
  nullable,
  overridesPatch,
  overridingPass,
  revision,
  soughtExternalId,
  values,
  without,
} from "../schemas.ts";

export const newEvent = z
  .strictObject({
    name,
    externalId: externalId.optional(),
    values: values.optional(),
    pass: overridingPass.optional(),
    without: without.optional(),
  })
  .meta({ id: "NewEvent" });

export const eventChange = z
  .strictObject({
    name: name.optional(),
    externalId: externalId.nullable().optional(),
    values: changedValues.optional(),
    pass: overridesPatch.optional(),
    without: without.optional(),
  })
  .meta({ id: "EventChange" });

export const event = z
  .object({
    id: z.int(),
    projectId: z.int(),
    name: z.string(),
    externalId: nullable.string,
    values: z.record(z.string(), fieldOverride),
    pass: z.record(z.string(), z.unknown()),
    without: z.array(z.string()),
    revision,
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: "Event" });
export const lintedEvent = event.extend(reported).meta({ id: "LintedEvent" });
export const changedEvent = lintedEvent.extend(notified).meta({ id: "ChangedEvent" });
export const eventList = listSchema(event, "EventList");

/** `/projects/:id/events/:eventId` */
export const eventPath = z.object({ id: idParameter, eventId: idParameter });

export const eventDeletion = z.strictObject({
  force: z
    .enum(["true", "false"])
    .default("false")
    .transform((value) => value === "true")
    .meta({ description: "true: delete the event even if passes become valid again" }),
});

export const eventQuery = z.strictObject({
  ...paging,
  externalId: soughtExternalId
    .optional()
    .meta({ description: "Only the event of this project with this externalId" }),
});
