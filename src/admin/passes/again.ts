/**
 * The answers to repeated requests about a pass (openapi/idempotency.ts): the pass as it is now. A PUT names the pass by its
 * serial number, and its template may have left the scope of the key since, so the scope is checked again.
 */
import type { Context } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { takenBefore } from "../../passes/personal-data.ts";
import { demandReach } from "../../passes/reach.ts";
import { showPass } from "../../passes/show.ts";
import { showLintedPass } from "../../passes/show-linted.ts";

/** @throws ApiError pass_not_found if it was deleted since */
export function passAgain(c: Context<AppEnv>, id: string) {
  const { db, config, now } = c.var.context;
  return showPass(db, config.publicOrigin, Number(id), now);
}

/** The same with the findings of the linter. @throws ApiError pass_not_found if it was deleted since */
export async function lintedAgain(c: Context<AppEnv>, id: string, status: number) {
  const { db, config, now } = c.var.context;
  await demandReach(c.var.context, { passId: Number(id) });
  return showLintedPass(db, config.publicOrigin, Number(id), { now, isIssued: status === 201 });
}

/** What a holder entered was deleted when it was taken. @throws ApiError shown_once */
export function takenAgain(_c: Context<AppEnv>, passId: string): never {
  throw takenBefore(Number(passId));
}
