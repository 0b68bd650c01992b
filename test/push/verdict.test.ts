/**
 * What a response of APNs means, row by row of Apple's table of statuses and reasons.
 *
 * Follows Apple's "Handling notification responses from APNs".
 */
import { expect, test } from "vitest";
import { HEALED_BY_OPERATOR, needsOperator, toVerdict } from "../../src/push/verdict.ts";

const verdictFor = (status: number, reason: string, more: object = {}) =>
  toVerdict(status, JSON.stringify({ reason, ...more }), null);

test("200 with an empty body means that the push was sent", () => {
  expect(toVerdict(200, "", null)).toEqual({ outcome: "sent" });
});

test("200 with a body that is not JSON is not from APNs, and the push is retried", () => {
  for (const body of ["<!doctype html><h1>Welcome to our network</h1>", "OK", " "]) {
    expect(toVerdict(200, body, null)).toEqual({
      outcome: "retry",
      reason: "200 with a body that is not from APNs",
      afterSeconds: undefined,
    });
  }
  // APNs' bodies are JSON. If it ever sends one here, the push is still delivered.
  for (const body of ["{}", '{"reason":"BadDeviceToken"}'])
    expect(toVerdict(200, body, null)).toEqual({ outcome: "sent" });
});

test.each(["Unregistered", "ExpiredToken"])(
  "410 %s means that the token is dead since the timestamp",
  (reason) => {
    expect(verdictFor(410, reason, { timestamp: 1_700_000_000_000 })).toEqual({
      outcome: "unregistered",
      at: 1_700_000_000_000,
      reason,
    });
  },
);

test("410 without a usable timestamp gives no time", () => {
  for (const more of [{}, { timestamp: "1700000000000" }, { timestamp: null }]) {
    expect(verdictFor(410, "Unregistered", more)).toEqual({
      outcome: "unregistered",
      at: undefined,
      reason: "Unregistered",
    });
  }
});

test("410 without one of Apple's reasons says nothing about the token", () => {
  for (const body of ["", "<html>Gone</html>", '{"reason":"Gone"}', "null", '"Unregistered"', "[]"]) {
    expect(toVerdict(410, body, null).outcome).toBe("retry");
  }
});

test("400 BadDeviceToken is about the token, but the environment may be wrong", () => {
  expect(verdictFor(400, "BadDeviceToken")).toEqual({ outcome: "bad_token", reason: "BadDeviceToken" });
});

test.each([403, 410, 500])(
  "%i BadDeviceToken is not from APNs: it is retried, and the token stays",
  (status) => {
    expect(verdictFor(status, "BadDeviceToken")).toEqual({
      outcome: "retry",
      reason: `${status} BadDeviceToken`,
      afterSeconds: undefined,
    });
  },
);

test("403 ExpiredProviderToken asks for a new provider token", () => {
  expect(verdictFor(403, "ExpiredProviderToken")).toEqual({
    outcome: "expired_provider_token",
    reason: "ExpiredProviderToken",
  });
});

test.each([
  [400, "DeviceTokenNotForTopic"],
  [400, "BadTopic"],
  [400, "MissingTopic"],
  [400, "BadPriority"],
  [400, "BadExpirationDate"],
  [400, "BadCollapseId"],
  [400, "BadMessageId"],
  [400, "InvalidPushType"],
  [400, "DuplicateHeaders"],
  [400, "PayloadEmpty"],
  [400, "MissingDeviceToken"],
  [404, "BadPath"],
  [405, "MethodNotAllowed"],
  [413, "PayloadTooLarge"],
])("%i %s is refused, so a retry is useless, and the token stays", (status, reason) => {
  expect(verdictFor(status, reason)).toEqual({ outcome: "refused", reason });
});

test.each([
  [400, "IdleTimeout"],
  [500, "InternalServerError"],
  [503, "ServiceUnavailable"],
  [503, "Shutdown"],
])("%i %s is retried with the usual pauses", (status, reason) => {
  expect(verdictFor(status, reason)).toEqual({ outcome: "retry", reason, afterSeconds: undefined });
});

