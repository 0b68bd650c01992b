/**
 * Routes of what Google refused for good: the list, and another try.
 */
import { Hono } from "hono";
import { listGoogleFailures, retryGoogleFailures } from "../../google-wallet/failures.ts";
import type { AppEnv } from "../../http/context.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Operations";

export const googleFailuresRoutes = new Hono<AppEnv>()
  .get(
    "/google-failures",
    operation({
      id: "listGoogleFailures",
      role: "reader",
      isForWholeDeployment: true,
      summary: "List what Google Wallet refused, templates first, the oldest first",
      description:
        "Each is not sent again until it is changed, or until all of them are tried again. At most 100 templates and 100 passes are " +
        "listed, and `nextCursor` is always null. What is only late is not listed: it is repeated by itself.",
      tag,
      success: {
        200: { description: "What Google refused, with its words", schema: schemas.googleFailureList },
      },
    }),
    takesQuery(noQuery),
    async (c) => c.json({ items: await listGoogleFailures(c.var.context.db), nextCursor: null }),
  )
  .post(
    "/google-failures/retry",
    operation({
      id: "retryGoogleFailures",
      role: "admin",
      isForWholeDeployment: true,
      summary: "Try again to send what Google Wallet refused",
      description:
        "All of it, even what is not listed: it leaves the list, and is sent within a minute. What Google refuses again is listed again.",
      tag,
      success: { 200: { description: "How many are tried again", schema: schemas.googleRetry } },
    }),
    takesIdempotencyKey(200, async (_c, retried) => ({ retried: Number(retried) })),
    async (c) => c.json({ retried: await retryGoogleFailures(c.var.context) }),
  );
