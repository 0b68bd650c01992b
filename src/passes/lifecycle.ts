/**
 * passLifecycleUpdate: what a device says has become of a pass. It carries no token, so the state is kept for the
 * operator to see, bounded, and nothing acts upon it.
 */
import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";

const MAX_STATE_CHARACTERS = 64;

/** The `passState` in a body, or undefined. */
export function parsePassState(body: unknown): string | undefined {
  const state = typeof body === "object" && body !== null && "passState" in body ? body.passState : undefined;
  return typeof state === "string" && state !== "" ? state.slice(0, MAX_STATE_CHARACTERS) : undefined;
}

/** @param serialNumbers the readings of the path: encoded once, or twice as iOS does */
export async function saveLifecycleState(
  db: Database,
  passTypeIdentifier: string,
  serialNumbers: string[],
  lifecycleState: string,
): Promise<void> {
  await db
    .update(passes)
    .set({ lifecycleState })
    .where(
      and(eq(passes.passTypeIdentifier, passTypeIdentifier), inArray(passes.serialNumber, serialNumbers)),
    );
}
