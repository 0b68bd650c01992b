/**
 * Schemas of the linter: its request and its report.
 */
import * as z from "zod";
import { images, strings } from "../schemas.ts";

const finding = z
  .object({
    severity: z.enum(["error", "warning"]).meta({
      description: "error: Wallet refuses the pass. warning: it looks wrong, stays silent or falls back",
    }),
    code: z.string().meta({ description: "Stable: switch on this" }),
    pointer: z.string().meta({
      description:
        "JSON Pointer (RFC 6901) into the request body; in a file, also under /files, /manifest and /signature",
    }),
    message: z.string(),
    cure: z.string(),
  })
  .meta({ id: "Finding" });

export const report = z.object({ findings: z.array(finding) }).meta({ id: "LintReport" });

/** The report as a member of what was created or changed. */
export const reported = { lint: report.meta({ description: "What the linter found in the result" }) };

/** `pass` may be anything: what is wrong in it belongs in the report, and is no refusal. */
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
