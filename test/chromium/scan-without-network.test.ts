/**
 * A gate without a network: what is scanned is recorded, kept through a reload and a dead battery, sent once, and what was wrong is
 * listed until somebody has looked.
 */
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";
import { admin, makeKey, makeTickets, revokeKey, scansAt, sendScan } from "./organizer.ts";

const key = await makeKey("Without network");

test("100 scans without a network are each counted once, and conflicts stay until somebody has looked", async () => {
  const place = "Tent";
  const [tickets, other] = await Promise.all([makeTickets(95), makeKey("The other gate")]);
  const codes = tickets.map(({ code }) => code);
  const [early = "", late = ""] = codes;
  await using gate = await Gate.isReady(key, place);
  await sendScan(other, early, "The other gate");
  await gate.goesOffline();

  await gate.scansAll(codes.slice(0, 50));
  await gate.seesAnswer("Not checked");
  await gate.reloads();
  await gate.scansAll(codes.slice(50, 70), 50);
  await gate.reopens();
  await gate.scansAll(codes.slice(70), 70);
  for (const code of codes.slice(-5)) {
    await gate.scans(code);
    await gate.seesAnswer("Seen before");
    await gate.page.keyboard.press("Enter");
  }
  await gate.sees("No network. 100 scans wait to be sent.");
  await gate.sees("Two phones that are offline cannot know of each other");
  // The buttons at the bottom are not cut, although there are a banner and no camera.
  expect(await gate.page.evaluate("document.documentElement.scrollHeight - innerHeight")).toBe(0);
  expect((await scansAt(place)).counts.total).toBe(0);

  // Meanwhile the other gate has a network.
  await sendScan(other, late, "The other gate");
  await admin.send("POST", `/passes/${tickets[2]?.id}/void`, { reason: "Refunded" });
  await gate.comesOnline();
  await expect.poll(async () => (await scansAt(place)).counts.total).toBe(100);
  await gate.sees("92 let in, 8 turned away");
  expect((await scansAt(place)).counts.byOutcome).toEqual({ redeemed: 92, already_redeemed: 7, voided: 1 });

  await gate.page.getByRole("link", { name: "3 scans to look at" }).click();
  const conflicts = gate.page.locator(".scans > li");
  await expect.poll(() => conflicts.count()).toBe(3);
  const texts = await conflicts.allTextContents();
  expect(
    texts.filter((text) => text.includes("Already used") && text.includes("The other gate")),
  ).toHaveLength(2);
  expect(texts.filter((text) => text.includes("Refunded"))).toHaveLength(1);
  await conflicts.first().getByRole("button", { name: "Done" }).click();
  await expect.poll(() => conflicts.count()).toBe(2);
  await gate.reloads();
  await expect.poll(() => conflicts.count()).toBe(2);
  await gate.page.getByRole("button", { name: "Mark all as done" }).click();
  await gate.sees("Nothing to look at.");
});

test("a battery that dies while a scan is sent, before the answer arrives: it counts once", async () => {
  const place = "Battery";
  const [ticket] = await makeTickets(1);
  await using gate = await Gate.isReady(key, place);
  const context = gate.page.context();
  const counted = Promise.withResolvers<void>();
  await context.route("**/admin/v1/scans", async (route) => {
    await route.fetch();
    counted.resolve();
  });
  await gate.scans(ticket?.code ?? "");
  await counted.promise;
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await gate.reopens();
  await gate.sees("1 let in, 0 turned away");
  expect((await scansAt(place)).counts.byOutcome).toEqual({ redeemed: 1 });
});

test("a key that is revoked meanwhile: everything waits, and the QR code of a new key sends it", async () => {
  const place = "Revoked";
  const [lost, found] = await Promise.all([makeKey("Lost"), makeKey("Found")]);
  const codes = (await makeTickets(3)).map(({ code }) => code);
  await using gate = await Gate.isReady(lost, place);
  await gate.goesOffline();
  await gate.scansAll(codes);
  gate.visitor.excuses(/status of 401/, "/admin/v1/");
  await revokeKey(lost);
  await gate.comesOnline();
  await gate.sees("The key was revoked");
  await gate.sees("3 scans wait on this phone.");
  expect((await scansAt(place)).counts.total).toBe(0);

  await gate.scans(found.scanner.url);
  await gate.starts();
  await gate.sees("3 let in, 0 turned away");
  const { items, counts } = await scansAt(place);
  expect(counts.byOutcome).toEqual({ redeemed: 3 });
  expect([...new Set(items.map(({ actor }) => actor))]).toEqual([`key:${found.id} Found`]);
});
