/**
 * The life of passes on iPhones: shared, switched off and on, removed, added again, updated while the phone was off. In
 * every story, the phone must have no complaints.
 *
 * A phone tolerates what could be a race: a listed pass that has not changed within five minutes, or one that was
 * removed within the hour. So hours pass between the steps here, and unusual behaviour causes complaints.
 *
 * Follows Apple's "Adding a Web Service to Update Passes" and the behaviour of iOS 16 and 17.
 */
import { beforeAll, expect, test, vi } from "vitest";
import { IPhone } from "../apple/iphone.ts";
import type { Fetch } from "../apple/iphone-wire.ts";
import { admin, apple, call, rootPem, send, storeCard } from "../harness.ts";
import { devicesNamed, registrationsOf } from "./web-service.ts";

const PASS_TYPE = "pass.test.iphone";
const OTHER_TYPE = "pass.test.iphone.other";
let templateId: number;
let otherTemplateId: number;
let hours = 0;

beforeAll(async () => {
  for (const passType of [PASS_TYPE, OTHER_TYPE]) await admin.makePassType(passType, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  otherTemplateId = (await admin.makeTemplate(OTHER_TYPE)).id;
});

/** A phone whose clock `later` advances. */
function phone(fetch: Fetch = send): IPhone {
  return new IPhone({ fetch, rootPem, now: () => Date.now() + hours * 3_600_000 });
}

/** Advances the clocks of all phones by two hours. */
function later(): void {
  hours += 2;
}

const issue = (serialNumber: string, template = templateId) => admin.issue(template, { serialNumber });
const points = (id: number, value: string) => admin.change(id, { values: { points: value } });
const installed = (of: IPhone, serialNumber: string) => of.pass(PASS_TYPE, serialNumber);

function expectContent(...phones: IPhone[]): void {
  for (const { complaints, console, failures } of phones) {
    expect({ complaints, console, failures }).toEqual({ complaints: [], console: [], failures: [] });
  }
}

/** Waits until APNs has received this many pushes for the phone. */
async function pushed(to: IPhone, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await apple.history(to.pushToken)).toHaveLength(count), 10_000);
}

test("of two phones with the same pass, each registers and is pushed, and unregistering one keeps the other", async () => {
  const pass = await issue("shared");
  const [hers, his] = [phone(), phone()];
  for (const one of [hers, his]) {
    expect((await one.addFrom(pass.downloadUrl)).registered).toEqual([
      { serialNumber: "shared", status: 201 },
    ]);
  }
  const ids = [hers, his].map((one) => one.deviceLibraryIdentifier(installed(one, "shared")));
  expect(new Set(ids).size).toBe(2);
  later();
  await points(pass.id, "1");
  for (const one of [hers, his]) {
    await pushed(one, 1);
    expect((await one.receivePush(PASS_TYPE)).updated).toMatchObject([{ serialNumber: "shared" }]);
  }
  await hers.remove(installed(hers, "shared"));
  expect((await admin.show(pass.id)).registrations).toBe(1);
  later();
  await points(pass.id, "2");
  expect((await his.receivePush(PASS_TYPE)).updated).toMatchObject([{ serialNumber: "shared" }]);
  expectContent(hers, his);
});

test("a phone with two pass types has two device identifiers and one push token, and a push is for one type", async () => {
  const [pass, other] = [await issue("two-types"), await issue("two-types", otherTemplateId)];
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  await one.addFrom(other.downloadUrl);
  const ids = one.passes.map((held) => one.deviceLibraryIdentifier(held));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) {
    expect(await devicesNamed(id)).toMatchObject([{ pushToken: one.pushToken }]);
    expect(await registrationsOf(id)).toHaveLength(1);
  }
  later();
  await points(other.id, "5");
  await pushed(one, 1);
  expect(await apple.history(one.pushToken)).toMatchObject([
    { topic: OTHER_TYPE, status: 200, complaints: [] },
  ]);
  expect((await one.receivePush(OTHER_TYPE)).updated).toMatchObject([{ serialNumber: "two-types" }]);
  expect((await one.refresh(installed(one, "two-types"))).notModified).toEqual(["two-types"]);
  expectContent(one);
});

