/**
 * Schemas of the linter: its request and its report.
 */
import * as z from "zod";
import { images, strings } from "../schemas.ts";

const finding = z
  .object({
    severity: z.enum(["error", "warning"]).meta({
      description:
        "error: Wallet refuses the pass. warning: Wallet accepts the pass, but shows it differently than intended",
    }),
    code: z.string().meta({ description: "Stable. Programs should compare this, not the message" }),
    pointer: z.string().meta({
      description:
        "JSON Pointer (RFC 6901) into the request body. For a .pkpass, it may also start with /files, /manifest or /signature",
    }),
    message: z.string(),
    cure: z.string(),
  })
  .meta({ id: "Finding" });

export const report = z.object({ findings: z.array(finding) }).meta({ id: "LintReport" });

/** The report, as a member of the created or changed resource. */
export const reported = {
  lint: report.meta({ description: "The findings of the linter in the stored result" }),
};

/** `pass` may be anything: faults in it are findings of the report, not errors of the request. */
export const lintRequest = z
  .strictObject({
    pass: z
      .unknown()
      .refine((pass) => pass !== undefined, "is missing: send the content of pass.json")
      .meta({ description: "The content of pass.json" }),
    images: images.default(new Map()),
    strings: strings.default({}),
    personalization: z.unknown().optional().meta({ description: "The content of personalization.json" }),
  })
  .meta({ id: "LintRequest" });
