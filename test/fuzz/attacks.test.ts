/**
 * Attacks on authorization: guessing, the right key at the wrong API, another method in disguise, cross-site requests,
 * a shared cache. Each test is named after its attack.
 *
 * injection.test.ts has injected texts, bodies.test.ts has the costs of bodies.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { counted } from "../counting.ts";
import { ADMIN_TOKEN, admin, ORIGIN, randomPushToken, send } from "../harness.ts";
import { FOREIGN_HOST } from "../tools/fuzz/nasty.ts";
import { ask, type Holder, holderOf, listPath, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.attacks";
const OTHER_TYPE = "pass.test.attacks.other";
let pass: Pass;
let holder: Holder;
let event: { projectId: number; id: number };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makePassType(OTHER_TYPE, undefined, "P-256");
  event = await admin.makeEvent();
  const { id } = await admin.makeTemplate(PASS_TYPE);
  pass = await admin.issue(id, { serialNumber: "known", eventId: event.id });
  holder = await holderOf(pass);
});

/** The response, byte for byte, and its database queries. */
async function seen(request: Request) {
  const { env: counting, asked } = counted(env);
  const context = createExecutionContext();
  const response = await worker.fetch(request, counting, context);
  await waitOnExecutionContext(context);
  return {
    status: response.status,
    headers: [...response.headers].toSorted(),
    body: await response.text(),
    statements: asked.map(({ sql }) => sql),
  };
}

/** The client, and anyone who measures the database, cannot distinguish these requests. */
async function expectAlike(requests: readonly Request[]) {
  const [first, ...others] = await Promise.all(requests.map(seen));
  for (const other of others) expect(other).toEqual(first);
  return first;
}

describe("guessing", () => {
  const wrong = { Authorization: `ApplePass ep1_${"A".repeat(43)}` };
  const paths = [
    `/v1/passes/${PASS_TYPE}/known`,
    `/v1/passes/${PASS_TYPE}/unknown`,
    `/v1/passes/${OTHER_TYPE}/known`,
    "/v1/passes/pass.test.of-nobody/known",
    `/v1/passes/${PASS_TYPE}/${"x".repeat(3000)}`,
  ];

  test("a serial number on /v1 reveals nothing and causes no query", async () => {
    for (const headers of [wrong, {}]) {
      const told = await expectAlike(paths.map((path) => ask("GET", path, headers)));
      expect(told).toMatchObject({ status: 401, statements: [] });
      const registrations = paths.map((path) =>
        path.replace("/v1/passes/", `/v1/devices/${randomDevice()}/registrations/`),
      );
      for (const method of ["POST", "DELETE"]) {
        const body = method === "POST" ? { pushToken: randomPushToken() } : undefined;
        const refused = await expectAlike(registrations.map((path) => ask(method, path, headers, body)));
        expect(refused).toMatchObject({ status: 401, statements: [], body: told?.body });
      }
    }
  });

  test("a device or a pass type in the list route reveals nothing", async () => {
    const device = randomDevice();
    await holder.register(device);
    const told = await expectAlike([
      ask("GET", listPath(randomDevice(), PASS_TYPE)),
      ask("GET", listPath(device, OTHER_TYPE)),
      ask("GET", listPath(device, "pass.test.of-nobody")),
      ask("GET", listPath(device.toUpperCase(), PASS_TYPE)),
      ask("GET", listPath("'", "'")),
    ]);
    expect(told).toMatchObject({ status: 204, body: "" });
    expect(told?.statements).toHaveLength(1);
    expect((await seen(ask("GET", listPath(device, PASS_TYPE)))).status).toBe(200);
    await holder.unregister(device);
  });

  test("a pass with passLifecycleUpdate reveals nothing", async () => {
    const told = await expectAlike(
      paths.slice(0, 4).map((path) => ask("POST", `${path}/passLifecycleUpdate`, {}, { passState: "added" })),
    );
    expect(told).toMatchObject({ status: 200, body: "" });
    expect(told?.statements).toHaveLength(1);
  });

  test("a link reveals nothing: a wrong link, one of another pass and one of a deleted pass have the same response", async () => {
    const deleted = await admin.issue(pass.templateId);
    await admin.delete(deleted.id);
    for (const link of [
      (id: number, token: string) => `/p/${id}/${token}`,
      (id: number, token: string) => `/passes/${id}/${token}.pkpass`,
    ]) {
      const answered = await expectAlike([
        ask("GET", link(pass.id, "0".repeat(40))),
        ask("GET", link(999_999, "f".repeat(40))),
      ]);
      expect(answered?.status).toBe(404);
      expect(answered?.statements).toHaveLength(1);
      // Somebody who has the link of a deleted pass knows that there was one. It is looked for on a replica first.
      const { statements, ...response } = await seen(ask("GET", link(deleted.id, deleted.webToken)));
      expect({ ...response, statements: [...new Set(statements)] }).toEqual(answered);
    }
  });

  test("ids without the key reveals neither events in Airship's API nor templates in Passdock's", async () => {
    const airship = (id: number) => ask("GET", `/v1/events/project/${event.projectId}/${id}/passes`);
    const passdock = (id: number) => ask("GET", `/api/v1/templates/${id}/passes`);
    for (const api of [airship, passdock]) {
      const told = await expectAlike([api(event.id), api(999_999)]);
      expect(told).toMatchObject({ status: 401, statements: [] });
    }
  });
});

