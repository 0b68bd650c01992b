/**
 * The panels of the editor for images, translations and the join page: what a person does there is what the service stores.
 */
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, PHONE, Visitor } from "./visitor.ts";

async function signedIn(hash: string, width = 1280): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  await visitor.page.locator(".tabs").waitFor();
  return visitor;
}

const openPanel = (visitor: Visitor, name: string) => visitor.page.locator(`#tab-${name}`).click();

async function save(visitor: Visitor): Promise<void> {
  await visitor.page.getByRole("button", { name: "Save", exact: true }).click();
  await visitor.page.locator(".save-review .solid").click();
  await visitor.page.getByText("Everything is saved.").waitFor();
}

const png = (width: number, height: number) => Buffer.from(drawPng(width, height, () => [0, 104, 214, 255]));

/** A photo as phones take them. The browser draws it. */
async function photo(visitor: Visitor, width: number, height: number): Promise<Buffer> {
  const base64 = await visitor.page.evaluate<string>(`{
    const canvas = document.createElement("canvas");
    canvas.width = ${width};
    canvas.height = ${height};
    canvas.getContext("2d").fillRect(0, 0, ${width}, ${height});
    canvas.toDataURL("image/jpeg").split(",")[1];
  }`);
  return Buffer.from(base64, "base64");
}

test("a photo is converted and made smaller, a small picture is named, and a new image replaces the old densities", async () => {
  const id = await makeTemplate();
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await openPanel(visitor, "images");
  const slot = (title: string) =>
    page.locator(".image-slot", { has: page.getByText(title, { exact: true }) });
  const put = (title: string, name: string, mimeType: string, buffer: Buffer) =>
    slot(title).locator("input[type=file]").first().setInputFiles({ name, mimeType, buffer });
  await put("Strip", "photo.jpg", "image/jpeg", await photo(visitor, 3000, 1000));
  await slot("Strip")
    .getByText(
      "It was converted to a PNG. It was made smaller, from 3000 × 1000 pixels to 1125 × 375 pixels.",
    )
    .waitFor();
  await put("Logo", "logo.png", "image/png", png(100, 30));
  await slot("Logo").getByText("too small").waitFor();
  await put("Logo", "notes.txt", "text/plain", Buffer.from("no picture"));
  await slot("Logo").getByText("notes.txt is not a picture").waitFor();
  await page.locator("#images-by-name").setInputFiles([
    { name: "icon@3x.png", mimeType: "image/png", buffer: png(87, 87) },
    { name: "photo.png", mimeType: "image/png", buffer: png(10, 10) },
  ]);
  await page.getByText("photo.png: the name does not say which image it is.").waitFor();
  await save(visitor);
  const { images } = await admin.get<Template>(`/templates/${id}`);
  expect(images).toMatchObject({
    "icon.png": { width: 29, derivedFrom: "icon@3x.png" },
    "icon@3x.png": { width: 87 },
    "logo.png": { width: 100 },
    "strip@3x.png": { width: 1125, height: 375 },
  });
  await page.getByRole("button", { name: "Remove Logo" }).click();
  // The button is gone, and its place has the focus.
  await page.locator(".image-slot:focus", { hasText: "Logo" }).waitFor();
  await save(visitor);
  expect((await admin.get<Template>(`/templates/${id}`)).images).not.toHaveProperty("logo.png");
});

test("a text is translated, a join page is made with a question, and both are stored", async () => {
  const slug = `panel-${crypto.randomUUID().slice(0, 8)}`;
  const id = await makeTemplate();
  const visitor = await signedIn(`#/templates/${id}`);
  await using _ = visitor;
  const { page } = visitor;
  await openPanel(visitor, "strings");
  await page.getByLabel("New language").selectOption("fr");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("French of SEAT").fill("PLACE");
  await openPanel(visitor, "join");
  await page.getByLabel("People can get a pass by themselves").check();
  expect(await page.getByLabel("Address").inputValue()).toBe("ticket");
  await page.getByLabel("Address").fill(slug);
  await page.getByLabel("New question").selectOption("seat");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("Question", { exact: true }).fill("Your seat");
  await page.getByLabel("Answer", { exact: true }).selectOption("select");
  await page.getByLabel("Choices").pressSequentially("Front row\nBack");
  await page.getByLabel("Passes in total").fill("50");
  await page.getByLabel("Closes at").fill("2030-06-01T18:00");
  await save(visitor);
  const stored = await admin.get<Template>(`/templates/${id}`);
  expect(stored.strings).toEqual({ fr: { SEAT: "PLACE" } });
  expect(stored.join).toEqual({
    slug,
    fields: [
      { key: "seat", label: "Your seat", type: "select", options: ["Front row", "Back"], required: true },
    ],
    cap: 50,
    closesAt: expect.stringMatching(/^2030-0[56]-/),
  });
  await page.getByRole("link", { name: "Open the page" }).waitFor();
  const isOn = page.getByLabel("People can get a pass by themselves");
  await isOn.uncheck();
  await isOn.check();
  expect(await page.getByLabel("Address").inputValue()).toBe(slug);
  await isOn.uncheck();
  await save(visitor);
  expect((await admin.get<Template>(`/templates/${id}`)).join).toBeNull();
});

test.each(["images", "strings", "join"])(
  "the panel %s fits on a phone and a desktop, can be tapped, and axe finds nothing",
  async (panel) => {
    const join = {
      slug: `fit-${crypto.randomUUID().slice(0, 8)}`,
      fields: [{ key: "seat", label: "Your seat", type: "text" }],
    };
    const strings = { de: { SEAT: "PLATZ", Gone: "Weg" }, fr: {} };
    const visitor = await signedIn(`#/templates/${await makeTemplate({}, { join, strings })}`, PHONE);
    await using _ = visitor;
    await openPanel(visitor, panel);
    await visitor.expectsToFit();
  },
);
