/**
 * What strangers may guess, and how often: links, serial numbers in VoltMX's API and keys of the dialects are limited by
 * network, above that a guess is answered 429 and costs no query. A phone, an API key and a known link behind the same
 * address lose nothing.
 *
 * Follows RFC 6585 §4 (429 Too Many Requests) and RFC 9110 §10.2.3 (Retry-After).
 */

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Env } from "../../src/config.ts";
import { passes } from "../../src/db/schema.ts";
import type { RequestContext } from "../../src/http/context.ts";
import { countMiss, refuseLimited } from "../../src/http/misses.ts";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { cost, counters, explain } from "../cost.ts";
import { ADMIN_TOKEN, admin, call, icon, iphone, ORIGIN } from "../harness.ts";
import { setRows } from "../rows.ts";
import { ask, askWith, type Holder, holderOf, untouchable } from "../wallet/web-service.ts";
import { limitOf, REACHED } from "./rate-limits.ts";

const PASS_TYPE = "pass.test.misses";
const MOST_PER_MINUTE = 60;
let templateId: number;
let pass: Pass;
let holder: Holder;
let networks = 0;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  pass = await admin.issue(templateId);
  holder = await holderOf(pass, "/api/v1");
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An address that no other test uses. */
function nextAddress(): string {
  networks += 1;
  return `198.51.100.${networks}`;
}

const randomHex = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)).toHex();
type Headers = Record<string, string>;
type Guess = (address: string, headers?: Headers) => Request;
const get =
  (path: () => string, own: Headers = {}): Guess =>
  (address, headers = {}) =>
    ask("GET", path(), { "CF-Connecting-IP": address, ...own, ...headers });

const page = get(() => `/p/1/${randomHex(20)}`);
const downloadLink = get(() => `/passes/1/${randomHex(20)}.pkpass`);
const image = get(() => `/g/${randomHex(32)}.png`);
const serialNumber = get(() => `/api/v1/passes/${PASS_TYPE}/${randomHex(8)}`, {
  Authorization: "ApplePass ep1_x",
});
const airshipKey = get(() => "/v1/events/project/1/1/passes", { Authorization: `Basic ${btoa("x:wrong")}` });
const passdockKey = get(() => "/api/v1/templates/1/passes?api_token=wrong");
const passdockKeyWithTexts = get(() => "/api/v1/templates/1/passes?api_token=wrong&errors=true");

const PROBLEM = { status: 429, code: "too_many_misses", detail: expect.stringContaining("60 seconds") };

describe.each<[string, Guess, number, number, unknown]>([
  // what, guess, status of a miss, statements of a miss, body of a refusal
  ["page", page, 404, 1, PROBLEM],
  ["download link", downloadLink, 404, 1, PROBLEM],
  ["image for Google", image, 404, 1, PROBLEM],
  ["serial number in VoltMX's API", serialNumber, 400, 1, PROBLEM],
  ["key in Airship's API", airshipKey, 401, 0, PROBLEM],
  ["key in Passdock's API", passdockKey, 401, 0, { code: 429 }],
  [
    "key in Passdock's API, with errors=true",
    passdockKeyWithTexts,
    401,
    0,
    { code: 429, errors: [PROBLEM.detail] },
  ],
])("a guess of a %s", (_what, guess, missed, statements, refused) => {
  test("is answered 429 with Retry-After above the limit of its network, in the form of its API, without a query", async () => {
    const asked: string[] = [];
    const limits = { ANONYMOUS_LIMIT: limitOf(3, asked) };
    const address = nextAddress();
    const spent: number[] = [];
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) {
      const { status, answer } = await cost(guess(address), limits);
      statuses.push(status);
      spent.push(answer.statements);
    }
    expect(statuses).toEqual([missed, missed, missed, 429, 429, 429, 429]);
    expect(spent.slice(0, 3)).toEqual([statements, statements, statements]);
    expect(spent.slice(4)).toEqual([0, 0, 0]);
    expect(new Set(asked).size).toBe(1);
    const response = await askWith(limits, guess(address));
    expect(response.headers.get("retry-after")).toMatch(/^(59|60)$/);
    expect(await response.json()).toMatchObject(refused as object);
  });

  test("does not limit other networks, and a limiter that fails limits nobody", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => {});
    const limits = { ANONYMOUS_LIMIT: limitOf(1) };
    const [flooding, other] = [`2001:db8:${networks + 1}::1`, nextAddress()];
    await askWith(limits, guess(flooding));
    // Another address of the same site.
    expect((await askWith(limits, guess(flooding.replace("::1", ":ffff::7")))).status).toBe(429);
    expect((await askWith(limits, guess(other))).status).toBe(missed);
    const failing = { ANONYMOUS_LIMIT: untouchable(env.ANONYMOUS_LIMIT) };
    expect((await askWith(failing, guess(nextAddress()))).status).toBe(missed);
    expect(log.mock.calls.flat().join()).toContain("rate_limit_failed");
  });
});

