/**
 * Several passes in one download: a link to give away, and the file itself.
 *
 * Nothing is stored for them. The link is a POST beside the file's GET because it is for others: it is opened without the
 * key, by pages/.
 */
import { Hono } from "hono";
import * as z from "zod";
import { ApiError } from "../../errors.ts";
import { conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { bundleResponse } from "../../http/pass-response.ts";
import { linkToBundle, loadBundleByIds } from "../../passes/bundle.ts";
import { MAX_PASSES } from "../../pkpass/build/pkpasses.ts";
import { operation, takesJson, takesQuery } from "../openapi/operation.ts";

const TAG = "Passes";
const SMALL_BYTES = 4096;

const several = z.strictObject({
  passIds: z
    .array(z.int().positive())
    .min(1)
    .max(MAX_PASSES)
    .meta({ description: "In the order in which Wallet is to show them" }),
});
const severalInQuery = z.strictObject({
  passIds: z
    .string()
    .regex(
      /^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,9}$/,
      "must be the ids of 1 to 10 passes, with commas between them",
    )
    .transform((text) => text.split(",").map(Number)),
});
const link = z.object({ url: z.url(), passIds: z.array(z.int()) });

export const bundlesRoutes = new Hono<AppEnv>()
  .post(
    "/bundles",
    operation(
      "A link that downloads several passes at once. It is the same until MASTER_SECRET is rotated, and lives as long as one of them and the entry that made it",
      TAG,
      { 200: { description: "The link", schema: link } },
      ["pass_not_found", "duplicate_pass"],
    ),
    takesQuery(z.strictObject({})),
    takesJson(several, SMALL_BYTES),
    async (c) => {
      const { passIds } = c.req.valid("json");
      return c.json({ url: await linkToBundle(c.var.context.db, c.var.context.config, passIds), passIds });
    },
  )
  .get(
    "/bundles/download",
    operation("Several passes in one file", TAG, { 200: { description: "application/vnd.apple.pkpasses" } }, [
      "pass_not_found",
      "duplicate_pass",
      "no_certificate",
      "signing_certificate_expired",
    ]),
    takesQuery(severalInQuery),
    async (c) => {
      refuseRepeated(c.req.queries("passIds"));
      const loaded = await loadBundleByIds(c.var.context.db, c.req.valid("query").passIds, c.var.context.now);
      return bundleResponse(c.var.context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
    },
  );

/** Of a parameter that stands twice the second would be lost. @throws ApiError invalid_parameter */
function refuseRepeated(values: readonly string[] | undefined): void {
  if (values === undefined || values.length < 2) return;
  const detail = '"passIds" stands more than once. Write the ids with commas between them: passIds=1,2.';
  throw new ApiError("invalid_parameter", detail, { pointer: "/passIds" });
}
