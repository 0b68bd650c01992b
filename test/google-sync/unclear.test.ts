/**
 * What nobody knows: whether a call without an answer had its effect, and whether a link that has all of a pass was opened. Google has
 * what it should have all the same.
 */
import { beforeAll, expect, test } from "vitest";
import { admin } from "../harness.ts";
import { api, makeGoogleWorld, savedPass, setPoints, shown } from "./world.ts";

const PASS_TYPE = "pass.test.google-unclear";
const OBJECTS = "/walletobjects/v1/loyaltyObject";
const LINK_MS = 16 * 60_000;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test.each([
  ["a lost answer", { mode: "reset", performed: true }],
  ["a failure of Google", { status: 500, performed: true }],
] as const)("after %s, a change that was undone meanwhile is undone at Google too", async (_name, fault) => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await world.fault({ path: OBJECTS, times: 1, ...fault });
  await api("POST", `/passes/${pass.id}/void`);
  await world.run();
  expect(await shown(world)).toContain('"INACTIVE"');
  await api("POST", `/passes/${pass.id}/unvoid`);
  world.clock.pass(11_000);
  await world.run();
  expect(await shown(world)).toContain('"ACTIVE"');
});

test("while a call without an answer may be on its way, neither a run nor a click sends anything newer", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "41");
  await world.run({
    fetch: async (url, init) => {
      if (!url.includes(OBJECTS)) return fetch(url, init);
      world.clock.pass(14_000); // for a token, and until the call is given up
      throw new TypeError("Network connection lost.");
    },
  });
  await setPoints(pass.id, "42");
  await world.calls();
  world.clock.pass(6000);
  await world.run();
  expect(await world.calls()).toEqual({});
  expect(await world.click(pass)).toContain("/gp/v/save/");
  expect(await world.calls()).toEqual({});
  world.clock.pass(11_000);
  await world.run();
  expect(await shown(world)).toContain('"42"');
});

test("a link that has all of a pass may be opened after the pass was deleted: soon nothing of it is at Google", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue({ values: { points: "4711" } });
  await world.fault({ path: "/walletobjects/v1/", status: 503, times: 1 });
  const link = await world.click(pass);
  await api("DELETE", `/passes/${pass.id}`);
  world.clock.pass(60_000);
  await world.run();
  await fetch(link);
  expect(await shown(world)).toContain("4711");
  world.clock.pass(LINK_MS);
  await world.run();
  expect(await shown(world)).toContain('"INACTIVE"');
  expect(await shown(world)).not.toContain("4711");
});
