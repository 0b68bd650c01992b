/**
 * What Google does not take: it waits, is repeated or is given up, and nothing is lost.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { googleIssuers, googleObjects } from "../../src/db/schema.ts";
import { listGoogleFailures, retryGoogleFailures } from "../../src/google-wallet/failures.ts";
import { findIssuer } from "../../src/google-wallet/issuers.ts";
import { newClaim } from "../../src/google-wallet/sync-rows.ts";
import { claimObjects } from "../../src/passes/google-claims.ts";
import { googleLinkOf } from "../../src/passes/google-link.ts";
import { loadById } from "../../src/passes/load.ts";
import { googleError } from "../google-wallet/accounts.ts";
import { admin, google } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import {
  api,
  db,
  makeGoogleIssuer,
  makeGoogleWorld,
  runConsumer,
  runMinute,
  savedPass,
  setPoints,
  shown,
  takeMessages,
} from "./world.ts";

const PASS_TYPE = "pass.test.google-failures";
const OBJECTS = "/walletobjects/v1/loyaltyObject";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test("429 pauses the issuer as long as Google asks, and the change is sent then", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "21");
  await world.fault({ path: OBJECTS, status: 429, headers: { "Retry-After": "30" }, times: 1 });
  const [next] = await world.run();
  expect(next?.delaySeconds).toBeGreaterThanOrEqual(29);
  await setPoints(pass.id, "22");
  world.clock.pass(15_000);
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1 });
  world.clock.pass(30_000);
  await world.run();
  expect([await world.calls(), await shown(world)]).toEqual([
    { "object.patch": 1, "object.addMessage": 1 },
    expect.stringContaining('"22"'),
  ]);
});

test.each([
  ["5xx", { status: 503 }],
  ["a lost answer", { mode: "reset", performed: true }],
  ["no JSON", { mode: "html", status: 200 }],
] as const)("%s is repeated after a growing pause", async (_name, fault) => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "31");
  await world.fault({ path: OBJECTS, times: 2, ...fault });
  await world.run();
  const { sendAt, attempts } = await rowOf(googleObjects, { passId: pass.id });
  expect([attempts, (sendAt ?? 0) - world.clock.now() <= 10_000]).toEqual([1, true]);
  world.clock.pass(10_000);
  await world.run();
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({ attempts: 2 });
  world.clock.pass(20_000);
  await world.run();
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({
    attempts: 0,
    problem: null,
    sendAt: null,
  });
  expect(await shown(world)).toContain('"31"');
});

test("what Google refuses is listed with its reason and a cure, and sent again after a change or on request", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  const refuse = () => world.fault({ path: OBJECTS, status: 400, message: "Invalid value.", times: 1 });
  await refuse();
  await setPoints(pass.id, "41");
  await world.run();
  world.clock.pass(3_600_000 / 2);
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1 });
  expect(await listGoogleFailures(db)).toMatchObject([
    { kind: "object", passId: pass.id, code: "refused", detail: "Invalid value.", cure: expect.any(String) },
  ]);
  await refuse();
  await setPoints(pass.id, "42");
  await world.run();
  expect(await listGoogleFailures(db)).toHaveLength(1);
  expect(await retryGoogleFailures({ db, actor: "test", now: world.clock.now() })).toBe(1);
  await world.run();
  expect([await listGoogleFailures(db), await shown(world)]).toEqual([[], expect.stringContaining('"42"')]);
});

test("a refusal of the account keeps all, is the result of the last check, and ends with a good one", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const passes = [await savedPass(world), await savedPass(world)];
  await google.uninvite(world.issuerId, world.account);
  for (const { id } of passes) await setPoints(id, "51");
  await api("PATCH", `/templates/${world.template.id}`, { values: { terms: "New." } });
  const ofAccount = () => google.counts({ account: world.account });
  const before = await ofAccount();
  await world.run();
  const first = await ofAccount();
  expect(first, "the first refusal ends the run").toEqual({ ...before, "class.patch": 1 });
  await world.run();
  expect(await ofAccount()).toEqual(first);
  const issuer = await findIssuer(db, world.issuerId);
  expect(JSON.parse(issuer.checkProblem ?? "")).toMatchObject({ code: "not_invited" });
  expect(await listGoogleFailures(db)).toEqual([]);
  await google.invite(world.issuerId, world.account);
  await setRows(googleIssuers, { issuerId: world.issuerId }, { checkedAt: 0 }); // it may be checked every five seconds
  await api("POST", `/google-issuers/${world.issuerId}/check`);
  world.clock.pass(30_000);
  await world.run();
  const { objects } = await world.stored();
  expect(objects.map((object) => JSON.stringify(object).includes('"51"'))).toEqual([true, true]);
});

test("a change during a send is not lost, and the older one does not arrive last", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "61");
  let isChanged = false;
  await world.run({
    async fetch(url, init) {
      if (!isChanged && init.method === "PATCH") {
        isChanged = true;
        await setPoints(pass.id, "62");
        // The log is read by the minute trigger while the object is still claimed.
        await runMinute();
        await world.run();
      }
      return fetch(url, init);
    },
  });
  await world.run();
  expect([await world.calls(), await shown(world)]).toEqual([
    { "object.patch": 2, "object.addMessage": 2 },
    expect.stringContaining('"62"'),
  ]);
});

test.each(["click first", "run first"])("a click and a run at the same time send once: %s", async (order) => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "71");
  const issuer = await findIssuer(db, world.issuerId);
  let inside: Promise<unknown> | undefined;
  const other = () => (order === "click first" ? world.run() : world.click(pass));
  const slow = async (url: string, init: RequestInit) => {
    if (init.method === "PATCH") {
      inside ??= other();
      await inside;
    }
    return fetch(url, init);
  };
  if (order === "click first") {
    const loaded = await loadById(db, pass.id, Date.now());
    await googleLinkOf(
      { db, config: readConfig(env), now: Date.now(), clock: Date.now, fetch: slow },
      loaded,
    );
  } else await world.run({ fetch: slow });
  await world.run();
  expect(issuer.issuerId).toBe(world.issuerId);
  expect([await world.calls(), await shown(world)]).toEqual([
    { "object.patch": 1, "object.addMessage": 1 },
    expect.stringContaining('"71"'),
  ]);
});

test("a class that is gone at Google is made again before its object", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "77");
  const gone = new Set(["PATCH", "POST"]);
  await world.run({
    fetch: async (url, init) =>
      url.includes("/loyaltyObject") && gone.delete(init.method ?? "")
        ? googleError(404, "Wallet Object Class not found.", "classNotFound")
        : fetch(url, init),
  });
  world.clock.pass(60_000);
  await world.run();
  // The class is there: only the answers of the test said otherwise.
  expect([await world.calls(), await shown(world)]).toEqual([
    { "class.insert": 1, "class.put": 1, "object.patch": 1, "object.addMessage": 1 },
    expect.stringContaining('"77"'),
  ]);
});

test("an object whose class Google never knows is given up after three repeats, and the log says so", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "78");
  const refused = vi.spyOn(console, "error").mockImplementation(() => {});
  const unknown = async (url: string, init: RequestInit) =>
    url.includes("/loyaltyObject")
      ? googleError(404, "Wallet Object Class not found.", "classNotFound")
      : fetch(url, init);
  const logged: number[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await world.run({ fetch: unknown });
    logged.push(refused.mock.calls.filter(([line]) => `${line}`.includes("google_refused")).length);
    world.clock.pass(120_000);
  }
  refused.mockRestore();
  expect(logged).toEqual([0, 0, 0, 1]);
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({ attempts: 4, sendAt: null });
});

test("an object that gave up because of its class is sent once the class is corrected", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  const changeClass = (countryCode: string) =>
    api("PATCH", `/templates/${world.template.id}`, { google: { class: { countryCode } } });
  const refuse = (status: number, times: number) =>
    world.fault({ path: "/walletobjects/v1/loyaltyClass", status, times });
  await refuse(503, 1); // Nobody knows what Google has of the class now.
  await changeClass("AT");
  await world.run();
  await refuse(400, 2); // once for itself, and once for its object
  await setPoints(pass.id, "41");
  world.clock.pass(20_000);
  await world.run();
  expect(await world.objects()).toMatchObject([{ gaveUpAt: expect.any(Number) }]);
  await changeClass("DE");
  await world.run();
  expect(await shown(world)).toContain('"41"');
});

test("after a crash in the middle, the claim ends and the object is sent", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "81");
  await runMinute();
  const issuer = await findIssuer(db, world.issuerId);
  const { claimed } = await claimObjects(
    db,
    issuer,
    { atMost: 5, maxBytes: 100_000 },
    newClaim(world.clock.now() + 1000, 0),
  );
  expect(claimed).toHaveLength(1);
  await world.run();
  expect(await world.calls()).toEqual({});
  world.clock.pass(122_000);
  await world.run();
  expect(await shown(world)).toContain('"81"');
});

test("a lost message costs a minute: the trigger wakes the issuer", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  expect(await runMinute()).toEqual([]);
  await setPoints(pass.id, "91");
  expect(takeMessages().map(({ message }) => message.issuerId)).toContain(world.issuerId);
  expect(await runMinute()).toEqual([world.issuerId]);
  await world.run();
  expect(await runMinute()).toEqual([]);
});

test("each issuer has its own reader, and a deleted one none", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  const other = await makeGoogleIssuer();
  await setPoints(pass.id, "11");
  expect(new Set(takeMessages().map(({ message }) => message.issuerId))).toEqual(
    new Set([world.issuerId, other.issuerId]),
  );
  await runConsumer(other.issuerId, world.clock);
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1, "object.addMessage": 1 });
  await api("DELETE", `/google-issuers/${other.issuerId}`);
  await setPoints(pass.id, "12");
  expect(takeMessages().map(({ message }) => message.issuerId)).toEqual([world.issuerId]);
  expect(await runConsumer(other.issuerId, world.clock)).toEqual([]);
});

test("a first click while Google takes nothing is made up for by a run", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.fault({ path: "/walletobjects/v1/", status: 503, times: 1 });
  expect((await world.click(pass)).length).toBeGreaterThan(1500);
  world.clock.pass(60_000);
  await world.run();
  const { classes, objects } = await world.stored();
  expect([classes.length, objects.length]).toEqual([1, 1]);
  await setRows(googleObjects, { passId: pass.id }, { sendAt: 0 });
  await world.calls();
  await world.run();
  expect(await world.calls()).toEqual({});
});
