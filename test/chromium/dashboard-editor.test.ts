/**
 * The editor of templates: made from a start, checked while it is edited, kept over a reload, saved; changed with a conflict; what a
 * reader sees; phone and desktop.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, Visitor } from "./visitor.ts";

const templateOf = (id: number) => admin.get<Template>(`/templates/${id}`);
const findings = (page: Page) => page.getByRole("list", { name: "Findings" });
const openTab = (page: Page, name: string | RegExp) => page.getByRole("tab", { name }).click();

/** A visitor who has signed in. */
async function signedIn(hash: string, key = adminToken, width = 1280): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

/** The address of a page that has a template ends with its id. */
async function savedId(page: Page): Promise<number> {
  await page.waitForURL(/#\/templates\/\d+$/);
  return Number(page.url().split("/").at(-1));
}

test("a template is made from a start: a finding leads to its panel, a reload keeps the draft, and it is saved", async () => {
  const visitor = await signedIn("#/templates/new");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: /^Stamp card/ }).click();
  await page.getByText("Wallet accepts it").waitFor();
  await page.getByLabel("Name of the template").fill("My card");
  await page.getByLabel("Text next to the logo").fill("My café");
  await page.getByRole("img", { name: "Preview of My card" }).waitFor();
  await page.locator(".card-preview").getByText("My café").waitFor();

  await openTab(page, "Colours");
  await page.getByRole("textbox", { name: "Labels", exact: true }).fill("rgb(43, 26, 19)");
  await page.getByText("Hard to read").waitFor();
  await openTab(page, "General");
  await findings(page).getByText("contrast 1.0:1").waitFor();
  await page.getByRole("tab", { name: "Colours 1 finding" }).waitFor();
  await page.getByRole("button", { name: "Open Colours" }).click();
  await page.locator("[role=tabpanel]:focus").waitFor();
  await page
    .getByRole("tabpanel", { name: /^Colours/ })
    .getByText("contrast 1.0:1")
    .waitFor();

  await page.reload();
  await page.getByText("Not saved yet.").waitFor();
  expect(await page.getByLabel("Name of the template").inputValue()).toBe("My card");
  await openTab(page, /^Colours/);
  await page.getByRole("button", { name: "Choose readable colours" }).click();
  await page.getByText("Hard to read").waitFor({ state: "detached" });
  await page.getByText("Wallet accepts it").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  const id = await savedId(page);
  await page.getByRole("heading", { name: "My card" }).waitFor();
  await page.getByText("Everything is saved.").waitFor();
  const saved = await templateOf(id);
  expect(saved.pass.labelColor).not.toBe("rgb(43, 26, 19)");
  expect(saved.images).toHaveProperty(["icon.png", "derivedFrom"], "icon@3x.png");
  expect(await page.locator(".message").textContent()).toBe("Saved.");
  // It is about the step before, until a person goes on.
  await page.waitForTimeout(1100);
  await page.evaluate("location.hash = '#/templates/new'");
  await page.getByRole("heading", { name: "Start from" }).waitFor();
  await expect.poll(() => page.locator(".message").textContent()).toBe("");
});

test("sample texts follow the organization, are named, and the number next to Save leads to them", async () => {
  const visitor = await signedIn("#/templates/new");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: /^Stamp card/ }).click();
  await page
    .getByText("Wallet accepts it, with 2 sample texts.")
    .or(page.getByText(/warning, 2 sample/))
    .first()
    .waitFor();
  await page.getByLabel("Organization").fill("Ana's Café");
  expect(await page.getByLabel("Text next to the logo").inputValue()).toBe("Ana's Café");
  await page.getByRole("tab", { name: "Fields 1 finding" }).waitFor();
  await page
    .locator(".editor-bar")
    .getByRole("button", { name: /1 sample text$/ })
    .press("Enter");
  await page
    .locator(".findings-pane:focus")
    .getByText("NAME is “Your name” on passes without a name.")
    .waitFor();
  await findings(page).getByRole("button", { name: "Open Fields" }).click();
  await page.getByRole("tabpanel", { name: /^Fields/ }).waitFor();
});

test("what is typed while a new template is saved is not lost, and Back does not lead to a start page", async () => {
  const visitor = await signedIn("#/templates");
  await using _ = visitor;
  const { page } = visitor;
  await page.evaluate("location.hash = '#/templates/new'");
  await page.getByRole("button", { name: /^Coupon/ }).click();
  await page.getByLabel("Name of the template").fill("Sent");
  const isSending = Promise.withResolvers<void>();
  const isTyped = Promise.withResolvers<void>();
  await page.route("**/admin/v1/templates", async (route) => {
    isSending.resolve();
    await isTyped.promise;
    await route.continue();
  });
  await page.getByRole("button", { name: "Save" }).click();
  await isSending.promise;
  await page.getByLabel("Text next to the logo").fill("Typed later");
  isTyped.resolve();
  const id = await savedId(page);
  await page.getByText("You have unsaved changes.").waitFor();
  expect(await page.getByLabel("Text next to the logo").inputValue()).toBe("Typed later");
  expect((await templateOf(id)).name).toBe("Sent");
  await page.goBack();
  await page.getByRole("heading", { name: "Templates", level: 1 }).waitFor();
  await page.evaluate("location.hash = '#/templates/new'");
  await page.getByRole("button", { name: /^Coupon/ }).click();
  await page.getByRole("button", { name: "Start again" }).click();
  await page.getByRole("button", { name: "Remove this draft" }).click();
  await page.getByRole("heading", { name: "Start from" }).waitFor();
});

