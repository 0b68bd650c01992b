/**
 * What the operator looks at: health, what devices reported, what the push queue gave up on.
 */
import { Hono } from "hono";
import * as z from "zod";
import { sweepOutbox } from "../../changes/outbox.ts";
import { moveBeyondLost } from "../../changes/restored.ts";
import { listLogs } from "../../devices/device-logs.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { numericId } from "../../http/validate.ts";
import { type PushControl, readPushControl, setPushControl } from "../../push/control.ts";
import { listDeadLetters, replayDeadLetter, replayDeadLetters } from "../../push/dead-letters.ts";
import { sendChangeJobs } from "../../push/messages.ts";
import { olderEntries } from "../../secrets/reseal.ts";
import { operation, page, paging, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { listOf } from "../schemas.ts";
import { examine } from "./health.ts";
import * as shapes from "./schemas.ts";

const TAG = "Operations";
/** Each is one message and one row: far below what a request may ask of the platform. */
const REPLAYED_AT_ONCE = 100;
const restored = z.object({ tag: z.int() });
const olderEntry = z.object({ keyId: z.string(), present: z.boolean(), passes: z.int(), sealed: z.int() });
const masterSecret = z.object({ newest: z.string(), older: z.array(olderEntry) });
const control = { description: "As it is set", schema: shapes.pushControl };

export const operationsRoutes = new Hono<AppEnv>()
  .get(
    "/health",
    operation("What needs the operator", TAG, {
      200: { description: "Findings, the worst first", schema: shapes.health },
    }),
    async (c) =>
      c.json(await examine(c.var.context.db, c.var.context.config.publicOrigin, c.var.context.now)),
  )
  .get(
    "/device-logs",
    operation("What devices sent to /v1/log, newest first, unverified", TAG, {
      200: { description: "A page", schema: listOf(shapes.deviceLog) },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(page(await listLogs(c.var.context.db, cursor, limit + 1), limit));
    },
  )
  .get(
    "/dead-letters",
    operation("Push messages that gave up in the last month, newest first", TAG, {
      200: { description: "A page", schema: listOf(shapes.deadLetter) },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      return c.json(page(await listDeadLetters(c.var.context.db, cursor, limit + 1), limit));
    },
  )
  .post(
    "/dead-letters/replay",
    operation("Send the oldest dead letters to the push queue once more", TAG, {
      200: { description: "How many, and how many are left", schema: shapes.replayed },
    }),
    async (c) => c.json(await replayDeadLetters(c.var.context.db, c.env.PUSH_QUEUE, REPLAYED_AT_ONCE)),
  )
  .post(
    "/dead-letters/:id/replay",
    operation("Send a dead letter to the push queue once more", TAG, { 204: { description: "Sent" } }, [
      "dead_letter_not_found",
    ]),
    takesPath(numericId),
    async (c) => {
      const { id } = c.req.valid("param");
      if (await replayDeadLetter(c.var.context.db, c.env.PUSH_QUEUE, id)) return c.body(null, 204);
      throw new ApiError("dead_letter_not_found", `There is no dead letter ${id}, or it was replayed.`);
    },
  )
  .post(
    "/restored",
    operation("After an older database was restored: move the change log beyond what was lost", TAG, {
      200: { description: "The newest tag; every pass is listed and fetched anew", schema: restored },
    }),
    async (c) => c.json(await moveBeyondLost(c.var.context)),
  )
  .get(
    "/master-secret",
    operation("Which older entries of MASTER_SECRET are still needed, and by how much", TAG, {
      200: { description: "Counted now, over all passes", schema: masterSecret },
    }),
    async (c) => {
      const { secrets } = c.var.context.config;
      return c.json({ newest: secrets.newestKeyId, older: await olderEntries(c.var.context.db, secrets) });
    },
  )
  .get(
    "/push",
    operation("Whether pushes are paused, and the pace of campaigns", TAG, { 200: control }),
    async (c) => c.json(shown(await readPushControl(c.var.context.db))),
  )
  .put(
    "/push",
    operation("Pause pushes, let them go on, set the pace of campaigns", TAG, { 200: control }),
    takesJson(shapes.pushControlChange, MAX_BODY_BYTES.smallJson),
    async (c) => {
      const { db, now } = c.var.context;
      const set = await setPushControl(db, c.req.valid("json"), now);
      // What waited in the outbox does not wait for the next minute.
      if (set.pausedAt === null)
        c.executionCtx.waitUntil(sweepOutbox(db, sendChangeJobs(c.env.PUSH_QUEUE), now));
      return c.json(shown(set));
    },
  );

function shown({ pausedAt, pushesPerSecond }: PushControl) {
  const at = pausedAt === null ? null : new Date(pausedAt).toISOString();
  return { paused: pausedAt !== null, pausedAt: at, pushesPerSecond };
}
