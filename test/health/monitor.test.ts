/**
 * /healthz for monitors: a status without details, no key, and no more work than once in 15 seconds. /healthz?live touches nothing.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { counted, forwarding } from "../counting.ts";
import { ORIGIN } from "../harness.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function ask(bindings: typeof env, path = "/healthz", method = "GET") {
  return worker.fetch(new Request(ORIGIN + path, { method }), bindings, createExecutionContext());
}

test("an empty deployment is not an error: 200, without a key, without details, not cached", async () => {
  const response = await ask({ ...env });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('{"status":"ok"}');
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect((await ask({ ...env }, "/healthz", "HEAD")).status).toBe(200);
});

test("an isolate computes it once in 15 seconds, and writes nothing", async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  const counters = counted(env);
  await ask(counters.env);
  const first = counters.spent();
  expect([first.trips > 0, first.rowsWritten]).toEqual([true, 0]);
  vi.setSystemTime(start + 14_999);
  await ask(counters.env);
  expect(counters.spent().trips).toBe(0);
  vi.setSystemTime(start + 15_000);
  await Promise.all(Array.from({ length: 20 }, () => ask(counters.env)));
  expect(counters.spent().trips).toBe(first.trips);
});

test("/healthz?live makes no query", async () => {
  const counters = counted(env);
  const response = await ask(counters.env, "/healthz?live");
  expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
  expect(counters.spent().trips).toBe(0);
});

test("if D1 fails, it is 503 without the reason, until D1 answers", async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  let isDown = true;
  const DB = forwarding(env.DB, {
    batch(statements: D1PreparedStatement[]) {
      if (isDown) throw new Error("D1_ERROR: Network connection lost.");
      return env.DB.batch(statements);
    },
  });
  const bindings = { ...env, DB };
  const response = await ask(bindings);
  expect([response.status, await response.text()]).toEqual([503, '{"status":"error"}']);
  expect(log.mock.calls.join()).toContain("Network connection lost");
  isDown = false;
  expect((await ask(bindings)).status).toBe(503);
  vi.setSystemTime(start + 15_000);
  expect((await ask(bindings)).status).toBe(200);
});
