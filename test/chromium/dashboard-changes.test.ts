/**
 * What the dashboard changes on phones: a pass issued by a form, one that a phone has, an event with its passes, and a message to all
 * holders; what happens if somebody else was faster; phone and desktop.
 */
import { expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { IPhone } from "../apple/iphone.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, rootPem, Visitor } from "./visitor.ts";

const CARD: Partial<TemplatePass> = {
  organizationName: "Corner Roasters",
  storeCard: {
    primaryFields: [{ key: "points", label: "Points", value: 0, changeMessage: "You have %@ points" }],
    secondaryFields: [
      { key: "gate", label: "Gate", value: "A", changeMessage: "Go to gate %@" },
      { key: "level", label: "Level", value: "Silver" },
    ],
    auxiliaryFields: [
      { key: "since", label: "Since", dateStyle: "PKDateStyleShort", value: "2026-01-01T00:00Z" },
    ],
    backFields: [{ key: "news", label: "News", value: "-", changeMessage: "%@" }],
  },
  eventTicket: undefined,
};
const showPass = (id: number | string) => admin.get<Pass>(`/passes/${id}`);

/** An event of a project with a template of it. */
async function makeEventWithTemplate() {
  const { id: projectId } = await admin.send<{ id: number }>("POST", "/projects", { name: "Concerts" });
  const path = `/projects/${projectId}/events`;
  const { id } = await admin.send<{ id: number }>("POST", path, {
    name: "Opening night",
    values: { gate: "B" },
  });
  const templateId = await makeTemplate(CARD, { projectId });
  return { id, projectId, templateId, path: `${path}/${id}` };
}

/** A pass that is on a phone. */
async function onPhone(templateId: number, body: object) {
  const pass = await admin.send<Pass>("POST", `/templates/${templateId}/passes`, body);
  const phone = new IPhone({ fetch: (request) => fetch(request), rootPem });
  await phone.addFrom(pass.downloadUrl);
  return { pass, phone };
}

/** A visitor who has signed in. */
async function signedIn(hash: string, key = adminToken, width = PHONE): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

test("a pass is issued by the form of its template, whose draft survives a reload, and its QR code is its link", async () => {
  const templateId = await makeTemplate(CARD);
  const visitor = await signedIn(`#/new-pass/${templateId}`);
  await using _ = visitor;
  const { page } = visitor;
  const issue = page.getByRole("button", { name: "Issue the pass" });
  await page.getByLabel("Points").fill("1,5");
  await page.getByLabel("Level").fill("Gold");
  await page.reload();
  expect(await page.getByLabel("Level").inputValue()).toBe("Gold");
  await issue.click();
  await page.getByLabel("Points").and(page.locator(":focus")).waitFor();
  await page.getByText("Type a number").waitFor();
  await page.getByLabel("Points").fill("12345678901234567890");
  await page.getByText("Code, event, tags and more").click();
  await page.getByLabel("Serial number").fill("wrong/../serial");
  visitor.expectsRefusal(`/admin/v1/templates/${templateId}/passes`);
  await issue.click();
  await page.getByLabel("Serial number").and(page.locator(":focus")).waitFor();
  await page.getByLabel("Serial number").fill("");
  await page.getByLabel("Tags").fill("vip, row 7");
  await issue.click();
  await page.getByRole("heading", { name: "The pass is issued" }).and(page.locator(":focus")).waitFor();
  await page.locator(".holder-page img").waitFor();
  const link = await page.getByRole("link", { name: "Holder's page" }).getAttribute("href");
  expect(await visitor.scans(".holder-page img")).toEqual([link]);
  await page.getByRole("link", { name: "Show the pass" }).click();
  await page.locator("dt", { hasText: "Tags" }).waitFor();
  const id = /passes\/(\d+)/.exec(page.url())?.[1] ?? "";
  expect(await page.evaluate("sessionStorage.getItem('edgepass-draft-new-pass')")).toBeNull();
  const response = await fetch(`${new URL(page.url()).origin}/admin/v1/passes/${id}`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const text = await response.text();
  expect(text).toContain('"points":{"value":12345678901234567890}');
  expect(JSON.parse(text)).toMatchObject({ values: { level: { value: "Gold" } }, tags: ["row 7", "vip"] });
});

test("the text that a change of a pass will show is foreseen, and the phone then shows it", async () => {
  const { pass, phone } = await onPhone(await makeTemplate(CARD), { values: { points: 3 } });
  const visitor = await signedIn(`#/passes/${pass.id}`, adminToken, 1280);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("Change what it shows").click();
  await page.getByRole("button", { name: "Add 1 to Points" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".form-report:focus").waitFor();
  const foreseen = page.locator(".lock-screen li p").last();
  expect(await foreseen.textContent()).toBe("You have 4 points");
  expect(await page.locator(".differences").textContent()).toContain("Points: 3");
  expect((await showPass(pass.id)).values).toEqual({ points: { value: 3 } });
  await page.getByRole("button", { name: "Change and notify 1 phone" }).click();
  await page.getByText("The pass was changed.").waitFor();
  await page.locator("summary:focus", { hasText: "Change what it shows" }).waitFor();
  const { updated } = await phone.receivePush(PASS_TYPE_IDENTIFIER);
  expect(updated).toMatchObject([{ notifications: ["You have 4 points"] }]);
  await expect.poll(() => page.locator(".line.of-change").count()).toBe(2);
});

test("a pass that somebody else has changed meanwhile shows the new values, and keeps what was typed", async () => {
  const templateId = await makeTemplate(CARD);
  const { id } = await admin.send<Pass>("POST", `/templates/${templateId}/passes`, { values: { points: 3 } });
  const visitor = await signedIn(`#/passes/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByText("Change what it shows").click();
  await page.getByLabel("Level").fill("Gold");
  await page.getByRole("button", { name: "Preview" }).click();
  const change = page.getByRole("button", { name: "Change", exact: true });
  await change.waitFor();
  await admin.send("PATCH", `/passes/${id}`, { values: { points: 9 } });
  visitor.expectsRefusal(`/admin/v1/passes/${id}`);
  await change.click();
  await page.getByText("Somebody else has changed this meanwhile").waitFor();
  await expect.poll(() => page.getByLabel("Points", { exact: true }).inputValue()).toBe("9");
  expect(await page.getByLabel("Level").inputValue()).toBe("Gold");
  await page.getByRole("button", { name: "Preview" }).click();
  await change.click();
  await page.getByText("The pass was changed.").waitFor();
  expect((await showPass(id)).values).toEqual({ points: { value: 9 }, level: { value: "Gold" } });
});

test("a change of an event says how many phones show its text before it is made, and then how many were notified", async () => {
  const { id, projectId, templateId, path } = await makeEventWithTemplate();
  const [one, other] = await Promise.all([0, 1].map(() => onPhone(templateId, { eventId: id })));
  const visitor = await signedIn(`#/events/${id}?project=${projectId}`);
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("Gate").fill("C");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/^2 i?[Pp]hones get this change\.$/).waitFor();
  expect(await page.locator(".lock-screen").textContent()).toContain("Go to gate C");
  await page.getByRole("button", { name: "Change and notify 2 phones" }).click();
  await page.locator("section:focus", { hasText: "Newest change" }).waitFor();
  await page.getByText(/2 of 2 i?[Pp]hones were notified\./).waitFor();
  const { updated } = (await one?.phone.receivePush(PASS_TYPE_IDENTIFIER)) ?? {};
  expect(updated).toMatchObject([{ notifications: ["Go to gate C"] }]);
  expect(await admin.get(path)).toMatchObject({ values: { gate: { value: "C" } } });
  await page.getByRole("link", { name: "2 passes" }).click();
  await page.getByRole("list", { name: "Passes" }).getByRole("link").nth(1).waitFor();
  expect(other?.pass.eventId).toBe(id);
});

test("a project and an event are made, the event gets a value, and it is deleted after a question", async () => {
  const name = `Tour ${crypto.randomUUID()}`;
  const visitor = await signedIn("#/events");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("New project").fill(name);
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name }).waitFor();
  const project = new URLSearchParams(page.url().split("?")[1]).get("project") ?? "";
  const templateId = await makeTemplate(CARD, { projectId: Number(project) });
  await page.getByLabel("New event").fill("Berlin");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("heading", { name: "Berlin" }).waitFor();
  // Screen readers read it once.
  await page.getByText("No change is being pushed to").waitFor();
  expect(await page.getByText("No change is being pushed to").count()).toBe(1);
  await page.getByLabel("Give its passes a value").selectOption({ label: "Gate" });
  await page.getByLabel("Gate").fill("D");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("The event has no passes yet").waitFor();
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByText("The event was changed.").waitFor();
  const { items } = await admin.get<{ items: { id: number }[] }>(`/projects/${project}/events`);
  expect(items).toMatchObject([{ name: "Berlin", values: { gate: { value: "D" } } }]);
  const eventId = items[0]?.id;
  await admin.send("PATCH", `/projects/${project}/events/${eventId}`, { pass: { voided: true } });
  await admin.send("POST", `/templates/${templateId}/passes`, { eventId });
  visitor.excuses(/status of 409/, `/admin/v1/projects/${project}/events/`);
  await page.getByRole("button", { name: "Delete the event" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByText("1 pass would be valid again").waitFor();
  await page.getByRole("button", { name: "Delete it nevertheless" }).click();
  await page.getByRole("button", { name: "Delete it, and make them valid" }).click();
  await page.getByText("This project has no events yet.").waitFor();
});

test("a reader sees an event without a form or a button that changes it", async () => {
  const { id, projectId } = await makeEventWithTemplate();
  const { key } = await admin.send<{ key: string }>("POST", "/keys", { name: "Reader", role: "reader" });
  const visitor = await signedIn(`#/events/${id}?project=${projectId}`, key);
  await using _ = visitor;
  const { page } = visitor;
  await page.locator(".facts").waitFor();
  expect(await page.locator("main :is(button, input)").count()).toBe(0);
});

test.each(["new pass", "pass", "projects", "events", "event"])(
  "%s: fits on a phone and a desktop, can be tapped, does not move while it loads, and axe finds nothing",
  async (kind) => {
    const { id, projectId, templateId } = await makeEventWithTemplate();
    const { pass } = await onPhone(templateId, { eventId: id });
    const hashes: Readonly<Record<string, string>> = {
      "new pass": `#/new-pass/${templateId}`,
      pass: `#/passes/${pass.id}`,
      projects: "#/events",
      events: `#/events?project=${projectId}`,
      event: `#/events/${id}?project=${projectId}`,
    };
    const visitor = await signedIn(hashes[kind] ?? "");
    await using _ = visitor;
    const { page } = visitor;
    await page.reload();
    await page.locator("main form.form, main .rows > li, main .facts").first().waitFor();
    await page.locator(".placeholder").first().waitFor({ state: "detached" });
    await visitor.expectsNoShift();
    if (kind === "pass") {
      await page.getByText("Change what it shows").click();
      await page.getByLabel("Points", { exact: true }).fill("7");
    }
    if (kind === "event") await page.getByLabel("Gate").fill("E");
    if (kind === "pass" || kind === "event") {
      await page.getByRole("button", { name: "Preview" }).click();
      await page.locator(".lock-screen").waitFor();
    }
    await visitor.expectsToFit();
  },
);
