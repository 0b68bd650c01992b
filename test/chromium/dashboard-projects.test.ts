/**
 * Templates in projects, so that events can give them values; and where the focus is after each step of the way there.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, Visitor } from "./visitor.ts";

/** A visitor who has signed in. */
async function signedIn(hash: string): Promise<Visitor> {
  const visitor = await Visitor.comes({ width: 1280 });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

async function makeProject(): Promise<{ readonly id: number; readonly name: string }> {
  return admin.send("POST", "/projects", { name: `Tour ${crypto.randomUUID()}` });
}

const inTemplate = (id: number) => admin.get<Template>(`/templates/${id}`);

/** Waits for the heading, and expects that it has the focus. */
async function focusAt(page: Page, heading: string): Promise<void> {
  await page.locator("h1:focus").getByText(heading, { exact: true }).waitFor();
}

test("an event of a new project gets a template: by its link, a card to start from, and the project that comes with them", async () => {
  const { id, name } = await makeProject();
  const visitor = await signedIn("#/events");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("link", { name }).press("Enter");
  await focusAt(page, name);
  await page.getByLabel("New event").fill("Berlin");
  await page.getByRole("button", { name: "Make it" }).press("Enter");
  await focusAt(page, "Berlin");
  await page.getByText("No template is in this project").waitFor();
  await page.locator("main").getByRole("link", { name: "New template" }).press("Enter");
  await focusAt(page, "New template");
  await page.getByText(`Project ${name}`).waitFor();
  await page.getByRole("button", { name: /^Membership card/ }).press("Enter");
  await page.getByText("Not saved yet.").waitFor();
  await focusAt(page, "New template");
  // Until the list of projects is loaded, the option has the project's number.
  const chosen = page.getByLabel("Project").locator("option:checked", { hasText: name });
  await chosen.waitFor({ state: "attached" });
  await page.reload();
  await page.getByLabel("Project").waitFor();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.waitForURL(/#\/templates\/\d+$/);
  await focusAt(page, "Membership card");
  expect((await inTemplate(Number(page.url().split("/").at(-1)))).projectId).toBe(id);
  await page.evaluate(`location.hash = '#/events?project=${id}'`);
  await page.getByRole("link", { name: "Berlin" }).click();
  await page.getByLabel("Give its passes a value").selectOption({ label: "STATUS" });
});

test("a template that exists is put into a project in the editor, and taken out of it", async () => {
  const { id, name } = await makeProject();
  const template = await makeTemplate();
  const visitor = await signedIn(`#/events?project=${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("link", { name: "Its templates" }).click();
  await page.getByText("No template is in this project.").waitFor();
  await page.evaluate(`location.hash = '#/templates/${template}'`);
  const choose = async (project: string) => {
    await page.getByLabel("Project").selectOption(project);
    await page.getByRole("button", { name: "Save" }).click();
    const review = page.getByRole("region", { name: "What saving will do" });
    await review.getByRole("button", { name: "Save" }).click();
    await page.getByText("Everything is saved.").waitFor();
  };
  await choose(name);
  expect((await inTemplate(template)).projectId).toBe(id);
  await choose("None");
  expect((await inTemplate(template)).projectId).toBeNull();
  await visitor.expectsToFit();
});

test("the heading of a page that is still loaded gets the focus, but not after a person has gone elsewhere", async () => {
  const template = await makeTemplate();
  const visitor = await signedIn("#/templates");
  await using _ = visitor;
  const { page } = visitor;
  const issue = page.locator(`a[href="#/new-pass/${template}"]`);
  await issue.press("Enter");
  await page.getByLabel("seat").or(page.getByLabel("SEAT")).first().waitFor();
  await focusAt(page, "Issue a pass");
  await page.evaluate(`location.hash = '#/passes?template=${template}'`);
  await page.locator("main").getByRole("link", { name: "Issue a pass" }).press("Enter");
  await page.getByLabel("SEAT").first().waitFor();
  await focusAt(page, "Issue a pass");
  await page.evaluate(`location.hash = '#/templates/${template}'`);
  await page.getByText("Everything is saved.").waitFor();
  await page.locator("main").getByRole("link", { name: "Issue a pass" }).press("Enter");
  await page.getByLabel("SEAT").first().waitFor();
  await focusAt(page, "Issue a pass");
  // The answer is late, and a person has opened another page by the keyboard meanwhile.
  const late = Promise.withResolvers<void>();
  await page.route(`**/admin/v1/templates/${template}`, async (route) => {
    await late.promise;
    await route.continue();
  });
  await page.evaluate(`location.hash = '#/templates/${template}'`);
  await page.locator("h1").getByText(`Template ${template}`).waitFor();
  await page.getByRole("link", { name: "Keys" }).focus();
  late.resolve();
  await page.getByText("Everything is saved.").waitFor();
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Keys");
});
