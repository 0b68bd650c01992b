/**
 * The dashboard when the network loses an answer or is slow: what was asked for is done once, and nothing that was typed is lost.
 */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, Visitor } from "./visitor.ts";

async function signedIn(hash: string): Promise<Visitor> {
  const visitor = await Visitor.comes();
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

/** The service takes the first request to this address, and the Wi-Fi answers in its place. */
async function loseFirstAnswer(page: Page, address: RegExp, method: string): Promise<void> {
  let isLost = false;
  await page.route(address, async (route) => {
    if (isLost || route.request().method() !== method) return route.continue();
    isLost = true;
    await route.fetch();
    await route.fulfill({ contentType: "text/html", body: "Wi-Fi" });
  });
}

async function startTemplate(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Stamp card/ }).click();
  await page.getByLabel("Name of the template").fill(name);
  await page.getByText("Wallet accepts it").waitFor();
}

test("a template whose answer was lost is made once, also if the page is loaded again before the repeat", async () => {
  const visitor = await signedIn("#/templates/new");
  await using _ = visitor;
  const { page } = visitor;
  await loseFirstAnswer(page, /\/templates$/, "POST");
  await startTemplate(page, "Made once");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Something else answered in place of the service").waitFor();
  await page.reload();
  await page.getByText("Not saved yet.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/#\/templates\/\d+$/);
  const { items } = await admin.get<{ items: Template[] }>("/templates?limit=100");
  expect(items.filter(({ name }) => name === "Made once")).toHaveLength(1);
});

test("what is typed while a new template is sent is a draft of it", async () => {
  const visitor = await signedIn("#/templates/new");
  await using _ = visitor;
  const { page } = visitor;
  const typed = Promise.withResolvers<void>();
  await page.route(/\/templates$/, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const response = await route.fetch();
    await typed.promise;
    await route.fulfill({ response });
  });
  await startTemplate(page, "First name");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Saving …" }).waitFor();
  await page.getByLabel("Name of the template").fill("Second name");
  typed.resolve();
  await page.waitForURL(/#\/templates\/\d+$/);
  await page.getByRole("heading", { name: "First name" }).waitFor();
  await page.getByText("You have unsaved changes.").waitFor();
  expect(await page.getByLabel("Name of the template").inputValue()).toBe("Second name");
});

test("a save without an answer is repeated, and nobody else is said to have changed the template", async () => {
  const id = await makeTemplate();
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await loseFirstAnswer(page, new RegExp(`/templates/${id}$`), "PATCH");
  await page.getByLabel("Name of the template").fill("Saved once");
  await page.getByRole("tab", { name: "JSON" }).click();
  const json = page.getByLabel("The whole template except its images");
  await json.fill('{"pass": not finished');
  await page.getByRole("button", { name: "Save" }).click();
  const review = page.getByRole("region", { name: "What saving will do" });
  await review.getByRole("button", { name: "Save" }).click();
  await review.getByText("Something else answered in place of the service").waitFor();
  expect(await page.getByText("Somebody else has changed").count()).toBe(0);
  await review.getByRole("button", { name: "Save" }).click();
  await page.getByText("Everything is saved.").waitFor();
  expect(await admin.get<Template>(`/templates/${id}`)).toMatchObject({ name: "Saved once", revision: 2 });
  // What is not JSON yet is not saved, and is not taken back.
  expect(await json.inputValue()).toBe('{"pass": not finished');
});
