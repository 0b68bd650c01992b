/** The fixed words of a service account's request for a token. */

export const GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";
export const SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer";
export const TOKEN_URI = "https://oauth2.googleapis.com/token";