test("a credential is accepted only by its own APIs, in whatever form it is sent", async () => {
  const { webToken } = pass;
  const credentials = { admin: ADMIN_TOKEN, pass: holder.token, link: webToken };
  const forms: Record<string, (key: string) => [query: string, headers: Record<string, string>]> = {
    Bearer: (key) => ["", { Authorization: `Bearer ${key}` }],
    Basic: (key) => ["", { Authorization: `Basic ${btoa(`any:${key}`)}` }],
    ApplePass: (key) => ["", { Authorization: `ApplePass ${key}` }],
    api_token: (key) => [`?api_token=${key}`, {}],
    twice: (key) => ["", { Authorization: `Bearer x, Bearer ${key}` }],
    "X-Api-Key": (key) => ["", { "X-Api-Key": key }],
    Cookie: (key) => ["", { Cookie: `api_token=${key}; Authorization=${key}` }],
  };
  const apis: Record<string, string> = {
    admin: `/admin/v1/passes/${pass.id}`,
    airship: `/v1/events/project/${event.projectId}/${event.id}/passes`,
    passdock: `/api/v1/templates/${pass.templateId}/passes/${pass.id}`,
    wallet: `/v1/passes/${PASS_TYPE}/known`,
    voltmx: `/api/v1/passes/${PASS_TYPE}/known`,
    page: `/p/${pass.id}/${"0".repeat(40)}`,
  };
  const opened: string[] = [];
  for (const [who, key] of Object.entries(credentials)) {
    for (const [form, put] of Object.entries(forms)) {
      for (const [api, path] of Object.entries(apis)) {
        const [query, headers] = put(key);
        const { status } = await send(ask("GET", path + query, headers));
        if (status < 400) opened.push(`${who} as ${form} at ${api}`);
        else expect([401, 404]).toContain(status);
      }
    }
  }
  expect(opened).toEqual([
    "admin as Bearer at admin",
    "admin as Bearer at airship",
    "admin as Bearer at passdock",
    "admin as Basic at airship",
    "admin as api_token at passdock",
    "pass as ApplePass at wallet",
    "pass as ApplePass at voltmx",
  ]);
});

