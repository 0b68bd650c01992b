/**
 * Scanners on USB and Bluetooth, which type like a keyboard, and a person at the same keyboard.
 */
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";
import { issue, makeKey, makeTemplate, makeTickets, scansAt } from "./organizer.ts";

const [key, other] = await Promise.all([makeKey("Typed"), makeKey("Another phone")]);
const tickets = await makeTickets(16);
const nextCode = () => tickets.pop()?.code ?? "";
const outcomesAt = async (place: string) => (await scansAt(place)).counts.byOutcome;

test("a ticket is redeemed, and the second time it says when and where", async () => {
  await using gate = await Gate.isReady(key, "Once and again");
  const code = nextCode();
  await gate.scans(code);
  await gate.seesAnswer("Valid", code);
  await gate.scans(code, "Tab");
  await gate.seesAnswer("Already used", "at Once and again", "by this phone");
  expect(await outcomesAt("Once and again")).toEqual({ redeemed: 1, already_redeemed: 1 });
});

test("codes that follow each other at once are all sent, and each has its answer", async () => {
  await using gate = await Gate.isReady(key, "A crowd");
  const codes = [nextCode(), nextCode(), nextCode()];
  for (const code of codes) await gate.scans(code);
  for (const code of codes) await gate.seesAnswer("Valid", code);
  expect(await outcomesAt("A crowd")).toEqual({ redeemed: 3 });
});

test("the Enter of a scanner presses no button and follows no link, and that of a person does", async () => {
  await using gate = await Gate.isReady(key, "Focus");
  const { page } = gate;
  const templateId = await makeTemplate();
  for (const [selector, code] of [
    ["a.place", "F1"],
    [".bar a >> nth=0", "F2"],
    [".bar button >> nth=1", "F3"],
  ] as const) {
    await issue(templateId, { barcodeMessage: code, values: { seat: `Row ${code}` } });
    await page.locator(selector).focus();
    await gate.scansWithRealKeys(code);
    await gate.seesAnswer("Valid", `Row ${code}`);
    expect(await page.locator("main.scan").count()).toBe(1);
    // It would close the answer.
    await page.getByRole("button", { name: "Next" }).focus();
    await gate.scansWithRealKeys("F0");
    await gate.seesAnswer("Unknown", "not for this entrance");
    await page.getByRole("button", { name: "Next" }).focus();
    await page.keyboard.press("Enter");
    await gate.seesNoAnswer();
  }
  expect(await outcomesAt("Focus")).toEqual({ redeemed: 3, unknown: 3 });
});

test("a code that is read in a list or in the settings leads back to the camera with its answer", async () => {
  await using gate = await Gate.isReady(key, "Elsewhere");
  for (const link of ["List", "Settings"]) {
    await gate.page.getByRole("navigation").getByRole("link", { name: link }).click();
    await gate.page.getByRole("heading", { name: link === "List" ? "Last scans" : link }).waitFor();
    const code = nextCode();
    await gate.scans(code);
    await gate.seesAnswer("Valid", code);
    await gate.page.keyboard.press("Escape");
    await gate.seesNoAnswer();
    expect(await gate.page.locator("main.scan").count()).toBe(1);
  }
});

test("a person undoes with U, continues with Enter, and types a code after T", async () => {
  await using gate = await Gate.isReady(key, "By hand");
  const { page } = gate;
  const [code, typed] = [nextCode(), nextCode()];
  await gate.scans(code);
  await gate.seesAnswer("Valid", code);
  await page.keyboard.press("u");
  await gate.sees("Undone.");
  await gate.seesNoAnswer();
  await gate.scans(code);
  await gate.seesAnswer("Valid", code);
  await page.keyboard.press("Enter");
  await gate.seesNoAnswer();
  await page.keyboard.press("t");
  await expect.poll(() => page.locator("#code").evaluate((field) => field.matches(":focus"))).toBe(true);
  await page.keyboard.type(` ${typed} `, { delay: 5 });
  await page.keyboard.press("Enter");
  await gate.seesAnswer("Valid", typed);
  const { items, counts } = await scansAt("By hand");
  expect(counts.byOutcome).toEqual({ redeemed: 2 });
  expect(items.filter(({ undoneAt }) => undoneAt !== null)).toHaveLength(1);
});

test("a scanner that types into the field of codes is read too", async () => {
  await using gate = await Gate.isReady(key, "Into the field");
  const code = nextCode();
  await gate.page.getByLabel("Code", { exact: true }).focus();
  await gate.scansWithRealKeys(code);
  await gate.seesAnswer("Valid", code);
  expect(await outcomesAt("Into the field")).toEqual({ redeemed: 1 });
});

test("the QR code of another key replaces no key that works, and is sent to nobody as a code", async () => {
  await using gate = await Gate.isReady(key, "Two keys");
  const sent: string[] = [];
  gate.page.on("request", (request) => sent.push(request.postData() ?? ""));
  await gate.scans(other.scanner.url);
  await gate.sees("This is the code of a key");
  await gate.scans(nextCode());
  await gate.seesAnswer("Valid");
  expect((await scansAt("Two keys")).items.map(({ actor }) => actor)).toEqual([`key:${key.id} Typed`]);
  expect(sent.join()).not.toContain(other.key);
});
