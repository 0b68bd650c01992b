/**
 * The admin API at /admin/v1 and as tools at /admin/mcp, for bearer keys; its OpenAPI document at /admin/openapi.json, and its
 * reference at /admin/docs.
 */
import { Hono, type MiddlewareHandler } from "hono";
import { ApiError } from "../errors.ts";
import { conditionsOf } from "../http/conditions.ts";
import type { AppEnv } from "../http/context.ts";
import { allowOrigins } from "../http/cors.ts";
import { KEPT_WITH_KEY } from "../http/image-response.ts";
import { isBrowser } from "../http/people.ts";
import { authenticateKey, bearerToken } from "../keys/authenticate.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { apnsRoutes } from "./apns/routes.ts";
import { bundlesRoutes } from "./bundles/routes.ts";
import { contentsRoutes } from "./contents/routes.ts";
import { eventsRoutes } from "./events/routes.ts";
import { googleFailuresRoutes } from "./google-failures/routes.ts";
import { googleIssuersRoutes } from "./google-issuers/routes.ts";
import { historyRoutes } from "./history/routes.ts";
import { importRoutes } from "./import/routes.ts";
import { keysRoutes } from "./keys/routes.ts";
import { lintRoutes } from "./lint/routes.ts";
import { mcpRoutes } from "./mcp/routes.ts";
import { movesRoutes } from "./moves/routes.ts";
import { operationsRoutes } from "./operations/routes.ts";
import { passSearchRoutes } from "./pass-search/routes.ts";
import { passStatusRoutes } from "./pass-status/routes.ts";
import { passTypesRoutes } from "./pass-types/routes.ts";
import { passesRoutes } from "./passes/routes.ts";
import { projectsRoutes } from "./projects/routes.ts";
import { publishedResponse, publisher } from "./published.ts";
import { scansRoutes } from "./scans/routes.ts";
import { serialNumbersRoutes } from "./serial-numbers/routes.ts";
import { templatesRoutes } from "./templates/routes.ts";

const api = new Hono<AppEnv>()
  .route("/", passTypesRoutes)
  .route("/", apnsRoutes)
  .route("/", googleIssuersRoutes)
  .route("/", googleFailuresRoutes)
  .route("/", projectsRoutes)
  .route("/", eventsRoutes)
  .route("/", templatesRoutes)
  .route("/", importRoutes)
  .route("/", lintRoutes)
  .route("/", passSearchRoutes)
  .route("/", passesRoutes)
  .route("/", passStatusRoutes)
  .route("/", contentsRoutes)
  .route("/", historyRoutes)
  .route("/", movesRoutes)
  .route("/", serialNumbersRoutes)
  .route("/", bundlesRoutes)
  .route("/", scansRoutes)
  .route("/", keysRoutes)
  .route("/", operationsRoutes);

export const adminRoutes = new Hono<AppEnv>();

const publish = publisher(() => new Hono().route("/admin/v1", api).routes);

adminRoutes.get("/openapi.json", async (c) => {
  const document = await publish(c.var.context.config.publicOrigin).document();
  return publishedResponse(conditionsOf(c.req.raw), document, { "Content-Type": "application/json" });
});

/** Programs are answered 404. */
adminRoutes.get("/", async (c, next) => (isBrowser(c.req.raw) ? c.redirect("/admin/docs") : next()));

/** The reference of the API, for people. */
adminRoutes.get("/docs", async (c) => {
  const { policy, ...page } = await publish(c.var.context.config.publicOrigin).docs();
  return publishedResponse(conditionsOf(c.req.raw), page, {
    "Content-Type": "text/html; charset=UTF-8",
    "Content-Security-Policy": policy,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
  });
});

for (const path of ["/openapi.json", "/docs"]) adminRoutes.all(path, () => refuseMethod(["GET", "HEAD"]));

const authenticated: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { context } = c.var;
  const key = bearerToken(c.req.header("authorization"));
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const principal = await authenticateKey(key, { ...context, waitUntil });
  c.set("context", { ...context, ...principal });
  await next();
  if (c.res.headers.get("Cache-Control") !== KEPT_WITH_KEY)
    c.res.headers.set("Cache-Control", "private, no-store");
};
adminRoutes.use("/v1/*", allowOrigins);
adminRoutes.use("/v1/*", authenticated);
adminRoutes.use("/mcp", authenticated);
adminRoutes.route("/mcp", mcpRoutes(api));
adminRoutes.route("/v1", api);
adminRoutes.all("/v1/*", (c) => {
  const allowed = allowedMethods(api.routes, c.req.path.slice("/admin/v1".length));
  if (allowed.length === 0) throw new ApiError("route_not_found", "There is no such route. See /admin/docs.");
  return refuseMethod(allowed);
});

/** @throws ApiError method_not_allowed */
function refuseMethod(allowed: readonly string[]): never {
  const detail = `This route has only ${allowed.join(", ")}. See /admin/docs.`;
  throw new ApiError("method_not_allowed", detail, { headers: { Allow: allowed.join(", ") } });
}
