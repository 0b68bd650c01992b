/**
 * Routes for the operator: health, device logs, the push queue, and the master secret.
 */
import { Hono } from "hono";
import * as z from "zod";
import { moveBeyondLost, newestTag } from "../../changes/restored.ts";
import { AFTER_PAUSE } from "../../changes/sweep.ts";
import { listLogs } from "../../devices/device-logs.ts";
import { ApiError } from "../../errors.ts";
import { checkHealth } from "../../health/check.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { holdsRole } from "../../keys/roles.ts";
import { logEvent } from "../../log-events.ts";
import { type PushControl, readPushControl, setPushControl } from "../../push/control.ts";
import {
  countDeadLetters,
  listDeadLetters,
  replayDeadLetter,
  replayDeadLetters,
  withoutTokens,
} from "../../push/dead-letters.ts";
import { sendWaiting } from "../../push/held.ts";
import { olderEntries } from "../../secrets/reseal.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesJson, takesPath, takesQuery } from "../openapi/operation.ts";
import { idPath, paging, toList } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Operations";
/** A page of stored messages. */
const MAX_REPLAYED = 1000;
const control = { description: "The settings", schema: schemas.pushControlState };

export const operationsRoutes = new Hono<AppEnv>()
  .get(
    "/health",
    operation({
      id: "showHealth",
      role: "reader",
      isForWholeDeployment: true,
      summary: "Show what needs the operator's attention",
      description:
        "A new deployment also gets its next steps, each with the call. Monitors can poll `GET /healthz`, which needs no key.",
      tag,
      success: { 200: { description: "Findings, errors first", schema: schemas.health } },
    }),
    async (c) => {
      const { db, config, now } = c.var.context;
      return c.json(await checkHealth(db, config, now));
    },
  )
  .get(
    "/device-logs",
    operation({
      id: "listDeviceLogs",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List the requests of devices to /v1/log, newest first",
      description:
        "The lines are not verified, because anyone can send them. The newest 1,000 requests are stored.",
      tag,
      success: { 200: { description: "A page of requests", schema: schemas.deviceLogList } },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => c.json(toList(await listLogs(c.var.context.db, c.req.valid("query")))),
  )
  .get(
    "/dead-letters",
    operation({
      id: "listDeadLetters",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List push messages that failed permanently in the last month, newest first",
      description:
        "Those with a temporary reason are replayed by Edgepass itself. The others wait: correct the cause, then replay them. " +
        "Only a key with the role admin sees their push tokens.",
      tag,
      success: { 200: { description: "A page of dead letters", schema: schemas.deadLetterList } },
    }),
    takesQuery(z.strictObject(paging)),
    async (c) => {
      const { db, role } = c.var.context;
      const page = await listDeadLetters(db, c.req.valid("query"));
      const items = holdsRole(role, "admin") ? page.items : page.items.map(withoutTokens);
      return c.json(toList({ ...page, items }));
    },
  )
  .post(
    "/dead-letters/replay",
    operation({
      id: "replayDeadLetters",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Send the oldest dead letters to the push queue again",
      description: "At most 1,000 in one call. Repeat the call while `left` is greater than 0.",
      tag,
      success: {
        200: {
          description: "The number of messages that were sent, and the number that are left",
          schema: schemas.replayed,
        },
      },
    }),
    takesIdempotencyKey(
      200,
      async (c, replayed) => ({
        replayed: Number(replayed),
        left: await countDeadLetters(c.var.context.db),
      }),
      { looksFirst: true },
    ),
    async (c) => {
      const { context } = c.var;
      const { tokensPerMessage } = context.config;
      return c.json(await replayDeadLetters(context, c.env.PUSH_QUEUE, tokensPerMessage, MAX_REPLAYED));
    },
  )
  .post(
    "/dead-letters/:id/replay",
    operation({
      id: "replayDeadLetter",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Send a dead letter to the push queue again",
      description: "It leaves the list. If it fails again, it is a dead letter again.",
      tag,
      success: { 204: { description: "Sent" } },
      refusals: ["dead_letter_not_found"],
    }),
    takesIdempotencyKey(204, undefined, { looksFirst: true }),
    takesPath(idPath),
    async (c) => {
      const { id } = c.req.valid("param");
      if (await replayDeadLetter(c.var.context, c.env.PUSH_QUEUE, id)) return c.body(null, 204);
      throw new ApiError(
        "dead_letter_not_found",
        `There is no dead letter ${id}, or it was already replayed.`,
      );
    },
  )
  .post(
    "/restored",
    operation({
      id: "moveChangeLog",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Recover after restoring an older database",
      description:
        "Moves the change log past the ids of the lost changes. To devices, every pass then looks changed, and they fetch it again. New passes, templates and events get ids that the lost database did not give out: call it before you make any.",
      tag,
      success: { 200: { description: "The newest update tag", schema: schemas.restored } },
    }),
    takesIdempotencyKey(200, async (c) => ({ tag: await newestTag(c.var.context.db) })),
    async (c) => c.json(await moveBeyondLost(c.var.context)),
  )
  .get(
    "/master-secret",
    operation({
      id: "showMasterSecret",
      role: "reader",
      isForWholeDeployment: true,
      summary: "Show which older entries of MASTER_SECRET are still in use",
      description:
        "Counts the uses of each entry over all passes. An older entry without uses can be removed.",
      tag,
      success: { 200: { description: "The entries, without the secrets", schema: schemas.masterSecret } },
    }),
    async (c) => {
      const { db, config } = c.var.context;
      const { secrets } = config;
      return c.json({ newest: secrets.newestKeyId, older: await olderEntries(db, secrets) });
    },
  )
  .get(
    "/push",
    operation({
      id: "showPushControl",
      role: "reader",
      isForWholeDeployment: true,
      summary: "Show whether pushes are paused, and their rate limit",
      description: "Both are set with PUT.",
      tag,
      success: { 200: control },
    }),
    async (c) => c.json(toResponse(await readPushControl(c.var.context.db))),
  )
  .put(
    "/push",
    operation({
      id: "changePushControl",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Pause or resume pushes, or limit their rate",
      description:
        "Pushes that are due during a pause are not lost, and cost nothing while they wait: they are sent when pushes resume.",
      tag,
      success: { 200: control },
    }),
    takesIdempotencyKey(200, async (c) => toResponse(await readPushControl(c.var.context.db))),
    takesJson(schemas.pushControlChange, MAX_BODY_BYTES.smallJson, { example: { paused: true } }),
    async (c) => {
      const { db, now } = c.var.context;
      const control = await setPushControl(c.var.context, c.req.valid("json"));
      // Some of what waits is sent at once. The rest, and what fails, is left to the cron trigger that runs every minute.
      const sent = sendWaiting(db, c.env.PUSH_QUEUE, control, now, AFTER_PAUSE).catch((error: unknown) =>
        logEvent("outbox_sweep_failed", { error }),
      );
      c.executionCtx.waitUntil(sent);
      return c.json(toResponse(control));
    },
  );

function toResponse({ pausedAt, pushesPerSecond }: PushControl) {
  const at = pausedAt === null ? null : new Date(pausedAt).toISOString();
  return { paused: pausedAt !== null, pausedAt: at, pushesPerSecond };
}
