/**
 * Authenticates the sender of a push. The stand-in APNs reads a provider token, a JWT signed with a team's P-256 key,
 * and enforces how often a sender must and may create a new one.
 *
 * Follows "Establishing a token-based connection to APNs" in Apple's User Notifications documentation, RFC 7515 and RFC
 * 7519.
 */
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from "jose";

/** The keys of all teams, and the state of the tokens that were made with them. */
export interface ProviderAccounts {
  /** By key id. */
  keys: Map<string, { teamIdentifier: string; publicKey: CryptoKey }>;
  /** By team and key id: the accepted tokens, and the `iat` of the newest one, in seconds. */
  providerTokens: Map<string, { accepted: Set<string>; newestIat: number }>;
}

/** The maximum age of a provider token, and the minimum time between two new ones, in seconds. */
const greatestAge = 60 * 60;
const leastInterval = 20 * 60;
const clockTolerance = 60;

export interface Authentication {
  /** Undefined if the token is accepted. */
  refusal:
    | "ExpiredProviderToken"
    | "InvalidProviderToken"
    | "MissingProviderToken"
    | "TooManyProviderTokenUpdates"
    | undefined;
  /** The parts that could be read. The claims are present only if the signature is valid. */
  jwtHeader: ProtectedHeaderParameters | undefined;
  jwtClaims: JWTPayload | undefined;
}

/** Reads the authorization header at `now` (milliseconds), and stores an accepted token. */
export async function authenticate(
  authorization: string | undefined,
  accounts: ProviderAccounts,
  now: number,
): Promise<Authentication> {
  const nobody = { jwtHeader: undefined, jwtClaims: undefined };
  if (authorization === undefined) return { refusal: "MissingProviderToken", ...nobody };
  const jwt = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1];
  if (jwt === undefined) return { refusal: "InvalidProviderToken", ...nobody };

  let jwtHeader: ProtectedHeaderParameters;
  try {
    jwtHeader = decodeProtectedHeader(jwt);
  } catch {
    return { refusal: "InvalidProviderToken", ...nobody };
  }
  const key = accounts.keys.get(jwtHeader.kid ?? "");
  const known = Object.keys(jwtHeader).every((name) => ["alg", "kid", "typ"].includes(name));
  if (!known || !key) return { refusal: "InvalidProviderToken", jwtHeader, jwtClaims: undefined };

  let jwtClaims: JWTPayload;
  try {
    const verified = await jwtVerify(jwt, key.publicKey, {
      algorithms: ["ES256"],
      issuer: key.teamIdentifier,
      requiredClaims: ["iat"],
      currentDate: new Date(now),
    });
    jwtClaims = verified.payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return { refusal: "InvalidProviderToken", jwtHeader, jwtClaims: undefined };
  }
  return { refusal: checkAge(jwt, jwtHeader, jwtClaims, accounts, now / 1000), jwtHeader, jwtClaims };
}

/** `now` is in seconds, as `iat` is. */
function checkAge(
  jwt: string,
  jwtHeader: ProtectedHeaderParameters,
  jwtClaims: JWTPayload,
  accounts: ProviderAccounts,
  now: number,
): Authentication["refusal"] {
  const iat = jwtClaims.iat ?? 0;
  if (now - iat > greatestAge || iat - now > clockTolerance) return "ExpiredProviderToken";

  // "Refresh your token no more than once every 20 minutes". A new signature over the same `iat` is a different token
  // too, because ES256 is not deterministic.
  const sender = `${jwtClaims.iss} ${jwtHeader.kid}`;
  const remembered = accounts.providerTokens.get(sender);
  if (!remembered) {
    accounts.providerTokens.set(sender, { accepted: new Set([jwt]), newestIat: iat });
    return undefined;
  }
  if (remembered.accepted.has(jwt)) return undefined;
  if (iat - remembered.newestIat < leastInterval) return "TooManyProviderTokenUpdates";
  remembered.accepted.add(jwt);
  remembered.newestIat = iat;
  return undefined;
}
