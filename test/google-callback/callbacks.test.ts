/**
 * The address of Google's callbacks, against the stand-in Google: what they do to the install status of a pass, each one once and in
 * any order, and what a refused one costs.
 */
import { beforeAll, expect, test, vi } from "vitest";
import { googleNonces, googleObjects, passes } from "../../src/db/schema.ts";
import { pruneNonces } from "../../src/google-wallet/installs.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { CallbackEvent } from "../google/stand-in/callbacks.ts";
import {
  ADMIN_TOKEN,
  admin,
  android,
  call,
  get,
  google,
  iphone,
  ORIGIN,
  type Problem,
  send,
} from "../harness.ts";
import { countRows, db, passRow, rowOf, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.google-callback";
const HOUR_MS = 3_600_000;
const CALLBACK = `${ORIGIN}/google/callback`;

let templateId: number;
let issuerId: string;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  const { issuerId: id, key } = await google.makeIssuer();
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  await call("POST", "/google-issuers", { issuerId: id, serviceAccount: key });
  issuerId = id;
});

/** A pass that Google has. */
async function clicked(): Promise<Pass & { readonly event: Pick<CallbackEvent, "classId" | "objectId"> }> {
  const pass = await admin.issue(templateId);
  await send(new Request(`${pass.landingUrl}/google`, { redirect: "manual" }));
  const { classId, resourceId: objectId } = await rowOf(googleObjects, { passId: pass.id });
  return { ...pass, event: { classId, objectId } };
}

const post = (body: unknown) =>
  send(
    new Request(CALLBACK, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) }),
  );

/** Google sends this callback. @returns the status of the answer, and the code of a refusal */
async function report(event: CallbackEvent): Promise<readonly [number, string?]> {
  return answerOf(await post(await google.signCallback(event)));
}

async function answerOf(response: Response): Promise<readonly [number, string?]> {
  if (response.status === 200) return [200];
  return [response.status, ((await response.json()) as Problem).code];
}

const inGoogle = async (id: number) => (await admin.show(id)).installs.google;

test("a class names the address of callbacks", async () => {
  const { event } = await clicked();
  const { classes } = await google.stored(issuerId);
  expect(classes.find(({ id }) => id === event.classId)).toMatchObject({
    callbackOptions: { url: CALLBACK },
  });
});

test("saved, removed and saved again: the pass follows, and Apple's side does not change", async () => {
  const { id, event } = await clicked();
  const { installedAt: _, googleInstalledAt: __, ...before } = await passRow(id);
  expect(await inGoogle(id)).toEqual({
    status: "not_been_installed",
    installedAt: null,
    uninstalledAt: null,
  });

  const at = Date.now();
  expect(await report({ ...event, eventType: "save", expTimeMillis: at + HOUR_MS })).toEqual([200]);
  const saved = await admin.show(id);
  expect(saved).toMatchObject({
    installStatus: "installed",
    installedAt: saved.installs.google.installedAt,
    installs: {
      apple: { status: "not_been_installed" },
      google: { status: "installed", uninstalledAt: null },
    },
  });
  expect(Date.parse(saved.installedAt ?? "")).toBeGreaterThanOrEqual(at);

  // Another person saves it: it is there since the first time.
  expect(await report({ ...event, eventType: "save", expTimeMillis: at + HOUR_MS + 1 })).toEqual([200]);
  expect((await admin.show(id)).installedAt).toBe(saved.installedAt);

  expect(await report({ ...event, eventType: "del", expTimeMillis: at + HOUR_MS + 2 })).toEqual([200]);
  const removed = await inGoogle(id);
  expect(removed).toMatchObject({ status: "uninstalled", installedAt: saved.installedAt });
  expect(removed.uninstalledAt).not.toBeNull();

  await setRows(passes, { id }, { googleInstalledAt: 1 });
  expect(await report({ ...event, eventType: "save", expTimeMillis: at + HOUR_MS + 3 })).toEqual([200]);
  expect(await inGoogle(id)).toMatchObject({ status: "installed", uninstalledAt: null });
  expect((await passRow(id)).googleInstalledAt).toBeGreaterThanOrEqual(at);
  const { tag, revision, updatedAt } = before;
  expect(await passRow(id)).toMatchObject({ tag, revision, updatedAt, installedAt: null });
});

