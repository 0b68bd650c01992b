/**
 * The body of every refusal, as the OpenAPI document describes it. Follows RFC 9457 (problem+json).
 */
import * as z from "zod";
import { ERRORS, type ErrorCode } from "../../errors.ts";

const fault = z.object({
  pointer: z.string().meta({ description: "JSON Pointer (RFC 6901) to the fault." }),
  message: z.string().meta({ description: "What is wrong there." }),
});

const problem = z
  .looseObject({
    type: z.string().meta({ description: "about:blank: `code` says what the problem is." }),
    title: z.string().meta({ description: "The phrase of the HTTP status." }),
    status: z.int().meta({ description: "The HTTP status." }),
    code: z.string().meta({
      description: "Stable. Programs should compare this, not the text. Later versions may add codes.",
      known: Object.keys(ERRORS),
    }),
    detail: z.string().optional().meta({ description: "What is wrong, and how to correct it." }),
    pointer: z.string().optional().meta({
      description: "JSON Pointer (RFC 6901) to the fault in the request body, or to the parameter.",
    }),
    passId: z
      .int()
      .optional()
      .meta({ description: "With serial_number_taken: the pass that has, or had, the serial number." }),
    faults: z.array(fault).optional().meta({ description: "All faults, if there are several." }),
  })
  .meta({ id: "Problem" });

/** A problem with one of these codes. */
export function problemWith(codes: readonly ErrorCode[]) {
  return z.intersection(problem, z.object({ code: z.enum(codes) }));
}
