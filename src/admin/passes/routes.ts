/**
 * Routes of passes: issue, list, show, change, redeem, void, download, delete.
 */
import { Hono } from "hono";
import { conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passBody } from "../../http/heavy-body.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { passResponse } from "../../http/pass-response.ts";
import { demandedRevisions, respondWith, withEtag } from "../../http/revisions.ts";
import { changePass } from "../../passes/change.ts";
import { deletePass } from "../../passes/delete.ts";
import { issuePass } from "../../passes/issue.ts";
import { listPasses } from "../../passes/list.ts";
import { loadById } from "../../passes/load.ts";
import { readPersonalData, takePersonalData } from "../../passes/personal-data.ts";
import { redeemPass, refusedRedemption, unredeemPass } from "../../passes/redeem.ts";
import { showPass } from "../../passes/show.ts";
import { unvoidPass, voidPass } from "../../passes/void.ts";
import { locatedAt } from "../location.ts";
import {
  notModified,
  operation,
  takesIfMatch,
  takesJson,
  takesPath,
  takesQuery,
} from "../openapi/operation.ts";
import { idPath, noQuery, toList } from "../openapi/parameters.ts";
import { toPassChange } from "./change-body.ts";
import * as schemas from "./schemas.ts";

const tag = "Passes";
const pass = { description: "The pass", schema: schemas.pass };
const linted = { description: "The pass, with the findings of the linter", schema: schemas.lintedPass };

