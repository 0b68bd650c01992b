/**
 * Routes of passes: issue, show, change, download, delete, and what holders entered.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { passBody } from "../../http/heavy-body.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { downloadResponse } from "../../http/pass-response.ts";
import { demandedRevisions, respondWith, withEtag } from "../../http/revisions.ts";
import { changePass } from "../../passes/change.ts";
import { mergingImages } from "../../passes/change-images.ts";
import { deletePass } from "../../passes/delete.ts";
import { dryRunPassChange } from "../../passes/dry-run.ts";
import { showPassWithGoogle } from "../../passes/google-state.ts";
import { issuePass } from "../../passes/issue.ts";
import { loadById } from "../../passes/load.ts";
import { readPersonalData, takePersonalData } from "../../passes/personal-data.ts";
import { shownTo } from "../../passes/show.ts";
import { atPass } from "../location.ts";
import { changeQuery } from "../notification-schemas.ts";
import { takesIdempotencyKey } from "../openapi/idempotency.ts";
import {
  notModified,
  operation,
  takesIfMatch,
  takesJson,
  takesPath,
  takesQuery,
} from "../openapi/operation.ts";
import { idPath } from "../openapi/parameters.ts";
import { lintedAgain, takenAgain } from "./again.ts";
import { toPassChange } from "./change-body.ts";
import * as schemas from "./schemas.ts";

const tag = "Passes";
const pass = { description: "The pass", schema: schemas.passWithGoogle };
const changed = {
  description: "The pass, with the findings of the linter and what phones show",
  schema: schemas.changedPass,
};
const linted = { description: "The pass, with the findings of the linter", schema: schemas.lintedPass };

export const passesRoutes = new Hono<AppEnv>()
  .post(
    "/templates/:id/passes",
    operation({
      id: "issuePass",
      role: "issuer",
      summary: "Issue a pass from a template",
      description:
        "Give `downloadUrl` or `landingUrl` from the response to the holder. A request with a `serialNumber` can be " +
        "repeated: if its response was lost, the repeat is refused with `serial_number_taken`, and `passId` is the pass.",
      tag,
      success: { 201: linted },
      refusals: [
        "template_not_found",
        "invalid_pass",
        "null_not_allowed",
        "invalid_image",
        "missing_icon",
        "event_not_found",
        "unknown_field",
        "value_does_not_fit",
        "content_too_large",
        "changed_meanwhile",
        "serial_number_taken",
        "external_id_taken",
      ],
    }),
    takesIdempotencyKey(201, lintedAgain, { locate: atPass }),
    takesPath(idPath),
    passBody,
    takesJson(schemas.newPass, MAX_BODY_BYTES.pass, {
      optional: true,
      example: { serialNumber: "42", values: { points: 120 }, barcodeMessage: "42" },
    }),
    async (c) => {
      const { pass, lint } = await issuePass(c.var.context, c.req.valid("param").id, c.req.valid("json"));
      return c.json({ ...withEtag(c, pass), lint: lint() }, 201, atPass(pass));
    },
  )
  .get(
    "/passes/:id",
    operation({
      id: "showPass",
      role: "reader",
      summary: "Show a pass",
      description:
        "The answer has an ETag, for If-Match and If-None-Match. It is that of the pass: `google` may change without it.",
      tag,
      success: { 200: pass, 304: notModified },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { db, config, now, role } = c.var.context;
      const pass = await showPassWithGoogle(db, config.publicOrigin, c.req.valid("param").id, now);
      return respondWith(c, shownTo(role, pass));
    },
  )
  .patch(
    "/passes/:id",
    operation({
      id: "changePass",
      role: "issuer",
      summary: "Change a pass",
      description:
        "`values` and `pass` are merged by key into what the pass itself says (RFC 7396): absent keys stay, and null removes one, so " +
        "that the event's or the template's is shown again. Arrays, `tags` and `without` replace those of the pass. " +
        '`{"values": {"stamps": {"add": 1, "max": 10}}}` adds to the number that ' +
        "the pass shows, so that additions at the same time all count. Send an Idempotency-Key with an addition: without " +
        "one, a repeat after a lost response would add twice. Devices that hold the pass are notified if what they show " +
        "changes. `notifications` has the texts that they show on the lock screen.",
      tag,
      success: { 200: changed },
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
    takesIdempotencyKey(200, lintedAgain),
    takesPath(idPath),
    takesIfMatch,
    takesQuery(changeQuery),
    passBody,
    takesJson(schemas.passChange, MAX_BODY_BYTES.pass, {
      example: { values: { level: "Gold", stamps: { add: 1, max: 10 } } },
    }),
    async (c) => {
      const { context } = c.var;
      const { images, ...rest } = c.req.valid("json");
      const change = toPassChange(rest);
      const { id } = c.req.valid("param");
      const demanded = demandedRevisions(c.req.raw);
      const { dryRun } = c.req.valid("query");
      if (dryRun) {
        const dry = await mergingImages(dryRunPassChange, images)(context, id, change, demanded);
        return c.json({ ...withEtag(c, dry.pass), ...dry.report });
      }
      const write = mergingImages(changePass, images);
      const { pass, lint, notifications, google } = await write(context, id, change, demanded);
      const report = { lint: lint(), notifications: notifications(), ...(await google()) };
      return c.json({ ...withEtag(c, pass), ...report });
    },
  )
  .post(
    "/passes/:id/personalization/take",
    operation({
      id: "takePersonalData",
      role: "issuer",
      summary: "Read and delete what the holder entered in Wallet to sign up",
      description: "The data is returned once and then deleted, unless the body has `keep: true`.",
      tag,
      success: { 200: { description: "What the holder entered", schema: schemas.personalData } },
      refusals: ["personalization_not_found", "shown_once"],
    }),
    takesIdempotencyKey(200, takenAgain),
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
      role: "issuer",
      summary: "Download the signed .pkpass",
      description: "The same file that `downloadUrl` gives to its holder.",
      tag,
      success: { 200: { description: "The file", type: "application/vnd.apple.pkpass" } },
      refusals: ["pass_not_found", "apple_not_offered", "no_certificate", "signing_certificate_expired"],
    }),
    takesPath(idPath),
    async (c) => {
      const { context } = c.var;
      const loaded = await loadById(context.db, c.req.valid("param").id, context.now);
      return downloadResponse(context, loaded, c.req.raw, c.executionCtx);
    },
  )
  .delete(
    "/passes/:id",
    operation({
      id: "deletePass",
      role: "issuer",
      summary: "Delete a pass",
      description: "Its serial number can never be used again.",
      tag,
      success: { 204: { description: "Deleted" } },
      refusals: ["pass_not_found"],
    }),
    takesIdempotencyKey(204),
    takesPath(idPath),
    takesIfMatch,
    async (c) => {
      await deletePass(c.var.context, c.req.valid("param").id, demandedRevisions(c.req.raw));
      return c.body(null, 204);
    },
  );
