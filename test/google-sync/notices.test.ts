/**
 * What the holders of Google Wallet are notified of, at the stand-in Google: the rules are in test/google/notices.test.ts, and here is
 * what a run sends, how often, and what it stores.
 */
import { beforeAll, expect, test } from "vitest";
import { googleObjects } from "../../src/db/schema.ts";
import { parseJson, writeJson } from "../../src/json.ts";
import type { Pass } from "../../src/passes/show.ts";
import { googleError } from "../google-wallet/accounts.ts";
import { admin, google, storeCard } from "../harness.ts";
import { rowOf, setRows } from "../rows.ts";
import { api, makeGoogleWorld, runMinute, setPoints, type World } from "./world.ts";

const PASS_TYPE = "pass.test.google-notices";
const DAY_MS = 86_400_000;
/** Points, of which Google notifies in its own words, and a table, of which it does not. */
const pass = {
  ...storeCard,
  storeCard: {
    headerFields: storeCard.storeCard.primaryFields,
    secondaryFields: [{ key: "table", label: "TABLE", value: "1", changeMessage: "Your table is %@" }],
    backFields: [{ key: "terms", label: "Terms", value: "One coffee for ten points." }],
  },
};

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

/** A pass that Google has, and no call since. */
async function savedPass(google?: object): Promise<{ world: World; id: number }> {
  const world = await makeGoogleWorld(PASS_TYPE, { pass, google });
  const issued: Pass = await world.issue();
  await world.click(issued);
  await world.calls();
  return { world, id: issued.id };
}

const setTable = (id: number, table: string) => api("PATCH", `/passes/${id}`, { values: { table } });

/** The messages of the object, and how often its holder was notified. */
async function shownBy(world: World) {
  const [object] = (await world.stored()).objects;
  const { messages = [], notified } = object as unknown as {
    messages?: { header: string; body: string; messageType: string }[];
    notified: number[];
  };
  return { messages: messages.map(({ body, messageType }) => `${messageType}: ${body}`), notified };
}

/** The bodies of the PATCH calls of objects. */
async function patches(world: World): Promise<Record<string, unknown>[]> {
  const calls = await google.history({ issuerId: world.issuerId, kind: "object.patch" });
  return calls.map(({ body }) => body as Record<string, unknown>);
}

test("the first change after the first click is one PATCH and one message that notifies", async () => {
  const { world, id } = await savedPass();
  await setTable(id, "7");
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1, "object.addMessage": 1 });
  expect(await shownBy(world)).toMatchObject({
    messages: ["TEXT_AND_NOTIFY: Your table is 7"],
    notified: [expect.any(Number)],
  });
  expect((await patches(world)).map((body) => "notifyPreference" in body)).toEqual([false]);
  await world.run();
  expect(await world.calls()).toEqual({});
});

test("a click that sends the change notifies too, and the run after it does not", async () => {
  const { world, id } = await savedPass();
  await setTable(id, "8");
  await world.click(await admin.show(id));
  expect(await world.calls()).toEqual({ "object.patch": 1, "object.addMessage": 1 });
  await world.run();
  expect([await world.calls(), (await shownBy(world)).notified.length]).toEqual([{}, 1]);
});

test("of a loyalty balance Google notifies in its own words: one PATCH, and no message", async () => {
  const { world, id } = await savedPass();
  await setPoints(id, "7");
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1 });
  expect(await patches(world)).toMatchObject([{ notifyPreference: "NOTIFY_ON_UPDATE" }]);
  expect(await shownBy(world)).toMatchObject({ messages: [], notified: [expect.any(Number)] });
  // What is stored as sent has no such member, so what is equal is not sent again.
  expect((await rowOf(googleObjects, { passId: id })).sent).not.toContain("notifyPreference");
});

test("a change without a changeMessage notifies nobody", async () => {
  const { world, id } = await savedPass();
  await api("PATCH", `/passes/${id}`, { values: { terms: "Two coffees." } });
  await world.run();
  expect([await world.calls(), await shownBy(world)]).toEqual([
    { "object.patch": 1 },
    { messages: [], notified: [] },
  ]);
});

test("the fourth notification of a day is a message without a notification, and the next day notifies again", async () => {
  const { world, id } = await savedPass();
  for (const table of ["2", "3", "4", "5"]) {
    await setTable(id, table);
    await world.run();
  }
  const { messages, notified } = await shownBy(world);
  expect([messages.map((message) => message.split(":")[0]), notified.length]).toEqual([
    ["TEXT_AND_NOTIFY", "TEXT_AND_NOTIFY", "TEXT_AND_NOTIFY", "TEXT"],
    3,
  ]);
  // Beyond the limit, the balance is on the card without a word.
  await setPoints(id, "9");
  await world.run();
  expect((await patches(world)).filter((body) => "notifyPreference" in body)).toEqual([]);
  expect(JSON.stringify((await world.stored()).objects)).toContain('"9"');
  // A day later for the row; the clock of the stand-in cannot be moved, so the call ends here.
  const { notifiedAt } = await rowOf(googleObjects, { passId: id });
  const dayBefore = parseJson(notifiedAt).map((at) => at - DAY_MS);
  await setRows(googleObjects, { passId: id }, { notifiedAt: writeJson(dayBefore) });
  await setPoints(id, "10");
  const sent: string[] = [];
  await world.run({
    async fetch(_url, { body }) {
      sent.push(String(body));
      return Response.json({});
    },
  });
  expect(sent).toEqual([expect.stringContaining("NOTIFY_ON_UPDATE")]);
});

