/**
 * What a key that is limited to an event sees and changes in the dashboard, and forms of passes and events whose page has changed
 * meanwhile.
 */
import { expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, Visitor } from "./visitor.ts";

const CARD = {
  storeCard: {
    primaryFields: [{ key: "gate", label: "Gate", value: "A" }],
    secondaryFields: [{ key: "seat", label: "Seat", value: "-" }],
  },
  eventTicket: undefined,
};

async function makeEvent() {
  const { id: projectId } = await admin.send<{ id: number }>("POST", "/projects", { name: "Festival" });
  const path = `/projects/${projectId}/events`;
  const { id } = await admin.send<{ id: number }>("POST", path, { name: "Friday", values: { gate: "B" } });
  const templateId = await makeTemplate(CARD, { projectId });
  const pass = await admin.send<Pass>("POST", `/templates/${templateId}/passes`, {
    eventId: id,
    values: { seat: "1" },
  });
  return { id, path: `${path}/${id}`, pass };
}

async function signedIn(hash: string, key = adminToken): Promise<Visitor> {
  const visitor = await Visitor.comes({ width: 1280 });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

test("a key for one event finds it, changes it, and changes a pass of it", async () => {
  const { id, path, pass } = await makeEvent();
  const { key } = await admin.send<{ key: string }>("POST", "/keys", {
    ...{ name: "Door", role: "issuer", scope: { events: [id] } },
  });
  const visitor = await signedIn("#/events", key);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("This key reaches no project as a whole.").waitFor();
  await page.getByRole("link", { name: "Friday" }).click();
  await page.getByText("This key does not see the templates of the project").waitFor();
  await page.getByLabel("gate").fill("C");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("The event was changed.").waitFor();
  expect((await admin.get<{ values: object }>(path)).values).toEqual({ gate: { value: "C" } });
  // What the page asks for to name it.
  visitor.expectsRefusal(`/admin/v1/templates/${pass.templateId}`);
  await page.evaluate(`location.hash = "#/passes/${pass.id}"`);
  await page.getByText("Change what it shows").click();
  expect(await page.getByLabel("Gate").inputValue()).toBe("C");
  await page.getByLabel("Seat").fill("2");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("The pass was changed.").waitFor();
  expect((await admin.get<Pass>(`/passes/${pass.id}`)).values).toEqual({ seat: { value: "2" } });
});

test("a pass that is redeemed while its form is open is no conflict with somebody else", async () => {
  const { pass } = await makeEvent();
  const visitor = await signedIn(`#/passes/${pass.id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("Change what it shows").click();
  await page.getByLabel("Seat").fill("3");
  await page.getByRole("button", { name: "Redeem", exact: true }).click();
  await page.getByRole("button", { name: "Redeem it" }).click();
  await page.getByText("Redeemed.", { exact: true }).waitFor();
  expect(await page.getByLabel("Seat").inputValue()).toBe("3");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("The pass was changed.").waitFor();
});

test("an event that was deleted meanwhile is named at the choice of the event", async () => {
  const { path, pass } = await makeEvent();
  const events = path.slice(0, path.lastIndexOf("/"));
  const { id: other } = await admin.send<{ id: number }>("POST", events, { name: "Saturday" });
  const visitor = await signedIn(`#/passes/${pass.id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("Change what it shows").click();
  await page.getByText("Code, event, tags and more").click();
  const choice = page.getByLabel("Event", { exact: true });
  await choice.selectOption("Saturday");
  await admin.send("DELETE", `${events}/${other}`, undefined);
  visitor.expectsRefusal(`/admin/v1/passes/${pass.id}`);
  await page.getByRole("button", { name: "Preview" }).click();
  await choice.and(page.locator(":focus")).waitFor();
  await page.locator(".field", { has: choice }).locator(".fault").waitFor();
});
