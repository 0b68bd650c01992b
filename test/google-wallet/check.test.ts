/**
 * The check of an issuer, and the access token: what Google is asked, and what its refusals mean for the operator.
 */
import { env } from "cloudflare:workers";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { googleIssuers } from "../../src/db/schema.ts";
import { checkGoogleIssuer } from "../../src/google-wallet/check.ts";
import { callGoogle } from "../../src/google-wallet/client.ts";
import { findIssuer, type GoogleIssuer } from "../../src/google-wallet/issuers.ts";
import { call } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { googleError, makeIssuer, type Script, scriptedGoogle, serviceAccount } from "./accounts.ts";

const parts = { db: openDatabase(env.DB), config: readConfig(env) };
const check = (issuerId: string, script: Script, now = Date.now()) =>
  checkGoogleIssuer({ ...parts, now }, issuerId, scriptedGoogle(script).fetch);

test("a check gets a token, looks the issuer up and has Google check a pass, and its result is stored", async () => {
  const account = serviceAccount();
  const issuerId = await makeIssuer(account);
  const google = scriptedGoogle();
  const now = Date.now();
  const result = await checkGoogleIssuer({ ...parts, now }, issuerId, google.fetch);
  expect(result).toMatchObject({ ok: true, code: null, cure: null });
  expect(google.paths()).toEqual([
    "POST /token",
    `GET /walletobjects/v1/issuer/${issuerId}`,
    "POST /walletobjects/v1/jwt/validate",
  ]);
  const assertion = new URLSearchParams(google.heard[0]?.body).get("assertion") ?? "";
  expect(decodeProtectedHeader(assertion)).toEqual({ alg: "RS256", typ: "JWT", kid: account.private_key_id });
  expect(decodeJwt(assertion)).toEqual({
    iss: account.client_email,
    aud: "https://oauth2.googleapis.com/token",
    scope: "https://www.googleapis.com/auth/wallet_object.issuer",
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 3600,
  });
  expect(google.heard[2]?.authorization).toBe("Bearer ya29.1");
  expect((await call<GoogleIssuer>("GET", `/google-issuers/${issuerId}`)).body.lastCheck).toEqual(result);
  await expect(check(issuerId, () => undefined, now + 4000)).rejects.toMatchObject({
    code: "google_check_too_soon",
  });
});

const denied = () => googleError(403, "Permission denied.", "permissionDenied");
const REFUSALS: [code: string, cure: RegExp, script: Script][] = [
  [
    "key_refused",
    /new key/,
    ({ path }) =>
      path === "/token"
        ? Response.json(
            { error: "invalid_grant", error_description: "Invalid JWT Signature." },
            { status: 400 },
          )
        : undefined,
  ],
  [
    "api_disabled",
    /Cloud project roasters/,
    ({ path }) =>
      path === "/token"
        ? undefined
        : googleError(403, "Google Wallet API is disabled.", "accessNotConfigured"),
  ],
  [
    "not_invited",
    /invite edgepass@roasters/,
    ({ path }) => (path.includes("/issuer/") ? denied() : undefined),
  ],
  [
    "wrong_issuer",
    /Create the issuer/,
    ({ path }) =>
      path.includes("/issuer/")
        ? denied()
        : path.endsWith("/issuer")
          ? Response.json({ resources: [{ issuerId: "3388000000099999999" }] })
          : undefined,
  ],
  [
    "issuer_unknown",
    /Compare the id/,
    ({ path }) => (path.includes("/issuer/") ? googleError(404, "Not found.", "notFound") : undefined),
  ],
  [
    "demo_mode",
    /publishing access/,
    ({ path }) =>
      path.includes("validate") ? googleError(403, "The issuer is in demo mode.", "forbidden") : undefined,
  ],
  [
    "quota_exceeded",
    /20 requests/,
    ({ path }) =>
      path.includes("validate") ? googleError(429, "Quota exceeded.", "rateLimitExceeded") : undefined,
  ],
  ["unavailable", /temporary/, () => new Response("<html>", { status: 502 })],
  [
    "refused",
    /own words/,
    ({ path }) => (path.includes("validate") ? googleError(400, "Invalid value.", "invalid") : undefined),
  ],
];
test.each(REFUSALS)("%s is recognised and has a cure", async (code, cure, script) => {
  const issuerId = await makeIssuer();
  const result = await check(issuerId, script);
  expect(result).toMatchObject({ ok: false, code, cure: expect.stringMatching(cure) });
  expect((await call<GoogleIssuer>("GET", `/google-issuers/${issuerId}`)).body.lastCheck).toEqual(result);
});

test("a key that can no longer be decrypted is named, and nothing is sent", async () => {
  const issuerId = await makeIssuer();
  const { privateKey } = await rowOf(googleIssuers, { issuerId });
  await setRows(
    googleIssuers,
    { issuerId },
    { privateKey: privateKey.replace("1.", "9.") as typeof privateKey },
  );
  const google = scriptedGoogle();
  const result = await checkGoogleIssuer({ ...parts, now: Date.now() }, issuerId, google.fetch);
  expect(result).toMatchObject({
    ok: false,
    code: "key_unreadable",
    cure: expect.stringContaining("MASTER_SECRET"),
  });
  expect(google.heard).toEqual([]);
});

test("a token is used until five minutes before its end, by all isolates, and is replaced once if Google refuses it", async () => {
  const issuer = await findIssuer(parts.db, await makeIssuer());
  const google = scriptedGoogle(({ authorization }) =>
    authorization === "Bearer ya29.2" ? googleError(401, "Invalid credentials.", "authError") : undefined,
  );
  const now = Date.now();
  const get = (at: number) =>
    callGoogle({ ...parts, fetch: google.fetch, now: at }, issuer, { method: "GET", path: "/issuer" });
  const tokens = () => google.heard.filter(({ path }) => path === "/token").length;
  await get(now);
  await get(now + 54 * 60_000);
  expect(tokens()).toBe(1);
  // Another isolate has no memory, but the row.
  const other = await import("../../src/google-wallet/access-token.ts");
  expect(await other.accessToken({ ...parts, fetch: google.fetch, now }, issuer)).toMatchObject({ ok: true });
  expect(tokens()).toBe(1);
  expect(await get(now + 56 * 60_000)).toMatchObject({ ok: true });
  expect(tokens()).toBe(3);
  expect(google.heard.at(-1)?.authorization).toBe("Bearer ya29.3");
});
