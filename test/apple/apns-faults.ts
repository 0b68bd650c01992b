/**
 * Faults of the stand-in APNs: wrong responses that a test requests. Without such a request, nothing fails. A fault
 * applies only to a request that passed every check, so that it can never hide a malformed request.
 */
import * as z from "zod";

const common = {
  /** How many requests the fault applies to. Default: all. */
  times: z.int().positive().optional(),
  /** Milliseconds before the fault happens. */
  delayMs: z.int().nonnegative().optional(),
};
const status = z.int().min(200).max(599);
const headers = z.record(z.string(), z.string()).optional();

export const faultSchema = z.union([
  /**
   * A response in Apple's own format. `timestamp` (milliseconds) is only for 410; its default is now. A status 200 with
   * `delayMs` is a slow success.
   */
  z.strictObject({
    mode: z.literal("answer").optional(),
    status,
    reason: z.string().optional(),
    timestamp: z.int().optional(),
    headers,
    ...common,
  }),
  /** A page from a proxy between the Worker and Apple. */
  z.strictObject({ mode: z.literal("html"), status, headers, ...common }),
  /** "hang" never responds; "reset" aborts the stream. */
  z.strictObject({ mode: z.enum(["hang", "reset"]), ...common }),
]);

export type ApnsFault = z.infer<typeof faultSchema>;

/** The pending faults. A fault for one token takes precedence over a fault for all tokens, "*". */
export function createFaultBook() {
  const faults = new Map<string, { fault: ApnsFault; remaining: number }>();
  return {
    /** Replaces the fault of this token. */
    set(token: string, fault: ApnsFault): void {
      faults.set(token, { fault, remaining: fault.times ?? Number.POSITIVE_INFINITY });
    },
    /** Returns the fault for this request, and counts it as used. */
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
