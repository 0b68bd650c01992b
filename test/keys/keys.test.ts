/**
 * API keys: what they cost, how they end, what readers and scanners see, and the APIs of other systems.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { drawBarcode } from "../../src/barcodes/draw.ts";
import { readConfig } from "../../src/config.ts";
import { changes, keys } from "../../src/db/schema.ts";
import { writeKey } from "../../src/keys/key-text.ts";
import type { Pass } from "../../src/passes/show.ts";
import { storeDeadLetter } from "../../src/push/dead-letters.ts";
import { cost, NOTHING, spent } from "../cost.ts";
import { admin, call, get, ORIGIN, randomPushToken, refused } from "../harness.ts";
import { db, rowOf, rowsOf } from "../rows.ts";
import { callWith, type MadeKey, makeKey } from "./clients.ts";

const PASS_TYPE = "pass.test.keys";
const MINUTE = 60_000;
let pass: Pass;
let foreign: Pass;
let eventId: number;
let projectId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const [{ id: templateId }, other] = [
    await admin.makeTemplate(PASS_TYPE),
    await admin.makeTemplate(PASS_TYPE),
  ];
  ({ id: eventId, projectId } = await admin.makeEvent());
  pass = await admin.issue(templateId, { serialNumber: "mine", externalId: "of-the-shop", eventId });
  foreign = await admin.issue(other.id, { serialNumber: "foreign" });
});

afterEach(() => {
  vi.useRealTimers();
});

/** The clock of the Worker. Timers run on. */
function setClock(at: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: at });
}

/** The default is refused after the authentication, so it costs only that. */
const keyedCost = (key: string, path = "/passes?limit=0") =>
  cost(new Request(`${ORIGIN}/admin/v1${path}`, { headers: { Authorization: `Bearer ${key}` } }));

test("a made-up key costs no query, whichever of its parts is made up", async () => {
  const { key } = await makeKey();
  const { secrets } = readConfig(env);
  const foreignKey = await writeKey(secrets, secrets.newestKeyId, 1, "0".repeat(32));
  const madeUp = [
    key.replace(/^epkey_1_\d+/, "epkey_1_999"),
    key.replace(/^epkey_1/, "epkey_2"),
    key.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    `${key}0`,
    foreignKey.replace(/_[0-9a-f]{32}_/, `_${"1".repeat(32)}_`),
    "epkey_",
    "epkey_1_1_x_y",
  ];
  for (const text of madeUp) {
    const { status, answer, after } = await keyedCost(text);
    expect([text, status, answer, after]).toEqual([text, 401, NOTHING, NOTHING]);
  }
  // One that this deployment could have made, such as one of a database that was restored: one query a minute.
  expect(await keyedCost(foreignKey)).toMatchObject({ status: 401, answer: { trips: 1 }, after: NOTHING });
  expect(await keyedCost(foreignKey)).toMatchObject({ status: 401, answer: NOTHING, after: NOTHING });
});

test("a key costs one round trip a minute, a scope one for each request that names something, and its use one write an hour", async () => {
  const start = Date.now();
  setClock(start);
  const { id, key } = await makeKey({ role: "reader", scope: { events: [eventId] } });
  const read = spent({ trips: 1, statements: 1, rowsRead: 1 });
  /** The write is sent before the answer, which does not wait for it. */
  const written = async () => {
    const { answer, after } = await keyedCost(key);
    return { trips: answer.trips + after.trips, rowsWritten: answer.rowsWritten + after.rowsWritten };
  };
  expect(await written()).toEqual({ trips: 2, rowsWritten: 1 });
  expect(await rowOf(keys, { id })).toMatchObject({ lastUsedAt: start });
  expect(await keyedCost(key)).toMatchObject({ answer: NOTHING, after: NOTHING });
  const named = await keyedCost(key, `/passes/${pass.id}`);
  expect([named.status, named.answer.trips]).toEqual([200, 2]);
  setClock(start + MINUTE);
  expect(await keyedCost(key)).toMatchObject({ answer: read, after: NOTHING });
  setClock(start + 60 * MINUTE);
  expect(await written()).toEqual({ trips: 2, rowsWritten: 1 });
  expect(await rowOf(keys, { id })).toMatchObject({ lastUsedAt: start + 60 * MINUTE });
});

