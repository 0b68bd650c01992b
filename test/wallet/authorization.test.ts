/**
 * Only the holder of its authenticationToken may open a pass, and a forged token causes no query and no read. Follows
 * Apple's "Adding a Web Service to Update Passes" (Authorization: ApplePass and the token) and RFC 9110 §11.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { admin, call, passToken, randomPushToken, send } from "../harness.ts";
import {
  ask,
  askWith,
  type Holder,
  holderOf,
  listPath,
  randomDevice,
  refusal,
  tokenOf,
  untouchable,
} from "./web-service.ts";

const PASS_TYPE = "pass.test.authorization";
const OTHER_TYPE = "pass.test.authorization.other";
const SECRET = String(env.MASTER_SECRET);
const YOUNGER = "2:a-younger-secret-with-more-than-32-characters";
let templateId: number;
let pass: Pass;
let holder: Holder;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makePassType(OTHER_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  pass = await admin.issue(templateId);
  holder = await holderOf(pass);
});

/** The three requests that need a token, for the pass at these addresses. */
function calls(target: Pick<Holder, "path" | "registration">, headers: Record<string, string>): Request[] {
  const registration = target.registration(randomDevice());
  return [
    ask("GET", target.path, headers),
    ask("POST", registration, headers, { pushToken: randomPushToken() }),
    ask("DELETE", registration, headers),
  ];
}

async function statuses(requests: Request[], changed: Parameters<typeof askWith>[0] = {}): Promise<number[]> {
  return Promise.all(requests.map(async (request) => (await askWith(changed, request)).status));
}

/** The token with one character in its middle changed. The last character has unused bits, so it would not do. */
function flipped(token: string): string {
  return token.slice(0, 20) + (token[20] === "A" ? "B" : "A") + token.slice(21);
}

/** Headers of a stranger, from none at all to a token that is wrong in one character. */
const REFUSED: [string, (token: string) => Record<string, string>][] = [
  ["missing", () => ({})],
  ["empty", () => ({ Authorization: "" })],
  ["a scheme alone", () => ({ Authorization: "ApplePass" })],
  ["a token alone", (token) => ({ Authorization: token })],
  ["of another scheme", (token) => ({ Authorization: `Bearer ${token}` })],
  ["of a scheme that only begins as ours", (token) => ({ Authorization: `ApplePassX ${token}` })],
  ["Basic", (token) => ({ Authorization: `Basic ${btoa(`ApplePass:${token}`)}` })],
  ["two tokens", (token) => ({ Authorization: `ApplePass ${token} ${token}` })],
  ["not one of our tokens", () => ({ Authorization: "ApplePass vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc" })],
  ["cut short", (token) => ({ Authorization: `ApplePass ${token.slice(0, -1)}` })],
  ["too long", (token) => ({ Authorization: `ApplePass ${token}A` })],
  ["enormous", (token) => ({ Authorization: `ApplePass ${token.repeat(150)}` })],
  ["in the other case", (token) => ({ Authorization: `ApplePass ${token.toUpperCase()}` })],
  ["wrong in one character", (token) => ({ Authorization: `ApplePass ${flipped(token)}` })],
  ["of a secret that is not there", (token) => ({ Authorization: `ApplePass ${token.replace("1_", "9_")}` })],
];

describe("an authorization that is", () => {
  test.each(REFUSED)("%s is answered 401 by each request", async (_how, headers) => {
    for (const request of calls(holder, headers(holder.token))) {
      const response = await send(request);
      expect(response.headers.get("www-authenticate")).toBe("ApplePass");
      expect(await refusal(response)).toEqual({ status: 401, code: "unauthorized" });
    }
    expect((await admin.show(pass.id)).registrations).toBe(0);
  });

  test.each(REFUSED)("%s needs no D1 query and no R2 read", async (_how, headers) => {
    const bindings = { DB: untouchable(env.DB), BUCKET: untouchable(env.BUCKET) };
    expect(await statuses(calls(holder, headers(holder.token)), bindings)).toEqual([401, 401, 401]);
  });
});

test("the correct token does cause a query, so the tests above can fail", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const bindings = { DB: untouchable(env.DB) };
  expect(await statuses(calls(holder, holder.authorization), bindings)).toEqual([500, 500, 500]);
  vi.restoreAllMocks();
});

test("the token in pass.json opens the pass", async () => {
  const { token, Authorization } = await passToken(pass);
  expect(token).toBe(holder.token);
  expect(token.length).toBeGreaterThanOrEqual(16);
  expect(await statuses(calls(holder, { Authorization }))).toEqual([200, 201, 200]);
});

