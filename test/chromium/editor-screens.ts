/**
 * The list of templates and the editor of one for `npm run screenshots`: each panel, findings, a conflict, the review before saving
 * and what follows it, and what a reader sees.
 */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { archive } from "../pkpass/archives.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import type { ShowcaseImages } from "../tools/local/showcase-images.ts";
import { openDashboard } from "./dashboard-screens.ts";
import type { Screen } from "./screens.ts";

const STRINGS = {
  fr: { BALANCE: "SOLDE", STAMPS: "TAMPONS", NAME: "NOM", "You now have %@ stamps": "Vous avez %@ tampons" },
  de: { BALANCE: "GUTHABEN", STAMPS: "STEMPEL", NAME: "NAME", LEVEL: "STUFE", SINCE: "SEIT", Gone: "Weg" },
};
const SCAN = {
  action: "add",
  field: "stamps",
  by: 1,
  max: 10,
  atMostEverySeconds: 3600,
  reward: { resetTo: 0, label: "A free coffee" },
};
const JOIN = {
  title: "Your tenth coffee is free",
  text: "Get our stamp card. It takes ten seconds.",
  fields: [
    { key: "name", label: "First name", type: "text", required: true },
    { key: "level", label: "How often do you come?", type: "select", options: ["Now and then", "Every day"] },
  ],
};

type Act = (page: Page) => Promise<unknown>;

export async function editorScreens(
  admin: Admin,
  adminToken: string,
  images: Promise<ShowcaseImages>,
): Promise<Screen[]> {
  const drawn = (await images)[coffeeCard.name];
  const id = await make(admin, drawn, { strings: STRINGS, scan: SCAN, join: { ...JOIN, slug: "stamps" } });
  await admin.send("POST", `/templates/${id}/passes`, {});
  const wrong = await makeWrong(admin);
  const { key: reader } = await admin.send<{ key: string }>("POST", "/keys", {
    name: "Desk",
    role: "reader",
  });
  const screen = (name: string, hash: string, act: Act = async () => {}, key = adminToken): Screen => ({
    name: `dashboard-${name}`,
    path: "/admin/",
    prepare: async (page) => {
      await openDashboard(page, key, hash);
      await act(page);
      await settle(page);
    },
  });
  const template = `#/templates/${id}`;
  const panel = (name: string, tab: string, act: Act = async () => {}) =>
    screen(`editor-${name}`, template, async (page) => {
      await openTab(page, tab);
      await act(page);
    });
  return [
    screen("templates", "#/templates"),
    screen("templates-imported", "#/templates", importPass),
    screen("templates-import-refused", "#/templates", importText),
    screen("templates-copy", "#/templates", (page) => rowButton(page, "Copy").click()),
    screen("templates-delete", "#/templates", (page) => rowButton(page, "Delete").click()),
    screen("templates-delete-refused", "#/templates", refuseToDelete),
    screen("template-new", "#/templates/new"),
    screen("editor-new", "#/templates/new", (page) =>
      page.getByRole("button", { name: /^Stamp card/ }).click(),
    ),
    panel("general", "General"),
    panel("colours", "Colours"),
    panel("colours-contrast", "Colours", (page) =>
      page.getByRole("textbox", { name: "Labels", exact: true }).fill("rgb(70, 40, 30)"),
    ),
    panel("images", "Images"),
    panel("fields", "Fields"),
    panel("field-open", "Fields", (page) => page.locator(".field-summary", { hasText: "STAMPS" }).click()),
    panel("barcode", "Barcode"),
    panel("scan", "Scanning"),
    panel("strings", "Translations"),
    panel("join", "Join page"),
    panel("json", "JSON"),
    panel("json-fault", "JSON", breakJson),
    screen("editor-findings", `#/templates/${wrong}`, addErrors),
    screen("editor-review", template, review),
    screen("editor-progress", template, changeWasStored),
    screen("editor-conflict", template, conflict),
    screen("editor-preview", template, async (page) => {
      const preview = page.getByRole("button", { name: "Preview" });
      if (await preview.isVisible()) await preview.click();
    }),
    screen("template-reader", template, undefined, reader),
    screen("template-message", `#/messages/${id}`),
  ];
}

export const openTab = (page: Page, name: string) =>
  page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
const rowButton = (page: Page, label: string) =>
  page.locator(".template-row", { hasText: coffeeCard.name }).first().getByRole("button", { name: label });

/** The check has answered, and pictures are there. */
export async function settle(page: Page): Promise<void> {
  await page.getByText("Checking …").waitFor({ state: "hidden" });
  // Small cards are drawn when they are near the window.
  for (let y = 0; y < 6; y++) {
    await page.evaluate("scrollBy(0, innerHeight)");
    await page.waitForTimeout(100);
  }
  await page.evaluate("scrollTo(0, 0)");
  await page.waitForTimeout(400);
}

async function make(admin: Admin, images: ShowcaseImages[string] | undefined, more: object): Promise<number> {
  const content = { ...templateOf(coffeeCard, images), ...more, passTypeIdentifier: PASS_TYPE_IDENTIFIER };
  return (await admin.send<Template>("POST", "/templates", content)).id;
}

