/**
 * The limits of a join page: its end, its cap, and what one network gets.
 */
import { expect, test, vi } from "vitest";
import { joinCounts } from "../../src/db/schema.ts";
import { showJoinState } from "../../src/join/issued.ts";
import { pruneJoinCounts } from "../../src/join/prune.ts";
import { admin, call, get, refused } from "../harness.ts";
import { db } from "../rows.ts";
import { filled, HOUR_MS, HTML, openForm, passesOf, useJoinPages } from "./joiner.ts";

const { comesFrom, join, makeJoin, post } = useJoinPages("pass.test.join-limits");

test("the API says how many passes people got, in total and today, and whether there are more", async () => {
  const { id, slug } = await makeJoin({ cap: 3 });
  const show = async () => (await call("GET", `/templates/${id}/join`)).body;
  const today = (count: number) => ({ count, isExact: true });
  expect(await show()).toEqual({ state: "open", issued: 0, today: today(0), cap: 3 });
  await join(slug);
  comesFrom("198.51.100.1");
  await join(slug);
  await admin.issue(id); // not from the page
  expect(await show()).toEqual({ state: "open", issued: 2, today: today(2), cap: 3 });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * HOUR_MS });
  await join(slug);
  expect(await show()).toEqual({ state: "full", issued: 3, today: today(1), cap: 3 });
  await admin.changeTemplate(id, { join: { closesAt: new Date().toISOString() } });
  expect(await show()).toMatchObject({ state: "closed" });
  await admin.changeTemplate(id, { join: null });
  expect(await show()).toEqual({ state: "none", issued: 3, today: today(1), cap: null });
  vi.useRealTimers();
  expect(await showJoinState(db, id, Date.now(), 1)).toMatchObject({ today: { isExact: false } });
  await refused(["GET", "/templates/999999/join"], { status: 404, code: "template_not_found" });
});

test("forms that arrive at the same time never exceed the cap", async () => {
  const { id, slug } = await makeJoin({ cap: 2 });
  const nonces = await Promise.all([1, 2, 3, 4, 5].map(() => openForm(slug)));
  const responses = await Promise.all(nonces.map((nonce) => post(slug, { nonce, ...filled })));
  expect(responses.map(({ status }) => status).sort()).toEqual([303, 303, 410, 410, 410]);
  expect(await passesOf(id)).toHaveLength(2);
  const page = await get(`/join/${slug}`, HTML);
  expect(page.status).toBe(410);
  expect(await page.text()).toContain("have been given out");
  await admin.changeTemplate(id, { join: { cap: 3 } });
  expect((await join(slug)).status).toBe(303);
});

test.each([
  ["after its closing date", { join: { closesAt: "2020-01-01T00:00:00Z" } }],
  ["whose template has expired", { pass: { expirationDate: "2020-01-01T00:00:00Z" } }],
  ["whose template is voided", { pass: { voided: true } }],
])("a page %s is closed: it gives no pass and says so", async (_when, change) => {
  const { id, slug } = await makeJoin();
  const nonce = await openForm(slug);
  await admin.changeTemplate(id, change);
  for (const response of [await get(`/join/${slug}`, HTML), await post(slug, { nonce, ...filled })]) {
    expect(response.status).toBe(410);
    const html = await response.text();
    expect(html).toContain("This offer has ended");
    expect(html).not.toContain("<form");
  }
  expect(await passesOf(id)).toEqual([]);
});

test("a network gets a limited number of passes a day, counted by its hash; IPv6 by /48", async () => {
  const { slug } = await makeJoin({ perNetworkPerDay: 1 });
  comesFrom("2001:db8:1:2::3");
  expect((await join(slug)).status).toBe(303);
  comesFrom("2001:db8:1:ffff::9");
  const limited = await join(slug);
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(limited.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  comesFrom("2001:db8:2::1");
  expect((await join(slug)).status).toBe(303);
  expect(JSON.stringify(await db.select().from(joinCounts))).not.toContain("2001");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * HOUR_MS });
  expect((await join(slug)).status).toBe(303);
});

test("the counts of networks are removed after their day, and the totals stay", async () => {
  const { id, slug } = await makeJoin();
  await join(slug);
  const mine = async () => (await db.select().from(joinCounts)).filter(({ templateId }) => templateId === id);
  await pruneJoinCounts(db, Date.now());
  expect(await mine()).toHaveLength(2);
  await pruneJoinCounts(db, Date.now() + 24 * HOUR_MS);
  expect(await mine()).toMatchObject([{ day: 0, network: "", count: 1 }]);
});

test("more than 60 forms a minute from one network are answered 429 with Retry-After", async () => {
  const { slug } = await makeJoin();
  const statuses: number[] = [];
  for (let sent = 0; sent < 61; sent++) statuses.push((await post(slug, {})).status);
  expect(statuses.slice(0, 60).every((status) => status === 422)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
});