describe("a token opens only its own pass", () => {
  test("and not another pass of the same pass type", async () => {
    const other = await holderOf(await admin.issue(templateId));
    expect(other.token).not.toBe(holder.token);
    const bindings = { DB: untouchable(env.DB), BUCKET: untouchable(env.BUCKET) };
    expect(await statuses(calls(other, holder.authorization), bindings)).toEqual([401, 401, 401]);
    expect(await statuses(calls(other, other.authorization))).toEqual([200, 201, 200]);
  });

  test("and not the pass with the same serial number in another pass type", async () => {
    const { serialNumber } = pass;
    const twin = await admin.issue((await admin.makeTemplate(OTHER_TYPE)).id, { serialNumber });
    const other = await holderOf(twin);
    expect(await statuses(calls(other, holder.authorization))).toEqual([401, 401, 401]);
    expect(await statuses(calls(holder, other.authorization))).toEqual([401, 401, 401]);
    expect((await admin.show(twin.id)).registrations).toBe(0);
  });

  test("and not a pass with another split or spelling of the pass type and serial number", async () => {
    const { serialNumber } = pass;
    const neighbours = [
      { passTypeIdentifier: PASS_TYPE, serialNumber: serialNumber.toUpperCase() },
      { passTypeIdentifier: PASS_TYPE.toUpperCase(), serialNumber },
      { passTypeIdentifier: PASS_TYPE, serialNumber: `${serialNumber} ` },
      { passTypeIdentifier: `${PASS_TYPE}.${serialNumber.slice(0, 4)}`, serialNumber: serialNumber.slice(4) },
    ];
    for (const neighbour of neighbours) {
      const target = await holderOf(neighbour);
      expect(await statuses(calls(target, holder.authorization))).toEqual([401, 401, 401]);
    }
  });

  test("and not the admin API, the download link, or the list of another device", async () => {
    const answer = await call("GET", `/passes/${pass.id}`, undefined, {
      Authorization: `Bearer ${holder.token}`,
    });
    expect(answer.status).toBe(401);
    expect((await send(ask("GET", `/passes/${pass.id}/${holder.token}.pkpass`))).status).toBe(404);
    const device = randomDevice();
    await holder.register(device);
    const elsewhere = await send(ask("GET", listPath(randomDevice(), PASS_TYPE), holder.authorization));
    expect(elsewhere.status).toBe(204);
    await holder.unregister(device);
  });
});

test("a pass that does not exist has the same response as a wrong token, byte for byte", async () => {
  const absent = { passTypeIdentifier: PASS_TYPE, serialNumber: "never-issued" };
  const unknown = await holderOf(absent);
  expect(await tokenOf(absent)).toMatch(/^ep1_[\w-]{43}$/);
  const wrong = calls(holder, { Authorization: `ApplePass ${flipped(holder.token)}` });
  const wellFormed = calls(unknown, unknown.authorization);
  expect(await Promise.all(wellFormed.map(everything))).toEqual(await Promise.all(wrong.map(everything)));
  const foreign = await holderOf({ ...absent, passTypeIdentifier: "pass.test.of-nobody" });
  expect(await statuses(calls(foreign, foreign.authorization))).toEqual([401, 401, 401]);
});

describe("after a rotation of MASTER_SECRET", () => {
  test("a pass keeps its token, and a token of the newer secret does not open it", async () => {
    const changed = { MASTER_SECRET: `${YOUNGER},${SECRET}` };
    expect(await statuses(calls(holder, holder.authorization), changed)).toEqual([200, 201, 200]);
    const younger = await tokenOf(pass, createSecrets(YOUNGER));
    const headers = { Authorization: `ApplePass ${younger}` };
    expect(await statuses(calls(holder, headers), changed)).toEqual([401, 401, 401]);
    const bytes = await (await askWith(changed, ask("GET", holder.path, holder.authorization))).arrayBuffer();
    expect(bytes.byteLength).toBeGreaterThan(1000);
  });

  test("a token of a removed secret opens nothing and needs no query", async () => {
    const changed = { MASTER_SECRET: YOUNGER, DB: untouchable(env.DB) };
    expect(await statuses(calls(holder, holder.authorization), changed)).toEqual([401, 401, 401]);
  });
});

test("malformed paths are never answered with a server error", async () => {
  const segments = [
    "%00",
    "%E0%A4%A",
    "%",
    "%ff%fe",
    "%F0%9F%A6%8A",
    "a%0d%0ab",
    "'; DROP TABLE passes;--",
    "é/è",
  ];
  for (const segment of [...segments, "x".repeat(8000), "%25".repeat(2000)]) {
    const target = {
      path: `/v1/passes/${PASS_TYPE}/${segment}`,
      registration: () => holder.registration(segment),
    };
    for (const status of await statuses(calls(target, holder.authorization)))
      expect(status, segment).toBeLessThan(500);
    const elsewhere = `/v1/devices/${randomDevice()}/registrations/${PASS_TYPE}/${segment}`;
    const strangers = calls(
      { path: `${holder.path}/${segment}`, registration: () => elsewhere },
      holder.authorization,
    );
    for (const status of await statuses(strangers)) expect([401, 404], segment).toContain(status);
  }
});

/** Status, headers and body of a response. */
async function everything(request: Request) {
  const response = await send(request);
  return [response.status, [...response.headers].toSorted(), await response.text()];
}