test("a revoked key ends within a minute, and costs one query a minute then", async () => {
  const start = Date.now();
  setClock(start);
  const made = await makeKey({ role: "scanner" });
  expect((await callWith(made, "GET", "/me")).status).toBe(200);
  // Another isolate revokes it: this one does not know.
  await env.DB.prepare("UPDATE keys SET revoked_at = ? WHERE id = ?").bind(start, made.id).run();
  setClock(start + MINUTE - 1);
  expect((await callWith(made, "GET", "/me")).status).toBe(200);
  setClock(start + MINUTE);
  const { status, body } = await callWith(made, "GET", "/me");
  expect([status, body.code]).toEqual([401, "key_revoked"]);
  expect(body.detail).toBe("The key was revoked. Use another one.");
  expect(await keyedCost(made.key)).toMatchObject({ status: 401, answer: NOTHING, after: NOTHING });
  // The isolate that revokes it refuses it at once.
  const other = await makeKey();
  await callWith(other, "GET", "/me");
  expect((await call("DELETE", `/keys/${other.id}`)).status).toBe(204);
  expect((await callWith(other, "GET", "/me")).status).toBe(401);
  const { body: list } = await call<{ items: object[] }>("GET", "/keys?limit=1");
  expect(list.items).toEqual([expect.objectContaining({ id: other.id, revokedAt: expect.any(String) })]);
  await refused(["DELETE", "/keys/999999"], { status: 404, code: "key_not_found" });
});

test("a key expires", async () => {
  const start = Date.now();
  setClock(start);
  const made = await makeKey({ expiresAt: new Date(start + 1000).toISOString() });
  expect((await callWith(made, "GET", "/me")).status).toBe(200);
  setClock(start + 1000);
  expect(await callWith(made, "GET", "/me")).toMatchObject({
    status: 401,
    body: { code: "key_expired", detail: "The key has expired. Use another one." },
  });
  // Nobody learns by a made-up key whether there is one.
  const madeUp = made.key.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  expect((await callWith({ key: madeUp }, "GET", "/me")).body.code).toBe("unauthorized");
  const past = { name: "Gate", role: "scanner", expiresAt: new Date(start).toISOString() };
  await refused(["POST", "/keys", past], { status: 400, code: "invalid_body", pointer: "/expiresAt" });
});

test("a key is shown once and stored hashed; a scope names what exists", async () => {
  const { id, key } = await makeKey({ name: "Till", scope: { templates: [pass.templateId] } });
  expect(key).toMatch(/^epkey_1_\d+_[0-9a-f]{32}_[0-9a-f]{64}$/);
  const [, random = ""] = /_([0-9a-f]{32})_/.exec(key) ?? [];
  expect(JSON.stringify(await rowsOf(keys))).not.toContain(random);
  expect(JSON.stringify((await call("GET", "/keys")).body)).not.toContain(random);
  const scope = { projects: [], events: [], templates: [pass.templateId] };
  expect((await callWith({ key }, "GET", "/me")).body).toMatchObject({
    actor: `key:${id} Till`,
    name: "Till",
    role: "admin",
    expiresAt: null,
    scope,
  });
  const unknown = { name: "Gate", role: "scanner", scope: { events: [eventId, 999_999] } };
  await refused(["POST", "/keys", unknown], {
    status: 404,
    code: "event_not_found",
    pointer: "/scope/events/1",
  });
  const empty = { name: "Gate", role: "scanner", scope: {} };
  await refused(["POST", "/keys", empty], { status: 400, code: "invalid_body", pointer: "/scope" });
});