test("a change that somebody else has overtaken is put on top of theirs, and nothing of both is lost", async () => {
  const id = await makeTemplate();
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal(`/admin/v1/templates/${id}`);
  await page.getByLabel("Text next to the logo").fill("Mine");
  await page.getByText("You have unsaved changes.").waitFor();
  await admin.send("PATCH", `/templates/${id}`, { pass: { description: "Theirs" } });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Put my changes on top of theirs" }).click();
  await page.getByText("Your changes are now on top of theirs.").waitFor();
  expect(await page.getByText("Somebody else has changed this template").count()).toBe(0);
  expect(await page.getByLabel("Description").inputValue()).toBe("Theirs");
  await page.getByRole("button", { name: "Save" }).click();
  const review = page.getByRole("region", { name: "What saving will do" });
  expect((await templateOf(id)).pass.logoText).toBeUndefined();
  // The button above it is hidden.
  expect(await page.getByRole("button", { name: "Save" }).count()).toBe(1);
  await review.getByRole("button", { name: "Save" }).click();
  await page.getByText("Everything is saved.").waitFor();
  expect((await templateOf(id)).pass).toMatchObject({ logoText: "Mine", description: "Theirs" });
});

test("JSON and the other panels follow each other; undo, discard and the sign-out take back what was edited", async () => {
  const id = await makeTemplate({ userInfo: { mine: 1 } });
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("tab", { name: "General" }).focus();
  await page.keyboard.press("End");
  const json = page.getByLabel("The whole template except its images");
  const text = await json.inputValue();
  await json.fill(text.replace('"mine": 1', '"mine": 12345678901234567890'));
  await page.getByText("You have unsaved changes.").waitFor();
  await json.fill(text.replace('"name": "Ticket"', '"name": "Typed"'));
  await json.press("End");
  await json.pressSequentially("x");
  await page.getByText(/line \d+, column \d+/).waitFor();
  await openTab(page, "General");
  expect(await page.getByLabel("Name of the template").inputValue()).toBe("Typed");
  await page.getByLabel("Style").selectOption("Coupon");
  await openTab(page, "JSON");
  expect(await json.inputValue()).toMatch(/"coupon": \{\s+"primaryFields": \[\s+\{\s+"key": "seat"/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => json.inputValue()).toContain('"eventTicket"');
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByText("Everything is saved.").waitFor();
  expect(await json.inputValue()).toBe(text);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(() => json.inputValue()).toContain('"name": "Typed"');
  await page.getByRole("button", { name: "Discard" }).click();
  await openTab(page, "General");
  await page.getByLabel("Name of the template").fill("Kept");
  await page.reload();
  await page.getByText("You have unsaved changes.").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.evaluate("Object.keys(sessionStorage).filter((name) => name.includes('draft'))")).toEqual(
    [],
  );
  expect((await templateOf(id)).name).toBe("Ticket");
});

test("a reader sees a template and cannot change it", async () => {
  const id = await makeTemplate();
  const { key } = await admin.send<{ key: string }>("POST", "/keys", { name: "Reader", role: "reader" });
  const visitor = await signedIn(`#/templates/${id}`, key);
  await using _ = visitor;
  const { page } = visitor;
  await page.locator(".facts dd", { hasText: "Event ticket" }).waitFor();
  // The only inputs choose the wallet whose card is drawn.
  expect(await page.locator("main").locator("button, input:not([type=radio])").count()).toBe(0);
  expect(await page.getByRole("link", { name: "Issue a pass" }).count()).toBe(0);
});

test.each(["General", "Colours", "JSON", "start"])(
  "%s fits on a phone and a desktop, can be tapped, and axe finds nothing",
  async (name) => {
    const id = await makeTemplate({ labelColor: "rgb(1, 1, 1)", backgroundColor: "rgb(0, 0, 0)" });
    const visitor = await signedIn(name === "start" ? "#/templates/new" : `#/templates/${id}`);
    await using _ = visitor;
    const { page } = visitor;
    if (name === "start") await page.getByRole("heading", { name: "Start from" }).waitFor();
    else {
      await findings(page).waitFor();
      await openTab(page, name);
    }
    await visitor.expectsToFit();
    if (name === "General") await page.getByRole("button", { name: "Preview" }).click();
    expect(await visitor.violations()).toEqual([]);
  },
);
