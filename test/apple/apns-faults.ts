/**
 * Faults of the stand-in APNs: bad answers that a test asks for. Nothing goes wrong unless asked.
 *
 * A fault strikes only a request that passed every check, so that it can never hide a malformed request.
 */
import * as z from "zod";

const common = {
  /** How many requests it strikes; all, unless told. */
  times: z.int().positive().optional(),
  /** Milliseconds before anything happens. */
  delayMs: z.int().nonnegative().optional(),
};
const status = z.int().min(200).max(599);
const headers = z.record(z.string(), z.string()).optional();

export const faultSchema = z.union([
  /**
   * Apple's own form of answer. `timestamp` (milliseconds) goes with 410 and is the present unless told. A status
   * 200 with `delayMs` is a slow success.
   */
  z.strictObject({
    mode: z.literal("answer").optional(),
    status,
    reason: z.string().optional(),
    timestamp: z.int().optional(),
    headers,
    ...common,
  }),
  /** A page of something between us and Apple. */
  z.strictObject({ mode: z.literal("html"), status, headers, ...common }),
  /** "hang" never answers; "reset" breaks the stream off. */
  z.strictObject({ mode: z.enum(["hang", "reset"]), ...common }),
]);

export type ApnsFault = z.infer<typeof faultSchema>;

/** Which faults are due. A token's own fault goes before the one for all tokens, "*". */
export function createFaultBook() {
  const faults = new Map<string, { fault: ApnsFault; remaining: number }>();
  return {
    /** Replaces the token's fault. */
    set(token: string, fault: ApnsFault): void {
      faults.set(token, { fault, remaining: fault.times ?? Number.POSITIVE_INFINITY });
    },
    /** The fault that strikes this request, counted as used. */
    take(token: string): ApnsFault | undefined {
      const key = faults.has(token) ? token : "*";
      const due = faults.get(key);
      if (!due) return undefined;
      due.remaining -= 1;
      if (due.remaining === 0) faults.delete(key);
      return due.fault;
    },
    clear(): void {
      faults.clear();
    },
  };
}