test("after a phone registers a new push token, all its passes are pushed to it and none to the old one", async () => {
  const passes = [await issue("rotated-1"), await issue("rotated-2")];
  const one = phone();
  for (const pass of passes) await one.addFrom(pass.downloadUrl);
  const old = one.pushToken;
  later();
  const { registered } = await one.rotatePushToken();
  expect(registered.map(({ status }) => status)).toEqual([200, 200]);
  const [held] = one.passes;
  const device = held === undefined ? "" : one.deviceLibraryIdentifier(held);
  for (const row of await registrationsOf(device)) expect(row.pushToken).toBe(one.pushToken);
  for (const pass of passes) await points(pass.id, "1");
  await vi.waitFor(async () => expect(await apple.history(one.pushToken)).not.toEqual([]), 10_000);
  expect((await one.receivePush(PASS_TYPE)).updated).toHaveLength(2);
  expect(await apple.history(old)).toEqual([]);
  expectContent(one);
});

test("with updates off nothing is pushed, and when they are on again, missed changes arrive immediately", async () => {
  const pass = await issue("switched");
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  later();
  expect((await one.switchUpdatesOff(installed(one, "switched"))).unregistered).toEqual(["switched"]);
  later();
  await points(pass.id, "1");
  expect((await one.refresh(installed(one, "switched"))).updated).toHaveLength(1);
  await points(pass.id, "2");
  const on = await one.switchUpdatesOn(installed(one, "switched"));
  expect(on.registered).toEqual([{ serialNumber: "switched", status: 201 }]);
  expect(on.updated).toEqual([{ serialNumber: "switched", notifications: ["You now have 2 points"] }]);
  expect(await apple.history(one.pushToken)).toEqual([]);
  expect((await admin.show(pass.id)).registrations).toBe(1);
  expectContent(one);
});

test("a removed pass that is added again is registered again and is the newest version", async () => {
  const pass = await issue("again");
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  const device = one.deviceLibraryIdentifier(installed(one, "again"));
  later();
  expect((await one.remove(installed(one, "again"))).unregistered).toEqual(["again"]);
  expect(await devicesNamed(device)).toEqual([]);
  later();
  await points(pass.id, "1");
  expect((await one.receivePush(PASS_TYPE)).listed).toEqual([]);
  const back = await one.addFrom(pass.downloadUrl);
  expect(back.registered).toEqual([{ serialNumber: "again", status: 201 }]);
  expect(back.failed).toEqual([]);
  later();
  const replaced = await one.addFrom(pass.downloadUrl);
  expect(replaced.registered).toEqual([{ serialNumber: "again", status: 200 }]);
  expect(replaced.unchanged).toEqual(["again"]);
  expect(await registrationsOf(one.deviceLibraryIdentifier(installed(one, "again")))).toHaveLength(1);
  expectContent(one);
});

test("a list contains exactly the passes that changed, even if they changed at different times", async () => {
  const serialNumbers = ["several-1", "several-2", "several-3", "several-4"];
  const passes = await Promise.all(serialNumbers.map((serialNumber) => issue(serialNumber)));
  const one = phone();
  for (const pass of passes) await one.addFrom(pass.downloadUrl);
  later();
  await points(passes[3]?.id ?? 0, "1");
  expect((await one.receivePush(PASS_TYPE)).listed).toEqual(["several-4"]);
  later();
  await points(passes[0]?.id ?? 0, "2");
  await points(passes[2]?.id ?? 0, "2");
  await points(passes[0]?.id ?? 0, "3");
  const received = await one.receivePush(PASS_TYPE);
  expect(received.listed.toSorted()).toEqual(["several-1", "several-3"]);
  expect(received.updated).toContainEqual({
    serialNumber: "several-1",
    notifications: ["You now have 3 points"],
  });
  expectContent(one);
});