test("GET /me names what the scope reaches, in one round trip, without what was deleted; without a scope it costs nothing", async () => {
  const night = {
    relevantDates: [{ startDate: "2027-06-12T20:00+02:00", endDate: "2027-06-12T23:00+02:00" }],
  };
  const { id: berlin } = await admin.makeEvent({ name: "Berlin", pass: night });
  const cancelled = await admin.makeEvent();
  const { templateId } = pass;
  const scope = { projects: [projectId], events: [berlin, cancelled.id, eventId], templates: [templateId] };
  const expiresAt = "2099-06-13T04:00:00.000Z";
  const gate = await makeKey({ role: "scanner", scope, expiresAt });
  await admin.deleteEvent(cancelled);
  const [project, template] = [
    (await call<{ name: string }>("GET", `/projects/${projectId}`)).body,
    (await call<{ name: string }>("GET", `/templates/${templateId}`)).body,
  ];
  expect((await callWith(gate, "GET", "/me")).body).toEqual({
    actor: `key:${gate.id} Gate`,
    name: "Gate",
    role: "scanner",
    expiresAt,
    scope,
    resources: {
      projects: [{ id: projectId, name: project.name }],
      events: [
        { id: eventId, name: expect.any(String), projectId, date: null },
        { id: berlin, name: "Berlin", projectId: expect.any(Number), date: "2027-06-12T20:00+02:00" },
      ],
      templates: [{ id: templateId, name: template.name, organizationName: expect.any(String) }],
    },
  });
  const { answer } = await keyedCost(gate.key, "/me");
  expect([answer.trips, answer.statements, answer.rowsRead <= 20]).toEqual([1, 3, true]);
  expect((await call("GET", "/me")).body).toEqual({
    actor: "admin",
    name: null,
    role: "admin",
    expiresAt: null,
    scope: null,
    resources: null,
  });
});

test("a scanner's key comes with the link and the QR code of the scanner, and expires after 7 days", async () => {
  const start = Date.now();
  setClock(start);
  const { key, expiresAt, scanner } = await makeKey({ role: "scanner", place: "Gate 2 & Süd" });
  expect(scanner?.url).toBe(`${ORIGIN}/scan#key=${key}&place=Gate%202%20%26%20S%C3%BCd`);
  expect(expiresAt).toBe(new Date(start + 7 * 24 * 60 * MINUTE).toISOString());
  const { url, qrCode } = scanner ?? expect.fail();
  const image = /^data:image\/svg\+xml;base64,([\w+/]+=*)$/.exec(qrCode)?.[1] ?? expect.fail();
  expect(atob(image)).toContain(drawBarcode({ format: "PKBarcodeFormatQR", message: url })?.path);
  expect(atob(image)).not.toContain(key);
  const endless = await makeKey({ role: "scanner", expiresAt: null });
  expect([endless.expiresAt, endless.scanner?.url]).toEqual([null, `${ORIGIN}/scan#key=${endless.key}`]);
  // The longest place still fits into a QR code.
  const longest = await makeKey({ role: "scanner", place: "入".repeat(200) });
  expect(longest.scanner?.qrCode).toMatch(/^data:/);
  const reader = await makeKey({ role: "reader" });
  expect(reader.expiresAt).toBeNull();
  expect(reader).not.toHaveProperty("scanner");
  const placed = { name: "Till", role: "reader", place: "Gate 2" };
  await refused(["POST", "/keys", placed], { status: 400, code: "invalid_body", pointer: "/place" });
  const stored = await rowsOf(keys);
  expect(JSON.stringify(stored)).not.toContain("Süd");
});

test("a name looks like no other actor, and the end of a key is a time that answers can show", async () => {
  for (const name of ["Gate\nkey:1 Till", "Gate\u2028", "\u202eetaG", " \u200b "])
    await refused(["POST", "/keys", { name, role: "reader" }], {
      status: 400,
      code: "invalid_body",
      pointer: "/name",
    });
  const late = { name: "Gate", role: "reader", expiresAt: "9999-12-31T23:59:59-23:59" };
  await refused(["POST", "/keys", late], { status: 400, code: "invalid_body", pointer: "/expiresAt" });
  expect((await makeKey({ name: "入口 №2 🎟️" })).id).toBeGreaterThan(0);
});

