/**
 * The console of a local instance: wrangler's proxy prints the address of an aborted request, and some addresses
 * contain a secret.
 */
import { expect, test } from "vitest";
import { withoutSecrets } from "../tools/local/redacted.ts";

test.each([
  [
    "POST http://127.0.0.1:1/api/v1/templates/2/passes?api_token=secret (failed)",
    "POST http://127.0.0.1:1/api/v1/templates/2/passes?api_token=… (failed)",
  ],
  ["GET http://127.0.0.1:1/a?x=1&api_token=secret&y=2", "GET http://127.0.0.1:1/a?x=1&api_token=…&y=2"],
  [`GET http://127.0.0.1:1/p/12/${"a1".repeat(20)}`, "GET http://127.0.0.1:1/p/12/…"],
  [`GET http://127.0.0.1:1/passes/12/${"a1".repeat(20)}.pkpass`, "GET http://127.0.0.1:1/passes/12/….pkpass"],
  [
    `GET http://127.0.0.1:1/bundles/12-3/1_${"aZ-_9".repeat(13)}.pkpasses`,
    "GET http://127.0.0.1:1/bundles/12-3/….pkpasses",
  ],
])("%s is printed without the secret", (line, expected) => {
  expect(withoutSecrets(line)).toBe(expected);
});
