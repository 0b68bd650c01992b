/**
 * The shapes of the canonical API around running the service: health, pushes, what devices and the queue left behind.
 */
import * as z from "zod";

const instant = z.iso.datetime();

export const deviceLog = z.object({
  id: z.int(),
  client: z.string(),
  message: z.string(),
  receivedAt: instant,
});
export const deadLetter = z.object({
  id: z.int(),
  message: z.record(z.string(), z.unknown()),
  receivedAt: instant,
});
export const pushControl = z.object({
  paused: z.boolean(),
  pausedAt: instant.nullable(),
  pushesPerSecond: z.int().nullable(),
});
export const pushControlChange = z.strictObject({
  paused: z.boolean().optional(),
  pushesPerSecond: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .optional()
    .meta({ description: "For each change of a template or an event; null for as fast as it can" }),
});
export const replayed = z.object({ replayed: z.int(), left: z.int() });
export const health = z.object({
  status: z.enum(["ok", "warning", "error"]),
  findings: z.array(
    z.object({
      severity: z.enum(["error", "warning"]),
      code: z.string(),
      message: z.string(),
      cure: z.string(),
    }),
  ),
});
