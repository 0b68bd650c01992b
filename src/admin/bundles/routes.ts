/**
 * Routes of bundles (`.pkpasses`): several passes in one download. Nothing is stored for a bundle.
 *
 * An operator with the key downloads it by ids. POST makes a link for people without a key, which pages/ serves.
 */
import { Hono } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { bundleResponse } from "../../http/pass-response.ts";
import { linkToBundle, loadBundleByIds } from "../../passes/bundle.ts";
import { demandReach } from "../../passes/reach.ts";
import { operation, takesJson, takesQuery } from "../openapi/operation.ts";
import { noQuery } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const tag = "Passes";

export const bundlesRoutes = new Hono<AppEnv>()
  .post(
    "/bundles",
    operation({
      id: "linkBundle",
      role: "issuer",
      summary: "Get a link that downloads several passes at once",
      description:
        "The URL is derived and not stored: the same list of passes always gives the same URL. It stops working when the " +
        "last of its passes is deleted or its MASTER_SECRET entry is removed. Passes that are offered in Google Wallet only are left " +
        "out of the download: `lint` names them.",
      tag,
      success: { 200: { description: "The link", schema: schemas.bundleLink } },
      refusals: ["pass_not_found", "duplicate_pass"],
    }),
    takesQuery(noQuery),
    takesJson(schemas.newBundle, MAX_BODY_BYTES.smallJson, { example: { passIds: [1, 2] } }),
    async (c) => {
      const { passIds } = c.req.valid("json");
      return c.json({ ...(await linkToBundle(c.var.context, passIds)), passIds });
    },
  )
  .get(
    "/bundles/download",
    operation({
      id: "downloadBundle",
      role: "issuer",
      summary: "Download several passes in one file",
      description:
        "A .pkpasses file with up to ten passes, in the order of `passIds`. The answer has a Content-Length, although it is made while it is sent.",
      tag,
      success: { 200: { description: "The file", type: "application/vnd.apple.pkpasses" } },
      refusals: [
        "pass_not_found",
        "duplicate_pass",
        "apple_not_offered",
        "bundle_too_large",
        "no_certificate",
        "signing_certificate_expired",
      ],
    }),
    takesQuery(schemas.bundleQuery),
    async (c) => {
      const { context } = c.var;
      const { passIds } = c.req.valid("query");
      await demandReach(context, { passIds });
      const loaded = await loadBundleByIds(context.db, passIds, context.now);
      return bundleResponse(context, loaded, c.req.raw, c.executionCtx);
    },
  );
