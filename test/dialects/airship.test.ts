/**
 * Airship's API: each parameter and status of "List event passes", and the download that it links to.
 */
import { beforeAll, expect, test } from "vitest";
import { passes as passRows } from "../../src/db/schema.ts";
import { ADMIN_TOKEN, accept, admin, call, get, iphone, ORIGIN } from "../harness.ts";
import { setRows } from "../rows.ts";
import { ask, askWith, refusal } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.airship";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const basic = (user: string, password: string) => ({ Authorization: `Basic ${btoa(`${user}:${password}`)}` });

interface EventPass {
  readonly id: number;
  readonly templateId: number;
  readonly url: string;
  readonly serialNumber: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly status: string;
  readonly installedAt: string | null;
  readonly uninstalledAt?: string;
  readonly platform: string;
}
interface EventPasses {
  readonly passes: readonly EventPass[];
  readonly pagination: Readonly<Record<string, unknown>>;
  readonly count: number;
}

let templateId: number;
let projectId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  projectId = (await call<{ id: number }>("POST", "/projects", { name: "Tour" })).body.id;
});

async function makeEvent(): Promise<number> {
  return (await call<{ id: number }>("POST", `/projects/${projectId}/events`, { name: "Night" })).body.id;
}

/** An event with passes: never installed, installed, installed and removed, in this order. */
async function eventWithThree() {
  const eventId = await makeEvent();
  const never = await admin.issue(templateId, { eventId });
  const installed = await admin.issue(templateId, { eventId });
  const removed = await admin.issue(templateId, { eventId });
  await iphone().addFrom(installed.downloadUrl);
  const phone = iphone();
  await phone.addFrom(removed.downloadUrl);
  await phone.remove(phone.pass(PASS_TYPE, removed.serialNumber));
  return { eventId, never: never.id, installed: installed.id, removed: removed.id };
}

const path = (eventId: number | string, query = "", project: number | string = projectId) =>
  `/v1/events/project/${project}/${eventId}/passes${query}`;

async function list(eventId: number, query = ""): Promise<EventPasses> {
  const response = await get(path(eventId, query), KEY);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  return response.json();
}

const ids = async (eventId: number, query: string) => (await list(eventId, query)).passes.map(({ id }) => id);

test("E1 E6: each pass of the event is listed with exactly the documented members", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  const { passes, pagination, count } = await list(eventId);
  expect(count).toBe(3);
  expect(pagination).toEqual({ order: "id", direction: "desc", page: 1, start: 0, pageSize: 10 });
  expect(passes.map(({ id }) => id)).toEqual([removed, installed, never]);
  const shown = await admin.show(installed);
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(passes[1]).toEqual({
    id: installed,
    templateId,
    url: `${ORIGIN}/v1/pass/${installed}/download`,
    serialNumber: shown.serialNumber,
    createdAt: instant,
    updatedAt: instant,
    status: "installed",
    installedAt: instant,
    platform: "ios",
  });
  expect(passes[2]).toMatchObject({ status: "not_been_installed", installedAt: null });
  expect(passes[0]).toMatchObject({ status: "uninstalled", installedAt: instant, uninstalledAt: instant });
});

test("a pass in Google Wallet is listed as android, with the status and times of the newest install that lasts", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  const at = Date.now() + 1000;
  for (const id of [installed, removed, never]) await setRows(passRows, { id }, { googleInstalledAt: at });
  const time = new Date(at).toISOString();
  const android = { status: "installed", installedAt: time, platform: "android" };
  for (const pass of (await list(eventId)).passes) {
    expect(pass).toMatchObject(android);
    expect(pass).not.toHaveProperty("uninstalledAt");
  }
  for (const id of [installed, never]) await setRows(passRows, { id }, { googleUninstalledAt: at + 1 });
  const { passes } = await list(eventId);
  const gone = new Date(at + 1).toISOString();
  expect(passes).toMatchObject([
    { id: removed, ...android },
    { id: installed, status: "installed", platform: "ios" },
    { id: never, status: "uninstalled", installedAt: time, uninstalledAt: gone, platform: "android" },
  ]);
  expect(await ids(eventId, "?status=installed")).toEqual([removed, installed]);
  expect(await ids(eventId, "?status=uninstalled")).toEqual([never]);
  expect(await ids(eventId, "?status=been_installed")).toEqual([removed, installed, never]);
  expect(await ids(eventId, "?status=not_been_installed")).toEqual([]);
});

test("E3: status selects the passes that are, were and never were installed, and count counts them", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  const found = async (status: string) => {
    const { passes, count } = await list(eventId, `?status=${status}`);
    expect(count).toBe(passes.length);
    return passes.map(({ id }) => id);
  };
  expect(await found("installed")).toEqual([installed]);
  expect(await found("uninstalled")).toEqual([removed]);
  expect(await found("been_installed")).toEqual([removed, installed]);
  expect(await found("not_been_installed")).toEqual([never]);
});

test("E3: pages begin at 1, the effective parameters are returned, and count is the total of all pages", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  const second = await list(eventId, "?pageSize=2&page=2");
  expect(second.passes.map(({ id }) => id)).toEqual([never]);
  expect(second.count).toBe(3);
  expect(second.pagination).toEqual({ order: "id", direction: "desc", page: 2, start: 2, pageSize: 2 });
  expect(await ids(eventId, "?pageSize=2")).toEqual([removed, installed]);
  expect((await list(eventId, "?page=9")).passes).toEqual([]);
});

