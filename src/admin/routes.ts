/**
 * The door for bearer keys: the canonical API at /admin/v1, and its document.
 */
import { Hono } from "hono";
import { openAPIRouteHandler } from "hono-openapi";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "../http/context.ts";
import { authenticate } from "../keys/bearer.ts";
import { bundlesRoutes } from "./bundles/routes.ts";
import { importRoutes } from "./import/routes.ts";
import { lintRoutes } from "./lint/routes.ts";
import { refusing } from "./openapi/operation.ts";
import { operationsRoutes } from "./operations/routes.ts";
import { passTypesRoutes } from "./pass-types/routes.ts";
import { passesRoutes } from "./passes/routes.ts";
import { projectsRoutes } from "./projects/routes.ts";
import { templatesRoutes } from "./templates/routes.ts";

const api = new Hono<AppEnv>()
  .route("/", passTypesRoutes)
  .route("/", projectsRoutes)
  .route("/", templatesRoutes)
  .route("/", importRoutes)
  .route("/", lintRoutes)
  .route("/", passesRoutes)
  .route("/", bundlesRoutes)
  .route("/", operationsRoutes);

export const adminRoutes = new Hono<AppEnv>();

/** What every route with a body may answer. */
const withBody = {
  responses: refusing([
    "malformed_json",
    "invalid_body",
    "invalid_parameter",
    "body_too_large",
    "unsupported_media_type",
  ]),
};

adminRoutes.get(
  "/openapi.json",
  openAPIRouteHandler(new Hono().route("/admin/v1", api), {
    defaultOptions: { POST: withBody, PUT: withBody, PATCH: withBody },
    defaultValidationErrorResponse: refusing(["invalid_parameter"])[400],
    documentation: {
      openapi: "3.1.0",
      info: {
        title: "Edgepass",
        version: "1",
        description:
          "Templates, passes and identities. Errors are problem+json (RFC 9457) with a stable code.",
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
    },
  }),
);

adminRoutes.use("/v1/*", async (c, next) => {
  const { context } = c.var;
  const { actor } = await authenticate(c.req.header("authorization"), context.config.adminToken);
  c.set("context", { ...context, actor });
  await next();
  c.res.headers.set("Cache-Control", "private, no-store");
});
adminRoutes.route("/v1", api);
adminRoutes.all("/v1/*", () => {
  throw new ApiError("route_not_found", "There is no such route or method. See /admin/openapi.json.");
});
