/**
 * passLifecycleUpdate: a device reports the state of a pass. The request has no token, so the state is only stored, up
 * to a maximum length, and shown to the operator.
 */
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { repeatable } from "../db/repeat.ts";
import { passes } from "../db/schema.ts";
import { maskUnverified } from "../devices/unverified.ts";
import { isObject } from "../json.ts";

const MAX_STATE_CHARACTERS = 64;

/** The `passState` of a body, or undefined. */
export function parsePassState(body: unknown): string | undefined {
  const state = isObject(body) ? body.passState : undefined;
  return typeof state === "string" && state !== "" ? maskUnverified(state, MAX_STATE_CHARACTERS) : undefined;
}

/**
 * Stores the state. Nothing is written if there is no such pass, or if it has this state already.
 * @param serialNumbers the possible readings of the path: iOS encodes it twice, other clients once
 */
export async function saveLifecycleState(
  { db }: Pick<Context, "db">,
  passTypeIdentifier: string,
  serialNumbers: string[],
  lifecycleState: string,
): Promise<void> {
  const isMeant = and(
    eq(passes.passTypeIdentifier, passTypeIdentifier),
    inArray(passes.serialNumber, serialNumbers),
    sql`${passes.lifecycleState} IS NOT ${lifecycleState}`,
  );
  await repeatable(() => db.update(passes).set({ lifecycleState }).where(isMeant));
}
