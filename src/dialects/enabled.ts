/**
 * Whether a dialect's door is open: the setting DIALECTS says so. A closed one answers 404, and says why.
 */
import type { MiddlewareHandler } from "hono";
import type { Dialect } from "../config.ts";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "../http/context.ts";

/** To be used on each path of the door: several doors stand at one prefix. */
export function open<Variables extends AppEnv["Variables"]>(
  dialect: Dialect,
): MiddlewareHandler<{ Bindings: AppEnv["Bindings"]; Variables: Variables }> {
  return async (c, next) => {
    if (c.var.context.config.dialects.has(dialect)) return next();
    throw new ApiError(
      "route_not_found",
      `The door for ${dialect}'s clients is closed by the setting DIALECTS.`,
    );
  };
}
