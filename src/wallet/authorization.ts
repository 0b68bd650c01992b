/**
 * Authorizes a request for a pass: it must carry the authenticationToken of this pass. The token is compared in
 * constant time, without a database query.
 *
 * Follows Apple's "Adding a web service to update passes" and RFC 9110 §11.
 */
import type { MiddlewareHandler } from "hono";
import type { Config } from "../config.ts";
import type { Context } from "../context.ts";
import type { Client } from "../devices/register.ts";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "../http/context.ts";
import { type LoadedPass, loadBySerialNumber } from "../passes/load.ts";
import { verifyAuthenticationToken } from "../passes/token.ts";
import type { KeyId } from "../secrets/secrets.ts";
import { decodeAgain } from "./parse.ts";

/** The facts that the token proves. The pass may have been deleted. */
export interface OpenedPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly tokenKeyId: KeyId;
}

export interface WalletEnv {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { opened: OpenedPass };
}

/** Apple's scheme, and those of other wallets that use its protocol. Schemes are case-insensitive (RFC 9110 §11.1). */
const AUTHORIZATION = /^(ApplePass|AndroidPass|WalletUnionPass) +(\S+) *$/i;

/** Checks the token of the pass in the path: sets `c.var.opened`. @throws ApiError unauthorized */
export const authorize: MiddlewareHandler<WalletEnv, "/:passTypeIdentifier/:serialNumber{[^]+}"> = async (
  c,
  next,
) => {
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const { context } = c.var;
  const authorization = c.req.header("authorization");
  c.set("opened", await openPass(context.config, authorization, passTypeIdentifier, serialNumber));
  c.set("context", { ...context, actor: "holder" });
  await next();
};

/**
 * The same error for a missing, a malformed and a wrong token, and for an unknown pass, so that it does not reveal the
 * reason.
 */
export function unauthorized(): ApiError {
  return new ApiError(
    "unauthorized",
    "Send the header Authorization: ApplePass with the authenticationToken of the pass.",
    {
      headers: { "WWW-Authenticate": "ApplePass" },
    },
  );
}

/**
 * Checks the token of a pass.
 * @param serialNumber the rest of the path, decoded once. iOS percent-encodes it twice except for slashes, other clients
 *   once; the token determines which of the two readings is meant.
 * @throws ApiError unauthorized
 */
export async function openPass(
  config: Config,
  authorization: string | undefined,
  passTypeIdentifier: string,
  serialNumber: string,
): Promise<OpenedPass> {
  const [, , token] = AUTHORIZATION.exec(authorization ?? "") ?? [];
  if (token === undefined) throw unauthorized();
  for (const reading of new Set([serialNumber, decodeAgain(serialNumber)])) {
    const tokenKeyId = await verifyAuthenticationToken(config.secrets, token, passTypeIdentifier, reading);
    if (tokenKeyId !== undefined) return { passTypeIdentifier, serialNumber: reading, tokenKeyId };
  }
  throw unauthorized();
}

/**
 * Loads the pass that the token opened.
 * @throws ApiError unauthorized if there is no such pass, or pass_not_found if it was deleted
 */
export async function loadOpenedPass(
  { db, now }: Pick<Context, "db" | "now">,
  { passTypeIdentifier, serialNumber, tokenKeyId }: OpenedPass,
): Promise<LoadedPass> {
  const loaded = await loadBySerialNumber(db, passTypeIdentifier, serialNumber, now);
  if (loaded === undefined || loaded.pass.tokenKeyId !== tokenKeyId) throw unauthorized();
  if (loaded.pass.deletedAt !== null) throw passDeleted();
  return loaded;
}

/** This reveals that the pass existed only to the holder of the token. */
export function passDeleted(): ApiError {
  return new ApiError("pass_not_found", "This pass was deleted.");
}

/**
 * Determines the push service that a token belongs to: by the scheme, else by the headers, else by the token itself.
 */
export function detectClient(headers: Headers, pushToken: string): Client {
  const scheme = AUTHORIZATION.exec(headers.get("authorization") ?? "")?.[1]?.toLowerCase();
  if (scheme === "androidpass" || scheme === "walletunionpass") return scheme;
  if (headers.has("x-pass-client")) return "other";
  const userAgent = headers.get("user-agent") ?? "";
  if (userAgent.includes("WalletPasses/")) return "androidpass";
  if (userAgent.includes("WalletUnion/")) return "walletunionpass";
  // APNs device tokens are hexadecimal; any other token belongs to another push service.
  const isApns = /^([0-9a-fA-F]{2}){32,}$/.test(pushToken);
  return isApns ? "apple" : "other";
}
