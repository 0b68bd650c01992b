/**
 * Requests of the pages: what no answer means. The answers of the real server are in test/scans/scanner-page.test.ts and
 * test/admin/dashboard-page.test.ts.
 */
import { expect, test } from "vitest";
import { type Network, request } from "../../src/browser/request.ts";

const ask = (network: Network) => request(network, "", { method: "GET", path: "/me" }, (body) => body);

test("no network, no answer in time and an answer that breaks off are unreachable, not exceptions", async () => {
  const never = (_url: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason)),
    );
  const broken = async () =>
    new Response(new ReadableStream({ start: (stream) => stream.error(new TypeError("network error")) }));
  const unreachable = { kind: "unreachable", retryAfterMs: null };
  expect(await ask({ fetch: never, timeoutMs: 1 })).toEqual({
    ...unreachable,
    reason: "timeout",
  });
  expect(await ask({ fetch: broken })).toEqual({ ...unreachable, reason: "network" });
});
