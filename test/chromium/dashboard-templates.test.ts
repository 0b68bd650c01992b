/**
 * The list of templates in the dashboard: a template is imported, copied and deleted; what a reader sees; phone and desktop.
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { archive } from "../pkpass/archives.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, issue, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, Visitor } from "./visitor.ts";

/** A visitor who has signed in. */
async function signedIn(key = adminToken, width = 1280, hash = "#/templates"): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, key, hash);
  return visitor;
}

/** The .pkpass that a phone downloads. */
async function realPass(templateId: number): Promise<Buffer> {
  const { id } = await issue(templateId);
  const { downloadUrl } = await admin.get<Pass>(`/passes/${id}`);
  return Buffer.from(await (await fetch(downloadUrl ?? "")).arrayBuffer());
}

const fileOf = (name: string, buffer: Buffer) => ({ name, mimeType: "application/vnd.apple.pkpass", buffer });

test("a pass that a phone has becomes a template, with the notes about the file and a link to it", async () => {
  const name = `Ticket ${crypto.randomUUID().slice(0, 8)}`;
  const templateId = await makeTemplate({ description: name });
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("Import a pass").setInputFiles(fileOf("card.pkpass", await realPass(templateId)));
  const imported = page.locator(".imported");
  await imported.getByRole("heading", { name: `${name} is imported` }).waitFor();
  expect(await imported.locator("li").count()).toBeGreaterThan(0);
  await page.getByRole("list", { name: "Templates" }).getByRole("link", { name, exact: true }).waitFor();
  const link = await imported.getByRole("link", { name: "Open the template" }).getAttribute("href");
  expect(link).toMatch(/^#\/templates\/\d+$/);
});

test("a dropped pass of a foreign pass type asks for one of this service, and keeps the file meanwhile", async () => {
  const name = `Foreign ${crypto.randomUUID().slice(0, 8)}`;
  const pass = {
    formatVersion: 1,
    passTypeIdentifier: "pass.com.example.foreign",
    serialNumber: "1",
    teamIdentifier: "EXAMPLE001",
    organizationName: "Example",
    description: "Foreign",
    generic: { primaryFields: [{ key: "name", label: "NAME", value: "A" }] },
  };
  const icon = drawPng(29, 29, () => [0, 104, 214, 255]);
  const file = archive([
    { path: "pass.json", content: JSON.stringify(pass) },
    { path: "icon.png", content: icon },
  ]);
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal("/admin/v1/templates/import");
  await page.locator(".file-drop").first().waitFor();
  await page.evaluate(`{
    const bytes = Uint8Array.from(atob("${Buffer.from(file).toString("base64")}"), (byte) => byte.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "foreign.pkpass"));
    const drop = document.querySelector(".file-drop");
    drop.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }`);
  await page.getByText("The pass type of foreign.pkpass is not one of this service.").waitFor();
  const form = page.locator(".import-template form");
  await form.getByLabel("Pass type").selectOption(PASS_TYPE_IDENTIFIER);
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Import" }).click();
  await page.getByRole("heading", { name: `${name} is imported` }).waitFor();
});

test("a file that is no pass is refused with the reason", async () => {
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal("/admin/v1/templates/import");
  const alert = page.locator(".import-template").getByRole("alert");
  const text = await readFile(import.meta.filename);
  await page.getByLabel("Import a pass").setInputFiles(fileOf("notes.pkpass", text));
  await alert.getByText("Choose a .pkpass file").waitFor();
  // It begins as an archive does, so that only the service finds out.
  await page
    .getByLabel("Import a pass")
    .setInputFiles(fileOf("cut.pkpass", Buffer.from("PK\u0003\u0004, and then no more")));
  await alert.getByText("unreadable_pkpass").waitFor();
});

test("a template is copied under another name, and the copy opens", async () => {
  const name = `Card ${crypto.randomUUID().slice(0, 8)}`;
  await makeTemplate({}, { name });
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: `Copy ${name}` }).click();
  expect(await page.getByLabel("Name of the copy").inputValue()).toBe(`${name} 2`);
  await page.getByLabel("Name of the copy").fill(`${name} of 2027`);
  await page.getByRole("button", { name: "Make the copy" }).click();
  await page.waitForURL(/#\/templates\/\d+$/);
  const id = Number(/\d+$/.exec(page.url())?.[0]);
  expect(await admin.get(`/templates/${id}`)).toMatchObject({ name: `${name} of 2027` });
});

test("a template with a pass is not deleted, and says how many passes keep it; without them it is deleted", async () => {
  const name = `Kept ${crypto.randomUUID().slice(0, 8)}`;
  const templateId = await makeTemplate({}, { name });
  const { id } = await issue(templateId);
  const visitor = await signedIn();
  await using _ = visitor;
  const { page } = visitor;
  visitor.expectsRefusal(`/admin/v1/templates/${templateId}`);
  const remove = async () => {
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByRole("button", { name: "Delete it" }).click();
  };
  await remove();
  await page.getByText(`${name} is not deleted: it has 1 pass`).waitFor();
  const link = page.getByRole("link", { name: "Show its passes" });
  expect(await link.getAttribute("href")).toBe(`#/passes?template=${templateId}`);
  await admin.send("DELETE", `/passes/${id}`, undefined);
  await remove();
  await page.getByRole("link", { name, exact: true }).waitFor({ state: "detached" });
});

test("a reader sees templates and no button that changes them; an issuer issues passes", async () => {
  const name = `Seen ${crypto.randomUUID().slice(0, 8)}`;
  const templateId = await makeTemplate({}, { name });
  for (const [role, links] of [
    ["reader", 0],
    ["issuer", 1],
  ] as const) {
    const { key } = await admin.send<{ key: string }>("POST", "/keys", { name: role, role });
    const visitor = await signedIn(key);
    await using _ = visitor;
    const { page } = visitor;
    await page.getByRole("link", { name, exact: true }).waitFor();
    expect(await page.locator(".rows button, .import-template").count()).toBe(0);
    expect(await page.locator("main input").count()).toBe(0);
    expect(await page.locator(`a[href="#/new-pass/${templateId}"]`).count()).toBe(links);
  }
});

test("the list fits on a phone and a desktop, does not move while it loads, can be tapped, and axe finds nothing", async () => {
  const join = { slug: `list-${crypto.randomUUID().slice(0, 8)}`, fields: [] };
  await makeTemplate(
    {},
    { name: "Haupteingang Nord, Einlassbereich für Ehrengäste und Begleitpersonen", join },
  );
  const visitor = await signedIn(adminToken, PHONE);
  await using _ = visitor;
  const { page } = visitor;
  await page.reload();
  await page.locator(".rows > li:not(.placeholder)").first().waitFor();
  await page.locator(".placeholder").first().waitFor({ state: "detached" });
  await visitor.expectsNoShift();
  await visitor.expectsToFit();
});
