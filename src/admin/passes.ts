/**
 * Passes of the canonical API: show, list, change, redeem, download, delete.
 */
import { Hono } from "hono";
import * as z from "zod";
import { answerPass, conditionsIn } from "../answer.ts";
import { readInfo, takeInfo } from "../devices/personal-data.ts";
import { announceLater } from "../door.ts";
import { ApiError } from "../errors.ts";
import { changePass, deletePass, redeemPass, unredeemPass } from "../passes/change.ts";
import { passById } from "../passes/serve.ts";
import { listPasses, type Pass, showPass } from "../passes/show.ts";
import {
  type AdminEnv,
  numericId,
  operation,
  page,
  paging,
  takesJson,
  takesPath,
  takesQuery,
} from "./declare.ts";
import * as shapes from "./shapes.ts";
import { lintedPass } from "./shapes-lint.ts";

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

export const passesRoutes = new Hono<AdminEnv>()
  .get(
    "/passes",
    operation("List or search passes, newest first", TAG, {
      200: { description: "A page", schema: shapes.listOf(shapes.pass) },
    }),
    takesQuery(filter),
    async (c) => {
      const { cursor, limit, ...which } = c.req.valid("query");
      return c.json(
        page(await listPasses(c.var.db, c.var.config.publicOrigin, which, cursor, limit + 1), limit),
      );
    },
  )
  .get("/passes/:id", operation("Show a pass", TAG, { 200: pass }, ["pass_not_found"]), inPath, async (c) =>
    c.json(await showPass(c.var.db, c.var.config.publicOrigin, c.req.valid("param").id)),
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
      const now = Date.now();
      const { db, config, principal } = c.var;
      const { id } = c.req.valid("param");
      const parts = { db, config, bucket: c.env.BUCKET };
      const changed = await changePass(parts, id, c.req.valid("json"), principal.actor, now);
      announceLater(c.executionCtx, c.var.db, c.env.PUSH_QUEUE, changed.change, now);
      return c.json({ ...changed.pass, lint: changed.report() });
    },
  )
  .post(
    "/passes/:id/redeem",
    operation("Redeem a pass, once", TAG, { 200: pass }, ["pass_not_found", "already_redeemed"]),
    inPath,
    takesJson(shapes.redemption, SMALL_BYTES, { optional: true }),
    async (c) => {
      const now = Date.now();
      const { db, config, principal } = c.var;
      const { redemptionId = null } = c.req.valid("json");
      const { id } = c.req.valid("param");
      const done = await redeemPass(db, config.publicOrigin, id, redemptionId, principal.actor, now);
      announceLater(c.executionCtx, c.var.db, c.env.PUSH_QUEUE, done.change, now);
      if (done.outcome === "already_redeemed") throw alreadyRedeemed(done.pass);
      return c.json(done.pass);
    },
  )
  .post(
    "/passes/:id/unredeem",
    operation("Take a redemption back: any, or the one that is named", TAG, { 200: pass }, [
      "pass_not_found",
      "another_redemption",
    ]),
    inPath,
    takesJson(shapes.redemption, SMALL_BYTES, { optional: true }),
    async (c) => {
      const now = Date.now();
      const { db, config, principal } = c.var;
      const { redemptionId = null } = c.req.valid("json");
      const { id } = c.req.valid("param");
      const done = await unredeemPass(db, config.publicOrigin, id, redemptionId, principal.actor, now);
      announceLater(c.executionCtx, c.var.db, c.env.PUSH_QUEUE, done.change, now);
      return c.json(done.pass);
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
      const { db, config } = c.var;
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
      const now = Date.now();
      const { id } = c.req.valid("param");
      const loaded = await passById(c.var.db, id, now);
      const parts = { ...c.var, bucket: c.env.BUCKET };
      return answerPass(loaded, conditionsIn(c.req.raw.headers), parts, c.executionCtx, now);
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
      await deletePass(c.var.db, c.env.BUCKET, c.req.valid("param").id, c.var.principal.actor, Date.now());
      return c.body(null, 204);
    },
  );

/** What the loser of two redemptions is told. */
function alreadyRedeemed({ id, redeemedAt }: Pass): ApiError {
  return new ApiError("already_redeemed", `Pass ${id} was redeemed at ${redeemedAt}.`, {
    extra: { redeemedAt },
  });
}
