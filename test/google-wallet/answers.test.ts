/**
 * What the Worker makes of Google's answers, also of those that are not Google's own.
 */
import { expect, test } from "vitest";
import { readGoogleAnswer } from "../../src/google-wallet/answers.ts";

test.each([
  ["30", 30],
  ["0.2", 1],
  ["1e300", 3600],
  ["99999999", 3600],
  ["-5", undefined],
  ["soon", undefined],
  ["Infinity", 3600],
  [null, undefined],
])("Retry-After %s is %s seconds", (retryAfter, seconds) => {
  const answer = readGoogleAnswer(429, "{}", retryAfter);
  expect(answer).toMatchObject({ ok: false, code: "quota_exceeded" });
  expect("retryAfterSeconds" in answer ? answer.retryAfterSeconds : undefined).toBe(seconds);
});

const PAGE = "<html><title>Access denied</title></html>";

test.each([401, 403, 404, 409])(
  "%s without Google's error is of a proxy, and says nothing about the account",
  (status) => {
    expect(readGoogleAnswer(status, PAGE, null)).toMatchObject({ ok: false, code: "unavailable" });
  },
);

test.each([
  [401, "key_refused"],
  [403, "not_invited"],
  [404, "resource_unknown"],
  [409, "resource_exists"],
])("%s with Google's error is %s", (status, code) => {
  const error = JSON.stringify({ error: { code: status, message: "No." } });
  expect(readGoogleAnswer(status, error, null)).toMatchObject({ ok: false, code, detail: "No." });
});

test.each([400, 413])("%s is refused, whatever its body is", (status) => {
  expect(readGoogleAnswer(status, PAGE, null)).toMatchObject({ ok: false, code: "refused" });
});
