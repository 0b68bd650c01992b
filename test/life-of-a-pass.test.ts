/**
 * The main journey: a pass is issued, installed, changed, pushed, fetched, redeemed, and its owner's iPhone finds
 * nothing to complain about.
 */
import { beforeAll, expect, test, vi } from "vitest";
import { admin, apple, download, iphone } from "./harness.ts";

const PASS_TYPE = "pass.test.journey";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "RSA");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

test("an iPhone logs no error from the issue of a pass to its unregistration", async () => {
  const pass = await admin.issue(templateId, { serialNumber: "journey-1", values: { points: "3" } });
  expect(pass.downloadUrl).toBe(`https://passes.example.com/passes/${pass.id}/${pass.webToken}.pkpass`);

  const phone = iphone();
  const added = await phone.addFrom(pass.downloadUrl);
  expect(added.registered).toEqual([{ serialNumber: "journey-1", status: 201 }]);
  expect((await admin.show(pass.id)).registrations).toBe(1);

  await admin.change(pass.id, { values: { points: "4" } });
  const [push] = await vi.waitFor(async () => {
    const pushes = await apple.history(phone.pushToken);
    expect(pushes).toHaveLength(1);
    return pushes;
  }, 10_000);
  expect(push).toMatchObject({ topic: PASS_TYPE, status: 200, complaints: [] });

  const received = await phone.receivePush(PASS_TYPE);
  expect(received.updated).toEqual([{ serialNumber: "journey-1", notifications: ["You now have 4 points"] }]);
  expect((await phone.refresh(phone.pass(PASS_TYPE, "journey-1"))).notModified).toEqual(["journey-1"]);

  await admin.redeem(pass.id);
  await phone.refresh(phone.pass(PASS_TYPE, "journey-1"));
  expect(phone.pass(PASS_TYPE, "journey-1").pass.voided).toBe(true);

  const off = await phone.switchUpdatesOff(phone.pass(PASS_TYPE, "journey-1"));
  expect(off.unregistered).toEqual(["journey-1"]);
  expect((await admin.show(pass.id)).registrations).toBe(0);
  expect(phone.complaints).toEqual([]);
  expect(phone.console).toEqual([]);
});

test("a template's change updates its passes on all phones", async () => {
  const first = await admin.issue(templateId, { serialNumber: "wide-1" });
  const second = await admin.issue(templateId, { serialNumber: "wide-2" });
  const phones = [iphone(), iphone()];
  await phones[0]?.addFrom(first.downloadUrl);
  await phones[1]?.addFrom(second.downloadUrl);
  const { pass } = await download(first);
  const { description, organizationName, storeCard, barcodes } = pass;
  await admin.changeTemplate(templateId, {
    pass: {
      description,
      organizationName,
      storeCard,
      barcodes: [{ format: "PKBarcodeFormatQR" }],
      logoText: "New",
    },
  });
  void barcodes;
  for (const phone of phones) {
    await vi.waitFor(async () => expect(await apple.history(phone.pushToken)).toHaveLength(1), 10_000);
    const received = await phone.receivePush(PASS_TYPE);
    expect(received.updated).toHaveLength(1);
    expect(phone.complaints).toEqual([]);
  }
});