test("a pass on an iPhone and on an Android phone: Airship's client sees the newest one that still has it", async () => {
  const event = await admin.makeEvent();
  const pass = await admin.issue(templateId, { eventId: event.id });
  const [phone, pixel] = [iphone(), android()];
  await phone.addFrom(pass.downloadUrl);
  const listed = async () => {
    const path = `/v1/events/project/${event.projectId}/${event.id}/passes?status=been_installed`;
    const response = await get(path, { Authorization: `Bearer ${ADMIN_TOKEN}` });
    const { passes: items } = await response.json<{ passes: { status: string; platform: string }[] }>();
    return items.map(({ status, platform }) => [status, platform]);
  };
  expect(await listed()).toEqual([["installed", "ios"]]);
  await setRows(passes, { id: pass.id }, { installedAt: Date.now() - HOUR_MS });
  const objectId = await pixel.addFrom(pass.landingUrl);
  expect(await listed()).toEqual([["installed", "android"]]);
  await pixel.remove(objectId);
  expect(await listed()).toEqual([["installed", "ios"]]);
  await phone.remove(phone.pass(PASS_TYPE, pass.serialNumber));
  expect(await listed()).toEqual([["uninstalled", "ios"]]);
  expect((await admin.show(pass.id)).installs).toMatchObject({
    apple: { status: "uninstalled", registrations: 0 },
    google: { status: "uninstalled" },
  });
});

test("a callback that arrives late, or twice, changes nothing, and is answered 200", async () => {
  const { id, event } = await clicked();
  const at = Date.now() + HOUR_MS;
  const save = await google.signCallback({ ...event, eventType: "save", expTimeMillis: at + 10 });
  expect([(await post(save)).status, (await post(save)).status]).toEqual([200, 200]);
  expect(await report({ ...event, eventType: "del", expTimeMillis: at })).toEqual([200]);
  expect(await inGoogle(id)).toMatchObject({ status: "installed" });
  expect(await report({ ...event, eventType: "del", expTimeMillis: at + 20 })).toEqual([200]);
  expect((await post(save)).status).toBe(200);
  expect(await inGoogle(id)).toMatchObject({ status: "uninstalled" });
  // The same nonce with a later time is a repeat as well.
  const repeated = { ...event, nonce: JSON.parse(save.signedMessage).nonce, expTimeMillis: at + 30 };
  expect(await report({ ...repeated, eventType: "save" })).toEqual([200]);
  expect(await inGoogle(id)).toMatchObject({ status: "uninstalled" });
});

test("what was removed before anything was heard of it had been saved", async () => {
  const { id, event } = await clicked();
  expect(await report({ ...event, eventType: "del" })).toEqual([200]);
  expect(await inGoogle(id)).toMatchObject({ status: "uninstalled", installedAt: expect.any(String) });
});

test("a deleted pass, an object of another deployment and an id of another form are answered 200 and change nothing", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id, event } = await clicked();
  await admin.delete(id);
  expect(await report({ ...event, eventType: "save" })).toEqual([200]);
  expect((await passRow(id)).googleInstalledAt).toBeNull();
  const other = await clicked();
  for (const objectId of [`${issuerId}.0000-p${other.id}-generic`, `${issuerId}.x`, `${issuerId}.-p-`])
    expect(await report({ classId: event.classId, objectId, eventType: "save" })).toEqual([200]);
  expect(await inGoogle(other.id)).toMatchObject({ status: "not_been_installed" });
  expect(log).toHaveBeenCalledWith(
    JSON.stringify({ event: "google_callback_ignored", reason: "unknown_object" }),
  );
  vi.restoreAllMocks();
});

test("forged and expired callbacks, and those of an issuer that is not here, are refused without a write", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id, event } = await clicked();
  const nonces = await countRows(googleNonces);
  const save = { ...event, eventType: "save" } as const;
  for (const flaw of ["stranger", "intermediate-expired", "signature", "other-issuer"] as const)
    expect([flaw, await report({ ...save, flaw })]).toEqual([flaw, [403, "google_callback_refused"]]);
  expect(log).not.toHaveBeenCalled(); // a stranger cannot fill the log
  expect(await report({ ...save, expTimeMillis: Date.now() - 1 })).toEqual([403, "google_callback_refused"]);
  const foreign = { classId: "1234.t1-generic", objectId: "1234.p1-generic" };
  expect(await report({ ...save, ...foreign })).toEqual([404, "google_issuer_not_found"]);
  expect(await report({ ...save, objectId: foreign.objectId })).toEqual([403, "google_callback_refused"]);
  expect(log).toHaveBeenCalledTimes(3);
  expect(await inGoogle(id)).toMatchObject({ status: "not_been_installed" });
  expect(await countRows(googleNonces)).toBe(nonces);
  vi.restoreAllMocks();
});

