/**
 * The dashboard: the sign-in, a key for a scanner by keyboard only, and every page on a phone and on a desktop.
 */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { drawPng } from "../apple/png.ts";
import { toBase64 } from "../tools/fuzz/wire.ts";
import { adminOf } from "../tools/local/admin.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { countPages } from "./pdf.ts";
import { adminToken, origin, PHONE, Visitor } from "./visitor.ts";

const admin = adminOf(origin, adminToken);
const makeKey = (body: unknown) => admin.send<{ key: string; id: number }>("POST", "/keys", body);
const heading = (page: Page) => page.locator("h1").textContent();

const ICON = toBase64(drawPng(29, 29, () => [0, 104, 214, 255]));

/** The focus moves after the page was drawn. @param name text or label */
async function expectFocus(page: Page, name: string): Promise<void> {
  const focused = "document.activeElement.ariaLabel ?? document.activeElement.textContent";
  await expect.poll(() => page.evaluate(focused)).toBe(name);
}

/** A visitor who has signed in. */
async function signedIn(hash = "#/", key = adminToken, width = PHONE): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

test("by keyboard only: sign in, make a key for a scanner, and revoke it", async () => {
  await using visitor = await Visitor.comes();
  const { page } = visitor;
  const { keyboard } = page;
  await visitor.opens("/admin/");
  await visitor.tabsTo("#key");
  await keyboard.type(adminToken);
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await expectFocus(page, "Overview");
  await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)");
  await visitor.tabsTo(".menu");
  await keyboard.press("Enter");
  await visitor.tabsTo("nav a[href='#/keys']");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Keys", exact: true }).waitFor();
  await expectFocus(page, "Keys");
  await visitor.tabsTo("a[href='#/keys/new']");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "New key" }).waitFor();
  await expectFocus(page, "New key");
  await visitor.tabsTo("#name");
  await keyboard.type("Keyboard gate");
  await visitor.tabsTo("#place");
  await keyboard.type("Gate 9");
  await keyboard.press("Enter");
  await page.locator(".key-card").waitFor();
  await expectFocus(page, "Keyboard gate");
  const [link = ""] = await visitor.scans(".key-card img");
  expect(link).toBe(await page.getByLabel("Link", { exact: true }).inputValue());
  expect(new URL(link)).toMatchObject({ origin, pathname: "/scan" });
  expect(link).toMatch(/#key=epkey_\w+&place=Gate(%20|\+)9$/);
  expect(await visitor.violations()).toEqual([]);
  expect(countPages(await page.pdf({ format: "A5" }))).toBe(1);
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  expect((await visitor.sees(".side, .copies, .key-card button")).length).toBe(0);
  await page.emulateMedia({ media: "screen" });
  await visitor.tabsTo("a[href='#/keys']:not(nav a)");
  await keyboard.press("Enter");
  await visitor.tabsTo("button[aria-label='Revoke Keyboard gate']", 40);
  await keyboard.press("Enter");
  await page.locator("fieldset.confirm:focus").waitFor();
  await keyboard.press("Escape");
  await page.locator("button[aria-label='Revoke Keyboard gate']:focus").waitFor();
  await keyboard.press("Enter");
  await visitor.tabsTo(".confirm button");
  await keyboard.press("Enter");
  await page.getByText("Keyboard gate is revoked.").waitFor();
  expect(await page.locator(".rows > li", { hasText: "Keyboard gate" }).textContent()).toContain("Revoked");
  await expectFocus(page, "Keys");
});

test("a key that is revoked is signed out in every tab, with the reason, and a reload does not bring it back", async () => {
  const visitor = await signedIn("#/keys");
  await using _ = visitor;
  const { page } = visitor;
  const other = await page.context().newPage();
  await other.goto(`${origin}/admin/`);
  await openDashboard(other, adminToken, "#/scans");
  await page.context().route("**/admin/v1/**", (route) =>
    route.fulfill({
      status: 401,
      contentType: "application/problem+json",
      body: '{"code":"key_revoked","detail":"The key was revoked."}',
    }),
  );
  // The tab that is refused first tells the other one, which asks for itself.
  visitor.expectsRefusal("/admin/v1/scans");
  visitor.expectsRefusal("/admin/v1/me");
  await page.evaluate("location.hash = '#/scans'");
  for (const tab of [page, other]) {
    await tab.getByRole("alert").waitFor();
    expect(await tab.getByRole("alert").textContent()).toMatch(/revoked/);
    expect(await tab.evaluate("sessionStorage.length")).toBe(0);
  }
  await page.reload();
  expect(await heading(page)).toBe("Sign in to Edgepass");
});

