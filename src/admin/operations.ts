/**
 * What the operator looks at: health, what devices reported, what the push queue gave up on.
 */
import { Hono } from "hono";
import * as z from "zod";
import { listLogs } from "../devices/device-logs.ts";
import { listDeadLetters } from "../push/dead-letters.ts";
import { type AdminEnv, operation, page, paging, takesQuery } from "./declare.ts";
import { examine } from "./health.ts";
import * as shapes from "./shapes.ts";

const TAG = "Operations";

export const operationsRoutes = new Hono<AdminEnv>()
  .get(
    "/health",
    operation("What needs the operator", TAG, {
      200: { description: "Findings, the worst first", schema: shapes.health },
    }),
    async (c) => c.json(await examine(c.var.db, c.var.config.publicOrigin, Date.now())),
  )
  .get(
    "/device-logs",
    operation("What devices sent to /v1/log, newest first, unverified", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.deviceLog) },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(page(await listLogs(c.var.db, cursor, limit + 1), limit));
    },
  )
  .get(
    "/dead-letters",
    operation("Push messages that gave up in the last month, newest first", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.deadLetter) },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(page(await listDeadLetters(c.var.db, cursor, limit + 1), limit));
    },
  );
