/**
 * Whether a request may open a pass: the token of that very pass, in constant time, without the database.
 */
import type { Config } from "../config.ts";
import type { Client } from "../devices/register.ts";
import { ApiError } from "../errors.ts";
import { verifyAuthenticationToken } from "../passes/token.ts";

/** What the token has proven. The row may still say that it is gone. */
export interface OpenedPass {
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
  readonly tokenKeyId: string;
}

/** Apple's scheme, and those of the wallets that speak its protocol. RFC 9110 §11.1: in any case. */
const AUTHORIZATION = /^(ApplePass|AndroidPass|WalletUnionPass) +(\S+) *$/i;

/** One answer for a missing, a malformed and a wrong token and for an unknown pass: none tells which it is. */
export function unauthorized(): ApiError {
  return new ApiError(
    "unauthorized",
    "Send the header Authorization: ApplePass, and the pass's authenticationToken.",
    {
      headers: { "WWW-Authenticate": "ApplePass" },
    },
  );
}

/**
 * @param serialNumber the path segment, decoded once. iOS percent-encodes it twice, other clients once; the token
 *   says which of the two readings is meant.
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
  for (const reading of new Set([serialNumber, decodedAgain(serialNumber)])) {
    const tokenKeyId = await verifyAuthenticationToken(config.secrets, token, passTypeIdentifier, reading);
    if (tokenKeyId !== undefined) return { passTypeIdentifier, serialNumber: reading, tokenKeyId };
  }
  throw unauthorized();
}

/** Whose push service the token of a registration belongs to: by the scheme, then by what the client says of itself. */
export function clientOf(headers: Headers, pushToken: string): Client {
  const scheme = AUTHORIZATION.exec(headers.get("authorization") ?? "")?.[1]?.toLowerCase();
  if (scheme === "androidpass" || scheme === "walletunionpass") return scheme;
  if (headers.has("x-pass-client")) return "other";
  const userAgent = headers.get("user-agent") ?? "";
  if (userAgent.includes("WalletPasses/")) return "androidpass";
  if (userAgent.includes("WalletUnion/")) return "walletunionpass";
  // APNs device tokens are hexadecimal; anything else is another push service's.
  const isApns = /^([0-9a-fA-F]{2}){32,}$/.test(pushToken);
  return isApns ? "apple" : "other";
}

/** The text with one more percent-decoding, or as it is where that cannot be. */
export function decodedAgain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
