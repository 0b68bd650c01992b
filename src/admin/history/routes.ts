/**
 * Routes of what happened to a pass: its changes.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { listPassChanges } from "../../passes/history.ts";
import { operation, takesPath, takesQuery } from "../openapi/operation.ts";
import { idPath, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

export const historyRoutes = new Hono<AppEnv>().get(
  "/passes/:id/changes",
  operation({
    id: "listPassChanges",
    role: "reader",
    summary: "List the changes of a pass, newest first",
    description:
      "Its own changes, and those of its template and its event since it was issued. The log does not know when a pass moved: these are " +
      "the changes of its present event. A deleted pass still has them. Changes are kept for AUDIT_DAYS.",
    tag: "Passes",
    success: { 200: { description: "A page of changes", schema: schemas.changeList } },
    refusals: ["pass_not_found"],
  }),
  takesPath(idPath),
  takesQuery(schemas.pageQuery),
  async (c) => {
    const { db, scope } = c.var.context;
    const page = await listPassChanges(db, c.req.valid("param").id, c.req.valid("query"), scope);
    return c.json(toList(page));
  },
);
