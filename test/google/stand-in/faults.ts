/**
 * Faults of the stand-in Google: wrong answers that a test requests. Without such a request, nothing fails. A fault applies only to
 * a request that would have succeeded, so that it never hides a malformed one. With `performed`, the request takes effect, and only
 * its answer is lost.
 */
import * as z from "zod";

const target = {
  /** The beginning of the path, such as `/walletobjects/v1/genericClass` or `/token`. Default: all paths. */
  path: z.string().optional(),
  method: z.string().optional(),
  /** Only requests of this service account (its client_email), because the stand-in is shared by all test files. */
  account: z.string().optional(),
  /** How many requests the fault applies to. Default: all. */
  times: z.int().positive().optional(),
  /** Milliseconds before the fault happens. */
  delayMs: z.int().nonnegative().optional(),
  performed: z.boolean().optional(),
};

export const faultSchema = z.union([
  /** An answer in Google's own format. A status 200 with `delayMs` is a slow success. */
  z.strictObject({
    mode: z.literal("answer").optional(),
    status: z.int().min(200).max(599),
    reason: z.string().optional(),
    message: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    ...target,
  }),
  /** A page of a proxy between the Worker and Google. */
  z.strictObject({ mode: z.literal("html"), status: z.int().min(200).max(599), ...target }),
  /** "hang" never answers; "reset" closes the connection. */
  z.strictObject({ mode: z.enum(["hang", "reset"]), ...target }),
]);
export type GoogleFault = z.infer<typeof faultSchema>;

export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly account: string | undefined;
}

/** The pending faults. The newest that applies is used. */
export function createFaults() {
  let pending: { fault: GoogleFault; remaining: number }[] = [];
  return {
    add(fault: GoogleFault): void {
      pending.unshift({ fault, remaining: fault.times ?? Number.POSITIVE_INFINITY });
    },
    /** Returns the fault for this request, and counts it as used. */
    take({ method, path, account }: FaultRequest): GoogleFault | undefined {
      const due = pending.find(
        ({ fault }) =>
          path.startsWith(fault.path ?? "") &&
          (fault.method ?? method) === method &&
          (fault.account === undefined || fault.account === account),
      );
      if (due === undefined) return undefined;
      due.remaining -= 1;
      pending = pending.filter(({ remaining }) => remaining > 0);
      return due.fault;
    },
    clear(): void {
      pending = [];
    },
  };
}
