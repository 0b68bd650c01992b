/**
 * Google's token endpoint for service accounts: an assertion that the account signed, in exchange for an access token of an hour.
 * Follows "Using OAuth 2.0 for Server to Server Applications". The texts of invalid_grant are those that Google is known to answer;
 * which error a wrong scope or grant type has is from the same page.
 */
import { randomBytes } from "node:crypto";
import type { Accounts, ServiceAccount } from "./accounts.ts";
import { GRANT_TYPE, SCOPE, TOKEN_URI } from "./assertion.ts";
import { tokenRefusal } from "./refusals.ts";
import { readSignedJwt } from "./signed-jwt.ts";

const EXPIRES_IN = 3599;
/** Seconds that a client's clock may be wrong. */
const SKEW = 300;

export interface TokenAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly token_type: "Bearer";
}

export interface Tokens {
  /** Who may get a token for this form. @throws GoogleRefusal */
  verify(form: URLSearchParams, now: number): Promise<ServiceAccount>;
  grant(account: ServiceAccount, now: number): TokenAnswer;
  /** The address of the account whose token it is. Undefined if it is unknown or has expired. */
  owner(token: string, now: number): string | undefined;
  /** All tokens of the account expire now. */
  expire(email: string): void;
}

/** @param origin a token may be asked for from Google's address, or from the stand-in's */
export function createTokens(accounts: Accounts, origin: string): Tokens {
  const tokens = new Map<string, { email: string; expires: number }>();
  const audiences = [TOKEN_URI, `${origin}/token`];
  return {
    async verify(form, now) {
      const grantType = form.get("grant_type") ?? "";
      if (grantType !== GRANT_TYPE)
        throw tokenRefusal("unsupported_grant_type", `Invalid grant_type: ${grantType}`);
      const assertion = form.get("assertion");
      if (assertion === null) throw tokenRefusal("invalid_request", "Missing required parameter: assertion");

      const jwt = await readSignedJwt(assertion, accounts);
      if (jwt.fault === "unknown-account") throw invalidGrant("Invalid grant: account not found");
      if (jwt.fault === "signature") throw invalidGrant("Invalid JWT Signature.");
      if (jwt.fault !== undefined)
        throw invalidGrant("Invalid JWT: Failed to parse or unsupported algorithm.");

      const { aud, iat, exp, scope } = jwt.claims;
      if (!audiences.some((each) => each === aud)) throw invalidGrant("Invalid JWT: Failed audience check.");
      const seconds = now / 1000;
      const isTimely =
        iat !== undefined && exp !== undefined && iat <= seconds + SKEW && exp > seconds - SKEW;
      if (!isTimely || exp - iat > 3600)
        throw invalidGrant(
          "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
        );
      if (typeof scope !== "string" || !scope.split(" ").includes(SCOPE))
        throw tokenRefusal("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
      return jwt.account;
    },
    grant({ email }, now) {
      const token = `ya29.c.${randomBytes(48).toString("base64url")}`;
      tokens.set(token, { email, expires: now + EXPIRES_IN * 1000 });
      return { access_token: token, expires_in: EXPIRES_IN, token_type: "Bearer" };
    },
    owner(token, now) {
      const known = tokens.get(token);
      return known !== undefined && now < known.expires ? known.email : undefined;
    },
    expire(email) {
      for (const [token, known] of tokens) if (known.email === email) tokens.delete(token);
    },
  };
}

const invalidGrant = (description: string) => tokenRefusal("invalid_grant", description);