test("429 TooManyRequests waits at least a minute", () => {
  expect(verdictFor(429, "TooManyRequests")).toMatchObject({ outcome: "retry", afterSeconds: 60 });
});

test("429 TooManyProviderTokenUpdates waits at least 20 minutes, and is never a reason for a new token", () => {
  expect(verdictFor(429, "TooManyProviderTokenUpdates")).toMatchObject({
    outcome: "retry",
    afterSeconds: 1200,
  });
});

test.each([
  [400, "TopicDisallowed"],
  [403, "InvalidProviderToken"],
  [403, "UnrelatedKeyIdInToken"],
  [403, "MissingProviderToken"],
  [403, "Forbidden"],
  [403, "BadCertificate"],
  [403, "BadCertificateEnvironment"],
  [403, "BadEnvironmentKeyInToken"],
  [403, "BadEnvironmentKeyIdInToken"],
])("%i %s needs the operator, and is retried after ten minutes", (status, reason) => {
  expect(verdictFor(status, reason)).toEqual({ outcome: "retry", reason, afterSeconds: 600 });
});

test("TooManyProviderTokenUpdates is temporary, although its pause is longer than the pause for the operator", () => {
  expect(needsOperator("TooManyProviderTokenUpdates")).toBe(false);
  expect(HEALED_BY_OPERATOR).not.toContain("TooManyProviderTokenUpdates");
});

test.each([
  "BadDeviceToken",
  "BadTopic",
  "DeviceTokenNotForTopic",
  "Forbidden",
  "InvalidProviderToken",
  "TopicDisallowed",
])("%s needs the operator", (reason) => {
  expect([needsOperator(reason), HEALED_BY_OPERATOR.includes(reason)]).toEqual([true, true]);
});

test.each([
  "ExpiredProviderToken",
  "IdleTimeout",
  "InternalServerError",
  "ServiceUnavailable",
  "Shutdown",
  "TooManyRequests",
  "503 without a reason",
  "no connection",
  "toString",
])("%s is temporary", (reason) => {
  expect([needsOperator(reason), HEALED_BY_OPERATOR.includes(reason)]).toEqual([false, false]);
});

test.each([400, 403, 404, 429, 500, 502, 503, 520, 521, 522, 523, 524, 525, 526, 527, 599])(
  "%i with a body that is not from APNs (HTML, nothing, another JSON) is retried",
  (status) => {
    for (const body of [
      "<!doctype html><h1>525</h1>",
      "",
      "{}",
      "null",
      "7",
      '"BadDeviceToken"',
      '{"reason":7}',
    ]) {
      expect(toVerdict(status, body, null)).toEqual({
        outcome: "retry",
        reason: `${status} without a reason`,
        afterSeconds: undefined,
      });
    }
  },
);

test("an unknown reason is retried, even one with the name of an object's method", () => {
  expect(verdictFor(400, "NewInIOS30")).toMatchObject({ outcome: "retry", reason: "400 NewInIOS30" });
  expect(verdictFor(400, "toString")).toMatchObject({ outcome: "retry", reason: "400 toString" });
  expect(verdictFor(400, "x".repeat(5000))).toMatchObject({ reason: `400 ${"x".repeat(64)}` });
});

test("a redirect is not a success", () => {
  expect(toVerdict(302, "", null).outcome).toBe("retry");
});

test("Retry-After in seconds can lengthen the pause before a retry, but never shorten it", () => {
  const after = (status: number, reason: string, header: string) =>
    toVerdict(status, JSON.stringify({ reason }), header);
  expect(after(503, "ServiceUnavailable", "90")).toMatchObject({ afterSeconds: 90 });
  expect(after(429, "TooManyRequests", "5")).toMatchObject({ afterSeconds: 60 });
  expect(toVerdict(503, "<html>", "120")).toMatchObject({ outcome: "retry", afterSeconds: 120 });
  for (const header of ["", "-1", "soon", "1e3", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
    expect(after(503, "ServiceUnavailable", header)).toMatchObject({ afterSeconds: undefined });
  }
  expect(after(410, "Unregistered", "90")).toEqual({
    outcome: "unregistered",
    at: undefined,
    reason: "Unregistered",
  });
});
