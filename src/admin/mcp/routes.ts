/**
 * The route of MCP, for programs that let a model use tools. Its tools call the routes of the admin API in this process, with the
 * rights of the key.
 *
 * Follows the Model Context Protocol 2026-07-28, basic/transports: POST only, and the Origin of a browser is checked.
 */
import { Hono, type Context as HonoContext } from "hono";
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { jsonBody, readBody } from "../../http/body.ts";
import type { AppEnv } from "../../http/context.ts";
import { MAX_BODY_BYTES } from "../../http/limits.ts";
import { refusalForAny } from "../../http/refusals.ts";
import { isObject, type JsonObject, parseJson, writeJson } from "../../json.ts";
import { holdsRole, type NeededRole } from "../../keys/roles.ts";
import type { Route } from "../openapi/document.ts";
import { getPart } from "../openapi/parts.ts";
import { type ApiCall, Refused } from "./tool.ts";

/** @param api the routes after /admin/v1 */
export function mcpRoutes(api: Hono<AppEnv>): Hono<AppEnv> {
  const callable = callableApi(api);
  const neededBy = rolesOf(api.routes);
  return new Hono<AppEnv>()
    .post("/", async (c) => {
      refuseForeignOrigin(c.req.header("origin"), c.var.context.config.publicOrigin);
      const body = jsonBody(await readBody(c, MAX_BODY_BYTES.mcp));
      refuseBatch(body);
      const { context } = c.var;
      const { answerMcp } = await import("./server.ts");
      return answerMcp(c.req.raw, body, {
        mayCall: (operationId) => holdsRole(context.role, neededBy(operationId)),
        callApi: async (call) => {
          const response = await callable(toRequest(call, context.config.publicOrigin), context, c);
          if (!response.ok) throw new Refused(await readObject(response));
          return readObject(response);
        },
        problemOf: (error) => readObject(refusalForAny(error, c).toResponse()),
      });
    })
    .all("/", () => {
      throw new ApiError(
        "method_not_allowed",
        "MCP has only POST here: there are no sessions and no streams.",
        {
          headers: { Allow: "POST" },
        },
      );
    });
}

/** @returns the role that an operation needs, by its id */
function rolesOf(routes: readonly Route[]): (operationId: string) => NeededRole {
  const operations = routes.flatMap(({ handler }) => getPart(handler).operation ?? []);
  const roles = new Map(operations.map((operation) => [operation.operationId, operation["x-role"]]));
  return (operationId) => {
    const role = roles.get(operationId);
    if (role === undefined) throw new Error(`There is no operation ${operationId}`);
    return role;
  };
}

type Invocation = Pick<HonoContext<AppEnv>, "env" | "executionCtx">;

/**
 * The routes as a function. They get the context of the calling request, and so the actor, the role and the scope of its
 * key.
 */
function callableApi(api: Hono<AppEnv>) {
  const contexts = new WeakMap<Request, Context>();
  const app = new Hono<AppEnv>();
  app.use(async (c, next) => {
    const context = contexts.get(c.req.raw);
    if (context === undefined) throw new Error("a request without a context");
    c.set("context", context);
    await next();
  });
  app.route("/admin/v1", api);
  app.onError((error, c) => refusalForAny(error, c).toResponse());
  return (request: Request, context: Context, { env, executionCtx }: Invocation) => {
    contexts.set(request, context);
    return app.fetch(request, env, executionCtx);
  };
}

function toRequest({ method, path, query = {}, body, headers = {} }: ApiCall, origin: string): Request {
  const url = new URL(`/admin/v1${path}`, origin);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const request = new Request(url, { method, ...jsonInit(body) });
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) request.headers.set(name, value);
  return request;
}

/** The length is known, so a short body does not wait for its turn (http/heavy-body.ts). */
function jsonInit(value: object | undefined): RequestInit {
  if (value === undefined) return {};
  const body = new TextEncoder().encode(writeJson(value));
  return { body, headers: { "Content-Type": "application/json", "Content-Length": String(body.length) } };
}

async function readObject(response: Response): Promise<JsonObject> {
  const value = parseJson(await response.text());
  if (!isObject(value)) throw new Error("an answer that is no object");
  return value;
}

/** The calls of a batch would run at the same time, and the answers of all of them would be in memory. */
function refuseBatch(body: unknown): void {
  if (!Array.isArray(body)) return;
  throw new ApiError("invalid_body", "Send one JSON-RPC message in each request: MCP has no batches.");
}

/** Otherwise a foreign page could use a key that a browser stores, for example by DNS rebinding. */
function refuseForeignOrigin(origin: string | undefined, own: string): void {
  if (origin === undefined || origin === own) return;
  throw new ApiError(
    "foreign_origin",
    "Pages of other origins may not call MCP. Programs send no Origin, or the PUBLIC_ORIGIN.",
  );
}
