/**
 * What a change costs at Google, and that it gets there: template, event, pass, and the ends of a pass.
 */
import { beforeAll, expect, test } from "vitest";
import { admin } from "../harness.ts";
import { api, makeGoogleWorld, runMinute, takeMessages } from "./world.ts";

const PASS_TYPE = "pass.test.google-sync";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test("the first click costs two calls, later ones none, and a run after it none", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  expect(await world.click(pass)).toContain("/gp/v/save/");
  expect(await world.calls()).toEqual({ "class.insert": 1, "object.insert": 1 });
  await world.click(pass);
  expect(await world.run()).toEqual([]);
  expect(await world.calls()).toEqual({});
  expect(await world.objects()).toMatchObject([{ sendAt: null, claimedUntil: null, attempts: 0 }]);
});

test("a change of the template is one PATCH of its class and none of its objects; a change of a pass one of its object, and one message", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const passes = [await world.issue(), await world.issue(), await world.issue()];
  for (const pass of passes) await world.click(pass);
  await world.calls();
  takeMessages();
  await api("PATCH", `/templates/${world.template.id}`, { values: { terms: "Two coffees." } });
  expect(takeMessages().map(({ message }) => message.issuerId)).toEqual([world.issuerId]);
  await world.run();
  expect(await world.calls()).toEqual({ "class.patch": 1 });
  await api("PATCH", `/passes/${passes[1]?.id}`, { values: { points: "7" } });
  await api("PATCH", `/passes/${passes[1]?.id}`, { values: { points: "8" } });
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1, "object.addMessage": 1 });
  expect(JSON.stringify((await world.stored()).objects)).toContain('"8"');
  await api("PATCH", `/passes/${passes[1]?.id}`, { values: { points: "8" } });
  await world.run();
  expect(await world.calls()).toEqual({});
  expect(await runMinute()).toEqual([]);
});
