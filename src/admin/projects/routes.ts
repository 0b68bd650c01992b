/**
 * Projects of the canonical API, and their events.
 */
import { Hono } from "hono";
import * as z from "zod";
import { changeEvent, createEvent, deleteEvent, listEvents, showEvent } from "../../events/events.ts";
import {
  changeProject,
  createProject,
  deleteProject,
  listProjects,
  showProject,
} from "../../events/projects.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { numericId } from "../../http/validate.ts";
import { operation, page, paging, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import * as shapes from "../schemas.ts";

const TAG = "Projects and events";
const project = { description: "The project", schema: shapes.project };
const event = { description: "The event", schema: shapes.event };
const projectPath = takesPath(numericId);
const eventPath = takesPath(z.object({ id: numericId.shape.id, eventId: numericId.shape.id }));

export const projectsRoutes = new Hono<AppEnv>()
  .post(
    "/projects",
    operation("Make a project", TAG, { 201: project }, ["external_id_taken"]),
    takesJson(shapes.newProject, MAX_BODY_BYTES.smallJson),
    async (c) => c.json(await createProject(c.var.context.db, c.req.valid("json"), c.var.context.now), 201),
  )
  .get(
    "/projects",
    operation("List projects, newest first", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.project) },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(page(await listProjects(c.var.context.db, cursor, limit + 1), limit));
    },
  )
  .get(
    "/projects/:id",
    operation("Show a project", TAG, { 200: project }, ["project_not_found"]),
    projectPath,
    async (c) => c.json(await showProject(c.var.context.db, c.req.valid("param").id)),
  )
  .patch(
    "/projects/:id",
    operation("Change a project", TAG, { 200: project }, ["project_not_found", "external_id_taken"]),
    projectPath,
    takesQuery(z.strictObject({})),
    takesJson(shapes.projectChange, MAX_BODY_BYTES.smallJson),
    async (c) =>
      c.json(
        await changeProject(
          c.var.context.db,
          c.req.valid("param").id,
          c.req.valid("json"),
          c.var.context.now,
        ),
      ),
  )
  .delete(
    "/projects/:id",
    operation("Delete a project without events and templates", TAG, { 204: { description: "Deleted" } }, [
      "project_not_found",
      "project_in_use",
    ]),
    projectPath,
    async (c) => {
      await deleteProject(c.var.context.db, c.req.valid("param").id);
      return c.body(null, 204);
    },
  )
  .post(
    "/projects/:id/events",
    operation("Make an event", TAG, { 201: event }, [
      "project_not_found",
      "invalid_pass",
      "external_id_taken",
    ]),
    projectPath,
    takesJson(shapes.newEvent, MAX_BODY_BYTES.event),
    async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await createEvent(c.var.context, id, c.req.valid("json")), 201);
    },
  )
  .get(
    "/projects/:id/events",
    operation(
      "List a project's events, newest first",
      TAG,
      { 200: { description: "A page", schema: shapes.listOf(shapes.event) } },
      ["project_not_found"],
    ),
    projectPath,
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(
        page(await listEvents(c.var.context.db, c.req.valid("param").id, cursor, limit + 1), limit),
      );
    },
  )
  .get(
    "/projects/:id/events/:eventId",
    operation("Show an event", TAG, { 200: event }, ["event_not_found"]),
    eventPath,
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      return c.json(await showEvent(c.var.context.db, id, eventId));
    },
  )
  .patch(
    "/projects/:id/events/:eventId",
    operation("Change an event, and with it all its passes", TAG, { 200: event }, [
      "event_not_found",
      "invalid_pass",
      "external_id_taken",
    ]),
    eventPath,
    takesQuery(z.strictObject({})),
    takesJson(shapes.eventChange, MAX_BODY_BYTES.event),
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      return c.json(await changeEvent(c.var.context, id, eventId, c.req.valid("json")));
    },
  )
  .delete(
    "/projects/:id/events/:eventId",
    operation("Delete an event; its passes live on without it", TAG, { 204: { description: "Deleted" } }, [
      "event_not_found",
    ]),
    eventPath,
    async (c) => {
      const { id, eventId } = c.req.valid("param");
      await deleteEvent(c.var.context, id, eventId);
      return c.body(null, 204);
    },
  );
