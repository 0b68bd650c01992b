/**
 * Routes of projects. The events of a project are in events/routes.ts.
 */
import { Hono, type Context as HonoContext } from "hono";
import * as z from "zod";
import {
  changeProject,
  createProject,
  deleteProject,
  listProjects,
  showProject,
} from "../../events/projects.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { atProject } from "../location.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { idPath, noQuery, paging, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Projects and events";
const project = { description: "The project", schema: schemas.project };

function again(c: HonoContext<AppEnv>, id: string) {
  return showProject(c.var.context.db, Number(id));
}

export const projectsRoutes = new Hono<AppEnv>()
  .post(
    "/projects",
    operation({
      id: "createProject",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Create a project",
      description: "A project groups events and templates. A pass needs none.",
      tag,
      success: { 201: project },
      refusals: ["external_id_taken"],
    }),
    takesIdempotencyKey(201, again, { locate: atProject }),
    takesJson(schemas.newProject, MAX_BODY_BYTES.smallJson, { example: { name: "Concerts" } }),
    async (c) => {
      const project = await createProject(c.var.context, c.req.valid("json"));
      return c.json(project, 201, atProject(project));
    },
  )
  .get(
    "/projects",
    operation({
      id: "listProjects",
      role: "reader",
      summary: "List projects, newest first",
      description: "For the events of a project, see `listEvents`.",
      tag,
      success: { 200: { description: "A page of projects", schema: schemas.projectList } },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => c.json(toList(await listProjects(c.var.context, c.req.valid("query")))),
  )
  .get(
    "/projects/:id",
    operation({
      id: "showProject",
      role: "reader",
      summary: "Show a project",
      description: "For the events of a project, see `listEvents`.",
      tag,
      success: { 200: project },
      refusals: ["project_not_found"],
    }),
    takesPath(idPath),
    async (c) => c.json(await showProject(c.var.context.db, c.req.valid("param").id)),
  )
  .patch(
    "/projects/:id",
    operation({
      id: "changeProject",
      role: "admin",
      summary: "Change a project",
      description: "What the body does not name stays as it is. No pass changes.",
      tag,
      success: { 200: project },
      refusals: ["project_not_found", "external_id_taken"],
    }),
    takesIdempotencyKey(200, again),
    takesPath(idPath),
    takesQuery(noQuery),
    takesJson(schemas.projectChange, MAX_BODY_BYTES.smallJson),
    async (c) => c.json(await changeProject(c.var.context, c.req.valid("param").id, c.req.valid("json"))),
  )
  .delete(
    "/projects/:id",
    operation({
      id: "deleteProject",
      role: "admin",
      summary: "Delete a project that has no events and no templates",
      description: "Delete its events and templates first, or move the templates to another project.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["project_not_found", "project_in_use"],
    }),
    takesIdempotencyKey(204),
    takesPath(idPath),
    async (c) => {
      await deleteProject(c.var.context, c.req.valid("param").id);
      return c.body(null, 204);
    },
  );
