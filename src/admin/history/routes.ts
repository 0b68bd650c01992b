/**
 * Routes of the history of a pass (its changes, and the pushes to its phones), and of the progress of a change of a template
 * or an event.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { listPassChanges } from "../../passes/history.ts";
import { listPhones } from "../../passes/phones.ts";
import { eventProgress, templateProgress } from "../../passes/progress.ts";
import { eventPath } from "../events/schemas.ts";
import { operation, takesPath, takesQuery } from "../openapi/operation.ts";
import { idPath, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const progress = { description: "The change, and its phones", schema: schemas.progress };
const PROGRESS =
  "For the newest change that was or will be pushed: how many phones it concerns, how many were notified, and when it ends at this pace. " +
  "What is in the push queue is not known.";

export const historyRoutes = new Hono<AppEnv>()
  .get(
    "/passes/:id/changes",
    operation({
      id: "listPassChanges",
      role: "reader",
      summary: "List the changes of a pass, newest first",
      description:
        "Its own changes, and those of its template and its event since it was issued. The log does not say when a pass moved: these are " +
        "the changes of its present event. A deleted pass still has them. Changes are kept for AUDIT_DAYS.",
      tag: "Passes",
      success: { 200: { description: "A page of changes", schema: schemas.changeList } },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    takesQuery(schemas.pageQuery),
    async (c) => {
      const { db, scope } = c.var.context;
      const { google, ...page } = await listPassChanges(
        db,
        c.req.valid("param").id,
        c.req.valid("query"),
        scope,
      );
      return c.json({ ...toList(page), google });
    },
  )
  .get(
    "/passes/:id/phones",
    operation({
      id: "listPhones",
      role: "reader",
      summary: "List the phones of a pass, newest first",
      description:
        "Its registrations, with the last push to each, and when the next one is due. What is retried is only in the queue, and what a " +
        "phone has fetched is not stored. Of a pass with more than 2,000 phones, 2,000 are listed.",
      tag: "Passes",
      success: { 200: { description: "A page of phones", schema: schemas.phoneList } },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    takesQuery(schemas.pageQuery),
    async (c) => {
      const { paused, failure, ...page } = await listPhones(
        c.var.context,
        c.req.valid("param").id,
        c.req.valid("query"),
      );
      return c.json({ ...toList(page), paused, failure });
    },
  )
  .get(
    "/templates/:id/progress",
    operation({
      id: "showTemplateProgress",
      role: "reader",
      summary: "Show the progress of a template's change",
      description: PROGRESS,
      tag: "Templates",
      success: { 200: progress },
      refusals: ["template_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { db, now } = c.var.context;
      return c.json(await templateProgress(db, c.req.valid("param").id, now));
    },
  )
  .get(
    "/projects/:id/events/:eventId/progress",
    operation({
      id: "showEventProgress",
      role: "reader",
      summary: "Show the progress of an event's change",
      description: PROGRESS,
      tag: "Projects and events",
      success: { 200: progress },
      refusals: ["event_not_found"],
    }),
    takesPath(eventPath),
    async (c) => {
      const { db, now } = c.var.context;
      const { id, eventId } = c.req.valid("param");
      return c.json(await eventProgress(db, id, eventId, now));
    },
  );