test("a body that is no callback is refused with the place of the fault", async () => {
  const { event } = await clicked();
  const callback = await google.signCallback({ ...event, eventType: "save" });
  const { intermediateSigningKey: key } = callback;
  const bodies: [body: unknown, status: number, code: string, pointer?: string][] = [
    ["", 400, "malformed_json"],
    ["{", 400, "malformed_json"],
    ["[]", 400, "invalid_body", ""],
    [{ ...callback, protocolVersion: "ECv1" }, 400, "invalid_body", "/protocolVersion"],
    [{ ...callback, signature: 1 }, 400, "invalid_body", "/signature"],
    [{ ...callback, signedMessage: { ...event } }, 400, "invalid_body", "/signedMessage"],
    [
      { ...callback, intermediateSigningKey: { ...key, signatures: [] } },
      ...([400, "invalid_body", "/intermediateSigningKey/signatures"] as const),
    ],
    [{ ...callback, signedMessage: "{}" }, 400, "invalid_body", "/signedMessage"],
    [{ ...callback, padding: "x".repeat(20_000) }, 413, "body_too_large"],
  ];
  for (const [body, status, code, pointer] of bodies) {
    const answer = (await (await post(body)).json()) as Problem;
    expect(answer).toMatchObject({ status, code, ...(pointer === undefined ? {} : { pointer }) });
  }
  expect((await post({ ...callback, more: 1 })).status).toBe(200);
});

test("a GET says what the address is for, and robots.txt lets Googlebot read it", async () => {
  const answer = await get("/google/callback", { Accept: "text/html" });
  expect([answer.status, answer.headers.get("allow"), await answer.json()]).toMatchObject([
    ...[405, "POST"],
    { code: "method_not_allowed" },
  ]);
  const robots = await get("/robots.txt");
  expect(robots.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await robots.text()).toMatch(/User-agent: Googlebot\nAllow: \/google\/callback\n/);
});

test("nonces are kept until their callbacks have expired", async () => {
  const { event } = await clicked();
  const expTimeMillis = Date.now() + HOUR_MS;
  await report({ ...event, eventType: "save", expTimeMillis, nonce: "pruned" });
  await pruneNonces(db, expTimeMillis - 1);
  expect(await countRows(googleNonces, { nonce: "pruned" })).toBe(1);
  await pruneNonces(db, expTimeMillis + HOUR_MS);
  expect(await countRows(googleNonces, { nonce: "pruned" })).toBe(0);
});

test("a dry run says how many passes are in Google Wallet, and lists find them", async () => {
  const { id: ofTemplate } = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent();
  const pass = await admin.issue(ofTemplate, { eventId: event.id });
  await send(new Request(`${pass.landingUrl}/google`, { redirect: "manual" }));
  const { classId, resourceId: objectId } = await rowOf(googleObjects, { passId: pass.id });
  const dryRun = async (path: string, body: object) =>
    (await call<{ phones: object }>("PATCH", `${path}?dryRun=true`, body)).body.phones;
  const paths: [string, object][] = [
    [`/passes/${pass.id}`, { values: { points: "1" } }],
    [`/templates/${ofTemplate}`, { name: "Other" }],
    [`/projects/${event.projectId}/events/${event.id}`, { name: "Other" }],
  ];
  const found = async (query: string) =>
    (await call<{ items: Pass[] }>("GET", `/passes?templateId=${ofTemplate}&${query}`)).body.items.length;
  for (const [count, eventType] of [
    [1, "save"],
    [0, "del"],
  ] as const) {
    await report({ classId, objectId, eventType });
    for (const [path, body] of paths)
      expect(await dryRun(path, body)).toEqual({ count: 0, googlePasses: count, isExact: true });
    expect(await found("wallet=google")).toBe(count);
    expect(await found("wallet=google&installStatus=uninstalled")).toBe(1 - count);
    expect(await found("wallet=apple")).toBe(0);
  }
});
