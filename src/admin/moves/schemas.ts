/**
 * Schemas of moves: many passes that change their event.
 */
import * as z from "zod";
import { MAX_MOVED } from "../../passes/move.ts";
import { id } from "../schemas.ts";

export const move = z
  .strictObject({
    passIds: z.array(id).min(1).max(MAX_MOVED),
    eventId: id.nullable().meta({ description: "null: out of their events" }),
  })
  .meta({ id: "Move" });

export const moved = z
  .object({
    changed: z.int().meta({ description: "How many passes were moved" }),
    unchanged: z.int().meta({ description: "How many were there already" }),
  })
  .meta({ id: "Moved" });
