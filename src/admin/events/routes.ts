/**
 * Routes of the events of a project.
 */
import { Hono, type Context as HonoContext } from "hono";
import { changeEvent } from "../../events/change.ts";
import { createEvent } from "../../events/create.ts";
import { dryRunEventChange } from "../../events/dry-run.ts";
import { listEvents, showEvent } from "../../events/events.ts";
import { lintEvent } from "../../events/lint.ts";
import { showLintedEvent } from "../../events/show-linted.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { demandedRevisions, respondWith, withEtag } from "../../http/revisions.ts";
import { deleteEvent } from "../../passes/delete-event.ts";
import { notificationsOfEvent } from "../../passes/event-notifications.ts";
import { googleChangeOfEvent } from "../../passes/google-change.ts";
import { atEvent } from "../location.ts";
import { changeQuery } from "../notification-schemas.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import {
  notModified,
  operation,
  takesIfMatch,
  takesJson,
  takesPath,
  takesQuery,
} from "../openapi/operation.ts";
import { idPath, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Projects and events";
const event = { description: "The event", schema: schemas.event };
const linted = {
  description:
    "The event, with the findings of the linter in its barcodes and `without`, and about Google Wallet",
  schema: schemas.lintedEvent,
};
const changed = {
  description: "The event, with the findings of the linter and what phones show",
  schema: schemas.changedEvent,
};

async function again(c: HonoContext<AppEnv>, id: string) {
  return showLintedEvent(c.var.context.db, Number(c.req.param("id")), Number(id));
}

export const eventsRoutes = new Hono<AppEnv>()
  .post(
    "/projects/:id/events",
    operation({
      id: "createEvent",
      role: "admin",
      summary: "Create an event",
      description:
        "An event holds what its passes have in common. Issue passes with its `eventId`, or set the `eventId` of existing passes.",
      tag,
      success: { 201: linted },
      refusals: [
        "project_not_found",
        "invalid_pass",
        "null_not_allowed",
        "content_too_large",
        "external_id_taken",
      ],
    }),
    takesIdempotencyKey(201, again, { locate: atEvent }),
    takesPath(idPath),
    takesJson(schemas.newEvent, MAX_BODY_BYTES.event, {
      example: { name: "Opening night", values: { gate: "B" } },
    }),
    async (c) => {
      const event = await createEvent(c.var.context, c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...withEtag(c, event), lint: lintEvent(event, undefined) }, 201, atEvent(event));
    },
  )
  .get(
    "/projects/:id/events",
    operation({
      id: "listEvents",
      role: "reader",
      summary: "List the events of a project, newest first",
      description:
        "With the values of each event, but without its passes: these are found with `GET /admin/v1/passes?eventId=`.",
      tag,
      success: { 200: { description: "A page of events", schema: schemas.eventList } },
      refusals: ["project_not_found"],
    }),
    takesPath(idPath),
    takesQuery(schemas.eventQuery),
    async (c) => {
      const { id } = c.req.valid("param");
      const { cursor, limit, ...filter } = c.req.valid("query");
      return c.json(toList(await listEvents(c.var.context.db, id, filter, { cursor, limit })));
    },
  )
  .get(
    "/projects/:id/events/:eventId",
    operation({
      id: "showEvent",
      role: "reader",
      summary: "Show an event",
      description: "The answer has an ETag, for If-Match and If-None-Match.",
      tag,
      success: { 200: event, 304: notModified },
      refusals: ["event_not_found"],
    }),
    takesPath(schemas.eventPath),
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      return respondWith(c, await showEvent(c.var.context.db, id, eventId));
    },
  )
  .patch(
    "/projects/:id/events/:eventId",
    operation({
      id: "changeEvent",
      role: "issuer",
      summary: "Change an event and all its passes",
      description:
        "`values` and `pass` are merged by key into what the event says (RFC 7396): absent keys stay, and null removes one. Arrays and " +
        "`without` replace those of the event. Devices that hold the passes are notified if the event shows something different.",
      tag,
      success: { 200: changed },
      refusals: ["event_not_found", "invalid_pass", "content_too_large", "external_id_taken"],
    }),
    takesIdempotencyKey(200, again),
    takesPath(schemas.eventPath),
    takesIfMatch,
    takesQuery(changeQuery),
    takesJson(schemas.eventChange, MAX_BODY_BYTES.event, { example: { values: { gate: "C" } } }),
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      const demanded = demandedRevisions(c.req.raw);
      const input = c.req.valid("json");
      if (c.req.valid("query").dryRun) {
        const dry = await dryRunEventChange(c.var.context, id, eventId, input, demanded);
        const notifications = notificationsOfEvent(dry.change);
        const { hasGoogleIssuer } = dry.change;
        const foreseen = { hasGoogleIssuer, isDryRun: true, notifications };
        const google = await googleChangeOfEvent(c.var.context, dry.change, foreseen);
        return c.json({ ...withEtag(c, dry.event), ...dry.report, notifications, ...google });
      }
      const written = await changeEvent(c.var.context, id, eventId, input, demanded);
      const { event, example, hasGoogleIssuer } = written;
      const notifications = notificationsOfEvent(written);
      const foreseen = { hasGoogleIssuer, isDryRun: false, notifications };
      const google = await googleChangeOfEvent(c.var.context, written, foreseen);
      return c.json({ ...withEtag(c, event), lint: lintEvent(event, example), notifications, ...google });
    },
  )
  .delete(
    "/projects/:id/events/:eventId",
    operation({
      id: "deleteEvent",
      role: "admin",
      summary: "Delete an event",
      description:
        "Its passes stay, without the event's values, `voided` and expirationDate. If passes are voided or expired only by the event, " +
        "they would be valid again, and the request is refused, unless it has `force`.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["event_not_found", "passes_become_valid"],
    }),
    takesIdempotencyKey(204),
    takesPath(schemas.eventPath),
    takesIfMatch,
    takesQuery(schemas.eventDeletion),
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      const { force } = c.req.valid("query");
      const demanded = demandedRevisions(c.req.raw);
      await deleteEvent(c.var.context, { projectId: id, id: eventId, force, demanded });
      return c.body(null, 204);
    },
  );
