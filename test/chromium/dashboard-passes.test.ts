/**
 * Passes in the dashboard: find one, redeem it, void it with a reason, and both undone; what a reader sees; phone and desktop.
 */
import { expect, test } from "vitest";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, issue, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, Visitor } from "./visitor.ts";

const statusOf = (id: number) =>
  admin.get<{ status: string; voidReason: string | null }>(`/passes/${id}`).then(({ status }) => status);

/** A visitor who has signed in. */
async function signedIn(hash: string, key = adminToken, width = PHONE): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

test("a pass is found by a text, redeemed and voided after a question each, and both are undone", async () => {
  const { id, code, path } = await issue(await makeTemplate());
  const visitor = await signedIn("#/passes", adminToken, 1280);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("Search for").fill(code);
  await page.keyboard.press("Enter");
  await page.getByText("1 pass", { exact: true }).waitFor();
  expect(page.url()).toContain(`sought=${code}`);
  await page.getByRole("link", { name: code }).click();
  await page.getByRole("heading", { name: `Pass ${id}` }).waitFor();
  await page.locator(".facts dt", { hasText: "SEAT" }).waitFor();

  await page.getByRole("button", { name: "QR code" }).click();
  await page.locator(".holder-page img").waitFor();
  const link = await page.getByRole("link", { name: "Holder's page" }).getAttribute("href");
  expect(await visitor.scans(".holder-page img")).toEqual([link]);
  expect(new URL(link ?? "").pathname).toBe(path);

  await page.getByRole("button", { name: "Redeem" }).click();
  expect(await statusOf(id)).toBe("active");
  await page.getByRole("button", { name: "Redeem it" }).click();
  await page.locator(".pass-actions:focus").waitFor();
  await page.getByRole("button", { name: "Undo redemption" }).click();
  expect(await statusOf(id)).toBe("redeemed");
  await page.getByRole("button", { name: "Undo it" }).click();

  await page.getByRole("button", { name: "Void", exact: true }).click();
  await page.getByLabel("Reason").fill("Refunded");
  await page.getByRole("button", { name: "Void it" }).click();
  await page.locator(".facts dd", { hasText: "Refunded" }).waitFor();
  expect(await statusOf(id)).toBe("voided");
  await page.getByRole("button", { name: "Undo voiding" }).click();
  await page.getByRole("button", { name: "Make it valid" }).click();
  await page.getByRole("button", { name: "Redeem" }).waitFor();
  const lines = page.getByRole("list", { name: "Changes" }).getByRole("listitem");
  await expect.poll(() => lines.count()).toBe(5);
  expect(await lines.first().textContent()).toContain("Valid again");
});

test("a pass that somebody else has redeemed meanwhile is not redeemed again, and the reason is at the button", async () => {
  const { id } = await issue(await makeTemplate());
  const visitor = await signedIn(`#/passes/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: "Redeem" }).click();
  await admin.send("POST", `/passes/${id}/redeem`, {});
  visitor.expectsRefusal(`/admin/v1/passes/${id}/redeem`);
  await page.getByRole("button", { name: "Redeem it" }).click();
  expect(await page.locator(".pass-actions").getByRole("alert").textContent()).toContain("already_redeemed");
  await page.getByRole("button", { name: "Undo redemption" }).waitFor();
});

test("a reader sees a pass without its link and without buttons that change it", async () => {
  const { id } = await issue(await makeTemplate());
  const { key } = await admin.send<{ key: string }>("POST", "/keys", { name: "Reader", role: "reader" });
  const visitor = await signedIn(`#/passes/${id}`, key);
  await using _ = visitor;
  const { page } = visitor;
  await page.locator(".facts").first().waitFor();
  expect(await page.locator("main button").allTextContents()).toEqual(["Refresh"]);
  expect(await page.getByText("Holder's page").count()).toBe(0);
});

test("the page of a pass that does not exist says so, and a search without a result leads back to all passes", async () => {
  const visitor = await signedIn("#/passes?by=serialNumber&sought=nobody");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("No pass matches.").waitFor();
  await page.getByRole("link", { name: "Show all passes" }).click();
  await page.getByRole("list", { name: "Passes" }).waitFor();
  for (const path of ["", "/phones", "/changes"]) visitor.expectsRefusal(`/admin/v1/passes/999999999${path}`);
  await page.evaluate("location.hash = '#/passes/999999999'");
  await page.getByText("pass_not_found").first().waitFor();
});

test("a template that is not among those listed is found by its number", async () => {
  const templateId = await makeTemplate();
  const { code } = await issue(templateId);
  const visitor = await signedIn("#/scans", adminToken, 1280);
  await using _ = visitor;
  const { page } = visitor;
  await page.route("**/admin/v1/template-summaries?limit=200", (route) =>
    route.fulfill({ json: { items: [{ id: 1, name: "Listed" }], nextCursor: "1" } }),
  );
  await page.evaluate("location.hash = '#/passes'");
  await page.getByLabel("Template").selectOption("Another, by its number");
  await page.getByLabel("Number of the template").fill(String(templateId));
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: code }).waitFor();
  const passes = page.getByRole("list", { name: "Passes" }).getByRole("listitem");
  await expect.poll(() => passes.count()).toBe(1);
});

test.each(["list", "pass"])(
  "the %s fits on a phone and a desktop, does not move while it loads, can be tapped, and axe finds nothing",
  async (kind) => {
    const { id } = await issue(await makeTemplate());
    const visitor = await signedIn(kind === "list" ? "#/passes" : `#/passes/${id}`);
    await using _ = visitor;
    const { page } = visitor;
    await page.reload();
    await page.locator(".rows > li:not(.placeholder)").first().waitFor();
    await page.locator(".placeholder").first().waitFor({ state: "detached" });
    await visitor.expectsNoShift();
    await visitor.expectsToFit();
  },
);
