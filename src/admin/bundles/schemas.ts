/**
 * Schemas of bundles: several passes in one download.
 */
import * as z from "zod";
import { MAX_PASSES } from "../../pkpass/build/pkpasses.ts";
import { report } from "../lint/schemas.ts";

export const newBundle = z
  .strictObject({
    passIds: z
      .array(z.int().positive())
      .min(1)
      .max(MAX_PASSES)
      .meta({ description: "In the order in which Wallet shows them" }),
  })
  .meta({ id: "NewBundle" });

export const bundleLink = z
  .object({
    url: z.url().meta({ description: "A link that downloads the passes. It needs no key" }),
    passIds: z.array(z.int()),
    lint: report.meta({
      description:
        "The findings about missing or expired certificates, which make the download fail, and about passes that the download leaves out",
    }),
  })
  .meta({ id: "BundleLink" });

export const bundleQuery = z.strictObject({
  passIds: z
    .string()
    .regex(/^[1-9]\d{0,14}(,[1-9]\d{0,14}){0,9}$/, "must be the ids of 1 to 10 passes, separated by commas")
    .transform((text) => text.split(",").map(Number))
    .pipe(z.array(z.int().positive()).min(1).max(MAX_PASSES))
    .meta({ description: "In the order in which Wallet shows them" }),
});
