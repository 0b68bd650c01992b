/**
 * An evening at a gate: from a key that curl makes and its QR code to 20 tickets, each with the right answer, also in the list of scans;
 * and a stamp card at a counter.
 */
import { expect, test } from "vitest";
import { curl } from "../curl/curl.ts";
import { Gate } from "./gate.ts";
import { admin, issue, type Key, makeKey, makeTemplate, scansAt, sendScan } from "./organizer.ts";
import { adminToken, origin, Visitor } from "./visitor.ts";

/** Reads the QR code on a page, as a phone does from the screen of a PC. */
async function readQrCode(address: string): Promise<string> {
  await using visitor = await Visitor.comes({ width: 1280 });
  await visitor.page.goto(address);
  const [text = ""] = await visitor.scans();
  return text;
}

test("a key by curl, its QR code, 20 tickets, and an undo: the list of scans agrees with every answer", async () => {
  const place = "Gate 2";
  const [templateId, otherGate] = await Promise.all([makeTemplate(), makeKey("Gate 3")]);
  const tickets = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      issue(templateId, index === 7 ? { pass: { expirationDate: "2026-01-01T00:00Z" } } : {}),
    ),
  );
  const codes = tickets.map(({ code }) => code);
  await admin.send("POST", `/passes/${tickets[3]?.id}/void`, { reason: "Refunded" });
  await sendScan(otherGate, codes[12] ?? "", "Gate 3");

  const made = await curl([
    ...["-i", "-H", `Authorization: Bearer ${adminToken}`, "-H", "Content-Type: application/json"],
    ...["-d", JSON.stringify({ name: "Night", role: "scanner", place }), `${origin}/admin/v1/keys`],
  ]);
  const key = made.json<Key>();
  const url = await readQrCode(key.scanner.qrCode);
  expect(url).toContain(origin);
  await using gate = await Gate.opens({ ...key, scanner: { ...key.scanner, url } });
  expect(await gate.page.getByLabel("Place").inputValue()).toBe(place);
  await gate.sees("All passes");
  await gate.starts();

  const answers = [];
  for (const [index, code] of codes.entries()) {
    await gate.scans(code);
    if (index === 3) await gate.seesAnswer("Voided", "Refunded", code);
    else if (index === 7) await gate.seesAnswer("Expired", "Since 1 January, 00:00", code);
    else if (index === 12) await gate.seesAnswer("Already used", "at Gate 3", code);
    else await gate.seesAnswer("Valid", code);
    answers.push((await gate.answer()).tone);
  }
  expect(
    answers.map((tone, index) => (tone === "stop" ? index : tone)).filter((tone) => tone !== "go"),
  ).toEqual([3, 7, 12]);
  await gate.page.keyboard.press("Enter");
  await gate.sees("Today on this phone: 17 let in, 3 turned away");

  await gate.page.getByRole("link", { name: "List" }).click();
  const mistake = gate.page.locator("li").filter({ hasText: codes[15] ?? "" });
  await mistake.getByRole("button", { name: "Undo" }).click();
  await gate.sees("Undone.");
  await expect.poll(() => mistake.textContent()).toContain("The pass is as it was before this scan.");

  const { items, counts } = await scansAt(place);
  expect(counts.byOutcome).toEqual({ redeemed: 16, voided: 1, expired: 1, already_redeemed: 1 });
  expect(new Set(items.map(({ actor }) => actor))).toEqual(new Set([`key:${key.id} Night`]));
  const expected = tickets.map(({ id }, index) => {
    const outcome = { 3: "voided", 7: "expired", 12: "already_redeemed" }[index] ?? "redeemed";
    return { passId: id, outcome, isUndone: index === 15 };
  });
  const listed = items.map(({ passId, outcome, undoneAt }) => ({
    passId,
    outcome,
    isUndone: undoneAt !== null,
  }));
  expect(listed.toReversed()).toEqual(expected);
});

test("a stamp card with 8 of 10 stamps: two stamps, the full card, later, and the reward", async () => {
  const place = "Counter";
  const key = await makeKey("Counter");
  const templateId = await makeTemplate(
    { eventTicket: { primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }] } },
    {
      name: "Stamp card",
      scan: {
        ...{ action: "add", field: "stamps", by: 1, max: 10 },
        reward: { resetTo: 0, label: "A free coffee" },
      },
    },
  );
  const { code } = await issue(templateId, { values: { stamps: 8 } });
  await using gate = await Gate.isReady(key, place);
  await gate.scans(code);
  await gate.seesAnswer("9 of 10", "STAMPS");
  await gate.scans(code);
  await gate.seesAnswer("10 of 10", "STAMPS");
  await gate.scans(code);
  await gate.seesAnswer("Full card", "A free coffee");
  // A question is not answered by the Enter that means Next.
  await gate.page.keyboard.press("Enter");
  await gate.seesAnswer("Full card");
  await gate.page.keyboard.press("n");
  await gate.seesNoAnswer();
  await gate.scans(code);
  await gate.seesAnswer("Full card");
  await gate.page.getByRole("button", { name: "Yes, give it" }).click();
  await gate.seesAnswer("Reward", "Give: A free coffee", "STAMPS: 0 now");
  expect((await scansAt(place)).counts.byOutcome).toEqual({ added: 2, limit_reached: 2, rewarded: 1 });
});
