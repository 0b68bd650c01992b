/**
 * Join pages (/join/{slug}): people issue themselves a pass with a form, and the limits of that.
 */
import { sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { joinCounts } from "../../src/db/schema.ts";
import { showJoinState } from "../../src/join/issued.ts";
import { pruneJoinCounts } from "../../src/join/prune.ts";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { cost, counters, explain } from "../cost.ts";
import { admin, call, get, icon, ORIGIN, refused, send, storeCard } from "../harness.ts";
import { db } from "../rows.ts";

const PASS_TYPE = "pass.test.join";
const HOUR_MS = 60 * 60_000;
const HTML = { Accept: "text/html" };
const PASS_PAGE = /^\/p\/\d+\/[0-9a-f]{40}$/;
const fields = [
  { key: "points", label: "First name", type: "text", required: true, maxLength: 20 },
  { key: "terms", label: "Email", type: "email", autocomplete: "email" },
  { key: "until", label: "Birthday", type: "date" },
];
const filled = { "field.points": "Ada", "field.terms": "ada@example.com", "field.until": "1990-12-10" };

let slugs = 0;
let networks = 0;
/** The network of the next requests. Each test has its own, because the limiter is shared. */
let network = "";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});
beforeEach(() => {
  networks += 1;
  network = `192.0.2.${networks}`;
});
afterEach(() => vi.useRealTimers());

async function makeJoin(more: Record<string, unknown> = {}) {
  slugs += 1;
  const slug = `coffee-${slugs}`;
  const { id } = await admin.makeTemplate(PASS_TYPE, { join: { slug, fields, ...more } });
  return { id, slug };
}

/** Opens the page, and returns the nonce of its form. */
async function openForm(slug: string): Promise<string> {
  const response = await get(`/join/${slug}`, HTML);
  expect(response.status).toBe(200);
  return nonceIn(await response.text());
}

function nonceIn(html: string): string {
  return /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? "no form";
}

function post(slug: string, entered: Record<string, string>, headers: Record<string, string> = {}) {
  const request = new Request(`${ORIGIN}/join/${slug}`, {
    method: "POST",
    redirect: "manual",
    headers: { ...HTML, "CF-Connecting-IP": network, ...headers },
    body: new URLSearchParams(entered),
  });
  return send(request);
}

async function join(slug: string, entered: Record<string, string> = filled) {
  return post(slug, { nonce: await openForm(slug), ...entered });
}

const passesOf = async (templateId: number) =>
  (await call<{ items: Pass[] }>("GET", `/passes?templateId=${templateId}`)).body.items;

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

