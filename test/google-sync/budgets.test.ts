/**
 * What the sync costs D1, and how fast it calls Google: in virtual time, against a Google that answers at once.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { googleClasses, googleObjects, passes, templates } from "../../src/db/schema.ts";
import { findDueClasses } from "../../src/google-sync/due.ts";
import { findIssuer } from "../../src/google-wallet/issuers.ts";
import { newClaim } from "../../src/google-wallet/sync-rows.ts";
import worker from "../../src/index.ts";
import { GOOGLE_PAGE_BYTES } from "../../src/memory.ts";
import { claimObjects } from "../../src/passes/google-claims.ts";
import { counted } from "../counting.ts";
import { scriptedGoogle } from "../google-wallet/accounts.ts";
import { admin } from "../harness.ts";
import { copyPass, insertRows, rowsOf, setRows } from "../rows.ts";
import { api, db, makeGoogleWorld, runMinute } from "./world.ts";

const PASS_TYPE = "pass.test.google-budgets";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

/** Objects of copies of a pass, as if they had been saved. */
async function saveCopies(world: Awaited<ReturnType<typeof makeGoogleWorld>>, count: number) {
  const pass = await world.issue();
  await world.click(pass);
  await world.run();
  const [row] = await world.objects();
  if (row === undefined) throw new Error("no object");
  const ids = await copyPass(pass.id, count, `${world.issuerId}-`);
  const copies = ids.map((passId) => ({ ...row, passId, resourceId: `${row.resourceId}-${passId}` }));
  await insertRows(googleObjects, copies);
  await world.calls();
  return { pass, ids };
}

test("an idle minute costs two more queries with an issuer, and writes nothing more", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  await runMinute();
  await world.run();
  const counters = counted(env);
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), counters.env);
  expect(counters.spent()).toMatchObject({ trips: 6, statements: 6, rowsWritten: 1 });
});

test("a run with nothing to do costs six queries, and a page of changes one batch of two statements", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const { ids } = await saveCopies(world, 50);
  await runMinute();
  await world.run();
  const counters = counted(env);
  const counting = openDatabase(counters.env.DB);
  await world.run({ db: counting });
  expect(counters.spent()).toMatchObject({ trips: 6, rowsWritten: 0 });
  for (const id of ids.slice(0, 20)) await api("PATCH", `/passes/${id}`, { values: { points: "5" } });
  await world.run({ db: counting });
  const stale = counters.asked.filter(({ sql }) =>
    sql.startsWith('update "google_objects" set "generation"'),
  );
  expect(stale).toHaveLength(1);
});

test("an object is sent with one batch for its page, and one write", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  await saveCopies(world, 29);
  await world.run();
  await setRows(googleObjects, { issuerId: world.issuerId }, { sendAt: 0, sent: '{"id":"1"}' as never });
  const counters = counted(env);
  const google = scriptedGoogle();
  await world.run({ db: openDatabase(counters.env.DB), fetch: google.fetch });
  expect(google.paths().filter((path) => path.includes("/loyaltyObject"))).toHaveLength(30);
  const { trips, rowsRead, rowsWritten } = counters.spent();
  expect(trips).toBeLessThanOrEqual(30 + 13);
  expect(rowsRead / 30).toBeLessThan(40);
  expect(rowsWritten / 30).toBeLessThan(9);
});

test("a page holds 256 KB of texts at most, with what its objects share counted once, or one class or object", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const { ids } = await saveCopies(world, 4);
  const text = (kilobytes: number) => "x".repeat(1024 * kilobytes) as never;
  await setRows(templates, { id: world.template.id }, { strings: text(60) });
  for (const id of ids) await setRows(passes, { id }, { values: text(60) });
  await setRows(passes, { id: ids[3] ?? 0 }, { values: text(300) });
  for (const id of ids) await setRows(googleObjects, { passId: id }, { sendAt: 0 });
  const issuer = await findIssuer(db, world.issuerId);
  const pages: number[] = [];
  for (const random of [0, 0.3, 0.6]) {
    const page = { atMost: 90, maxBytes: GOOGLE_PAGE_BYTES };
    pages.push((await claimObjects(db, issuer, page, newClaim(Date.now(), random))).claimed.length);
  }
  expect(pages).toEqual([3, 1, 0]);
  // Each class is rendered from the template by itself.
  const [ofTemplate] = await world.classes();
  const others = [1, 2, 3, 4, 5].map((eventId) => ({ ...ofTemplate, eventId, sendAt: 0 }));
  await insertRows(googleClasses, others as never);
  const dueWithin = async (bytes: number) =>
    (await findDueClasses(db, world.issuerId, Date.now(), bytes)).length;
  expect([await dueWithin(GOOGLE_PAGE_BYTES), await dueWithin(1)]).toEqual([4, 1]);
});

test("calls start fifteen times a second, and a run ends and sends itself another message", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  await saveCopies(world, 399);
  await world.run();
  await setRows(googleObjects, { issuerId: world.issuerId }, { sendAt: 0, sent: '{"id":"1"}' as never });
  const started: number[] = [];
  const planned: number[] = [];
  const google = scriptedGoogle();
  let now = world.clock.now();
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      const until = now + milliseconds;
      planned.push(until);
      await Promise.resolve();
      now = Math.max(now, until);
    },
  };
  let runs = 0;
  for (let next = [{ delaySeconds: 0 }]; next.length > 0 && runs < 10; runs++) {
    next = await world.run({
      ...clock,
      fetch: (url, init) => {
        if (url.includes("/walletobjects/")) started.push(now);
        return google.fetch(url, init);
      },
    });
  }
  expect(started).toHaveLength(400);
  const seconds = ((started.at(-1) ?? 0) - (started[0] ?? 0)) / 1000;
  expect(seconds).toBeGreaterThan(26);
  expect(seconds).toBeLessThan(30);
  // Several wait at the same time, and none of them may start together with another.
  const gaps = planned.toSorted((a, b) => a - b).map((at, n, all) => at - (all[n - 1] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(66);
  expect(runs).toBeGreaterThan(1);
  expect(
    (await rowsOf(googleObjects, { issuerId: world.issuerId })).filter(({ sendAt }) => sendAt !== null),
  ).toEqual([]);
});
