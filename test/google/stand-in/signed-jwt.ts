/** Verifies a JWT that a service account signed with RS256, and says in which way it is wrong. */
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from "jose";
import type { Accounts, ServiceAccount } from "./accounts.ts";

export type SignedJwt =
  | { readonly fault: "malformed" | "algorithm" | "unknown-account" | "signature" }
  | { readonly fault: undefined; readonly account: ServiceAccount; readonly claims: JWTPayload };

/** The dates of the claims are not checked. */
export async function readSignedJwt(jwt: string, { serviceAccounts }: Accounts): Promise<SignedJwt> {
  let issuer: string | undefined;
  let keyId: string | undefined;
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    if (alg !== "RS256") return { fault: "algorithm" };
    issuer = decodeJwt(jwt).iss;
    keyId = kid;
  } catch {
    return { fault: "malformed" };
  }
  const account = serviceAccounts.get(issuer ?? "");
  if (account === undefined) return { fault: "unknown-account" };

  const keys = [...account.keys].filter(([id]) => keyId === undefined || keyId === id);
  for (const [, jwk] of keys) {
    const claims = await verifiedClaims(jwt, jwk);
    if (claims) return { fault: undefined, account, claims };
  }
  return { fault: "signature" };
}

async function verifiedClaims(jwt: string, jwk: JWK): Promise<JWTPayload | undefined> {
  try {
    const key = await importJWK(jwk, "RS256");
    // A date in the past, which jose judges by the machine's clock, is not its concern here.
    const { payload } = await jwtVerify(jwt, key, { algorithms: ["RS256"], currentDate: new Date(0) });
    return payload;
  } catch {
    return undefined;
  }
}