/** Makes a template with faults that the linter warns of. */
async function makeWrong(admin: Admin): Promise<number> {
  const { pass } = coffeeCard;
  const small = drawPng(40, 20, () => [200, 160, 100, 255]);
  const icon = Buffer.from(drawPng(29, 29, () => [43, 26, 18, 255])).toString("base64");
  const content = {
    name: "Card with findings",
    pass: { ...pass, labelColor: "#4a2c20", locations: undefined, description: "x" },
    images: { "icon.png": icon, "logo.png": Buffer.from(small).toString("base64") },
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
  };
  return (await admin.send<Template>("POST", "/templates", content)).id;
}

async function addErrors(page: Page): Promise<void> {
  await page.getByLabel("Organization").fill("");
  await openTab(page, "Fields");
  await page.locator(".field-summary", { hasText: "BALANCE" }).click();
  await page.locator(".field-editor summary", { hasText: "Key" }).click();
  await page.locator("#field-key").fill("stamps");
  await openTab(page, "General");
  await page.getByRole("list", { name: "Findings" }).waitFor();
}

async function importPass(page: Page): Promise<void> {
  const icon = drawPng(29, 29, () => [0, 104, 214, 255]);
  const pass = {
    ...{ formatVersion: 1, passTypeIdentifier: PASS_TYPE_IDENTIFIER, serialNumber: "1" },
    ...{ teamIdentifier: "EXAMPLE001", organizationName: "Example", description: "Imported card" },
    ...{ logoText: "Imported", backgroundColor: "rgb(20, 60, 90)", foregroundColor: "rgb(255, 255, 255)" },
    generic: { primaryFields: [{ key: "name", label: "NAME", value: "A. Visitor" }] },
  };
  const buffer = Buffer.from(
    archive([
      { path: "pass.json", content: JSON.stringify(pass) },
      { path: "icon.png", content: icon },
    ]),
  );
  await page
    .getByLabel("Import a pass")
    .setInputFiles({ name: "card.pkpass", mimeType: "application/vnd.apple.pkpass", buffer });
  await page.locator(".imported").waitFor();
}

async function importText(page: Page): Promise<void> {
  const buffer = await readFile(import.meta.filename);
  await page.getByLabel("Import a pass").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer });
  await page.locator(".import-template .problem").waitFor();
}

async function refuseToDelete(page: Page): Promise<void> {
  await rowButton(page, "Delete").click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.locator(".problem").getByText("pass").first().waitFor();
}

async function breakJson(page: Page): Promise<void> {
  const json = page.locator(".json-field textarea");
  await json.press("Control+Home");
  await json.pressSequentially("x");
}

/** The dry run of a template that many phones have. */
const DRY_RUN = {
  notifications: [
    { kind: "text", text: "You now have 9 stamps", message: "" },
    { kind: "silent", reason: "no_change_message", field: "level", message: "" },
  ],
  differences: [
    { pointer: "/pass/storeCard/primaryFields/0/value", before: 7, after: 9 },
    { pointer: "/pass/storeCard/secondaryFields/1/value", before: "Regular", after: "Gold" },
    { pointer: "/pass/logoText", before: "Corner Roasters", after: "Corner Roasters Paris" },
  ],
  phones: { count: 1204, isExact: true },
  lint: { findings: [] },
};
const PROGRESS = {
  change: { id: 4, push: "dispatched", dueAt: null },
  phones: { count: 1204, isExact: true },
  ...{ notified: 412, gaveUp: 0, paused: false, pushesPerSecond: 50, perSecond: 48, endsAt: null },
};

/** @param more members of the dry run */
export async function review(page: Page, more: object = {}): Promise<void> {
  await page.route(/dryRun=true/, (route) => route.fulfill({ json: { ...DRY_RUN, ...more } }));
  await page.getByLabel("Text next to the logo").fill("Corner Roasters Paris");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator(".save-review").waitFor();
}

/** The service answers as if it had stored the change, so that the next picture finds the template as it was. */
export async function changeWasStored(
  page: Page,
  dryRun: object = {},
  progress: object = PROGRESS,
): Promise<void> {
  let template = "";
  page.on("response", async (response) => {
    if (/\/templates\/\d+$/.test(response.url())) template = await response.text();
  });
  await page.reload();
  await page.locator(".editor").waitFor();
  await page.route(/\/templates\/\d+$/, (route) =>
    route.request().method() === "PATCH" ? route.fulfill({ body: template }) : route.fallback(),
  );
  await page.route(/\/progress$/, (route) => route.fulfill({ json: progress }));
  await review(page, dryRun);
  await page.locator(".save-review .solid").click();
  await page.locator(".change-progress progress").first().waitFor();
}

async function conflict(page: Page): Promise<void> {
  await page.route(/dryRun=true/, (route) =>
    route.fulfill({
      status: 412,
      contentType: "application/problem+json",
      body: '{"status":412,"code":"precondition_failed","detail":"Changed meanwhile."}',
    }),
  );
  await page.getByLabel("Text next to the logo").fill("Corner Roasters Paris");
  await page.getByRole("button", { name: "Put my changes on top of theirs" }).waitFor();
}