test("signing out in one tab signs out all of them, and a wrong key is refused with the reason", async () => {
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  const other = await page.context().newPage();
  await other.goto(`${origin}/admin/`);
  await openDashboard(other, adminToken, "#/");
  await other.getByRole("button", { name: "Menu" }).click();
  await other.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You signed out in another tab.").waitFor();
  visitor.expectsRefusal("/admin/v1/me");
  await page.getByLabel("Key").fill("epkey_made_up");
  await page.keyboard.press("Enter");
  await page.getByText("This service does not know the key.").waitFor();
  expect(await page.evaluate("document.cookie")).toBe("");
});

describe.each([
  [
    "reader",
    "Overview",
    [
      "Overview",
      "Templates",
      "Passes",
      "Events",
      "Scans",
      "Join posters",
      "Pass types",
      "Google Wallet",
      "Pushes",
      "Phone logs",
    ],
  ],
  ["scanner", "This key is for the scanner", []],
] as const)("a key with the role %s", (role, title, pages) => {
  test("sees its own pages only, and nothing that it may not do", async () => {
    const { key } = await makeKey({ name: `A ${role}`, role });
    const visitor = await Visitor.comes({ width: 1280 });
    await using _ = visitor;
    const { page } = visitor;
    await visitor.opens("/admin/");
    await page.getByLabel("Key").fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: title, exact: true }).waitFor();
    expect(await page.locator("nav a").allTextContents()).toEqual(pages);
    if (role !== "reader") return;
    await page.evaluate("location.hash = '#/keys'");
    await page.getByRole("heading", { name: "Not for this key" }).waitFor();
    for (const name of ["Pass types", "Pushes"]) {
      await page.getByRole("link", { name }).click();
      await page.getByRole("heading", { name, exact: true }).waitFor();
      expect(await page.locator("main button, main input").count()).toBe(0);
    }
  });
});

test("what was typed survives a reload, and an error is at its field, which has the focus", async () => {
  const visitor = await signedIn("#/keys/new");
  await using _ = visitor;
  const { page } = visitor;
  const name = page.getByLabel("Name");
  await name.fill("\u2060");
  await page.reload();
  expect(await name.inputValue()).toBe("\u2060");
  visitor.expectsRefusal("/admin/v1/keys");
  await page.getByRole("button", { name: "Make the key" }).click();
  await page.locator("#name[aria-invalid=true]:focus").waitFor();
  expect(await visitor.announced("#name")).toMatchObject({
    name: "Name",
    description: expect.stringContaining("visible character"),
  });
});