test("the API says how many passes people got, in total and today, and whether there are more", async () => {
  const { id, slug } = await makeJoin({ cap: 3 });
  const show = async () => (await call("GET", `/templates/${id}/join`)).body;
  const today = (count: number) => ({ count, isExact: true });
  expect(await show()).toEqual({ state: "open", issued: 0, today: today(0), cap: 3 });
  await join(slug);
  network = "198.51.100.1";
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

test("two at the same time never exceed the cap", async () => {
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

test("an unknown or removed page is a page that helps, and a problem for programs", async () => {
  const { id, slug } = await makeJoin();
  await admin.changeTemplate(id, { join: null });
  const page = await get(`/join/${slug}`, HTML);
  expect(page.status).toBe(404);
  expect(await page.text()).toContain("Nothing to join here");
  expect(await (await get("/join/unknown")).json()).toMatchObject({ code: "join_not_found" });
  expect((await post(slug, filled)).status).toBe(404);
});

test("a network gets so many passes in a day, counted by its hash; IPv6 by /48", async () => {
  const { slug } = await makeJoin({ perNetworkPerDay: 1 });
  network = "2001:db8:1:2::3";
  expect((await join(slug)).status).toBe(303);
  network = "2001:db8:1:ffff::9";
  const limited = await join(slug);
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(limited.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  network = "2001:db8:2::1";
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

test("what is wrong is said at its input and in the summary, and the answers stay", async () => {
  const { id, slug } = await makeJoin({ consent: "I agree to the terms." });
  const nonce = await openForm(slug);
  const bad = { "field.points": "x".repeat(21), "field.terms": "ada@", "field.until": "2026-02-30" };
  const response = await post(slug, { nonce, ...bad });
  expect(response.status).toBe(422);
  const html = await response.text();
  expect(nonceIn(html)).toBe(nonce);
  for (const answer of Object.values(bad)) expect(html).toContain(`value="${answer}"`);
  for (const [input, text] of [
    ["field-1", "Use at most 20 characters. You have 21."],
    ["field-2", "Enter a whole email address, such as name@example.com."],
    ["field-3", "Enter a date as year-month-day, such as 2026-12-24."],
    ["consent", "Tick this box to get the pass."],
  ]) {
    expect(html).toContain(`<p class="fault" id="${input}-fault" dir="auto">${text}</p>`);
    expect(html).toMatch(new RegExp(`<a href="#${input}">[^<]*${text}</a>`));
    expect(html).toMatch(new RegExp(`<input[^>]*id="${input}"[^>]*aria-invalid="true"`));
  }
  const empty = await (await post(slug, { nonce, consent: "on" })).text();
  expect(empty).toContain('<p class="fault" id="field-1-fault" dir="auto">Fill in this field.</p>');
  expect(empty).not.toContain("field-2-fault");
  expect(await passesOf(id)).toEqual([]);
  expect((await post(slug, { nonce, ...filled, consent: "on" })).status).toBe(303);
});

test("an option that is not offered, a pattern that does not match and a phone number are refused", async () => {
  const secondary = ["size", "code", "phone", "news"].map((key) => ({ key, label: key, value: "" }));
  const pass = { ...storeCard, storeCard: { secondaryFields: secondary } };
  const asked = [
    { key: "size", label: "Size", type: "select", options: ["S", "M"], required: true },
    { key: "code", label: "Code", type: "text", pattern: "[A-Z]{2}\\d", hint: "Two letters and a digit" },
    { key: "phone", label: "Phone", type: "tel" },
    { key: "news", label: "News", type: "checkbox", options: ["Subscribed"] },
  ];
  const rule = { slug: "all-types", fields: asked };
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass, join: rule });
  const bad = { "field.size": "XL", "field.code": "AB12", "field.phone": "call me" };
  const html = await (await join(rule.slug, bad)).text();
  expect(html).toContain('id="field-1-fault" dir="auto">Choose one of the options.<');
  expect(html).toContain('id="field-2-fault" dir="auto">Two letters and a digit<');
  expect(html).toContain('id="field-3-fault" dir="auto">Enter a phone number');
  const good = { "field.size": "M", "field.code": "AB1", "field.phone": "+49 30 901820", "field.news": "on" };
  expect((await join(rule.slug, good)).status).toBe(303);
  expect((await passesOf(id))[0]?.values).toEqual({
    ...{ size: { value: "M" }, code: { value: "AB1" } },
    ...{ phone: { value: "+49 30 901820" }, news: { value: "Subscribed" } },
  });
});

test("an option from left to right keeps its order in a page from right to left", async () => {
  const { slug } = await makeJoin({
    fields: [{ key: "points", label: "Size", type: "select", options: ["Large!"] }],
  });
  const read = async (language: string) =>
    await (await get(`/join/${slug}`, { ...HTML, "Accept-Language": language })).text();
  const hebrew = await read("he");
  for (const text of ["Choose…", "Large!"]) expect(hebrew).toContain(`>\u2068${text}\u2069<`);
  expect(await read("en")).toContain(">Large!<");
});

test("an option may have marks, tabs and line breaks that browsers send in another way", async () => {
  const options = ["Cafe\u0301", "a\tb", "c\nd"];
  const { id, slug } = await makeJoin({
    fields: [{ ...fields[0], maxLength: undefined, type: "select", options }],
  });
  for (const sent of ["Cafe\u0301", "Caf\u00e9", "a\tb", "c\r\nd"])
    expect((await join(slug, { "field.points": sent })).status, sent).toBe(303);
  const values = (await passesOf(id)).map((pass) => pass.values.points?.value);
  expect(new Set(values)).toEqual(new Set(options));
  const html = await (await post(slug, { nonce: "", "field.points": "a\tb" })).text();
  expect(html).toMatch(/<option[^>]*selected=""[^>]*>a\tb</);
});

test("a required answer has a visible character", async () => {
  const { slug } = await makeJoin();
  for (const invisible of ["\u200b\u200e", "\u3164", "\u00a0", "\u0085", "\u2028", "\ufe0f"]) {
    const response = await join(slug, { "field.points": invisible });
    expect(response.status, encodeURIComponent(invisible)).toBe(422);
    expect(await response.text()).toContain("Fill in this field.");
  }
});

test("a person who opened the page with ?lang= stays in that language, also after a mistake and on the page of the pass", async () => {
  const { id, slug } = await makeJoin({ consent: "I agree." });
  await admin.changeTemplate(id, {
    strings: { de: { "First name": "Vorname", "I agree.": "Einverstanden." } },
  });
  const english = { "Accept-Language": "en" };
  const page = await get(`/join/${slug}?lang=de`, { ...HTML, ...english });
  expect(page.headers.get("content-language")).toBe("de");
  expect(page.headers.get("vary")).toBe("Accept-Language");
  const form = await page.text();
  expect(form).toContain('<html lang="de" dir="ltr">');
  for (const text of [">Vorname<", ">Einverstanden.<", ">Pass holen<"]) expect(form).toContain(text);
  const action = /action="([^"]+)"/.exec(form)?.[1] ?? "";
  expect(action).toBe(`/join/${slug}?lang=de`);
  const next = action.replace("/join/", "");
  const nonce = nonceIn(form);
  const refusal = await post(next, { nonce, ...filled, "field.points": "" }, english);
  const again = await refusal.text();
  expect(again).toContain('<a href="#field-1">Vorname: Fülle dieses Feld aus.</a>');
  expect(again).toContain(`action="${action}"`);
  for (const answer of ["first", "repeat"]) {
    const joined = await post(next, { nonce, ...filled, consent: "on" }, english);
    const location = joined.headers.get("location") ?? "";
    expect(location, answer).toMatch(/^\/p\/\d+\/[0-9a-f]{40}\?lang=de$/);
    expect(await (await get(location, english)).text()).toContain("Zu Apple Wallet hinzufügen");
  }
  const odd = await (await get(`/join/${slug}?lang=${encodeURIComponent('"><b>')}`, english)).text();
  expect(odd).toContain(`action="/join/${slug}"`);
});

test("a closed page, an unknown page, a form that is too large and the poster are in the reader's language", async () => {
  const { id, slug } = await makeJoin();
  const reads = async (response: Response) => [
    response.status,
    response.headers.get("content-language"),
    /<html lang="[^"]*" dir="[^"]*">/.exec(await response.text())?.[0],
  ];
  const arabic = '<html lang="ar" dir="rtl">';
  const headers = { ...HTML, "Accept-Language": "ar-EG, fr;q=0.5" };
  expect(await reads(await get(`/join/${slug}/poster`, headers))).toEqual([200, "ar", arabic]);
  expect(await reads(await get("/join/unknown", headers))).toEqual([404, "ar", arabic]);
  const large = await post(`${slug}?lang=fr`, { text: "a".repeat(129 * 1024) }, headers);
  expect(await reads(large)).toEqual([413, "fr", '<html lang="fr" dir="ltr">']);
  await admin.changeTemplate(id, { join: { closesAt: "2020-01-01T00:00:00Z" } });
  expect(await reads(await get(`/join/${slug}?lang=es`, headers))).toEqual([
    410,
    "es",
    '<html lang="es" dir="ltr">',
  ]);
});

test("the page has no script, escapes all texts, and only it may send a form", async () => {
  const attack = `"><script>alert(1)</script>`;
  const { slug } = await makeJoin({ title: attack, text: attack, fields: [{ ...fields[0], label: attack }] });
  const page = await get(`/join/${slug}`, HTML);
  const refusal = await post(slug, { nonce: "", "field.points": attack });
  for (const response of [page, refusal]) {
    expect(response.headers.get("content-security-policy")).toContain("form-action 'self'");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    // The logo is in the page, and the icon of the tab has its own address.
    expect(response.headers.get("content-security-policy")).toContain("img-src 'self' data:;");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await response.text()).not.toMatch(/<script|\son\w+=/i);
  }
  const poster = await get(`/join/${slug}/poster`, HTML);
  expect(poster.headers.get("content-security-policy")).toContain("form-action 'none'");
  expect(await poster.text()).not.toContain("<script");
});

test("a body that is no form is refused", async () => {
  const { slug } = await makeJoin();
  const refuse = async (body: string, type: string) =>
    (
      await send(
        new Request(`${ORIGIN}/join/${slug}`, { method: "POST", headers: { "Content-Type": type }, body }),
      )
    ).status;
  expect(await refuse("{}", "application/json")).toBe(415);
  expect(await refuse("a".repeat(129 * 1024), "application/x-www-form-urlencoded")).toBe(413);
});

test("the poster has the QR code and the address of the page", async () => {
  const { slug } = await makeJoin({ title: "Coffee club" });
  const html = await (await get(`/join/${slug}/poster`, HTML)).text();
  expect(html).toContain('<h1 dir="auto">Coffee club</h1>');
  expect(html).toContain(`aria-label="QR code of ${ORIGIN}/join/${slug}"`);
  expect(html).toContain(`>passes.example.com/join/${slug}<`);
});

test("a page stays small with a large logo: it has a smaller density of it", async () => {
  const noise = (x: number, y: number) =>
    Math.floor(Math.abs(Math.sin(x * 12.9898 + y * 78.233)) * 43758.5453);
  const logo = drawPng(480, 150, (x, y) => [
    noise(x, y) % 251,
    noise(y, x) % 241,
    noise(x + y, x) % 239,
    255,
  ]);
  const small = drawPng(160, 50, () => [90, 60, 30, 255]).toBase64();
  const images = { ...icon, "logo.png": small, "logo@3x.png": logo.toBase64() };
  await admin.makeTemplate(PASS_TYPE, { images, join: { slug: "large-logo", fields } });
  for (const path of ["/join/large-logo", "/join/large-logo/poster"]) {
    const html = await (await get(path, HTML)).text();
    expect(html).toContain(`src="data:image/png;base64,${small}"`);
    expect(html.length).toBeLessThan(40 * 1024);
  }
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