test("an image that a card in Google Wallet names is never counted, and an image of a pass is limited in no way", async () => {
  const drawn = drawPng(660, 660, () => [1, 2, 3, 255]).toBase64();
  const { images } = await admin.makeTemplate(PASS_TYPE, {
    images: { ...icon, "google/logo.png": drawn },
    google: { language: "en" },
  });
  const shown = get(() => `/g/${images["google/logo.png"]?.sha256}.png`);
  const forged = get(() => `/g/1/1_${"A".repeat(43)}/${randomHex(32)}.png`);
  const asked: string[] = [];
  const limits = { ANONYMOUS_LIMIT: limitOf(1, asked) };
  const address = nextAddress();
  const statusOf = async (guess: Guess) => (await askWith(limits, guess(address))).status;
  for (let n = 0; n < 5; n++) expect([await statusOf(shown), await statusOf(forged)]).toEqual([200, 404]);
  expect(asked).toEqual([]);
  expect([await statusOf(image), await statusOf(image)]).toEqual([404, 429]);
  expect(await statusOf(page)).toBe(404);
});

test("with the limits of wrangler.toml, 200 guesses of links cost at most one query for each of 60 a minute", async () => {
  const address = nextAddress();
  counters.spent();
  let statements = 0;
  for (let n = 0; n < 200; n++) statements += (await cost(page(address))).answer.statements;
  expect(statements).toBeGreaterThanOrEqual(MOST_PER_MINUTE);
  expect(statements).toBeLessThanOrEqual(2 * MOST_PER_MINUTE + 2); // a new period may begin meanwhile
});

test("at most 5,000 networks are remembered, and the first one is forgotten first", async () => {
  const from = (address: string) =>
    ({
      env: REACHED,
      executionCtx: { waitUntil: () => {} },
      req: { raw: new Request(ORIGIN, { headers: { "CF-Connecting-IP": address } }) },
      var: { context: { now: Date.now() } },
      set: () => {},
    }) as unknown as RequestContext;
  const networksOf = (n: number) => `10.0.${n >> 8}.${n & 255}`;
  for (let n = 0; n <= 5000; n++)
    await expect(countMiss(from(networksOf(n)), "key")).rejects.toThrow("too_many_misses");
  expect(() => refuseLimited(from(networksOf(0)), "key")).not.toThrow();
  for (const n of [1, 5000])
    expect(() => refuseLimited(from(networksOf(n)), "key")).toThrow("too_many_misses");
  expect(() => refuseLimited(from(networksOf(1)), "link")).not.toThrow();
});

test("no guess scans a table", async () => {
  const before = counters.asked.length;
  for (const guess of [page, serialNumber]) await cost(guess(nextAddress()));
  const steps = (await explain(counters.asked.slice(before))).map(({ step }) => step);
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH passes USING/));
  expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual([]);
});

test("a browser gets a page that says when to try again", async () => {
  const response = await askWith(REACHED, page(nextAddress(), { Accept: "text/html" }));
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "60"]);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect(await response.text()).toContain("Try again in a minute");
});

test("a limited network may guess again after a minute, and its requests meanwhile do not extend the minute", async () => {
  const address = nextAddress();
  const at = Date.now();
  const statusAt = async (now: number, limits: Partial<Env> = {}) => {
    vi.useFakeTimers({ now, toFake: ["Date"] });
    const { status, headers } = await askWith(limits, page(address));
    return [status, headers.get("retry-after")];
  };
  expect(await statusAt(at, REACHED)).toEqual([429, "60"]);
  expect(await statusAt(at + 30_000)).toEqual([429, "30"]);
  expect(await statusAt(at + 59_001)).toEqual([429, "1"]);
  expect(await statusAt(at + 60_000)).toEqual([404, null]);
});

test("a link that cannot be one costs no query, so it is not limited", async () => {
  const none = { ...REACHED, DB: untouchable(env.DB) };
  const address = nextAddress();
  for (const path of ["/p/1/short", "/p/x/y", "/passes/1/short.pkpass", "/bundles/1-2/1_x.pkpasses"])
    expect((await askWith(none, get(() => path)(address))).status).toBe(404);
});

