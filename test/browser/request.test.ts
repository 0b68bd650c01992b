/**
 * Requests of the pages: what no answer means. The answers of the real server are in test/scans/scanner-page.test.ts and
 * test/admin/dashboard-page.test.ts.
 */
import { expect, test } from "vitest";
import { type Network, request, requestBytes } from "../../src/browser/request.ts";

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

test("an image is its bytes, and a page in its place is not the service", async () => {
  const png = new Uint8Array([137, 80, 78, 71]);
  const answer = (type: string, status = 200) => ({
    fetch: async () => new Response(png, { status, headers: { "Content-Type": type } }),
  });
  const image = (network: Network) => requestBytes(network, "", "/templates/1/images/a", "image/png");
  expect(await image(answer("image/png"))).toMatchObject({ kind: "ok", body: png });
  expect(await image(answer("text/html"))).toMatchObject({ kind: "unreachable", reason: "not_ours" });
  expect(await image(answer("image/png", 503))).toMatchObject({ kind: "unreachable", reason: "busy" });
  const refusal = async () =>
    Response.json(
      { code: "key_revoked", detail: "It was revoked." },
      { status: 401, headers: { "Content-Type": "application/problem+json" } },
    );
  expect(await image({ fetch: refusal })).toMatchObject({
    kind: "refused",
    status: 401,
    code: "key_revoked",
  });
});