export const passesRoutes = new Hono<AppEnv>()
  .post(
    "/templates/:id/passes",
    operation({
      id: "issuePass",
      summary: "Issue a pass from a template",
      description:
        "Give `downloadUrl` or `landingUrl` from the response to the holder. A request with a `serialNumber` can be " +
        "repeated: if its response was lost, the repeat is refused with `serial_number_taken`, and `passId` is the pass.",
      tag,
      success: { 201: linted },
      refusals: [
        "template_not_found",
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "event_not_found",
        "unknown_field",
        "value_does_not_fit",
        "content_too_large",
        "concurrent_change",
        "serial_number_taken",
        "external_id_taken",
      ],
    }),
    takesPath(idPath),
    passBody,
    takesJson(schemas.newPass, MAX_BODY_BYTES.pass, {
      optional: true,
      example: { serialNumber: "42", values: { points: 120 }, barcodeMessage: "42" },
    }),
    async (c) => {
      const { pass, lint } = await issuePass(c.var.context, c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...withEtag(c, pass), lint: lint() }, 201, locatedAt(`/passes/${pass.id}`));
    },
  )
  .get(
    "/passes",
    operation({
      id: "listPasses",
      summary: "List or search passes, newest first",
      description:
        "All filters must match. With `status`, a page is filled by looking through the newest passes that match the other filters: send `templateId` or `eventId` too, if there are many passes.",
      tag,
      success: { 200: { description: "A page of passes", schema: schemas.passList } },
    }),
    takesQuery(schemas.passQuery),
    async (c) => {
      const { db, config, now } = c.var.context;
      const { cursor, limit, ...filter } = c.req.valid("query");
      return c.json(toList(await listPasses(db, config.publicOrigin, filter, { cursor, limit }, now)));
    },
  )
  .get(
    "/passes/:id",
    operation({
      id: "showPass",
      summary: "Show a pass",
      description: "The answer has an ETag, for If-Match and If-None-Match.",
      tag,
      success: { 200: pass, 304: notModified },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { db, config, now } = c.var.context;
      return respondWith(c, await showPass(db, config.publicOrigin, c.req.valid("param").id, now));
    },
  )
  .patch(
    "/passes/:id",
    operation({
      id: "changePass",
      summary: "Change a pass",
      description:
        'Values merge by field key; null removes one. `{"values": {"stamps": {"add": 1, "max": 10}}}` adds to the number that ' +
        "the pass shows, so that additions at the same time all count. If the response to an addition was lost, read the pass " +
        "before you send it again: a repeat would add twice. Devices that hold the pass are notified if they show something " +
        "else than before.",
      tag,
      success: { 200: linted },
      refusals: [
        "pass_not_found",
        "invalid_pass",
        "invalid_image",
        "missing_icon",
        "event_not_found",
        "unknown_field",
        "value_does_not_fit",
        "value_not_a_number",
        "value_out_of_range",
        "content_too_large",
        "external_id_taken",
      ],
    }),
    takesPath(idPath),
    takesIfMatch,
    takesQuery(noQuery),
    passBody,
    takesJson(schemas.passChange, MAX_BODY_BYTES.pass, {
      example: { values: { level: "Gold", stamps: { add: 1, max: 10 } } },
    }),
    async (c) => {
      const { context } = c.var;
      const change = toPassChange(c.req.valid("json"));
      const { pass, lint } = await changePass(
        context,
        c.req.valid("param").id,
        change,
        demandedRevisions(c.req.raw),
      );
      return c.json({ ...withEtag(c, pass), lint: lint() });
    },
  )
  .post(
    "/passes/:id/redeem",
    operation({
      id: "redeemPass",
      summary: "Redeem a pass, once",
      description:
        "If two requests arrive at the same time, one succeeds and the other gets already_redeemed. " +
        "A retry with the same `redemptionId` succeeds again, also if the pass was voided or has expired since. " +
        "With `force`, a voided or expired pass is redeemed too.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "already_redeemed", "pass_voided", "pass_expired"],
    }),
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
      summary: "Undo the redemption of a pass",
      description:
        "With a `redemptionId`, only that redemption is undone. Without one, any redemption is undone.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "redemption_id_mismatch"],
    }),
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
      summary: "Void a pass",
      description:
        "Devices that hold the pass show it as no longer valid, and it cannot be redeemed. " +
        "A pass that is already voided keeps its time and reason. A redeemed pass may be voided too.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found"],
    }),
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
      summary: "Make a voided pass valid again",
      description:
        "A pass that is not voided stays as it is. If `voided` in pass.json of the pass, its event or its template voids " +
        "it, the request is refused, and `voidedBy` names which.",
      tag,
      success: { 200: pass },
      refusals: ["pass_not_found", "voided_by_content"],
    }),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      const demanded = demandedRevisions(c.req.raw);
      return c.json(withEtag(c, await unvoidPass(c.var.context, c.req.valid("param").id, demanded)));
    },
  )
  .post(
    "/passes/:id/personalization/take",
    operation({
      id: "takePersonalData",
      summary: "Read and delete what the holder entered in Wallet to sign up",
      description: "The data is returned once and then deleted, unless the body has `keep: true`.",
      tag,
      success: { 200: { description: "What the holder entered", schema: schemas.personalData } },
      refusals: ["personalization_not_found"],
    }),
    takesPath(idPath),
    takesJson(schemas.personalDataRequest, MAX_BODY_BYTES.smallJson, { optional: true }),
    async (c) => {
      const readOrTake = c.req.valid("json").keep ? readPersonalData : takePersonalData;
      return c.json(await readOrTake(c.var.context, c.req.valid("param").id));
    },
  )
  .get(
    "/passes/:id/download",
    operation({
      id: "downloadPass",
      summary: "Download the signed .pkpass",
      description: "The same file that `downloadUrl` gives to its holder.",
      tag,
      success: { 200: { description: "The file", type: "application/vnd.apple.pkpass" } },
      refusals: ["pass_not_found", "no_certificate", "signing_certificate_expired"],
    }),
    takesPath(idPath),
    async (c) => {
      const { context } = c.var;
      const loaded = await loadById(context.db, c.req.valid("param").id, context.now);
      return passResponse(context, loaded, conditionsOf(c.req.raw), c.executionCtx);
    },
  )
  .delete(
    "/passes/:id",
    operation({
      id: "deletePass",
      summary: "Delete a pass",
      description: "Its serial number can never be used again.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      await deletePass(c.var.context, c.req.valid("param").id, demandedRevisions(c.req.raw));
      return c.body(null, 204);
    },
  );