describe("behind a limited network", () => {
  const address = "203.0.113.9";
  const from = (request: Request) => {
    request.headers.set("CF-Connecting-IP", address);
    return askWith(REACHED, request);
  };
  const limitAll = async () => {
    for (const guess of [page, serialNumber, airshipKey])
      expect((await from(guess(address))).status).toBe(429);
  };

  test.each(["/v1", "/api/v1"] as const)("a phone on %s loses nothing", async (prefix) => {
    await limitAll();
    const own = await admin.issue(templateId);
    const { authorization, path, registration } = await holderOf(own, prefix);
    const device = randomHex(16);
    const list = `${prefix}/devices/${device}/registrations/${PASS_TYPE}`;
    const body = { pushToken: randomHex(32) };
    expect((await from(ask("GET", list))).status).toBe(204);
    expect((await from(ask("POST", registration(device), authorization, body))).status).toBe(201);
    expect((await from(ask("GET", list))).status).toBe(200);
    expect((await from(ask("GET", path, authorization))).status).toBe(200);
    expect((await from(ask("POST", `${prefix}/log`, {}, { logs: ["x"] }))).status).toBe(200);
    const state = ask("POST", `${prefix}/passes/${PASS_TYPE}/x/passLifecycleUpdate`, {}, { passState: "x" });
    expect((await from(state)).status).toBe(200);
    expect((await from(ask("DELETE", registration(device), authorization))).status).toBe(200);
  });

  test("an iPhone adds a pass and gets its update", async () => {
    const own = await admin.issue(templateId);
    const phone = iphone({ fetch: from });
    await limitAll();
    await phone.addFrom(own.downloadUrl);
    await admin.change(own.id, { values: { points: "77" } });
    await phone.receivePush(PASS_TYPE);
    expect(phone.pass(PASS_TYPE, own.serialNumber).pass).toMatchObject({
      storeCard: { primaryFields: [{ value: "77" }] },
    });
    expect(phone.complaints).toEqual([]);
  });

  test("the right key works in every dialect, and a request without a key is asked for one", async () => {
    await limitAll();
    const basic = { Authorization: `Basic ${btoa(`x:${ADMIN_TOKEN}`)}` };
    const airship = "/v1/events/project/1/1/passes";
    const passdock = `/api/v1/templates/${templateId}/passes`;
    expect((await from(ask("GET", airship, basic))).status).toBe(404); // authorized: no such event
    expect((await from(ask("GET", `${passdock}?api_token=${ADMIN_TOKEN}`))).status).toBe(200);
    expect((await from(ask("GET", airship))).status).toBe(401);
    expect((await from(ask("GET", passdock))).status).toBe(401);
  });

  const open = (url: string) => ask("GET", url.slice(ORIGIN.length));

  test("every link that this service made is served, also for the first time, and one of a deleted pass is 404", async () => {
    await limitAll();
    const [one, two] = [await admin.issue(templateId), await admin.issue(templateId)];
    expect((await from(open(one.landingUrl))).status).toBe(200);
    expect((await from(open(two.downloadUrl))).status).toBe(200);
    const { body } = await call<{ url: string }>("POST", "/bundles", { passIds: [one.id, two.id] });
    expect((await from(open(body.url))).status).toBe(200);
    await admin.delete(one.id);
    expect((await from(open(one.landingUrl))).status).toBe(404);
  });

  test("a link of an older version, which is only random, is 429 there and 200 elsewhere", async () => {
    const { id } = await admin.issue(templateId);
    await setRows(passes, { id }, { webToken: randomHex(20) });
    const { landingUrl } = await admin.show(id);
    expect((await from(page(address))).status).toBe(429);
    expect((await from(open(landingUrl))).status).toBe(429);
    expect((await askWith(REACHED, open(landingUrl))).status).toBe(200);
  });

  test("a link works during and after a rotation of MASTER_SECRET", async () => {
    const { landingUrl } = await admin.issue(templateId);
    await limitAll();
    const old = env.MASTER_SECRET ?? "";
    const rotated = `2:${"n".repeat(32)},${old}`;
    const request = () => {
      const asked = open(landingUrl);
      asked.headers.set("CF-Connecting-IP", address);
      return asked;
    };
    expect((await askWith({ ...REACHED, MASTER_SECRET: rotated }, request())).status).toBe(200);
  });
});

test("with the pass's token, VoltMX's API asks no limiter and makes one query", async () => {
  const request = ask("GET", holder.path, { ...holder.authorization, "CF-Connecting-IP": nextAddress() });
  const { status, answer } = await cost(request, { ANONYMOUS_LIMIT: untouchable(env.ANONYMOUS_LIMIT) });
  expect([status, answer.statements]).toEqual([200, 1]);
});