test("a message whose answer is lost is repeated with the same id, and does not notify twice", async () => {
  const { world, id } = await savedPass();
  await setTable(id, "6");
  const path = "/walletobjects/v1/loyaltyObject";
  await world.fault({ path, method: "POST", mode: "reset", performed: true, times: 1 });
  await world.run();
  expect((await rowOf(googleObjects, { passId: id })).attempts).toBe(1);
  world.clock.pass(15_000);
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 1, "object.addMessage": 2 });
  const { messages, notified } = await shownBy(world);
  expect([messages, notified.length]).toEqual([["TEXT_AND_NOTIFY: Your table is 6"], 1]);
  expect(await rowOf(googleObjects, { passId: id })).toMatchObject({ attempts: 0, sendAt: null });
});

test("a change of something else before the repeat does not notify again, but a value that comes back later does", async () => {
  const { world, id } = await savedPass();
  await setTable(id, "6");
  const path = "/walletobjects/v1/loyaltyObject";
  await world.fault({ path, method: "POST", mode: "reset", performed: true, times: 1 });
  await world.run();
  await api("PATCH", `/passes/${id}`, { values: { terms: "Two coffees." } });
  world.clock.pass(15_000);
  await world.run();
  expect(await world.calls()).toEqual({ "object.patch": 2, "object.addMessage": 2 });
  expect((await shownBy(world)).notified.length).toBe(1);
  for (const table of ["1", "6"]) {
    await setTable(id, table);
    await world.run();
  }
  expect((await shownBy(world)).notified.length).toBe(3);
});

/** Google refuses what notifies, although it was counted here as allowed. */
const overLimit = (isNotifying: (body: string) => boolean) => async (url: string, init: RequestInit) =>
  isNotifying(String(init.body))
    ? googleError(429, "QuotaExceededException: the pass was notified too often.", "rateLimitExceeded")
    : fetch(url, init);

test.each([
  ["a PATCH", setPoints, "NOTIFY_ON_UPDATE", { "object.patch": 1 }],
  ["a message", setTable, "TEXT_AND_NOTIFY", { "object.patch": 1, "object.addMessage": 1 }],
] as const)(
  "%s beyond Google's limit is sent again without a notification, and no pause follows",
  async (_what, set, word, calls) => {
    const { world, id } = await savedPass();
    await set(id, "12");
    expect(await world.run({ fetch: overLimit((body) => body.includes(word)) })).toEqual([]);
    expect([await world.calls(), (await shownBy(world)).notified]).toEqual([calls, []]);
    expect(await rowOf(googleObjects, { passId: id })).toMatchObject({
      attempts: 0,
      sendAt: null,
      problem: null,
    });
    expect(JSON.stringify((await world.stored()).objects)).toContain("12");
    // The issuer does not wait.
    await set(id, "13");
    await world.run();
    expect(JSON.stringify((await world.stored()).objects)).toContain("13");
  },
);

test("a template's own notifyPreference does not stop a change beyond Google's limit", async () => {
  const { world, id } = await savedPass({ object: { notifyPreference: "NOTIFY_ON_UPDATE" } });
  for (const terms of ["1", "2", "3", "4"]) {
    await api("PATCH", `/passes/${id}`, { values: { points: Number(terms), terms } });
    expect(await world.run(), terms).toEqual([]);
  }
  expect(await rowOf(googleObjects, { passId: id })).toMatchObject({ problem: null, sendAt: null });
  expect(JSON.stringify((await world.stored()).objects)).toContain('"int":4');
});

test("of a deleted pass, no value stays in what was shown", async () => {
  const { world, id } = await savedPass();
  await setTable(id, "Ana's");
  await world.run();
  expect((await rowOf(googleObjects, { passId: id })).shownTexts).toContain("Ana's");
  await api("DELETE", `/passes/${id}`);
  await runMinute();
  await world.run();
  const row = await rowOf(googleObjects, { passId: id });
  expect(JSON.stringify([row.shownTexts, row.sent])).not.toContain("Ana");
  expect(JSON.stringify((await world.stored()).objects)).not.toContain("Ana");
});

test("a template's change is one PATCH and one message of the class, which a run sends, and which counts for each of its passes", async () => {
  const { world, id } = await savedPass();
  const other = await world.issue();
  await api("PATCH", `/templates/${world.template.id}`, { values: { table: "2" } });
  // The log is read before the click, so only the click itself can leave the message due.
  await runMinute();
  await world.click(other);
  expect(await world.calls(), "a first click is two calls").toEqual({ "class.patch": 1, "object.insert": 1 });
  await world.run();
  expect(await world.calls()).toEqual({ "class.addMessage": 1 });
  await world.run();
  expect(await world.calls()).toEqual({});
  const [stored] = (await world.stored()).classes;
  expect(stored).toMatchObject({ messages: [{ body: "Your table is 2", messageType: "TEXT_AND_NOTIFY" }] });
  for (const table of ["3", "4", "5"]) {
    await setTable(id, table);
    await world.run();
  }
  const { messages } = await shownBy(world);
  expect(messages.map((message) => message.split(":")[0])).toEqual([
    "TEXT_AND_NOTIFY",
    "TEXT_AND_NOTIFY",
    "TEXT",
  ]);
});