test("a signing request is a file, and a file that is no certificate is refused with the cure", async () => {
  const visitor = await signedIn("#/pass-types");
  await using _ = visitor;
  const { page } = visitor;
  const row = page.locator(".rows > li", { hasText: "pass.dev.edgepass" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    row.getByRole("button", { name: "Download signing request" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("pass.dev.edgepass.certSigningRequest");
  visitor.expectsRefusal("/admin/v1/pass-types/pass.dev.edgepass/certificate");
  const buffer = Buffer.concat(await (await download.createReadStream()).toArray());
  expect(buffer.toString()).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
  const file = { name: "pass.cer", mimeType: "application/pkix-cert", buffer };
  await row.locator("input[type=file]").setInputFiles(file);
  expect(await row.getByRole("alert").textContent()).toMatch(
    /Send the certificate.*csr_instead_of_certificate/,
  );
});

test("a window of 1280 × 800 shows the whole navigation", async () => {
  const visitor = await Visitor.comes({ width: 1280, height: 800 });
  await using _ = visitor;
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, "#/keys");
  const [reference] = await visitor.sees(".side a[href='/admin/docs']");
  expect(reference?.bottom).toBeLessThanOrEqual(800);
  expect(
    await visitor.page.evaluate("document.querySelector('.menu-content').scrollHeight"),
  ).toBeLessThanOrEqual(800);
});

test("pushes are paused after a question, and resumed, and a dead letter is replayed", async () => {
  const visitor = await signedIn("#/scans");
  await using _ = visitor;
  const { page } = visitor;
  const letter = { id: 7, receivedAt: "2026-06-12T14:03:00Z", message: { kind: "change", changeId: 41 } };
  await page.route("**/admin/v1/dead-letters", (route) =>
    route.fulfill({ json: { items: [letter], nextCursor: null } }),
  );
  await page.route("**/admin/v1/dead-letters/7/replay", (route) => route.fulfill({ status: 204 }));
  await page.evaluate("location.hash = '#/pushes'");
  await page.getByRole("button", { name: "Pause" }).click();
  expect((await admin.get<{ paused: boolean }>("/push")).paused).toBe(false);
  await page.getByRole("button", { name: "Pause all pushes" }).click();
  const resume = page.getByRole("button", { name: "Resume" });
  await resume.waitFor();
  expect((await admin.get<{ paused: boolean }>("/push")).paused).toBe(true);
  await resume.click();
  await page.getByText("Changes reach phones at once.").waitFor();
  expect((await admin.get<{ paused: boolean }>("/push")).paused).toBe(false);
  await page.getByLabel("Pushes a second").fill("20");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("At most 20 pushes a second").waitFor();
  await admin.send("PUT", "/push", { pushesPerSecond: null });
  await page.reload();
  // The draft ends when it is saved: the field has what the service has.
  expect(await page.getByLabel("Pushes a second").inputValue()).toBe("");
  await page.getByRole("button", { name: "Replay dead letter 7" }).click();
  await page.getByText("No push has failed for good.").waitFor();
  await expectFocus(page, "Pushes");
});

test("a service without an APNs key does not say that pushes are on, and leads to the set-up", async () => {
  const visitor = await signedIn("#/scans");
  await using _ = visitor;
  const { page } = visitor;
  await page.route("**/admin/v1/apns-keys*", (route) =>
    route.fulfill({ json: { items: [], nextCursor: null } }),
  );
  await page.evaluate("location.hash = '#/pushes'");
  await page.getByText("No APNs key yet").waitFor();
  expect(await page.getByText("Changes reach phones at once.").count()).toBe(0);
  await page.getByRole("link", { name: "Go to Set up" }).click();
  await page.getByRole("heading", { name: "Set up", level: 1 }).waitFor();
});

test("what a stranger sends to the log is text in the page", async () => {
  const line = `<img src="/x" onerror="alert(1)"> ${Date.now()}`;
  const headers = { "Content-Type": "application/json" };
  await fetch(`${origin}/v1/log`, { method: "POST", headers, body: JSON.stringify({ logs: [line] }) });
  const visitor = await signedIn("#/phone-logs");
  await using _ = visitor;
  await visitor.page.locator("pre", { hasText: line }).waitFor();
  expect(await visitor.page.locator("main img").count()).toBe(0);
});

test("scans are filtered by place, and the filter is in the address", async () => {
  const place = `Gate ${Date.now()}`;
  const scan = (scanId: string) => ({ scanId, code: "nobody", place });
  const scans = [scan(crypto.randomUUID()), scan(crypto.randomUUID())];
  await admin.send("POST", "/scans", { scans });
  const visitor = await signedIn("#/scans", adminToken, 1280);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("Place").fill(place);
  await page.keyboard.press("Enter");
  await page.getByText("2 scans", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("2 scans", { exact: true }).waitFor();
  expect(await page.getByRole("list", { name: "Scans" }).getByRole("listitem").count()).toBe(2);
  await page.getByText("As a table").click();
  const row = page.getByRole("row", { name: place });
  expect(await row.getByRole("cell").allTextContents()).toEqual([place, "2", "2 unknown code"]);
});

test("a join page has its counts, and leads to its template", async () => {
  const [template] = (await admin.get<{ items: { passTypeIdentifier: string }[] }>("/templates")).items;
  const name = `Counted ${Date.now()}`;
  const { id } = await admin.send<{ id: number }>("POST", "/templates", {
    name,
    passTypeIdentifier: template?.passTypeIdentifier,
    images: { "icon.png": ICON },
    pass: { description: name, organizationName: "Edgepass", generic: {} },
    join: { slug: `counted-${Date.now()}`, title: "A card", fields: [], cap: 20 },
  });
  const visitor = await signedIn("#/posters");
  await using _ = visitor;
  const row = visitor.page.getByRole("list", { name: "Join pages" }).locator("li", { hasText: name });
  await row.getByText("0 of 20 passes issued").waitFor();
  const link = row.getByRole("link", { name: `Template of ${name}` });
  expect(await link.getAttribute("href")).toBe(`#/templates/${id}`);
});

test.each(["#/", "#/scans", "#/posters", "#/keys", "#/keys/new", "#/pass-types", "#/pushes", "#/phone-logs"])(
  "%s fits on a phone and a desktop, does not move while it loads, can be tapped, and axe finds nothing",
  async (hash) => {
    const visitor = await signedIn(hash);
    await using _ = visitor;
    await visitor.page.reload();
    await visitor.page.locator(".page-heading").waitFor();
    await visitor.page.locator(".placeholder").first().waitFor({ state: "detached" });
    await visitor.expectsNoShift();
    await visitor.expectsToFit();
  },
);
