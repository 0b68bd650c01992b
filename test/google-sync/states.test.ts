/**
 * The states of a pass at Google, other events, other types, and restores.
 */
import { beforeAll, expect, test } from "vitest";
import { admin } from "../harness.ts";
import { api, makeGoogleWorld, runMinute } from "./world.ts";

const PASS_TYPE = "pass.test.google-states";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

const stateOf = async ({ stored }: Awaited<ReturnType<typeof makeGoogleWorld>>) =>
  (await stored()).objects.map(({ state }) => state);

test("redeemed, voided and their undoing are states of the object, one PATCH each", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.click(pass);
  await world.calls();
  for (const [action, state] of [
    ["redeem", "COMPLETED"],
    ["unredeem", "ACTIVE"],
    ["void", "INACTIVE"],
    ["unvoid", "ACTIVE"],
  ]) {
    await api("POST", `/passes/${pass.id}/${action}`);
    await world.run();
    expect([action, await stateOf(world), await world.calls()]).toEqual([
      action,
      [state],
      { "object.patch": 1 },
    ]);
  }
});

test("a pass expires at its time, and a later date makes it valid again", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const until = (minutes: number) => `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16)}Z`;
  const pass = await world.issue({ pass: { expirationDate: until(3) } });
  await world.click(pass);
  await world.calls();
  expect(await world.run()).toEqual([]);
  world.clock.pass(4 * 60_000);
  await world.run();
  expect([await stateOf(world), await world.calls()]).toEqual([["EXPIRED"], { "object.patch": 1 }]);
  await api("PATCH", `/passes/${pass.id}`, { pass: { expirationDate: until(30) } });
  await world.run();
  expect(await stateOf(world)).toEqual(["ACTIVE"]);
});

test("of a deleted pass, nothing personal stays at Google", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue({
    serialNumber: "ana@example.com",
    values: { terms: "For Ana Sousa" },
    barcodeMessage: "ana-123",
  });
  await world.click(pass);
  expect(JSON.stringify((await world.stored()).objects)).toMatch(/ana-123.*Ana Sousa|Ana Sousa.*ana-123/);
  await world.calls();
  await api("DELETE", `/passes/${pass.id}`);
  await runMinute();
  await world.run();
  expect([await stateOf(world), await world.calls()]).toEqual([["INACTIVE"], { "object.patch": 1 }]);
  expect(JSON.stringify((await world.stored()).objects)).not.toMatch(/ana/i);
  await world.run();
  expect(await world.calls()).toEqual({});
});

test("a change of an event is one PATCH; a move to another event makes its class and changes the object; its deletion too", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const { id: eventId, projectId } = await admin.makeEvent({ values: { terms: "Doors at 8" } });
  const pass = await world.issue({ eventId });
  await world.click(pass);
  await world.calls();
  await api("PATCH", `/projects/${projectId}/events/${eventId}`, { values: { terms: "Doors at 9" } });
  await world.run();
  expect(await world.calls()).toEqual({ "class.patch": 1 });
  const { id: other } = await admin.makeEvent({ values: { terms: "Elsewhere" } }, projectId);
  await api("PATCH", `/passes/${pass.id}`, { eventId: other });
  await world.run();
  expect(await world.calls()).toEqual({ "class.insert": 1, "object.patch": 1 });
  const classOf = async () => String((await world.stored()).objects[0]?.classId);
  expect(await classOf()).toContain(`e${other}-`);
  await api("DELETE", `/projects/${projectId}/events/${other}`);
  await world.run();
  expect(await world.calls()).toEqual({ "class.insert": 1, "object.patch": 1 });
  expect(await classOf()).toMatch(/-t\d+-loyalty$/);
  expect(await world.run()).toEqual([]);
});

test("if the template gets another type, the old objects become inactive, and active again with the type", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const passes = [await world.issue(), await world.issue()];
  for (const pass of passes) await world.click(pass);
  await world.calls();
  await api("PATCH", `/templates/${world.template.id}`, { google: { type: "generic" } });
  expect(await runMinute()).toEqual([world.issuerId]);
  await world.run();
  expect([await stateOf(world), await world.calls()]).toEqual([
    ["INACTIVE", "INACTIVE"],
    { "object.patch": 2 },
  ]);
  await world.run();
  expect(await world.calls()).toEqual({});
  await api("PATCH", `/templates/${world.template.id}`, { google: { type: "loyalty" } });
  await world.run();
  expect([await stateOf(world), await world.calls()]).toEqual([["ACTIVE", "ACTIVE"], { "object.patch": 2 }]);
});

test("a label that objects show makes all of them stale, page by page, and only those that differ are sent", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const own = await world.issue({ values: { terms: "Mine" } });
  const plain = await world.issue();
  for (const pass of [own, plain]) await world.click(pass);
  await world.calls();
  const card = {
    ...world.template.pass.storeCard,
    backFields: [{ key: "terms", label: "Rules", value: "x" }],
  };
  await api("PATCH", `/templates/${world.template.id}`, { pass: { storeCard: card } });
  await world.run();
  expect(await world.calls()).toEqual({ "class.patch": 1, "object.patch": 1 });
  expect(await world.classes()).toMatchObject([{ staleThrough: null, sendAt: null }]);
});

test("a pass that sets only a label shows the template's value, so a change of that value reaches it", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue({ values: { terms: { label: "My rules" } } });
  await world.click(pass);
  await world.run();
  await world.calls();
  for (const terms of ["Two coffees.", "Three coffees."]) {
    await api("PATCH", `/templates/${world.template.id}`, { values: { terms } });
    await world.run();
    expect(await world.calls()).toEqual({ "class.patch": 1, "object.patch": 1 });
    expect(JSON.stringify((await world.stored()).objects)).toContain(terms);
  }
});

test("after a restore everything is sent as a whole, once", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.click(pass);
  await world.calls();
  await api("POST", "/restored");
  await world.run();
  expect(await world.calls()).toEqual({ "class.put": 1, "object.put": 1 });
  await world.run();
  expect(await world.calls()).toEqual({});
});
