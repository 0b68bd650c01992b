/**
 * Schemas of running the service: health, device logs, the push queue and the master secret.
 */
import * as z from "zod";
import { instant, listSchema, nullable } from "../schemas.ts";

export const health = z
  .object({
    status: z
      .enum(["ok", "setup", "warning", "error"])
      .meta({ description: "The highest severity among the findings" }),
    findings: z.array(
      z
        .object({
          severity: z.enum(["error", "warning", "setup"]).meta({
            description: "setup: the service is not used yet, and something is left to do before it can be",
          }),
          code: z.string().meta({ description: "Stable. Programs should compare this, not the message" }),
          message: z.string(),
          cure: z.string(),
        })
        .meta({ id: "HealthFinding" }),
    ),
    nextSteps: z
      .array(
        z
          .object({
            code: z.string().meta({ description: "Stable" }),
            message: z.string(),
            method: z.enum(["GET", "POST", "PUT", "PATCH"]),
            path: z.string(),
            body: z.record(z.string(), z.unknown()).optional().meta({ description: "An example" }),
          })
          .meta({ id: "NextStep" }),
      )
      .meta({
        description:
          "What to do next in a new deployment. Empty if nothing is left, from a pass type to a first push",
      }),
  })
  .meta({ id: "Health" });

const deviceLog = z
  .object({
    id: z.int(),
    client: z.string().meta({ description: "The User-Agent" }),
    messages: z
      .array(z.string())
      .meta({ description: "The lines of the request, oldest first. At most 8 KB" }),
    receivedAt: instant,
  })
  .meta({ id: "DeviceLog" });
export const deviceLogList = listSchema(deviceLog, "DeviceLogList");

const deadLetter = z
  .object({ id: z.int(), message: z.record(z.string(), z.unknown()), receivedAt: instant })
  .meta({ id: "DeadLetter" });
export const deadLetterList = listSchema(deadLetter, "DeadLetterList");

export const replayed = z
  .object({
    replayed: z.int(),
    left: z.int().meta({ description: "If this is greater than 0, call the route again" }),
  })
  .meta({ id: "Replayed" });

export const pushControlState = z
  .object({ paused: z.boolean(), pausedAt: nullable.instant, pushesPerSecond: z.int().nullable() })
  .meta({ id: "PushControl" });

export const pushControlChange = z
  .strictObject({
    paused: z.boolean().optional(),
    pushesPerSecond: z
      .int()
      .min(1)
      .max(100_000)
      .nullable()
      .optional()
      .meta({ description: "The limit for each change of a template or an event. null: no limit" }),
  })
  .meta({ id: "PushControlChange" });

export const restored = z
  .object({ tag: z.int().meta({ description: "The newest update tag" }) })
  .meta({ id: "Restored" });

const olderEntry = z
  .object({
    keyId: z.string(),
    present: z.boolean().meta({ description: "Whether MASTER_SECRET has this entry" }),
    passes: z.int().meta({ description: "The number of passes whose tokens were derived with it" }),
    sealed: z.int().meta({ description: "The number of stored secrets that are encrypted with it" }),
    keys: z.int().meta({ description: "The number of API keys that were made with it and not revoked" }),
  })
  .meta({ id: "OlderMasterSecret" });
export const masterSecret = z
  .object({
    newest: z.string().meta({ description: "The key id of the newest entry" }),
    older: z.array(olderEntry),
  })
  .meta({ id: "MasterSecret" });
