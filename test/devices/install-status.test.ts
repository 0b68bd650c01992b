/**
 * Whether a pass is on a phone, according to its registrations: installed from the first one on, uninstalled when the last
 * one has ended, and installed again with the next one.
 *
 * Registrations start and end by Apple's "Register a pass for update notifications" and "Unregister a pass for update
 * notifications", and end by APNs' 410.
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { admin, apple, randomPushToken, TEAM } from "../harness.ts";
import { consume, pushJob } from "../push/consume.ts";
import { newestChangeId } from "../rows.ts";
import { ask, askWith, type Holder, holderOf, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.install-status";
const MINUTE_MS = 60_000;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(() => {
  vi.useRealTimers();
});

/** A clock that does not run until the test advances it. */
function standingClock() {
  let now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now });
  return {
    iso: () => new Date(now).toISOString(),
    advance() {
      now += MINUTE_MS;
      vi.setSystemTime(now);
      return new Date(now).toISOString();
    },
  };
}

async function issue() {
  const { id, ...pass } = await admin.issue(templateId);
  const holder = await holderOf(pass);
  return {
    id,
    holder,
    async status() {
      const { installStatus, installedAt, uninstalledAt } = await admin.show(id);
      return { installStatus, installedAt, uninstalledAt };
    },
  };
}
const never = { installStatus: "not_been_installed", installedAt: null, uninstalledAt: null };
const installed = (installedAt: string) => ({
  installStatus: "installed",
  installedAt,
  uninstalledAt: null,
});
const uninstalled = (installedAt: string, uninstalledAt: string) => ({
  installStatus: "uninstalled",
  installedAt,
  uninstalledAt,
});
const register = async (holder: Holder, device: string, pushToken = randomPushToken()) =>
  (await holder.register(device, { pushToken })).status;

/** APNs says of these tokens that they are no longer registered. */
async function dieTogether(...tokens: string[]) {
  const timestamp = Date.now() + 1000; // a registration of the same millisecond would stay
  for (const token of tokens)
    await apple.fault(token, { status: 410, reason: "Unregistered", timestamp, times: 1 });
  expect((await consume([pushJob(PASS_TYPE, tokens)])).acked).toEqual([0]);
}

test("a pass that was issued, downloaded and fetched was never installed", async () => {
  const { id, holder, status } = await issue();
  expect(await status()).toEqual(never);
  await (await holder.fetch()).arrayBuffer();
  await admin.change(id, { values: { points: "1" } });
  await holder.unregister(randomDevice());
  expect(await status()).toEqual(never);
});

test("the first registration makes a pass installed, and further registrations do not change the time", async () => {
  const clock = standingClock();
  const { holder, status } = await issue();
  const device = randomDevice();
  const first = clock.advance();
  expect(await register(holder, device)).toBe(201);
  expect(await status()).toEqual(installed(first));
  clock.advance();
  expect(await register(holder, device)).toBe(200);
  expect(await register(holder, randomDevice())).toBe(201);
  expect(await status()).toEqual(installed(first));
});

test("only the end of the last registration makes a pass uninstalled", async () => {
  const clock = standingClock();
  const { holder, status } = await issue();
  const [one, two] = [randomDevice(), randomDevice()];
  const first = clock.iso();
  await register(holder, one);
  await register(holder, two);
  clock.advance();
  await holder.unregister(one);
  expect(await status()).toEqual(installed(first));
  await holder.unregister(one); // it had ended before
  expect(await status()).toEqual(installed(first));
  const last = clock.advance();
  await holder.unregister(two);
  expect(await status()).toEqual(uninstalled(first, last));
  clock.advance();
  await holder.unregister(two);
  expect(await status()).toEqual(uninstalled(first, last));
});

test("a registration after that makes it installed again, with a new time", async () => {
  const clock = standingClock();
  const { holder, status } = await issue();
  const device = randomDevice();
  await register(holder, device);
  clock.advance();
  await holder.unregister(device);
  const again = clock.advance();
  expect(await register(holder, device)).toBe(201);
  expect(await status()).toEqual(installed(again));
  clock.advance();
  await register(holder, device);
  expect(await status()).toEqual(installed(again));
});

