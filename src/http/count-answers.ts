/**
 * Counts every answer by the pattern of its route, its method and its status (counters.ts).
 */
import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { count, writeCounts } from "../counters.ts";
import type { AppEnv } from "./context.ts";

/**
 * The route is that of the handler that answered: `/admin/v1/*` if the key was wrong, and `/*` if there is no such route. It has to be
 * the first middleware, so that it sees the answers of all others.
 */
export const countAnswers: MiddlewareHandler<AppEnv> = async (c, next) => {
  await next();
  count("answer", routePath(c), { method: c.req.method, status: c.res.status });
  writeCounts(c.env.COUNTERS);
};
