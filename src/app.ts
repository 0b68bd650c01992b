/**
 * The HTTP application: where each group of routes is mounted, and how errors become responses.
 *
 *     GET /healthz    whether the operator is needed; /healthz?live: whether the Worker runs
 *     /v1             wallet/           iPhones: Apple's web service for passes
 *     /v1             dialects/airship  Airship's clients: the passes of an event
 *     /api/v1         dialects/voltmx   VoltMX's clients: Apple's web service with VoltMX's statuses
 *     /api/v1         dialects/passdock Passdock's clients: templates/{id}/passes, passes/search
 *     /google         google-callback/  Google Wallet: who has saved a pass, and who has removed it
 *     /admin          admin/            the canonical API, with Bearer keys
 *     /join           pages/join        people: the form with which they get a pass
 *     /               pages/            people: links with a secret in the URL
 */
import { type Context, Hono } from "hono";
import { getPath } from "hono/utils/url";
import { adminRoutes } from "./admin/routes.ts";
import type { Env } from "./config.ts";
import { airshipRoutes } from "./dialects/airship/routes.ts";
import { passdockRoutes } from "./dialects/passdock/routes.ts";
import { voltmxRoutes } from "./dialects/voltmx/routes.ts";
import { ApiError } from "./errors.ts";
import { googleCallbackRoutes } from "./google-callback/routes.ts";
import { isHealthy } from "./health/monitor.ts";
import { type AppEnv, createContext } from "./http/context.ts";
import { countAnswers } from "./http/count-answers.ts";
import { wantsPage } from "./http/people.ts";
import { refusalForAny } from "./http/refusals.ts";
import { strictTransportSecurity } from "./http/transport-security.ts";
import { joinRoutes } from "./pages/join/routes.tsx";
import { preferredLanguages } from "./pages/language.ts";
import { toPageResponse } from "./pages/refusal-page.tsx";
import { pagesRoutes } from "./pages/routes.tsx";
import { walletRoutes } from "./wallet/routes.ts";

const app = new Hono<AppEnv>({ getPath: normalizePath });

app.use(countAnswers);
app.use(strictTransportSecurity);
app.get("/healthz", async (c) => {
  const isOk = c.req.query("live") !== undefined || (await isHealthy(c.env, Date.now()));
  return c.json({ status: isOk ? "ok" : "error" }, isOk ? 200 : 503, { "Cache-Control": "no-store" });
});
app.use(async (c, next) => {
  c.set("context", createContext(c, Date.now()));
  await next();
});
app.route("/v1", walletRoutes);
app.route("/v1", airshipRoutes);
app.route("/api/v1", voltmxRoutes);
app.route("/api/v1", passdockRoutes);
app.route("/google", googleCallbackRoutes);
app.route("/admin", adminRoutes);
app.route("/join", joinRoutes);
app.route("/", pagesRoutes);

app.notFound((c) =>
  respond(
    c,
    new ApiError(
      "route_not_found",
      "No route has this method and path. The API is described in /admin/docs.",
    ),
  ),
);

app.onError((error, c) => respond(c, refusalForAny(error, c)));

/** Browsers get a page at addresses for people, and everyone else gets problem+json. */
function respond({ req }: Context, refusal: ApiError): Response | Promise<Response> {
  if (!wantsPage(req.raw, req.path)) return refusal.toResponse();
  return toPageResponse(refusal, preferredLanguages(req.query("lang"), req.header("accept-language")));
}

/**
 * Normalizes the path, because clients join webServiceURL and path differently: some send `//v1`, some a trailing slash, and
 * some repeat the version (`/v1/v1`) if the webServiceURL of an old pass ends with it.
 */
function normalizePath(request: Request): string {
  const path = getPath(request)
    .replace(/\/{2,}/g, "/")
    .replace(/^(\/api)?\/v1\/v1(?=\/)/, "$1/v1");
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

export { app, type Env };
