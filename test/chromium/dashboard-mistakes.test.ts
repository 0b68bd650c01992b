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

test("the button for the next page has the focus, and the list has it after the last page", async () => {
  const visitor = await signedIn("#/scans");
  await using _ = visitor;
  const { page } = visitor;
  const log = (id: number) => ({
    id,
    client: "",
    messages: [`line ${id}`],
    receivedAt: "2026-06-12T14:03:00Z",
  });
  await page.route("**/admin/v1/device-logs*", (route) => {
    const before = Number(new URL(route.request().url()).searchParams.get("cursor") ?? "4");
    const nextCursor = before > 2 ? String(before - 1) : null;
    return route.fulfill({ json: { items: [log(before)], nextCursor } });
  });
  await page.evaluate("location.hash = '#/phone-logs'");
  await page.getByText("line 4").waitFor();
  const more = page.getByRole("button", { name: "More" });
  await more.press("Enter");
  await page.getByText("line 3").waitFor();
  await expectFocus(page, ".more");
  await more.press("Enter");
  await page.getByText("line 2").waitFor();
  await expectFocus(page, ".rows");
});

test("the focus stays when a button is replaced: pause and resume, and another key", async () => {
  const visitor = await signedIn("#/pushes");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  await page.getByRole("button", { name: "Pause all pushes" }).press("Enter");
  const resume = page.getByRole("button", { name: "Resume" });
  await resume.waitFor();
  await expectFocus(page, ".panel");
  await resume.press("Enter");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await expectFocus(page, ".panel");
  await page.evaluate("location.hash = '#/keys/new'");
  await page.getByLabel("Name").fill("Focus");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Another key" }).press("Enter");
  await page.getByLabel("Name").waitFor();
  await expectFocus(page, "h1");
});

test("a form stays open while its field is emptied", async () => {
  const visitor = await signedIn("#/pass-types");
  await using _ = visitor;
  const { page } = visitor;
  for (const [summary, label] of [
    ["New pass type", "Pass type identifier"],
    ["New APNs key", "Team id"],
  ] as const) {
    await page.getByText(summary).click();
    await page.getByLabel(label).fill("x");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("y");
    expect(await page.getByLabel(label).inputValue()).toBe("y");
  }
  const identifier = "pass.dev.focus";
  await page.route("**/admin/v1/pass-types", (route) =>
    route.fulfill({ status: 201, json: { passTypeIdentifier: identifier, certificates: [] } }),
  );
  await page.getByLabel("Pass type identifier").fill(identifier);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: identifier }).waitFor();
  await expectFocus(page, "#pass-type");
});

test("a folder and a large file are refused with the reason, and nothing is sent", async () => {
  const visitor = await signedIn("#/pass-types");
  await using _ = visitor;
  const { page } = visitor;
  const sent: string[] = [];
  page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
  await page.getByText("New APNs key").click();
  const row = page.locator(".rows > li", { hasText: "pass.dev.edgepass" });
  const drops = [
    [row.locator("input[type=file]"), row],
    [page.locator("#apns-key-file"), page.locator("details", { hasText: "New APNs key" })],
  ] as const;
  // As a folder, which only a person can drop.
  await page.evaluate("File.prototype.arrayBuffer = async () => { throw new Error('a folder') }");
  for (const [input, within] of drops) {
    await input.setInputFiles({ name: "folder", mimeType: "", buffer: Buffer.from("x") });
    await within.getByText("folder cannot be read").waitFor();
    const buffer = Buffer.alloc(70_000);
    await input.setInputFiles({ name: "large.p8", mimeType: "application/octet-stream", buffer });
    await within.getByText("large.p8 is too large").waitFor();
  }
  expect(sent).toEqual([]);
});

test("the title names the page that is shown, also for a key that may not open the first page", async () => {
  const [template] = (await admin.get<{ items: { id: number }[] }>("/templates")).items;
  const scope = { templates: [template?.id] };
  const { key } = await admin.send<{ key: string }>("POST", "/keys", {
    name: "Scoped",
    role: "reader",
    scope,
  });
  const visitor = await signedIn("#/", key);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("heading", { name: "Templates", exact: true }).waitFor();
  await expect.poll(() => page.title()).toBe("Templates · Edgepass");
  await page.evaluate("location.hash = '#/keys'");
  await page.getByRole("heading", { name: "Not for this key" }).waitFor();
  await expect.poll(() => page.title()).toBe("Edgepass");
});

test("signing out in one tab also signs out a tab that waits for the service", async () => {
  const visitor = await signedIn("#/scans");
  await using _ = visitor;
  const { page } = visitor;
  const other = await page.context().newPage();
  await other.goto(`${origin}/admin/`);
  await openDashboard(other, adminToken, "#/scans");
  await other.route("**/admin/v1/me", (route) => route.fulfill({ contentType: "text/html", body: "Wi-Fi" }));
  await other.reload();
  await other.getByRole("heading", { name: "No answer" }).waitFor();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await other.getByText("You signed out in another tab.").waitFor();
  expect(await other.evaluate("sessionStorage.length")).toBe(0);
});

test("a person who revokes their own key is signed out at once", async () => {
  const name = `Own ${Date.now()}`;
  const { key } = await admin.send<{ key: string }>("POST", "/keys", { name, role: "admin" });
  const visitor = await signedIn("#/keys", key);
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal("/admin/v1/me");
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByText("This key was revoked.").waitFor();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
});

test("a file that is dropped next to its field does not replace the page", async () => {
  const visitor = await signedIn("#/pass-types");
  await using _ = visitor;
  const drop = `(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "pass.cer"));
    const events = ["dragover", "drop"].map((name) =>
      new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }));
    for (const event of events) document.querySelector("h1").dispatchEvent(event);
    return events.map(({ defaultPrevented }) => defaultPrevented);
  })()`;
  expect(await visitor.page.evaluate(drop)).toEqual([true, true]);
});