test("the change log and scans have the name of the key, and another key cannot undo a scan", async () => {
  const [gate, other] = [
    await makeKey({ name: "Gate 1", role: "scanner" }),
    await makeKey({ role: "scanner" }),
  ];
  const actor = `key:${gate.id} Gate 1`;
  const scan = { scanId: crypto.randomUUID(), code: "mine" };
  const { body } = await callWith<{ results: object[] }>(gate, "POST", "/scans", { scans: [scan] });
  expect(body.results).toEqual([expect.objectContaining({ outcome: "redeemed" })]);
  expect((await rowsOf(changes, { kind: "redeemed" })).at(-1)).toMatchObject({ actor });
  const undo = `/scans/${scan.scanId}/undo`;
  expect((await callWith(other, "POST", undo)).body).toMatchObject({ code: "scan_by_another_key" });
  expect((await callWith(gate, "POST", undo)).status).toBe(200);
});

test("a scanner sees the front of a pass, its status and its times, and no link, token or externalId", async () => {
  const gate = await makeKey({ role: "scanner", scope: { events: [eventId] } });
  const found = await callWith<{ pass: object }>(gate, "GET", "/scans/lookup?code=mine");
  expect(found.body).toMatchObject({
    outcome: "found",
    pass: { id: pass.id, status: "active" },
    firstRedemption: null,
  });
  const scans = { scans: [{ scanId: crypto.randomUUID(), code: "mine" }] };
  const sent = await callWith(gate, "POST", "/scans", scans);
  for (const answer of [found.body, sent.body].map((body) => JSON.stringify(body)))
    for (const hidden of [pass.webToken, "Url", "externalId", "of-the-shop"])
      expect(answer).not.toContain(hidden);
  await admin.unredeem(pass.id);
  expect((await callWith(gate, "GET", "/scans/lookup?code=foreign")).body).toMatchObject({
    outcome: "unknown",
    pass: null,
  });
  // This path is not in the document, so the table of access.test.ts does not have it.
  expect((await callWith(gate, "GET", "/passes/by-external-id/of-the-shop")).status).toBe(403);
});

test("a reader sees passes without links; an issuer sees the links", async () => {
  const [reader, issuer] = [await makeKey({ role: "reader" }), await makeKey({ role: "issuer" })];
  for (const path of [
    `/passes/${pass.id}`,
    "/passes?tag=",
    "/passes?code=mine",
    "/passes",
    "/passes/by-external-id/of-the-shop",
  ]) {
    const { status, body } = await callWith(reader, "GET", path);
    expect([status, JSON.stringify(body)]).toEqual([
      200,
      expect.not.stringMatching(/webToken|downloadUrl|landingUrl/),
    ]);
  }
  expect((await callWith<Pass>(issuer, "GET", `/passes/${pass.id}`)).body.webToken).toBe(pass.webToken);
});

test("only an admin sees the push tokens in dead letters", async () => {
  const token = randomPushToken();
  const push = { kind: "push", passTypeIdentifier: PASS_TYPE, tokens: [token], attempt: 9 } as const;
  await storeDeadLetter(db, "of a reader", push, Date.now());
  for (const [role, expected] of [
    ["reader", expect.not.stringContaining(token)],
    ["issuer", expect.not.stringContaining(token)],
    ["admin", expect.stringContaining(token)],
  ] as const) {
    const { status, body } = await callWith(await makeKey({ role }), "GET", "/dead-letters");
    expect([status, JSON.stringify(body)]).toEqual([200, expected]);
    expect(body).toMatchObject({ items: [{ message: { passTypeIdentifier: PASS_TYPE, attempt: 9 } }] });
  }
});

