/**
 * VoltMX's API: each status of "Getting the Latest Version of a Pass", its conditions, and Apple's whole web service
 * under /api/v1.
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { accept, admin, get, iphone, ORIGIN, passToken, send } from "../harness.ts";
import { passRow, templateRow } from "../rows.ts";
import { ask, askWith, holderOf, randomDevice, refusal, tokenOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.voltmx";
const YEAR_MS = 366 * 24 * 3_600_000;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE, { webService: "/api" })).id;
});
afterEach(() => vi.useRealTimers());

const issued = async () => holderOf(await admin.issue(templateId), "/api/v1");
const unknown = { passTypeIdentifier: PASS_TYPE, serialNumber: "never-issued" };

test("V1 V3: the latest version is answered 200 with the pkPass file, as on Apple's path", async () => {
  const pass = await admin.issue(templateId);
  const [here, there] = await Promise.all(
    (["/api/v1", "/v1"] as const).map(async (prefix) => (await holderOf(pass, prefix)).fetch()),
  );
  expect([here?.status, there?.status]).toEqual([200, 200]);
  expect(here?.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  expect(here?.headers.get("etag")).toBe(there?.headers.get("etag"));
});

test("passes of a template with webService /api have a webServiceURL that ends with /api", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  expect(phone.pass(PASS_TYPE, pass.serialNumber).pass.webServiceURL).toBe(`${ORIGIN}/api`);
});

test("V4: a current entity tag, HTTP date or number of milliseconds is answered 304", async () => {
  const holder = await issued();
  const first = await holder.fetch();
  const at = Date.parse(first.headers.get("last-modified") ?? "");
  const status = async (headers: Record<string, string>) => (await holder.fetch(headers)).status;
  expect(await status({ "If-None-Match": first.headers.get("etag") ?? "" })).toBe(304);
  expect(await status({ "If-Modified-Since": new Date(at).toUTCString() })).toBe(304);
  expect(await status({ "If-Modified-Since": new Date(at - 1000).toUTCString() })).toBe(200);
  expect(await status({ "If-Modified-Since": String(at) })).toBe(304);
  expect(await status({ "If-Modified-Since": String(at + 999) })).toBe(304);
  expect(await status({ "If-Modified-Since": String(at - 1) })).toBe(200);
  expect(await status({ "If-Modified-Since": "9".repeat(30) })).toBe(200);
  expect(await status({ "If-Modified-Since": "2099" })).toBe(200);
});

test("V2: passesUpdatedSince is answered 304 if nothing has changed since that tag, and an unknown tag is ignored", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass, "/api/v1");
  const tag = Math.max((await passRow(pass.id)).tag, (await templateRow(pass.templateId)).tag);
  const status = async (since: string | number, headers: Record<string, string> = {}) =>
    (
      await send(
        ask("GET", `${holder.path}?passesUpdatedSince=${since}`, { ...holder.authorization, ...headers }),
      )
    ).status;
  expect(await status(tag)).toBe(304);
  expect(await status(tag - 1)).toBe(200);
  expect(await status(tag + 1_000_000)).toBe(200); // from the future, as after a restore
  expect(await status("")).toBe(200);
  expect(await status("yesterday")).toBe(200);
  expect(await status(tag, { "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT" })).toBe(200); // the header decides
  await admin.change(pass.id, { values: { points: "7" } });
  expect(await status(tag)).toBe(200);
});

test("Apple's path ignores VoltMX's conditions", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass);
  const at = Date.parse((await holder.fetch()).headers.get("last-modified") ?? "");
  expect((await holder.fetch({ "If-Modified-Since": String(at + 86_400_000) })).status).toBe(200);
  const tagged = await send(ask("GET", `${holder.path}?passesUpdatedSince=1`, holder.authorization));
  expect(tagged.status).toBe(200);
});

test("V5: a pass that is not found is answered 400, whatever the token is", async () => {
  const authorization = { Authorization: `ApplePass ${await tokenOf(unknown)}` };
  for (const headers of [{}, authorization, { Authorization: "ApplePass wrong" }]) {
    const response = await get(`/api/v1/passes/${PASS_TYPE}/never-issued`, headers);
    expect(await refusal(response)).toMatchObject({ status: 400, code: "pass_not_delivered" });
  }
  expect((await get(`/v1/passes/${PASS_TYPE}/never-issued`, authorization)).status).toBe(401);
});

test("V5: a deleted pass is answered 400", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass, "/api/v1");
  await admin.delete(pass.id);
  expect(await refusal(await holder.fetch())).toMatchObject({ status: 400, code: "pass_not_delivered" });
});

test("V6: a missing token, a wrong token and another pass's token are answered 401", async () => {
  const holder = await issued();
  const other = await issued();
  for (const headers of [{}, { Authorization: "ApplePass 0123456789abcdef" }, other.authorization]) {
    const response = await send(ask("GET", holder.path, headers));
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "ApplePass"]);
  }
});

test("V7: an expired certificate gives 500, and 503 on Apple's path", async () => {
  const pass = await admin.issue(templateId);
  const [here, there] = [await holderOf(pass, "/api/v1"), await holderOf(pass)];
  vi.useFakeTimers({ now: Date.now() + 2 * YEAR_MS, toFake: ["Date"] });
  expect(await refusal(await here.fetch())).toMatchObject({ status: 500, code: "pass_not_built" });
  expect((await there.fetch()).status).toBe(503);
});

test("a serial number can be percent-encoded twice", async () => {
  const pass = await admin.issue(templateId, { serialNumber: "two words" });
  const response = await get(`/api/v1/passes/${PASS_TYPE}/two%2520words`, await passToken(pass));
  expect(response.status).toBe(200);
});

test("the token for one reading of a serial number is not valid for the pass of the other reading", async () => {
  const encoded = await admin.issue(templateId, { serialNumber: "a%20b" });
  const plain = await admin.issue(templateId, { serialNumber: "a b" });
  const path = `/api/v1/passes/${PASS_TYPE}/a%2520b`;
  for (const pass of [encoded, plain]) {
    const response = await get(path, await passToken(pass));
    const { pass: served } = await accept(new Uint8Array(await response.arrayBuffer()));
    expect(served.serialNumber).toBe(pass.serialNumber);
  }
  const token = await passToken(plain);
  await admin.delete(encoded.id);
  expect((await get(path, token)).status).toBe(200);
});

test("a path can repeat the version", async () => {
  const holder = await issued();
  expect((await send(ask("GET", holder.path.replace("/v1", "/v1/v1"), holder.authorization))).status).toBe(
    200,
  );
});

test("iPhones get Apple's own codes: 201 and 200 to register, 200 and 204 for the list, 200 to unregister and log", async () => {
  const holder = await issued();
  const device = randomDevice();
  expect((await holder.register(device)).status).toBe(201);
  expect((await holder.register(device)).status).toBe(200);
  const list = `/api/v1/devices/${device}/registrations/${PASS_TYPE}`;
  const listed = await get(list);
  expect(listed.status).toBe(200);
  const { lastUpdated }: { lastUpdated: string } = await listed.json();
  expect((await get(`${list}?passesUpdatedSince=${lastUpdated}`)).status).toBe(204);
  expect((await holder.unregister(device)).status).toBe(200);
  expect((await send(ask("POST", "/api/v1/log", {}, { logs: ["a line"] }))).status).toBe(200);
});

test("an iPhone uses this path from the first install to the last update without an error in its log", async () => {
  const pass = await admin.issue(templateId, { serialNumber: "voltmx-life" });
  const phone = iphone();
  expect((await phone.addFrom(pass.downloadUrl)).registered).toEqual([
    { serialNumber: "voltmx-life", status: 201 },
  ]);
  await admin.change(pass.id, { values: { points: "4" } });
  const received = await phone.receivePush(PASS_TYPE);
  expect(received.updated).toEqual([
    { serialNumber: "voltmx-life", notifications: ["You now have 4 points"] },
  ]);
  expect(phone.complaints).toEqual([]);
});

test("a change of a template's webService changes the webServiceURL of all its passes, which are then listed", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  await admin.changeTemplate(id, { webService: "/api" });
  expect((await phone.receivePush(PASS_TYPE)).updated).toMatchObject([{ serialNumber: pass.serialNumber }]);
  expect(phone.pass(PASS_TYPE, pass.serialNumber).pass.webServiceURL).toBe(`${ORIGIN}/api`);
});

test("if the dialect is disabled, its routes give 404, and passes have Apple's webServiceURL", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass, "/api/v1");
  const DIALECTS = "airship, passdock";
  const closed = [
    ask("GET", holder.path, holder.authorization),
    ask("POST", holder.registration(randomDevice()), holder.authorization, { pushToken: "ab".repeat(32) }),
    ask("GET", `/api/v1/devices/${randomDevice()}/registrations/${PASS_TYPE}`),
    ask("POST", "/api/v1/log", {}, { logs: [] }),
  ];
  for (const request of closed) {
    expect(await refusal(await askWith({ DIALECTS }, request))).toMatchObject({
      status: 404,
      code: "route_not_found",
    });
  }
  const { path, authorization } = await holderOf(pass);
  const open = await askWith({}, ask("GET", path, authorization));
  const elsewhere = await askWith({ DIALECTS }, ask("GET", path, authorization));
  expect(elsewhere.status).toBe(200);
  expect(elsewhere.headers.get("etag")).not.toBe(open.headers.get("etag"));
});