test("a header or parameter that names another method is ignored", async () => {
  const key = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  for (const name of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"]) {
    const shown = await send(
      ask("GET", `/admin/v1/passes/${pass.id}?${name}=DELETE`, { ...key, [name]: "DELETE" }),
    );
    expect(shown.status).toBe(200);
    const form = { [name]: "DELETE", "Content-Type": "application/x-www-form-urlencoded" };
    const path = `/api/v1/templates/${pass.templateId}/passes/${pass.id}?api_token=${ADMIN_TOKEN}`;
    expect((await send(ask("POST", path, form, `${name}=DELETE`))).status).toBe(404);
  }
  for (const method of ["OPTIONS", "PROPFIND", "PURGE"]) {
    expect((await send(ask(method, `/admin/v1/passes/${pass.id}`, key))).status).toBe(405);
  }
  expect((await admin.show(pass.id)).id).toBe(pass.id);
});

test("another site cannot read responses: no API sends Access-Control headers", async () => {
  const paths = [
    "/v1/log",
    `/v1/passes/${PASS_TYPE}/known`,
    "/api/v1/passes/search",
    "/admin/v1/passes",
    "/",
  ];
  for (const path of [...paths, "/admin/openapi.json", new URL(pass.downloadUrl).pathname]) {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const origin = `https://${FOREIGN_HOST}`;
      const preflight = { Origin: origin, "Access-Control-Request-Method": "PUT" };
      const response = await send(ask(method, path, preflight));
      const names = [...response.headers.keys()].filter((name) => name.startsWith("access-control"));
      expect([path, names]).toEqual([path, []]);
      if (method === "OPTIONS") expect(response.status).toBeGreaterThanOrEqual(400);
    }
  }
});

/** Headers that a proxy between a reader and the service may add. */
const FORWARDED = {
  Host: FOREIGN_HOST,
  Forwarded: `host=${FOREIGN_HOST};proto=http`,
  "X-Forwarded-Host": FOREIGN_HOST,
  "X-Forwarded-Server": FOREIGN_HOST,
  "X-Forwarded-Proto": "http",
  "X-Forwarded-Prefix": `/${FOREIGN_HOST}`,
  "X-Original-URL": `/${FOREIGN_HOST}`,
  "X-Rewrite-URL": "/admin/openapi.json",
};
const keyed = { Authorization: `Bearer ${ADMIN_TOKEN}` };
/** The passes in the responses of every API. */
const readings = (): [path: string, headers: Record<string, string>][] => [
  [`/v1/events/project/${event.projectId}/${event.id}/passes`, keyed],
  [`/api/v1/templates/${pass.templateId}/passes/${pass.id}`, keyed],
  [`/api/v1/templates/${pass.templateId}/passes`, keyed],
  [`/admin/v1/passes/${pass.id}`, keyed],
  [new URL(pass.landingUrl).pathname, {}],
];

test("cache poisoning: no response of any API depends on a header that a client can choose freely", async () => {
  for (const [path, headers] of readings()) {
    const plain = await seen(ask("GET", path, headers));
    expect(plain.status).toBe(200);
    expect(await seen(ask("GET", path, { ...headers, ...FORWARDED }))).toEqual(plain);
    const elsewhere = new Request(`https://${FOREIGN_HOST}${path}`, { headers });
    expect(await seen(elsewhere)).toEqual(plain);
    expect(plain.body).not.toContain(FOREIGN_HOST);
  }
});

test("reading from a shared cache: responses with private data forbid shared caches to store them", async () => {
  const device = randomDevice();
  await holder.register(device);
  const { pathname } = new URL(pass.downloadUrl);
  const asked: [path: string, headers: Record<string, string>][] = [
    ...readings(),
    [pathname, {}],
    [holder.path, holder.authorization],
    [`/v1/pass/${pass.id}/download`, keyed],
    [listPath(device, PASS_TYPE), {}],
  ];
  for (const [path, headers] of asked) {
    const response = await send(new Request(ORIGIN + path, { headers }));
    const kept = response.headers.get("cache-control");
    expect([path, response.status, kept]).toEqual([
      path,
      200,
      expect.stringMatching(/^private, no-(store|cache)$/),
    ]);
  }
  await holder.unregister(device);
});
