/**
 * A pass that changes between its download and its registration. The device may have a greater tag already, from another
 * pass of the same type, so the change alone does not list the pass.
 *
 * iPhones fetch a pass after its registration, other wallets may not. Follows Apple's "Get the list of updatable passes".
 */
import { beforeAll, expect, test } from "vitest";
import { IPhone } from "../apple/iphone.ts";
import { WALLETS, Wallet } from "../apple/wallets.ts";
import { admin, download, get, rootPem, send } from "../harness.ts";
import { kindsOf } from "../rows.ts";
import { ask, askWith, holderOf, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.first-registration";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const issue = () => admin.issue(templateId);
const change = (pass: { id: number }, points: string) => admin.change(pass.id, { values: { points } });

/** A device whose tag is the newest of all. */
async function deviceWithNewestTag() {
  const device = randomDevice();
  const other = await issue();
  await (await holderOf(other)).register(device);
  const advance = async (points: string) => {
    await change(other, points);
    return (await updates(device, PASS_TYPE))?.lastUpdated ?? "";
  };
  return { device, advance };
}

test("a pass that changed between its download and its first registration is listed once, whatever the tag of the device", async () => {
  const { device, advance } = await deviceWithNewestTag();
  const pass = await issue();
  await download(pass);
  await change(pass, "1");
  const tag = await advance("1");
  expect((await (await holderOf(pass)).register(device)).status).toBe(201);
  const list = await updates(device, PASS_TYPE, tag);
  expect(list?.serialNumbers).toEqual([pass.serialNumber]);
  expect(Number(list?.lastUpdated)).toBeGreaterThan(Number(tag));
  expect(await updates(device, PASS_TYPE, list?.lastUpdated)).toBeUndefined();
});

test("the same holds for a pass that was never downloaded here, as after an import, and if built passes are not stored", async () => {
  const { device, advance } = await deviceWithNewestTag();
  const [imported, downloaded] = [await issue(), await issue()];
  const holder = await holderOf(downloaded);
  const fetch = () => askWith({ KEEP_BUILT_PASSES: "no" }, ask("GET", holder.path, holder.authorization));
  await (await fetch()).arrayBuffer();
  await change(downloaded, "1");
  const tag = await advance("1");
  for (const pass of [imported, downloaded]) await (await holderOf(pass)).register(device);
  expect((await updates(device, PASS_TYPE, tag))?.serialNumbers).toEqual(
    [imported.serialNumber, downloaded.serialNumber].toSorted(),
  );
});

test("the first registration of the current version by an iPhone lists nothing and writes no row to the log", async () => {
  const { device, advance } = await deviceWithNewestTag();
  const pass = await issue();
  await change(pass, "1");
  await download(pass);
  const holder = await holderOf(pass);
  for (const settings of [{}, { KEEP_BUILT_PASSES: "no" }])
    await (await askWith(settings, ask("GET", holder.path, holder.authorization))).arrayBuffer();
  const tag = await advance("1");
  await holder.register(device);
  expect(await updates(device, PASS_TYPE, tag)).toBeUndefined();
  expect(await kindsOf({ passId: pass.id })).toEqual(["issued", "changed"]);
});

test("later registrations by iPhones and repeated ones list nothing", async () => {
  const { device, advance } = await deviceWithNewestTag();
  const pass = await issue();
  await download(pass);
  const holder = await holderOf(pass);
  await holder.register(randomDevice());
  await change(pass, "1");
  const tag = await advance("1");
  expect((await holder.register(device)).status).toBe(201);
  expect((await holder.register(device)).status).toBe(200);
  expect(await updates(device, PASS_TYPE, tag)).toBeUndefined();
});

test("each new registration by a wallet that is not Apple's lists the pass once, and a repeated one does not", async () => {
  for (const profile of [WALLETS.walletPasses, WALLETS.walletUnion, WALLETS.pass2u]) {
    const wallet = new Wallet(profile, { fetch: send });
    const pass = await issue();
    await download(pass);
    const wire = {
      passTypeIdentifier: PASS_TYPE,
      serialNumber: pass.serialNumber,
      authenticationToken: (await holderOf(pass)).token,
      webServiceURL: "https://passes.example.com/",
    };
    const tag = String((await updates(await registeredDevice(), PASS_TYPE))?.lastUpdated);
    await wallet.register(wire);
    const list = await wallet.list(wire, tag);
    expect(list).toMatchObject({ kind: "listed", serialNumbers: [pass.serialNumber] });
    if (list.kind !== "listed") throw new Error(profile.name);
    await wallet.register(wire);
    expect((await wallet.list(wire, list.lastUpdated)).kind).toBe("nothingNew");
  }
});

/** A new device with the newest pass of all. */
async function registeredDevice(): Promise<string> {
  const device = randomDevice();
  await (await holderOf(await issue())).register(device);
  return device;
}

test("an iPhone has no complaint, whether the pass changed before its registration or not, and hours later", async () => {
  let hours = 0;
  const phone = new IPhone({ fetch: send, rootPem, now: () => Date.now() + hours * 3_600_000 });
  await phone.addFrom((await issue()).downloadUrl);
  for (const isChanged of [true, false]) {
    const pass = await issue();
    const bytes = new Uint8Array(await (await get(new URL(pass.downloadUrl).pathname)).arrayBuffer());
    if (isChanged) await change(pass, "9");
    hours += 2;
    await phone.add(bytes);
    hours += 2;
    await change(pass, "10");
    expect((await phone.receivePush(PASS_TYPE)).listed).toEqual([pass.serialNumber]);
    hours += 2;
    await phone.switchUpdatesOff(phone.pass(PASS_TYPE, pass.serialNumber));
    await phone.switchUpdatesOn(phone.pass(PASS_TYPE, pass.serialNumber));
  }
  expect([phone.complaints, phone.failures]).toEqual([[], []]);
});
