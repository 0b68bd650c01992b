/**
 * Join pages (/join/{slug}): people issue themselves a pass with a form, once for each nonce.
 */
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { joinCounts } from "../../src/db/schema.ts";
import { cost, counters, explain } from "../cost.ts";
import { admin, get, ORIGIN } from "../harness.ts";
import { db } from "../rows.ts";
import { filled, HOUR_MS, HTML, nonceIn, openForm, PASS_PAGE, passesOf, useJoinPages } from "./joiner.ts";

const { join, makeJoin, post } = useJoinPages("pass.test.join");

test("a filled-in form gives a pass with the answers as its values, and leads to its page", async () => {
  const { id, slug } = await makeJoin({ tag: "joined" });
  const response = await join(slug, { ...filled, "field.points": "  Ada\u0007 O’Neil ", other: "x" });
  expect(response.status).toBe(303);
  const location = String(response.headers.get("location"));
  expect(location).toMatch(PASS_PAGE);
  expect((await get(location, HTML)).status).toBe(200);
  const [pass, ...others] = await passesOf(id);
  expect(others).toEqual([]);
  expect(pass?.landingUrl).toBe(ORIGIN + location);
  expect(pass?.tags).toEqual(["joined"]);
  expect(pass?.values).toEqual({
    points: { value: "Ada  O’Neil" },
    terms: { value: "ada@example.com" },
    until: { value: "1990-12-10T00:00Z" },
  });
});

test("GET writes nothing", async () => {
  const { id, slug } = await makeJoin();
  const count = async () => (await db.select().from(joinCounts)).length;
  const before = await count();
  await openForm(slug);
  await get(`/join/${slug}/poster`);
  expect(await passesOf(id)).toEqual([]);
  expect(await count()).toBe(before);
});

test("a double tap, at the same time or later, and a reload of the POST give the same pass", async () => {
  const { id, slug } = await makeJoin();
  const entered = { nonce: await openForm(slug), ...filled };
  const taps = await Promise.all([post(slug, entered), post(slug, entered), post(slug, entered)]);
  const reload = await post(slug, { ...entered, "field.points": "Other" });
  const all = [...taps, reload];
  expect(all.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
  expect(new Set(all.map(({ headers }) => headers.get("location"))).size).toBe(1);
  expect(await passesOf(id)).toHaveLength(1);
  const counted = (await db.select().from(joinCounts)).filter(({ templateId }) => templateId === id);
  expect(counted.map(({ count }) => count)).toEqual([1, 1]);
});

test("a reload gives the same pass also after two hours, after the page closed and when it is full", async () => {
  const { id, slug } = await makeJoin({ cap: 1 });
  const entered = { nonce: await openForm(slug), ...filled };
  const first = (await post(slug, entered)).headers.get("location");
  expect((await post(slug, entered)).headers.get("location")).toBe(first);
  await admin.changeTemplate(id, { join: { closesAt: "2020-01-01T00:00:00Z" } });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * HOUR_MS });
  const late = await post(slug, entered);
  expect([late.status, late.headers.get("location")]).toEqual([303, first]);
});

test("an expired nonce gives no pass, and the form again with the answers and a new nonce", async () => {
  const { id, slug } = await makeJoin();
  const nonce = await openForm(slug);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * HOUR_MS + 1000 });
  const response = await post(slug, { nonce, ...filled });
  expect(response.status).toBe(422);
  const html = await response.text();
  expect(html).toContain('value="ada@example.com"');
  expect(await passesOf(id)).toEqual([]);
  expect((await post(slug, { nonce: nonceIn(html), ...filled })).status).toBe(303);
});

test("a forged nonce, one of another page, and a form of another site give no pass", async () => {
  const { id, slug } = await makeJoin();
  const other = await makeJoin();
  const nonce = await openForm(slug);
  const [keyId, , random, code] = nonce.split(".");
  const forged = [
    "",
    "x",
    await openForm(other.slug),
    `${keyId}.${Date.now() + 1}.${random}.${code}`,
    `${nonce.slice(0, -43)}${"A".repeat(43)}`,
    `${nonce.slice(0, -43)}${"_".repeat(43)}`,
    nonce.replace(/^\d+/, "9"),
  ];
  for (const bad of forged) {
    const response = await post(slug, { nonce: bad, ...filled });
    expect(response.status, bad).toBe(422);
    expect(nonceIn(await response.text())).not.toBe("no form");
  }
  const foreign = await post(slug, { nonce, ...filled }, { "Sec-Fetch-Site": "cross-site" });
  expect(foreign.status).toBe(422);
  expect(await passesOf(id)).toEqual([]);
  expect((await post(slug, { nonce, ...filled }, { "Sec-Fetch-Site": "same-origin" })).status).toBe(303);
});

test("a page is found by its slug in any case, with an index, and costs one query", async () => {
  const { slug } = await makeJoin();
  const before = counters.asked.length;
  const { status, answer } = await cost(new Request(`${ORIGIN}/join/${slug.toUpperCase()}`));
  expect(status).toBe(200);
  expect(answer).toMatchObject({ trips: 1, statements: 1, rowsWritten: 0, puts: 0 });
  const steps = (await explain(counters.asked.slice(before))).map(({ step }) => step);
  expect(steps).toContainEqual(expect.stringContaining("templates_join_slug"));
  expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual([]);
});

test("what people enter is in no log, also if the database fails", async () => {
  const { slug } = await makeJoin();
  const nonce = await openForm(slug);
  const logged: unknown[] = [];
  for (const level of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...texts) => void logged.push(...texts));
  }
  await db.run(sql`ALTER TABLE join_counts RENAME TO join_counts_away`);
  const response = await post(slug, { nonce, ...filled });
  await db.run(sql`ALTER TABLE join_counts_away RENAME TO join_counts`);
  vi.restoreAllMocks();
  expect(response.status).toBe(503);
  expect(logged.length).toBeGreaterThan(0);
  expect(JSON.stringify(logged)).not.toMatch(/Ada|ada@|1990|192\.0\.2/);
});