test("E3: passes are ordered by id, createdAt or updatedAt, in either direction, in upper or lower case", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  await admin.change(never, { values: { points: "9" } });
  expect(await ids(eventId, "?direction=ASC")).toEqual([never, installed, removed]);
  expect(await ids(eventId, "?direction=asc&order=createdAt")).toEqual([never, installed, removed]);
  expect(await ids(eventId, "?order=createdAt&direction=DESC")).toEqual([removed, installed, never]);
  expect((await ids(eventId, "?order=updatedAt"))[0]).toBe(never);
  const { pagination } = await list(eventId, "?order=updatedAt&direction=ASC");
  expect(pagination).toMatchObject({ order: "updatedAt", direction: "asc" });
});

test.each([
  "?status=lost",
  "?pageSize=0",
  "?pageSize=1001",
  "?pageSize=ten",
  "?page=0",
  "?page=-1",
  "?page=1.5",
  "?order=name",
  "?direction=UP",
])("E3: %s is refused with 400, and the error names the parameter", async (query) => {
  const answer = await refusal(await get(path(await makeEvent(), query), KEY));
  expect(answer).toEqual({
    status: 400,
    code: "invalid_parameter",
    pointer: `/${query.slice(1).split("=")[0]}`,
  });
});

test("E2: ids that are not integers are refused with 400", async () => {
  expect((await get(path("tonight"), KEY)).status).toBe(400);
  expect((await get(path(1, "", "tour"), KEY)).status).toBe(400);
});

test("E4: Api-Revision must be 1.2 or absent, and another is refused with 400", async () => {
  const eventId = await makeEvent();
  expect((await get(path(eventId), { ...KEY, "Api-Revision": "1.2" })).status).toBe(200);
  expect((await get(path(eventId), { ...KEY, "Api-Revision": "1.3" })).status).toBe(400);
});

test("E5: the key is accepted as Bearer, or as the password of Basic with any user", async () => {
  const eventId = await makeEvent();
  const status = async (headers: Record<string, string>) => (await get(path(eventId), headers)).status;
  expect(await status(basic("", ADMIN_TOKEN))).toBe(200);
  expect(await status(basic("somebody", ADMIN_TOKEN))).toBe(200);
  expect(await status({})).toBe(401);
  expect(await status(basic(ADMIN_TOKEN, ""))).toBe(401);
  expect(await status({ Authorization: "Bearer wrong" })).toBe(401);
  expect((await get(path(eventId, `?api_token=${ADMIN_TOKEN}`))).status).toBe(401);
  const refused = await get(path(eventId));
  expect(refused.headers.get("www-authenticate")).toMatch(/Bearer.*Basic/);
});

test("Basic can be disabled, Bearer cannot", async () => {
  const request = (headers: Record<string, string>) => ask("GET", path(999_999), headers);
  const off = { LEGACY_AUTHORIZATION: "api_token" };
  expect((await askWith(off, request(basic("", ADMIN_TOKEN)))).status).toBe(401);
  expect((await askWith(off, request(KEY))).status).toBe(404);
});

test("E7: an event that does not exist, belongs to another project or was deleted is refused with 404", async () => {
  const eventId = await makeEvent();
  expect(await refusal(await get(path(999_999), KEY))).toMatchObject({
    status: 404,
    code: "event_not_found",
  });
  expect((await get(path(eventId, "", projectId + 1000), KEY)).status).toBe(404);
  await call("DELETE", `/projects/${projectId}/events/${eventId}`);
  expect((await get(path(eventId), KEY)).status).toBe(404);
});

test("a pass that leaves the event or is deleted is no longer listed", async () => {
  const { eventId, installed, removed, never } = await eventWithThree();
  await admin.change(removed, { eventId: null });
  await admin.delete(never);
  expect(await ids(eventId, "")).toEqual([installed]);
});

test("url returns the pass only to clients with the key", async () => {
  const { eventId } = await eventWithThree();
  const [first] = (await list(eventId)).passes;
  const address = new URL(first?.url ?? "").pathname;
  const response = await get(address, basic("", ADMIN_TOKEN));
  expect(response.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  expect((await accept(new Uint8Array(await response.arrayBuffer()))).pass.serialNumber).toBe(
    first?.serialNumber,
  );
  const etag = response.headers.get("etag") ?? "";
  expect((await get(address, { ...KEY, "If-None-Match": etag })).status).toBe(304);
  expect((await get(address)).status).toBe(401);
  expect((await get("/v1/pass/999999/download", KEY)).status).toBe(404);
  expect((await get("/v1/pass/first/download", KEY)).status).toBe(400);
});

test("a deleted pass cannot be downloaded", async () => {
  const pass = await admin.issue(templateId);
  await admin.delete(pass.id);
  expect((await get(`/v1/pass/${pass.id}/download`, KEY)).status).toBe(404);
});

test("the dialect can be disabled", async () => {
  const closed = { DIALECTS: "voltmx" };
  for (const request of [ask("GET", path(1), KEY), ask("GET", "/v1/pass/1/download", KEY)]) {
    expect(await refusal(await askWith(closed, request))).toMatchObject({
      status: 404,
      code: "route_not_found",
    });
  }
});
