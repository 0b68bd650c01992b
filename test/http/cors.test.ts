/**
 * Pages of other origins that call the admin API: those that CORS_ORIGINS lists, and no others. Follows the Fetch standard.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../../src/index.ts";
import { ADMIN_TOKEN, ORIGIN } from "../harness.ts";

const SCANNER = "https://scan.example.com";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };

/** The Worker's answer to a page, and the headers that a browser looks at. */
async function answerTo(
  method: string,
  path: string,
  headers: Record<string, string>,
  CORS_ORIGINS = `${SCANNER}/ https://other.example.com`,
) {
  const request = new Request(ORIGIN + path, { method, headers });
  const response = await worker.fetch(request, { ...env, CORS_ORIGINS }, createExecutionContext());
  const header = (name: string) => response.headers.get(name);
  return {
    status: response.status,
    origin: header("access-control-allow-origin"),
    exposed: header("access-control-expose-headers"),
    allowed: [header("access-control-allow-methods"), header("access-control-allow-headers")],
    vary: header("vary"),
    credentials: header("access-control-allow-credentials"),
  };
}
const PREFLIGHT = {
  "Access-Control-Request-Method": "POST",
  "Access-Control-Request-Headers": "authorization",
};

test("a page of a listed origin may ask and call, with and without a key, and reads refusals too", async () => {
  const origin = { Origin: SCANNER };
  const exposed = "ETag, Location, Idempotency-Replayed, Retry-After";
  const shown = { origin: SCANNER, exposed, vary: "Origin", credentials: null };
  for (const path of ["/admin/v1/scans", "/admin/v1/nowhere"])
    expect(await answerTo("OPTIONS", path, { ...origin, ...PREFLIGHT })).toEqual({
      ...shown,
      status: 204,
      allowed: [
        "GET, POST, PUT, PATCH, DELETE",
        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match",
      ],
    });
  expect(await answerTo("GET", "/admin/v1/me", { ...origin, ...KEY })).toMatchObject({
    ...shown,
    status: 200,
  });
  expect(await answerTo("GET", "/admin/v1/me", origin)).toMatchObject({ ...shown, status: 401 });
  expect(await answerTo("PUT", "/admin/v1/me", { ...origin, ...KEY })).toMatchObject({
    ...shown,
    status: 405,
  });
});

test("no other origin, no other route, and nobody without the setting", async () => {
  const nothing = { origin: null, exposed: null };
  const foreign = { Origin: "https://scan.example.com.evil.example" };
  for (const origin of [foreign, { Origin: "null" }, {}]) {
    const asked = await answerTo("OPTIONS", "/admin/v1/scans", { ...origin, ...PREFLIGHT });
    expect(asked).toMatchObject({ ...nothing, status: 401, allowed: [null, null], vary: "Origin" });
    const called = await answerTo("GET", "/admin/v1/me", { ...origin, ...KEY });
    expect(called).toMatchObject({ ...nothing, status: 200, vary: "Origin" });
  }
  const listed = { Origin: SCANNER };
  expect(await answerTo("GET", "/admin/openapi.json", listed)).toMatchObject(nothing);
  expect(await answerTo("OPTIONS", "/admin/v1/scans", { ...listed, ...PREFLIGHT }, "")).toMatchObject({
    ...nothing,
    status: 401,
    vary: null,
  });
});
