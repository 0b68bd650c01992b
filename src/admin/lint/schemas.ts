/**
 * Schema of the linter's report. Those of its requests are in request-schemas.ts.
 */
import * as z from "zod";

const finding = z
  .object({
    severity: z.enum(["error", "warning"]).meta({
      description:
        "error: Wallet refuses the pass, or it cannot be signed. warning: Wallet accepts the pass, but shows it differently than intended, or this is expected to happen",
    }),
    code: z.string().meta({ description: "Stable. Programs should compare this, not the message" }),
    pointer: z.string().meta({
      description:
        "JSON Pointer (RFC 6901) into the request body. Empty for a finding about the pass type's certificate when a pass is issued, and for one about Google Wallet that no key of an event causes alone. For a .pkpass, it may also start with /files, /manifest or /signature",
    }),
    pointers: z.array(z.string()).optional().meta({
      description:
        "Only if the same applies to several places: their pointers, the first included, at most 20. The message has the number of places",
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
