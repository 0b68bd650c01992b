/**
 * Strict-Transport-Security (RFC 6797): on every response to a request that came by https, also on errors.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../../src/index.ts";
import { ADMIN_TOKEN, ORIGIN } from "../harness.ts";

async function headerOf(url: string, settings = {}): Promise<string | null> {
  const request = new Request(url, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
  const response = await worker.fetch(request, { ...env, ...settings }, createExecutionContext());
  await response.body?.cancel();
  return response.headers.get("strict-transport-security");
}

test.each([
  "/",
  "/healthz",
  "/nowhere",
  "/p/1/x",
  "/admin/v1/templates",
  "/admin/openapi.json",
  "/v1/devices/d/registrations/p",
  "/v1/events/project/1/1/passes",
  "/api/v1/passes/p/s",
  "/api/v1/templates/1/passes",
])("browsers are asked to use only https: %s", async (path) => {
  expect(await headerOf(ORIGIN + path)).toBe("max-age=31536000");
});

test("browsers are asked to use only https by the error that a setting is missing", async () => {
  expect(await headerOf(ORIGIN, { ADMIN_TOKEN: "" })).toBe("max-age=31536000");
});

test.each(["http://passes.example.com/", "http://127.0.0.1:8787/", "https://localhost:8787/"])(
  "browsers are not asked to use only https: %s",
  async (url) => {
    expect(await headerOf(url)).toBeNull();
  },
);