test("changes while the phone was off are in its next list, including the template's and a redemption", async () => {
  const [pass, other] = [await issue("off-1"), await issue("off-2")];
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  await one.addFrom(other.downloadUrl);
  later();
  await points(pass.id, "1");
  await admin.changeTemplate(templateId, { pass: { ...storeCard, logoText: "While you were away" } });
  await points(pass.id, "2");
  await admin.redeem(other.id);
  later();
  const received = await one.receivePush(PASS_TYPE);
  expect(received.updated.map(({ serialNumber }) => serialNumber).toSorted()).toEqual(["off-1", "off-2"]);
  for (const held of one.passes) expect(held.pass.logoText).toBe("While you were away");
  expect(installed(one, "off-2").pass.voided).toBe(true);
  const again = await Promise.all(one.passes.map((held) => one.refresh(held)));
  expect(again.flatMap(({ notModified }) => notModified).toSorted()).toEqual(["off-1", "off-2"]);
  expectContent(one);
});

test("a pass that changes between list and fetch is fetched in its newest version and listed once more", async () => {
  const pass = await issue("between");
  let afterNextList: (() => Promise<unknown>) | undefined;
  const one = phone(async (request) => {
    const response = await send(request);
    if (request.method === "GET" && request.url.includes("/registrations/")) {
      const act = afterNextList;
      afterNextList = undefined;
      await act?.();
    }
    return response;
  });
  await one.addFrom(pass.downloadUrl);
  later();
  await points(pass.id, "1");
  afterNextList = () => points(pass.id, "2");
  const received = await one.receivePush(PASS_TYPE);
  expect(received.updated).toEqual([{ serialNumber: "between", notifications: ["You now have 2 points"] }]);
  const next = await one.receivePush(PASS_TYPE);
  expect([next.listed, next.notModified]).toEqual([["between"], ["between"]]);
  expect((await one.receivePush(PASS_TYPE)).listed).toEqual([]);
  expectContent(one);
});

test("a deleted pass is no longer pushed or listed, and a phone can still unregister it", async () => {
  const [pass, stays] = [await issue("deleted"), await issue("deleted-not")];
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  await one.addFrom(stays.downloadUrl);
  later();
  await admin.delete(pass.id);
  await points(stays.id, "1");
  await pushed(one, 1);
  expect((await one.receivePush(PASS_TYPE)).listed).toEqual(["deleted-not"]);
  expect((await one.remove(installed(one, "deleted"))).unregistered).toEqual(["deleted"]);
  expectContent(one);
});

test("errors that a phone logs reach the operator without its identifiers", async () => {
  const pass = await issue("complaining");
  const one = phone();
  await one.addFrom(pass.downloadUrl);
  const device = one.deviceLibraryIdentifier(installed(one, "complaining"));
  await admin.delete(pass.id);
  await one.refresh(installed(one, "complaining"));
  await one.switchUpdatesOff(installed(one, "complaining"));
  await one.switchUpdatesOn(installed(one, "complaining"));
  expect(one.complaints).toHaveLength(2);
  expect(await one.flushLog()).toHaveLength(2);
  const { body } = await call<{ items: { messages: string[]; client: string }[] }>(
    "GET",
    "/device-logs?limit=1",
  );
  const [request] = body.items;
  const [first, second] = request?.messages ?? [];
  expect(first).toMatch(
    /^\[.* \+0000\] Get pass task .*serial number complaining.* Unexpected response code 404$/,
  );
  expect(second).toMatch(/ Register task \(for device …, .* Unexpected response code 404$/);
  expect(second).not.toContain(device);
  expect(request?.client).toMatch(/^passd\//);
  expect(one.console).toEqual([]);
});
