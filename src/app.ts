/**
 * THE MAP: every mount in one screen, and the one place where refusals and faults become answers.
 */
import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import { adminRoutes } from "./admin/routes.ts";
import type { Env } from "./config.ts";
import { loggable } from "./db/client.ts";
import { airshipRoutes } from "./dialects/airship/routes.ts";
import { passdockRoutes } from "./dialects/passdock/routes.ts";
import { voltmxRoutes } from "./dialects/voltmx/routes.ts";
import { ApiError, logIfOurs } from "./errors.ts";
import { type AppEnv, createContext } from "./http/context.ts";
import { pagesRoutes } from "./pages/routes.tsx";
import { walletRoutes } from "./wallet/routes.ts";

const app = new Hono<AppEnv>({ getPath: tolerantPath });

app.get("/healthz", (c) => c.json({ status: "ok" }));
app.use(async (c, next) => {
  c.set("context", createContext(c, Date.now()));
  await next();
});
app.route("/v1", walletRoutes); // iPhones: Apple's web service
app.route("/v1", airshipRoutes); // Airship's clients: the passes of an event
app.route("/api/v1", voltmxRoutes); // VoltMX's clients: Apple's web service once more, with statuses of its own
app.route("/api/v1", passdockRoutes); // Passdock's clients: templates/{id}/passes, passes/search
app.route("/admin", adminRoutes); // bearer keys: the canonical API
app.route("/", pagesRoutes); // people: links that carry their own secret

app.notFound(() =>
  new ApiError("route_not_found", "See /admin/openapi.json for what there is.").toResponse(),
);

app.onError((error, c) => {
  if (error instanceof ApiError) {
    logIfOurs(error);
    return error.toResponse();
  }
  // What went wrong inside is for the log. The address is not: some are opened by a secret in them.
  const fault = loggable(error);
  const stack = fault instanceof Error ? fault.stack : undefined;
  console.error(JSON.stringify({ event: "fault", method: c.req.method, error: String(fault), stack }));
  return Response.json(
    { type: "about:blank", title: "Edgepass failed", status: 500, code: "internal_error" },
    { status: 500, headers: { "Content-Type": "application/problem+json" } },
  );
});

/**
 * Clients join webServiceURL and path in their own ways: some write `//v1`, some a trailing slash, and some repeat the
 * version (`/v1/v1`) when the address in an old pass ended with it.
 */
function tolerantPath(request: Request): string {
  const path = getPath(request)
    .replace(/\/{2,}/g, "/")
    .replace(/^(\/api)?\/v1\/v1(?=\/)/, "$1/v1");
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

export { app, type Env };
