/**
 * Service accounts with keys of their own, and a Google that a test scripts: a function in place of fetch.
 */
import type { GoogleFetch } from "../../src/google-wallet/transport.ts";
import { call } from "../harness.ts";

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const EC = { name: "ECDSA", namedCurve: "P-256" };

export async function makePem(algorithm: "RSA" | "EC" = "RSA"): Promise<string> {
  const pair = (await crypto.subtle.generateKey(algorithm === "RSA" ? RSA : EC, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const der = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  const lines = new Uint8Array(der).toBase64().replace(/.{64}/g, "$&\n");
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
}

export const pem = await makePem();

/** As the Google Cloud Console downloads it. */
export function serviceAccount(more: Record<string, unknown> = {}) {
  return {
    type: "service_account",
    project_id: "roasters",
    private_key_id: crypto.randomUUID().replaceAll("-", ""),
    private_key: pem,
    client_email: "edgepass@roasters.iam.gserviceaccount.com",
    client_id: "100000000000000000001",
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: "https://oauth2.googleapis.com/token",
    universe_domain: "googleapis.com",
    ...more,
  };
}

let issuers = 0;

/** Stores an issuer of its own. */
export async function makeIssuer(account: object = serviceAccount()): Promise<string> {
  const issuerId = String(3_388_000_000_100_000_000n + BigInt(++issuers));
  const { status, body } = await call("POST", "/google-issuers", { issuerId, serviceAccount: account });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return issuerId;
}

/** One request that the scripted Google got. */
export interface Heard {
  readonly method: string;
  /** Of the address, behind the origin. */
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

export type Script = (heard: Heard) => Response | undefined;

/** Answers token requests by itself, and 200 {} to what the script leaves out. */
export function scriptedGoogle(script: Script = () => undefined) {
  const heard: Heard[] = [];
  let tokens = 0;
  const fetch: GoogleFetch = async (url, init) => {
    const { pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    const one = {
      method: init.method ?? "GET",
      path: pathname + search,
      authorization: headers.get("authorization"),
      body: String(init.body ?? ""),
    };
    heard.push(one);
    const own = script(one);
    if (own !== undefined) return own;
    if (one.path === "/token")
      return Response.json({ access_token: `ya29.${++tokens}`, expires_in: 3599, token_type: "Bearer" });
    return Response.json({});
  };
  return { fetch, heard, paths: () => heard.map(({ method, path }) => `${method} ${path}`) };
}

/** An error as Google's API writes it. */
export function googleError(code: number, message: string, reason: string): Response {
  return Response.json(
    { error: { code, message, errors: [{ message, domain: "walletobjects", reason }] } },
    { status: code },
  );
}
