/**
 * The door for bearer keys: the canonical API at /admin/v1, and its document.
 */
import { Hono } from "hono";
import { openAPIRouteHandler } from "hono-openapi";
import { ApiError } from "../errors.ts";
import { authenticate } from "../keys/bearer.ts";
import { bundlesRoutes } from "./bundles.ts";
import { type AdminEnv, refusing } from "./declare.ts";
import { importRoutes } from "./import.ts";
import { lintRoutes } from "./lint.ts";
import { operationsRoutes } from "./operations.ts";
import { passTypesRoutes } from "./pass-types.ts";
import { passesRoutes } from "./passes.ts";
import { projectsRoutes } from "./projects.ts";
import { templatesRoutes } from "./templates.ts";

const api = new Hono<AdminEnv>()
  .route("/", passTypesRoutes)
  .route("/", projectsRoutes)
  .route("/", templatesRoutes)
  .route("/", importRoutes)
  .route("/", lintRoutes)
  .route("/", passesRoutes)
  .route("/", bundlesRoutes)
  .route("/", operationsRoutes);

export const adminDoor = new Hono<AdminEnv>();

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

adminDoor.get(
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

adminDoor.use("/v1/*", async (c, next) => {
  c.set("principal", await authenticate(c.req.header("authorization"), c.var.config.adminToken));
  await next();
  c.res.headers.set("Cache-Control", "private, no-store");
});
adminDoor.route("/v1", api);
adminDoor.all("/v1/*", () => {
  throw new ApiError("route_not_found", "There is no such route or method. See /admin/openapi.json.");
});
