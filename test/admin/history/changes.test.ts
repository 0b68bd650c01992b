/**
 * The changes of a pass, as GET /passes/{id}/changes lists them.
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { changes, passes } from "../../../src/db/schema.ts";
import type { LoggedChange } from "../../../src/passes/history.ts";
import { admin, call, iphone, refused, TEAM } from "../../harness.ts";
import { callWith, makeKey } from "../../keys/clients.ts";
import { callWithQueue, consume, spyQueue } from "../../push/consume.ts";
import { changesOf, deleteRows, setRows } from "../../rows.ts";

const PASS_TYPE = "pass.test.history";
let templateId: number;
let start: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM);
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Listed {
  items: LoggedChange[];
  google: object;
  nextCursor: string | null;
}
const list = async (id: number, query = "") =>
  (await call<Listed>("GET", `/passes/${id}/changes${query}`)).body;
const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);

test("a pass lists its own changes, and those of its template and event since it was issued, with who made them", async () => {
  const project = await admin.makeProject();
  const [event, other] = [await admin.makeEvent({}, project.id), await admin.makeEvent()];
  const own = await admin.makeTemplate(PASS_TYPE, { projectId: project.id });
  await admin.changeTemplate(own.id, { pass: { logoText: "Before the pass" } });
  const pass = await admin.issue(own.id, { eventId: event.id });
  await admin.issue(own.id); // has changes of its own
  await admin.changeTemplate(own.id, { pass: { logoText: "New" } });
  await admin.changeEvent(event, { values: { points: "7" } });
  await admin.changeEvent(other, { values: { points: "8" } });
  const till = await makeKey({ role: "issuer", name: "Till", scope: { templates: [own.id] } });
  expect((await callWith(till, "POST", `/passes/${pass.id}/redeem`, { redemptionId: "till/1" })).status).toBe(
    200,
  );
  const lines = ({ items }: Listed) =>
    items.map(({ kind, passId, templateId, eventId, actor, redemptionId }) => [
      ...[kind, passId ?? templateId ?? eventId],
      ...[actor, redemptionId],
    ]);
  const ofEvent = ["changed", event.id, "admin", null];
  const others = [
    ["redeemed", pass.id, expect.stringMatching(/^key:\d+ Till$/), "till/1"],
    ["changed", own.id, "admin", null],
    ["issued", pass.id, "admin", null],
  ];
  expect(lines(await list(pass.id))).toEqual([others[0], ofEvent, ...others.slice(1)]);
  // The key of the till does not reach the event.
  const { body } = await callWith<Listed>(till, "GET", `/passes/${pass.id}/changes`);
  expect(lines(body)).toEqual(others);

  // Page by page, none twice and none left out.
  const pages: number[][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Listed = await list(pass.id, `?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(pages).toEqual((await list(pass.id)).items.map(({ id }) => [id]));

  await admin.delete(pass.id);
  expect((await list(pass.id)).items[0]).toMatchObject({ kind: "deleted", push: "silent" });
});

test("the times of Google Wallet come with the list, also of a deleted pass, and are no lines of the log", async () => {
  const { id } = await admin.issue(templateId);
  expect((await list(id)).google).toEqual({ installedAt: null, uninstalledAt: null });
  const before = await changesOf({ passId: id });
  await setRows(passes, { id }, { googleInstalledAt: start, googleUninstalledAt: start + 60_000 });
  await admin.delete(id);
  const { items, google } = await list(id);
  expect(google).toEqual({
    installedAt: new Date(start).toISOString(),
    uninstalledAt: new Date(start + 60_000).toISOString(),
  });
  expect(items.length).toBe(before.length + 1);
});

test("each change says how far its pushes are: silent, queued and when it is due, dispatched, or waiting during a pause", async () => {
  const pass = await admin.issue(templateId);
  await iphone().addFrom(pass.downloadUrl);
  const change = async (body: object) => {
    const queue = spyQueue();
    expect((await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, body)).status).toBe(200);
    return queue.sent.map(({ message }) => message);
  };
  const newest = async () => {
    const { push, dueAt, dispatchedAt } = (await list(pass.id)).items[0] ?? expect.fail();
    return { push, dueAt, dispatchedAt };
  };
  const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
  expect(await newest()).toEqual({ push: "silent", dueAt: null, dispatchedAt: null }); // issued

  const job = await change({ values: { points: "1" } });
  expect(await newest()).toEqual({ push: "queued", dueAt: at(0), dispatchedAt: null });
  after(2);
  await consume(job);
  expect(await newest()).toEqual({ push: "dispatched", dueAt: null, dispatchedAt: at(2) });

  // A change that had no job is dispatched too, because the job of a later change covered it.
  const [, pushed] = await changesOf({ passId: pass.id });
  await setRows(changes, { id: pushed?.id ?? 0 }, { queuedAt: null, dispatchedAt: start + 7000 });
  expect(await newest()).toEqual({ push: "dispatched", dueAt: null, dispatchedAt: at(7) });

  after(10);
  await change({ values: { points: "2" } });
  expect(await newest()).toEqual({ push: "queued", dueAt: at(60), dispatchedAt: null });

  after(130);
  await change({ values: { points: "2" }, pass: { description: "Coffee card" } });
  expect(await newest()).toEqual({ push: "silent", dueAt: null, dispatchedAt: null });

  await call("PUT", "/push", { paused: true });
  await change({ values: { points: "3" } });
  expect(await newest()).toEqual({ push: "waiting", dueAt: at(130), dispatchedAt: null });
  await call("PUT", "/push", { paused: false });
});

test("a change within a second is not shown as dispatched before it was made", async () => {
  const pass = await admin.issue(templateId);
  await iphone().addFrom(pass.downloadUrl);
  const second = Math.ceil((start + 200_000) / 1000) * 1000;
  vi.setSystemTime(second + 200);
  const queue = spyQueue();
  await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { values: { points: "1" } });
  vi.setSystemTime(second + 600);
  await consume(queue.sent.map(({ message }) => message));
  const made = new Date(second + 1000).toISOString();
  expect((await list(pass.id)).items[0]).toMatchObject({ push: "dispatched", at: made, dispatchedAt: made });
});

test("a pass whose issue is no longer in the log lists everything that is left of its template", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  await admin.changeTemplate(id, { pass: { logoText: "New" } });
  await admin.redeem(pass.id);
  const [issued] = await changesOf({ passId: pass.id });
  await deleteRows(changes, { id: issued?.id ?? 0 });
  expect((await list(pass.id)).items.map(({ kind }) => kind)).toEqual(["redeemed", "changed", "made"]);
});

test("a pass that does not exist is refused, and so is a malformed page", async () => {
  await refused(["GET", "/passes/999999/changes"], { status: 404, code: "pass_not_found" });
  const { id } = await admin.issue(templateId);
  for (const name of ["limit", "cursor", "kind"])
    await refused(["GET", `/passes/${id}/changes?${name}=none`], {
      ...{ status: 400, code: "invalid_parameter", pointer: `/${name}` },
    });
});
