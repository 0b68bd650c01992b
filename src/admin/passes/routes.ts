/**
 * Passes of the canonical API: show, list, change, redeem, download, delete.
 */
import { Hono } from "hono";
import * as z from "zod";
import { ApiError } from "../../errors.ts";
import { conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passResponse } from "../../http/pass-response.ts";
import { changePass } from "../../passes/change.ts";
import { deletePass } from "../../passes/delete.ts";
import { loadById } from "../../passes/load.ts";
import { readInfo, takeInfo } from "../../passes/personal-data.ts";
import { redeemPass, unredeemPass } from "../../passes/redeem.ts";
import { listPasses, type Pass, showPass } from "../../passes/show.ts";
import { lintedPass } from "../lint/schemas.ts";
import {
  numericId,
  operation,
  page,
  paging,
  takesJson,
  takesPath,
  takesQuery,
} from "../openapi/operation.ts";
import * as shapes from "../schemas.ts";

const TAG = "Passes";
/** 1 MB of own images is 1.4 MB in base64. */
const PASS_BYTES = 2 * 1024 * 1024;
const SMALL_BYTES = 4096;
const pass = { description: "The pass", schema: shapes.pass };
const linted = { description: "The pass, and what a phone would find of it", schema: lintedPass };
const filter = z.strictObject({
  ...paging,
  templateId: numericId.shape.id.optional(),
  eventId: numericId.shape.id.optional(),
  code: z.string().max(4000).optional(),
  tag: z.string().max(100).optional(),
  status: z.enum(["active", "redeemed"]).optional(),
});
const inPath = takesPath(numericId);

export const passesRoutes = new Hono<AppEnv>()
  .get(
    "/passes",
    operation("List or search passes, newest first", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.pass) },
    }),
    takesQuery(filter),
    async (c) => {
      const { cursor, limit, ...which } = c.req.valid("query");
      return c.json(
        page(
          await listPasses(c.var.context.db, c.var.context.config.publicOrigin, which, cursor, limit + 1),
          limit,
        ),
      );
    },
  )
  .get("/passes/:id", operation("Show a pass", TAG, { 200: pass }, ["pass_not_found"]), inPath, async (c) =>
    c.json(await showPass(c.var.context.db, c.var.context.config.publicOrigin, c.req.valid("param").id)),
  )
  .patch(
    "/passes/:id",
    operation("Change a pass: values merge by field key, null removes", TAG, { 200: linted }, [
      "pass_not_found",
      "invalid_pass",
      "invalid_image",
      "missing_icon",
      "event_not_found",
      "unknown_field",
      "value_does_not_fit",
      "external_id_taken",
    ]),
    inPath,
    takesQuery(z.strictObject({})),
    takesJson(shapes.passChange, PASS_BYTES),
    async (c) => {
      const { id } = c.req.valid("param");
      const { pass, lint } = await changePass(c.var.context, id, c.req.valid("json"));
      return c.json({ ...pass, lint: lint() });
    },
  )
  .post(
    "/passes/:id/redeem",
    operation("Redeem a pass, once", TAG, { 200: pass }, ["pass_not_found", "already_redeemed"]),
    inPath,
    takesJson(shapes.redemption, SMALL_BYTES, { optional: true }),
    async (c) => {
      const { redemptionId = null } = c.req.valid("json");
      const { outcome, pass } = await redeemPass(c.var.context, c.req.valid("param").id, redemptionId);
      if (outcome === "already_redeemed") throw alreadyRedeemed(pass);
      return c.json(pass);
    },
  )
  .post(
    "/passes/:id/unredeem",
    operation("Take a redemption back: any, or the one that is named", TAG, { 200: pass }, [
      "pass_not_found",
      "redemption_id_mismatch",
    ]),
    inPath,
    takesJson(shapes.redemption, SMALL_BYTES, { optional: true }),
    async (c) => {
      const { redemptionId = null } = c.req.valid("json");
      return c.json(await unredeemPass(c.var.context, c.req.valid("param").id, redemptionId));
    },
  )
  .post(
    "/passes/:id/personalization/take",
    operation(
      "What the holder entered when signing up in Wallet: answered once, and deleted with that",
      TAG,
      { 200: { description: "What the pass asked for", schema: shapes.personalInfo } },
      ["personalization_not_found"],
    ),
    inPath,
    takesJson(shapes.taking, SMALL_BYTES, { optional: true }),
    async (c) => {
      const { db, config } = c.var.context;
      const { id } = c.req.valid("param");
      const { keep } = c.req.valid("json");
      return c.json(await (keep ? readInfo : takeInfo)(db, config.secrets, id));
    },
  )
  .get(
    "/passes/:id/download",
    operation("The signed bundle", TAG, { 200: { description: "application/vnd.apple.pkpass" } }, [
      "pass_not_found",
      "no_certificate",
      "signing_certificate_expired",
    ]),
    inPath,
    async (c) => {
      const { context } = c.var;
      const loaded = await loadById(context.db, c.req.valid("param").id, context.now);
      return passResponse(context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
    },
  )
  .delete(
    "/passes/:id",
    operation(
      "Delete a pass; its serial number is never given out again",
      TAG,
      { 204: { description: "Deleted" } },
      ["pass_not_found"],
    ),
    inPath,
    async (c) => {
      await deletePass(c.var.context, c.req.valid("param").id);
      return c.body(null, 204);
    },
  );

/** The refusal for the loser of two redemptions. */
function alreadyRedeemed({ id, redeemedAt }: Pass): ApiError {
  return new ApiError("already_redeemed", `Pass ${id} was redeemed at ${redeemedAt}.`, {
    extra: { redeemedAt },
  });
}
