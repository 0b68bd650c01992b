/**
 * Enables and disables dialects by the setting DIALECTS. The routes of a disabled dialect answer 404 and name the setting.
 */
import type { MiddlewareHandler } from "hono";
import type { Dialect } from "../config.ts";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "../http/context.ts";

/**
 * Refuses requests while the dialect is disabled. Use it on each path of a dialect and not on `*`, because other routes
 * have the same prefix.
 */
export function requireDialect<Variables extends AppEnv["Variables"]>(
  dialect: Dialect,
): MiddlewareHandler<{ Bindings: AppEnv["Bindings"]; Variables: Variables }> {
  return async (c, next) => {
    if (c.var.context.config.dialects.has(dialect)) return next();
    throw new ApiError(
      "route_not_found",
      `The API for ${dialect} clients is disabled by the setting DIALECTS.`,
    );
  };
}