test("what a key with a scope makes stays in the scope", async () => {
  const made = await makeKey({ scope: { projects: [projectId], templates: [pass.templateId] } });
  const requests: [method: string, path: string, body?: unknown][] = [
    ["POST", `/templates/${pass.templateId}/copy`, {}],
    ["PATCH", `/templates/${pass.templateId}`, { projectId: null }],
  ];
  for (const [method, path, body] of requests)
    expect((await callWith(made, method, path, body)).body).toMatchObject({ code: "forbidden_scope" });
  const put = { templateId: pass.templateId };
  const path = `/pass-types/${PASS_TYPE}/passes/foreign`;
  for (const taken of [
    await callWith(made, "PUT", path, put),
    await callWith(made, "PUT", path, put, { "If-None-Match": "*" }),
    await callWith(made, "POST", `/templates/${pass.templateId}/passes`, { serialNumber: "foreign" }),
  ]) {
    expect([taken.status, taken.body.code]).toEqual([409, "serial_number_taken"]);
    expect(taken.body).not.toHaveProperty("passId");
    expect(taken.body.detail).not.toContain(String(foreign.id));
  }
  const moved = { passIds: [pass.id, foreign.id], eventId };
  expect((await callWith(made, "POST", "/passes/move", moved)).body).toMatchObject({
    code: "pass_not_found",
    pointer: "/passIds/1",
  });
});

test("a repeated request does not show what has left the scope since", async () => {
  const key = await makeKey({ scope: { projects: [projectId], templates: [pass.templateId] } });
  const repeatable = (method: string, path: string, body: unknown) => () =>
    callWith<{ id: number }>(key, method, path, body, { "Idempotency-Key": `${method} ${path}` });
  const copy = repeatable("POST", `/templates/${pass.templateId}/copy`, { projectId });
  const { id: templateId } = (await copy()).body;
  const put = repeatable("PUT", `/pass-types/${PASS_TYPE}/passes/leaves`, { templateId });
  expect((await put()).status).toBe(201);
  await call("PATCH", `/templates/${templateId}`, { projectId: null });
  for (const [repeat, code] of [
    [copy, "template_not_found"],
    [put, "pass_not_found"],
  ] as const)
    expect(await repeat()).toMatchObject({ status: 404, body: { code } });
});

test("the APIs of other systems take keys, by role and scope", async () => {
  const scope = { templates: [pass.templateId] };
  const [reader, issuer] = [await makeKey({ role: "reader" }), await makeKey({ role: "issuer", scope })];
  const ofEvent = await makeKey({ role: "reader", scope: { events: [eventId] } });
  const passdock = async ({ key }: MadeKey, path: string) =>
    (await get(`/api/v1${path}${path.includes("?") ? "&" : "?"}api_token=${key}`)).status;
  const passes = ({ templateId }: Pass) => `/templates/${templateId}/passes`;
  expect(await passdock(reader, passes(pass))).toBe(403);
  expect(await passdock(issuer, passes(pass))).toBe(200);
  expect(await passdock(issuer, `${passes(pass)}/${pass.id}`)).toBe(200);
  expect(await passdock(issuer, passes(foreign))).toBe(404);
  expect(await passdock(issuer, `${passes(foreign)}/${foreign.id}`)).toBe(404);
  expect(await passdock(issuer, `${passes(foreign)}/${foreign.id}?show=true`)).toBe(404);
  expect(await passdock(issuer, "/passes/search?code=mine")).toBe(200);
  expect(await passdock(issuer, "/passes/search?code=foreign")).toBe(404);
  const airship = async ({ key }: MadeKey, path: string) =>
    (await get(`/v1${path}`, { Authorization: `Basic ${btoa(`any:${key}`)}` })).status;
  const list = `/events/project/${projectId}/${eventId}/passes`;
  expect(await airship(reader, list)).toBe(200);
  expect(await airship(ofEvent, list)).toBe(200);
  expect(await airship(issuer, list)).toBe(404);
  expect(await airship(ofEvent, `/pass/${pass.id}/download`)).toBe(403);
  expect(await airship(issuer, `/pass/${pass.id}/download`)).toBe(200);
  expect(await airship(issuer, `/pass/${foreign.id}/download`)).toBe(404);
});
