/**
 * Routes of the status of a pass: redeem, unredeem, void, unvoid.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { demandedRevisions, withEtag } from "../../http/revisions.ts";
import { redeemPass, refusedRedemption, unredeemPass } from "../../passes/redeem.ts";
import { unvoidPass, voidPass } from "../../passes/void.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import { operation, takesIfMatch, takesJson, takesPath } from "../openapi/operation.ts";
import { idPath } from "../openapi/parameters.ts";
import { passAgain } from "../passes/again.ts";
import * as schemas from "../passes/schemas.ts";

const tag = "Passes";
const pass = { description: "The pass", schema: schemas.pass };

export const passStatusRoutes = new Hono<AppEnv>()
  .post(
    "/passes/:id/redeem",
    operation({
      id: "redeemPass",
      role: "issuer",
      summary: "Redeem a pass, once",
      description:
        "If two requests arrive at the same time, one succeeds and the other gets already_redeemed. " +
        "A retry with the same `redemptionId` succeeds again, even if the pass was voided or has expired since. " +
        "With `force`, a voided or expired pass is redeemed too.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "already_redeemed", "pass_voided", "pass_expired"],
    }),
    takesIdempotencyKey(200, passAgain),
    takesPath(idPath),
    takesIfMatch,
    takesJson(schemas.redemption, MAX_BODY_BYTES.smallJson, {
      optional: true,
      example: { redemptionId: "till-3/1041" },
    }),
    async (c) => {
      const { redemptionId = null, force } = c.req.valid("json");
      const { id } = c.req.valid("param");
      const request = { redemptionId, force, demanded: demandedRevisions(c.req.raw) };
      const { outcome, pass } = await redeemPass(c.var.context, id, request);
      if (outcome !== "redeemed" && outcome !== "again") throw refusedRedemption(outcome, pass);
      return c.json(withEtag(c, pass));
    },
  )
  .post(
    "/passes/:id/unredeem",
    operation({
      id: "unredeemPass",
      role: "issuer",
      summary: "Undo the redemption of a pass",
      description:
        "With a `redemptionId`, only that redemption is undone. Without one, any redemption is undone.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "redemption_id_mismatch"],
    }),
    takesIdempotencyKey(200, passAgain),
    takesPath(idPath),
    takesIfMatch,
    takesJson(schemas.undoneRedemption, MAX_BODY_BYTES.smallJson, { optional: true }),
    async (c) => {
      const { redemptionId = null } = c.req.valid("json");
      const demanded = demandedRevisions(c.req.raw);
      const pass = await unredeemPass(c.var.context, c.req.valid("param").id, redemptionId, demanded);
      return c.json(withEtag(c, pass));
    },
  )
  .post(
    "/passes/:id/void",
    operation({
      id: "voidPass",
      role: "issuer",
      summary: "Void a pass",
      description:
        "Devices that hold the pass show it as no longer valid, and it cannot be redeemed. " +
        "A pass that is already voided keeps its time and reason. A redeemed pass may be voided too.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found"],
    }),
    takesIdempotencyKey(200, passAgain),
    takesPath(idPath),
    takesIfMatch,
    takesJson(schemas.voiding, MAX_BODY_BYTES.smallJson, {
      optional: true,
      example: { reason: "refunded" },
    }),
    async (c) => {
      const { reason = null } = c.req.valid("json");
      const demanded = demandedRevisions(c.req.raw);
      return c.json(withEtag(c, await voidPass(c.var.context, c.req.valid("param").id, reason, demanded)));
    },
  )
  .post(
    "/passes/:id/unvoid",
    operation({
      id: "unvoidPass",
      role: "issuer",
      summary: "Make a voided pass valid again",
      description:
        "A pass that is not voided stays as it is. If `voided` in pass.json of the pass, its event or its template voids " +
        "it, the request is refused, and `voidedBy` names which.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "voided_by_content"],
    }),
    takesIdempotencyKey(200, passAgain),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      const demanded = demandedRevisions(c.req.raw);
      return c.json(withEtag(c, await unvoidPass(c.var.context, c.req.valid("param").id, demanded)));
    },
  );
