/**
 * The calls of the scanner: what they send. The answers of the real server are in test/scans/scanner-page.test.ts.
 */
import { expect, test } from "vitest";
import { createApi } from "../../../src/browser/scanner/api.ts";

const scan = { scanId: "a", code: "\u001d42", at: 0, place: null, reward: true };

test("a scan is sent with its exact code, and without what it does not say", async () => {
  const calls: [string, RequestInit][] = [];
  const api = createApi("epkey_1", {
    fetch: async (...call) => {
      calls.push(call);
      return new Response("");
    },
  });
  await api.send([scan]);
  await api.undo("a/b");
  await api.lookUp("a&b");
  expect(calls.map(([url, { method, body }]) => [method, url, body])).toEqual([
    [
      "POST",
      "/admin/v1/scans",
      '{"scans":[{"scanId":"a","code":"\\u001d42","at":"1970-01-01T00:00:00.000Z","reward":true}]}',
    ],
    ["POST", "/admin/v1/scans/a%2Fb/undo", undefined],
    ["GET", "/admin/v1/scans/lookup?code=a%26b", undefined],
  ]);
  expect(new Headers(calls[0]?.[1].headers).get("Authorization")).toBe("Bearer epkey_1");
});