test("a token that APNs reports as invalid uninstalls the passes that only this token was registered for", async () => {
  const [mine, shared, other] = [await issue(), await issue(), await issue()];
  const [dead, alive] = [randomPushToken(), randomPushToken()];
  const [device, neighbour] = [randomDevice(), randomDevice()];
  for (const { holder } of [mine, shared]) await register(holder, device, dead);
  for (const { holder } of [shared, other]) await register(holder, neighbour, alive);
  const before = await mine.status();
  await dieTogether(dead);
  expect(await mine.status()).toEqual({
    ...before,
    installStatus: "uninstalled",
    uninstalledAt: expect.stringMatching(/Z$/),
  });
  expect(await shared.status()).toMatchObject({ installStatus: "installed", uninstalledAt: null });
  expect(await other.status()).toMatchObject({ installStatus: "installed", uninstalledAt: null });
  await dieTogether(dead); // the same message again
  expect((await mine.status()).installedAt).toBe(before.installedAt);
  expect(await register(mine.holder, device)).toBe(201);
  expect(await mine.status()).toMatchObject({ installStatus: "installed", uninstalledAt: null });
});

test("a pass is uninstalled if all of its tokens are invalid in one message", async () => {
  const { holder, status } = await issue();
  const tokens = [randomPushToken(), randomPushToken(), randomPushToken()];
  for (const token of tokens) await register(holder, randomDevice(), token);
  await dieTogether(...tokens);
  expect(await status()).toMatchObject({ installStatus: "uninstalled" });
});

test("a phone that registered again before APNs' response keeps its pass installed", async () => {
  const { holder, status } = await issue();
  const [token, device] = [randomPushToken(), randomDevice()];
  await register(holder, device, token);
  const timestamp = Date.now() - MINUTE_MS;
  await apple.fault(token, { status: 410, reason: "Unregistered", timestamp, times: 1 });
  await consume([pushJob(PASS_TYPE, [token])]);
  expect(await status()).toMatchObject({ installStatus: "installed" });
});

test("a pass that was uninstalled long ago keeps its times when another token dies", async () => {
  const [gone, dying] = [await issue(), await issue()];
  const [device, token] = [randomDevice(), randomPushToken()];
  for (const { holder } of [gone, dying]) await register(holder, device, token);
  await gone.holder.unregister(device);
  const before = await gone.status();
  await dieTogether(token);
  expect(await gone.status()).toEqual(before);
  expect(await dying.status()).toMatchObject({ installStatus: "uninstalled" });
});

test("a registration that is refused installs nothing", async () => {
  const { holder, status } = await issue();
  const body = { pushToken: randomPushToken() };
  const wrong = { Authorization: `ApplePass ep1_${"A".repeat(43)}` };
  const refusals = [
    await askWith({}, ask("POST", holder.registration(randomDevice()), wrong, body)),
    await holder.register(randomDevice(), { pushToken: "" }),
  ];
  expect(refusals.map((response) => response.status)).toEqual([401, 400]);
  expect(await status()).toEqual(never);
  // A registration beyond the limit changes nothing either.
  const full = ask("POST", holder.registration(randomDevice()), holder.authorization, body);
  await register(holder, randomDevice());
  const before = await status();
  expect((await askWith({ REGISTRATIONS_PER_PASS: "1" }, full)).status).toBe(403);
  expect(await status()).toEqual(before);
});

test("a change of the pass, of its event or of its redemption does not change the install status", async () => {
  const { id, holder, status } = await issue();
  await register(holder, randomDevice());
  const before = await status();
  await admin.change(id, { values: { points: "9" }, eventId: (await admin.makeEvent()).id });
  await admin.redeem(id);
  await admin.unredeem(id);
  expect(await status()).toEqual(before);
});

test("the install status agrees with the registrations after any concurrent requests", async () => {
  for (let round = 0; round < 6; round++) {
    const { id, holder, status } = await issue();
    const devices = [randomDevice(), randomDevice(), randomDevice()];
    await Promise.all(
      devices.flatMap((device, i) => [
        register(holder, device),
        holder.unregister(device),
        ...((round + i) % 2 === 0 ? [register(holder, device)] : []),
      ]),
    );
    const { registrations } = await admin.show(id);
    const { installStatus, installedAt, uninstalledAt } = await status();
    expect(installStatus).toBe(registrations > 0 ? "installed" : "uninstalled");
    expect(installedAt).not.toBeNull();
    expect(uninstalledAt === null).toBe(registrations > 0);
  }
});

test("phones are not notified of a change of the install status", async () => {
  const newest = newestChangeId;
  const { holder } = await issue();
  await (await holder.fetch()).arrayBuffer();
  const before = await newest();
  const device = randomDevice();
  await register(holder, device);
  await holder.unregister(device);
  expect(await newest()).toBe(before);
});
