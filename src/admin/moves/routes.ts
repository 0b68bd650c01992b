/**
 * Routes of moves: many passes change their event with one request.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { movedBefore, movePasses } from "../../passes/move.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesJson, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

export const movesRoutes = new Hono<AppEnv>().post(
  "/passes/move",
  operation({
    id: "movePasses",
    role: "issuer",
    summary: "Move up to 1,000 passes to an event, or out of their events",
    description:
      "Either all of them are moved or none: ids that do not exist are listed in `passIds` of the refusal. Passes that are " +
      "there already stay as they are, so the request can be repeated. Devices that hold the others are notified.",
    tag: "Passes",
    success: { 200: { description: "How many passes were moved", schema: schemas.moved } },
    refusals: ["pass_not_found", "event_not_found", "duplicate_pass"],
  }),
  takesIdempotencyKey(200, (_, target) => movedBefore(target)),
  takesQuery(noQuery),
  takesJson(schemas.move, MAX_BODY_BYTES.passIds, { example: { passIds: [1, 2], eventId: 1 } }),
  async (c) => {
    const { passIds, eventId } = c.req.valid("json");
    return c.json(await movePasses(c.var.context, passIds, eventId));
  },
);
