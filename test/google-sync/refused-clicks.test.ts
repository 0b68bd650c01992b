/**
 * Clicks on the link of a pass that Google refuses: one attempt every ten seconds, and a pass that is corrected works after that.
 */
import { beforeAll, expect, test } from "vitest";
import { googleClasses, googleObjects } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, send } from "../harness.ts";
import { setRows } from "../rows.ts";
import { api, makeGoogleWorld, savedPass, setPoints, type World } from "./world.ts";

const PASS_TYPE = "pass.test.google-refused-clicks";
const REFUSED_AGAIN_MS = 10_000;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

const refuse = (world: World, kind: "Class" | "Object", times: number) =>
  world.fault({ status: 400, path: `/walletobjects/v1/loyalty${kind}`, times });

/** Sets the times back, as if Google had refused the rows ten seconds ago. */
async function letTimePass({ issuerId }: World): Promise<void> {
  const gaveUpAt = Date.now() - REFUSED_AGAIN_MS;
  for (const table of [googleClasses, googleObjects]) await setRows(table, { issuerId }, { gaveUpAt });
}

/** Clicks, and gets the page of a refusal. @returns the calls of Google */
async function refusedClick(world: World, { landingUrl }: Pass): Promise<Record<string, number>> {
  const headers = { Accept: "text/html" };
  const response = await send(new Request(`${landingUrl}/google`, { headers, redirect: "manual" }));
  const page = "<h1>Not available at the moment</h1>";
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining(page)]);
  return world.calls();
}

test.each(["Class", "Object"] as const)("clicks try a refused %s once in ten seconds", async (kind) => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await refuse(world, kind, 2);
  await world.calls();
  const attempt = { [`${kind.toLowerCase()}.insert`]: 1 };
  expect(await refusedClick(world, pass)).toEqual({
    ...(kind === "Object" && { "class.insert": 1 }),
    ...attempt,
  });
  for (let n = 0; n < 3; n++) expect(await refusedClick(world, pass)).toEqual({});
  await letTimePass(world);
  expect(await refusedClick(world, pass)).toEqual(attempt);
  expect(await refusedClick(world, pass)).toEqual({});
  await letTimePass(world);
  expect(await world.click(pass)).toContain("/gp/v/save/");
});

test("another pass of a refused template calls nothing either, and a correction works at once, before a run has read it", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const [pass, other] = [await world.issue(), await world.issue()];
  await refuse(world, "Class", 1);
  await refusedClick(world, pass);
  expect(await refusedClick(world, other)).toEqual({});
  await api("PATCH", `/templates/${world.template.id}`, { pass: { organizationName: "Other Roasters" } });
  expect(await world.click(other)).toContain("/gp/v/save/");
});

test.each(["pass", "template"] as const)(
  "an object that is corrected in its %s works at once",
  async (where) => {
    const world = await makeGoogleWorld(PASS_TYPE);
    const [pass, other] = [await world.issue(), await world.issue()];
    await refuse(world, "Object", 1);
    await refusedClick(world, pass);
    expect(await world.click(other)).toContain("/gp/v/save/");
    if (where === "pass") await setPoints(pass.id, "8");
    else await api("PATCH", `/templates/${world.template.id}`, { google: { object: { accountId: "8" } } });
    expect(await world.click(pass)).toContain("/gp/v/save/");
  },
);

test("a change that Google refuses is tried once, and each click has a link to what Google has", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await api("PATCH", `/templates/${world.template.id}`, { pass: { organizationName: "Other Roasters" } });
  await setPoints(pass.id, "7");
  await refuse(world, "Class", 9);
  await refuse(world, "Object", 9);
  for (let n = 0; n < 3; n++) expect((await world.click(pass)).length).toBeLessThan(1800);
  expect(await world.calls()).toEqual({ "class.patch": 1, "object.patch": 1 });
});
