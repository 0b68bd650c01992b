/**
 * What the health report says, for a person who clicks: every call that the dashboard can make is named by its control.
 */
import { expect, test } from "vitest";
import { inClicks, withReadableTimes } from "../../../src/browser/dashboard/cures.ts";
import { deadLetters, noApnsKey, noPassType, pushFailing, pushPaused } from "../../../src/health/findings.ts";

const NOW = Date.UTC(2026, 5, 12, 14, 3);
const failure = {
  passTypeIdentifier: "pass.a",
  firstFailedAt: NOW,
  failedAt: NOW,
  failure: "InvalidProviderToken",
  isProven: true,
};
const noCertificate = { code: "no_certificate", cure: "PUT /admin/v1/pass-types/pass.a/certificate" };

test.each([
  [noPassType(), "pass-types", "Use “New pass type”"],
  [noApnsKey("pass.a", "TEAM", true), "pass-types", "Use “New APNs key” with the team's .p8"],
  [deadLetters(3)[0], "pushes", "“Dead letters” shows why"],
  [pushPaused(NOW, 2)[0], "pushes", "Use “Resume”. Until"],
  [pushFailing(failure, NOW)[0], "pass-types", "Then use “Check pushes”"],
  [noCertificate, "pass-types", "Download its signing request"],
])("a cure that names a call names a control: %o", (finding, page, words) => {
  const clickable = inClicks(finding?.code ?? "", finding?.cure ?? "");
  expect(clickable.page).toBe(page);
  expect(clickable.text).toContain(words);
  expect(clickable.text).not.toContain("/admin/v1");
});

test("times in a finding are those of a person, and other numbers stay", () => {
  expect(withReadableTimes("Paused since 2026-06-11T09:30:00.000Z: 3.", NOW)).toMatch(
    /^Paused since 11 June, \d\d:30: 3\.$/,
  );
  expect(withReadableTimes("expires on 2026-06-20, in 8 days.", NOW)).toBe(
    "expires on 20 June 2026, in 8 days.",
  );
});
