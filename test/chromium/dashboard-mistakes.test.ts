/**
 * The dashboard when things go wrong: the focus after what was pressed is gone, a network that fails, and files that are none.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { adminOf } from "../tools/local/admin.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { adminToken, origin, PHONE, Visitor } from "./visitor.ts";

const admin = adminOf(origin, adminToken);

/** A visitor who has signed in. */
async function signedIn(hash: string, key = adminToken, width = PHONE): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

/** The focus is on an element, and not lost. */
async function expectFocus(page: Page, selector: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`))
    .toBe(true);
}

test("a filter that gets no answer has no counts of the filter before", async () => {
  const place = `Counted ${Date.now()}`;
  await admin.send("POST", "/scans", { scans: [{ scanId: crypto.randomUUID(), code: "nobody", place }] });
  const visitor = await signedIn(`#/scans?place=${encodeURIComponent(place)}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("1 scan", { exact: true }).waitFor();
  await page.route("**/admin/v1/scans*", (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>Sign in to the Wi-Fi</h1>" }),
  );
  await page.evaluate("location.hash = '#/scans?place=Elsewhere'");
  await page.getByRole("alert").getByText("Something else answered").waitFor();
  expect(await page.locator(".counts").count()).toBe(0);
});
