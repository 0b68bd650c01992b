/**
 * The fields, the barcode and the scan rule of a template in the editor, by mouse and by keyboard, and what the service stores then.
 */
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, makeTemplate } from "./organizer.ts";
import { adminToken, origin, PHONE, Visitor } from "./visitor.ts";

const LONG = "12345678901234567890";
const PASS = {
  eventTicket: {
    primaryFields: [{ key: "seat", label: "Seat", value: "1" }],
    secondaryFields: [
      { key: "name", label: "Name", value: "Ada", semantics: { eventName: "Concert" } },
      { key: "visits", label: "Visits", value: 3 },
    ],
    backFields: [{ key: "terms", label: "Terms", value: "None" }],
  },
};
const SCAN = { scan: { action: "add", field: "visits", by: 1, max: 10, reward: { resetTo: 0 } } };

/** A visitor in a panel of the editor. @param panel as its tab is called */
async function inEditor(panel: string, width = 1280): Promise<{ visitor: Visitor; id: number }> {
  const id = await makeTemplate(PASS, SCAN);
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, `#/templates/${id}`);
  await visitor.page.getByRole("tab", { name: panel }).click();
  return { visitor, id };
}

const stored = (id: number) => admin.get<Template>(`/templates/${id}`);

/** Saves, and waits until the service has it. */
async function save({ page }: Visitor): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const confirm = page.locator(".save-review .solid");
  const saved = page.getByText("Everything is saved.");
  await confirm.or(saved).waitFor();
  if (await confirm.isVisible()) await confirm.click();
  await saved.waitFor();
}

test("fields are moved by the keyboard with the focus kept, and by the mouse to another section, with every member", async () => {
  const { visitor, id } = await inEditor("Fields");
  await using _ = visitor;
  const { page } = visitor;
  const said = page.locator(".open-panel [role=status]");
  await page.getByRole("button", { name: "Move Name down" }).focus();
  await page.keyboard.press("Enter");
  await said.getByText("Name, 2 of 2 in Secondary").waitFor();
  await page.locator("button[aria-label='Move Name down']:focus").waitFor();
  await page
    .getByRole("button", { name: /^Name/ })
    .dragTo(page.getByRole("region", { name: "Back fields" }).getByRole("heading"));
  await said.getByText("Name, 1 of 2 in Back").waitFor();
  await page.getByRole("button", { name: /^Name/ }).click();
  await page.getByLabel("Section").selectOption("Auxiliary");
  await page.locator("#field-section:focus").waitFor();
  await save(visitor);
  expect((await stored(id)).pass.eventTicket).toEqual({
    ...PASS.eventTicket,
    secondaryFields: [PASS.eventTicket.secondaryFields[1]],
    auxiliaryFields: [PASS.eventTicket.secondaryFields[0]],
  });
});

test("a field is added with a key made from its label, an exact number and a text whose notification is shown", async () => {
  const { visitor, id } = await inEditor("Fields");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: "Add a field to Auxiliary" }).click();
  await page.keyboard.type("Member number");
  await page.getByLabel("Kind of value").selectOption("Number");
  await page.getByLabel("Value", { exact: true }).fill(LONG);
  await page.getByText("Without a text, phones update silently.").waitFor();
  await page.getByLabel("Text on the lock screen").fill("Your number is %@");
  await page.locator(".lock-screen").getByText("Your number is 12,345,678,901,234,567,890").waitFor();
  await page.getByText("Key: member_number").waitFor();
  await save(visitor);
  const headers = { authorization: `Bearer ${adminToken}` };
  const body = await page.request.get(`${origin}/admin/v1/templates/${id}`, { headers });
  expect(await body.text()).toMatch(
    new RegExp(`"key":"member_number","label":"Member number",[^}]*"value":${LONG}[,}]`),
  );
});

test("the scan rule follows a new key, and a removed field that scans need is asked for and comes back", async () => {
  const { visitor, id } = await inEditor("Fields");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByRole("button", { name: /^Visits/ }).click();
  await page.getByText("Key: visits").click();
  await page.getByLabel("Key", { exact: true }).fill("name");
  await page.getByText("Another field has the key").waitFor();
  await page.getByLabel("Key", { exact: true }).fill("stamps");
  await page.getByText("Passes store their values by this key").waitFor();
  await page.getByLabel("Key", { exact: true }).press("Enter");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("Scans add to this field.", { exact: false }).last().waitFor();
  await page.getByRole("button", { name: "Remove the field" }).click();
  await page.locator("#field-undo:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Visits/ }).waitFor();
  await save(visitor);
  expect((await stored(id)).scan).toEqual({ ...SCAN.scan, field: "stamps" });
});

test("the barcode and the scan rule are chosen in words", async () => {
  const { visitor, id } = await inEditor("Barcode");
  await using _ = visitor;
  const { page } = visitor;
  await page.getByLabel("Kind of code").selectOption("PDF417");
  await page.getByLabel("Text in the code").fill("");
  await page.getByLabel("Without such a text").check();
  await page.getByRole("tab", { name: "Scanning" }).click();
  await page.getByText("Each scan adds 1 to Visits. At 10 the next scan can give the reward").waitFor();
  await page.getByLabel("Reward (optional)").fill("A free coffee");
  await page.getByLabel("At most once every").fill("2");
  await page.getByLabel("Unit").selectOption("hours");
  await page
    .getByText("can give A free coffee and set it to 0. Each pass counts at most once in 2 hours.")
    .waitFor();
  await save(visitor);
  const { scan, pass, barcodeText } = await stored(id);
  expect({ scan, barcodes: pass.barcodes, barcodeText }).toEqual({
    scan: { ...SCAN.scan, atMostEverySeconds: 7200, reward: { resetTo: 0, label: "A free coffee" } },
    barcodes: [{ format: "PKBarcodeFormatPDF417", messageEncoding: "iso-8859-1" }],
    barcodeText: "message",
  });
});

test.each(["Fields", "Barcode", "Scanning"])(
  "the panel %s fits on a phone and a desktop, can be tapped, and axe finds nothing",
  async (panel) => {
    const { visitor } = await inEditor(panel, PHONE);
    await using _ = visitor;
    const { page } = visitor;
    if (panel === "Fields") await page.getByRole("button", { name: /^Name/ }).click();
    await visitor.expectsToFit();
  },
);
