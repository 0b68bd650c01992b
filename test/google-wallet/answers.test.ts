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

test.each(["rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded"])(
  "403 with the reason %s is a quota, and not about the account",
  (reason) => {
    const error = JSON.stringify({ error: { code: 403, message: "No.", errors: [{ reason }] } });
    expect(readGoogleAnswer(403, error, null)).toMatchObject({ code: "quota_exceeded" });
  },
);

test.each([
  "Quota exceeded for issuer 3388 when adding TEXT_AND_NOTIFY message to class 3388.a.",
  "QuotaExceededException: the pass was notified too often.",
])("403 with the words %s is a quota whatever its reason is, and not about the account", (message) => {
  const errors = [{ reason: "permissionDenied" }];
  const error = JSON.stringify({ error: { code: 403, message, errors } });
  expect(readGoogleAnswer(403, error, null)).toMatchObject({ code: "quota_exceeded", detail: message });
});

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl";
const IMAGE_SECRET = "1_gZ3nzcLHRBl8VqAJW9Yp7tRX1sVisMO_suAcoxBGHcg";

test.each([JWT, "ya29.a0AfH6SMBx-abc_DEF", IMAGE_SECRET])(
  "Google's words are without the secret %s",
  (secret) => {
    const message = `Image cannot be loaded: https://a.example/g/7/${secret}/logo.png, with ${secret}`;
    const answer = readGoogleAnswer(400, JSON.stringify({ error: { message } }), null);
    expect(answer).toMatchObject({
      detail: "Image cannot be loaded: https://a.example/g/7/…/logo.png, with …",
    });
  },
);
