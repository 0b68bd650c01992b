/**
 * Authenticates a client of Passdock's API by `api_token`, in the query or in the body, and reads the rest of the request.
 */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../../http/context.ts";
import { passBody, unauthenticatedBody } from "../../http/heavy-body.ts";
import { demandRole } from "../../keys/roles.ts";
import { authenticateWithinRate } from "../key-guesses.ts";
import { findApiToken, type Input, parseHashes, queryInput, readInput } from "./body.ts";

export interface PassdockEnv {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { input: Input };
}

/** Sets `c.var.input`, even if it refuses the request. @throws ApiError unauthorized */
export const authenticatePassdock: MiddlewareHandler<PassdockEnv> = async (c, next) => {
  const request = c.req.raw;
  const authenticate = async (apiToken: string | undefined) => {
    await authenticateWithinRate(c, apiToken, "api_token");
    demandRole(c.var.context.role, "issuer");
  };
  c.set("input", queryInput(c.req.query()));
  const apiToken = c.req.query("api_token") || undefined;
  // Before authentication, the body is read only if it can contain the key.
  const isKeyInBody =
    !request.headers.has("authorization") &&
    apiToken === undefined &&
    c.var.context.config.legacyAuthorization.has("api_token");
  const readRest = async () => {
    const input = await readInput(c, c.req.query());
    c.set("input", input);
    if (input.error?.code === "upload_too_slow") throw input.error; // the key may be in what has not arrived
    if (isKeyInBody) await authenticate(findApiToken(input));
    c.set("input", await parseHashes(input));
    await next();
  };
  if (isKeyInBody) return unauthenticatedBody(c, readRest);
  await authenticate(apiToken);
  await passBody(c, readRest);
};
