/**
 * After a restore: an older database replaces a newer one, and phones have update tags and Last-Modified times that only the
 * newer one gave out. After one call no phone has a tag from the future: every pass is listed and fetched again.
 *
 * The rows are copied and put back by SQL, as `wrangler d1 time-travel restore` leaves the tables: ids of the lost time are
 * given out again.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sweepOutbox } from "../../src/changes/sweep.ts";
import { changes, templates } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, iphone, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, consume, db, spyQueue } from "../push/consume.ts";
import { countRows, deleteRows, newestChangeId, passRow, rowsOf, templateRow } from "../rows.ts";
import { type Holder, holderOf, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.restored";
type Row = Record<string, unknown>;

const TABLES = ["passes", "templates", "events", "changes", "registrations", "devices", "sqlite_sequence"];

/** Copies all rows. The returned function puts them back. */
async function backup(): Promise<() => Promise<void>> {
  const read = await env.DB.batch<Row>(TABLES.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)));
  return async () => {
    const statements = TABLES.flatMap((table, at) => {
      const rows = read[at]?.results ?? [];
      return [
        env.DB.prepare(`DELETE FROM ${table}`),
        ...rows.map((row) => {
          // One column is generated from others.
          const given = Object.entries(row).filter(([name]) => name !== "scanned_code");
          const marks = given.map(() => "?").join(", ");
          const names = given.map(([name]) => `"${name}"`).join(", ");
          return env.DB.prepare(`INSERT INTO ${table} (${names}) VALUES (${marks})`).bind(
            ...given.map(([, value]) => value),
          );
        }),
      ];
    });
    await env.DB.batch(statements);
  };
}

async function restored(): Promise<number> {
  const answer = await call<{ tag: number }>("POST", "/restored");
  expect(answer.status).toBe(200);
  return answer.body.tag;
}

const rowsOfRestores = () => rowsOf(changes, { kind: "restored" });
const quietly = (path: string, body: object) => callWithQueue(spyQueue(), "PATCH", path, body);

let device: string;
let templateIds: number[];
let passes: Pass[];
let holders: Holder[];

beforeAll(() => admin.makePassType(PASS_TYPE, TEAM, "P-256"));

beforeEach(async () => {
  device = randomDevice();
  templateIds = [(await admin.makeTemplate(PASS_TYPE)).id, (await admin.makeTemplate(PASS_TYPE)).id];
  const event = await admin.makeEvent();
  passes = [
    await admin.issue(templateIds[0] ?? 0, { values: { points: "of the backup" } }),
    await admin.issue(templateIds[1] ?? 0),
    await admin.issue(templateIds[1] ?? 0, { eventId: event.id }),
  ];
  holders = await Promise.all(passes.map((pass) => holderOf(pass)));
  for (const holder of holders) expect((await holder.register(device)).status).toBe(201);
});

afterEach(() => {
  vi.useRealTimers();
});

const serialNumbers = () => passes.map((pass) => pass.serialNumber).toSorted();

test("a phone whose tag is 500 changes ahead gets a list of all its passes once", async () => {
  const { lastUpdated } = (await updates(device, PASS_TYPE)) ?? { lastUpdated: "" };
  const ahead = String(Number(lastUpdated) + 500);
  const tag = await restored();
  expect(tag).toBeGreaterThan(Number(ahead));
  const listed = await updates(device, PASS_TYPE, ahead);
  expect(listed?.serialNumbers).toEqual(serialNumbers());
  expect(Number(listed?.lastUpdated)).toBeLessThanOrEqual(tag);
  expect(await updates(device, PASS_TYPE, listed?.lastUpdated)).toBeUndefined();
});

test("a phone whose tag has been reused for other changes gets a list of all its passes once", async () => {
  const living = await countRows(templates, { deletedAt: null });
  const ahead = (await newestChangeId()) + living + 3;
  await restored();
  for (const points of ["1", "2", "3", "4"])
    await quietly(`/passes/${passes[0]?.id}`, { values: { points } });
  expect((await updates(device, PASS_TYPE, String(ahead)))?.serialNumbers).toEqual(serialNumbers());
});

test("a phone gets the restored content, although its Last-Modified is from after the backup", async () => {
  const [pass, other] = passes;
  const [holder] = holders;
  const putBack = await backup();
  // Several changes within a second, so that Last-Modified is ahead of the clock.
  for (const points of ["1", "2", "3", "lost"]) await quietly(`/passes/${pass?.id}`, { values: { points } });
  await quietly(`/templates/${templateIds[0]}`, { pass: { ...storeCard, logoText: "lost" } });
  await quietly(`/passes/${other?.id}`, { values: { points: "lost as well" } });
  const lost = await holder?.fetch();
  const ifModifiedSince = lost?.headers.get("last-modified") ?? "";
  await lost?.body?.cancel();
  await putBack();
  // Without the call the phone would keep the lost content.
  expect((await holder?.fetch({ "If-Modified-Since": ifModifiedSince }))?.status).toBe(304);

  await restored();
  const answer = await holder?.fetch({ "If-Modified-Since": ifModifiedSince });
  expect(answer?.status).toBe(200);
  expect(Date.parse(answer?.headers.get("last-modified") ?? "")).toBeGreaterThan(Date.parse(ifModifiedSince));
  const { values } = await admin.show(pass?.id ?? 0);
  expect(values).toEqual({ points: { value: "of the backup" } });
});

test("an id that was given out in the lost time is not given out again: at Google it names the pass of another person", async () => {
  const [templateId = 0] = templateIds;
  const make = async () => [
    (await admin.issue(templateId)).id,
    (await admin.makeTemplate(PASS_TYPE)).id,
    (await admin.makeEvent()).id,
  ];
  const putBack = await backup();
  const lost = await make();
  await putBack();
  await restored();
  const made = await make();
  for (const [at, id] of made.entries()) expect(id).toBeGreaterThan((lost[at] ?? 0) + 900_000);

  // The backup is older than the first pass, template and event: SQLite has no row for the ids of these tables.
  const ofTables = "FROM sqlite_sequence WHERE name IN ('passes', 'templates', 'events')";
  await env.DB.exec(`DELETE ${ofTables}`);
  await restored();
  const { results } = await env.DB.prepare(`SELECT seq ${ofTables}`).all();
  expect(results).toEqual([{ seq: 1_000_000 }, { seq: 1_000_000 }, { seq: 1_000_000 }]);
  await putBack();
});

test("a phone with lost changes shows the restored content after one push, without a complaint", async () => {
  const phone = iphone();
  const pass = passes[0];
  if (pass === undefined) throw new Error("there is no pass");
  await phone.addFrom(pass.downloadUrl);
  const putBack = await backup();
  for (const points of ["5", "6", "lost"]) await quietly(`/passes/${pass.id}`, { values: { points } });
  await phone.receivePush(PASS_TYPE);
  const shown = () => phone.pass(PASS_TYPE, pass.serialNumber).pass.storeCard;
  expect(shown()).toMatchObject({ primaryFields: [{ value: "lost" }] });
  await putBack();
  await restored();
  await phone.receivePush(PASS_TYPE);
  expect(shown()).toMatchObject({ primaryFields: [{ value: "of the backup" }] });
  await quietly(`/passes/${pass.id}`, { values: { points: "7" } });
  await phone.receivePush(PASS_TYPE);
  expect(shown()).toMatchObject({ primaryFields: [{ value: "7" }] });
  expect(phone.complaints).toEqual([]);
});

test("later tags are greater than every earlier tag, including those of deleted rows", async () => {
  const before = await newestChangeId();
  for (const id of [before - 1, before]) await deleteRows(changes, { id });
  const tag = await restored();
  expect(tag).toBeGreaterThan(before + 1_000_000);
  const { id } = await admin.issue(templateIds[0] ?? 0);
  expect((await passRow(id)).tag).toBeGreaterThan(tag);
});

test("each living template gets its own change, later than everything that it overrides, and a deleted template gets none", async () => {
  const ahead = Date.now() + 90_500;
  vi.useFakeTimers({ toFake: ["Date"], now: ahead });
  await quietly(`/passes/${passes[0]?.id}`, { values: { points: "ahead of the clock" } });
  vi.useRealTimers();
  const gone = (await admin.makeTemplate(PASS_TYPE)).id;
  expect((await call("DELETE", `/templates/${gone}`)).status).toBe(204);
  const before = await newestChangeId();
  const latest = Math.max(...(await rowsOf(changes)).map(({ at }) => at));
  const tag = await restored();
  const rows = (await rowsOfRestores()).filter(({ id }) => id > before);
  expect(rows.map(({ id }) => id)).toEqual(rows.map((_, i) => before + 1_000_000 + i));
  expect(rows.at(-1)?.id).toBe(tag);
  expect(rows[0]).toMatchObject({ templateId: null, dispatchedAt: expect.any(Number) });
  const living = (await rowsOf(templates, { deletedAt: null })).toSorted((a, b) => a.tag - b.tag);
  expect(living.map(({ id, tag, modifiedAt }) => [id, tag, modifiedAt])).toEqual(
    rows.slice(1).map((row) => [row.templateId, row.id, row.at]),
  );
  expect(rows.map(({ templateId }) => templateId)).not.toContain(gone);
  const ofPass = rows.find(({ templateId }) => templateId === templateIds[0]);
  expect(ofPass?.at).toBe(latest + 1000);
  for (const row of rows.slice(1)) {
    expect(row).toMatchObject({ dispatchedAt: null, actor: rows[0]?.actor });
    expect(row.at).toBeGreaterThan(Date.now());
    expect(row.at % 1000).toBe(0);
  }
});

test("the sweep notifies the phones of every template", async () => {
  const phone = iphone();
  await admin.makeApnsKey();
  for (const pass of passes) await phone.addFrom(pass.downloadUrl);
  const before = await newestChangeId();
  await restored();
  const jobs: { changeId: number }[] = [];
  await sweepOutbox(db, async (due) => void jobs.push(...due), Date.now() + 3_600_000);
  const due = jobs.filter(({ changeId }) => changeId > before);
  const { sent } = await consume(due.map((job) => ({ kind: "change" as const, ...job })));
  const tokens = sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
  expect(tokens.filter((token) => token === phone.pushToken)).toHaveLength(2);
  expect(await countRows(changes, { kind: "restored", dispatchedAt: null })).toBe(0);
});

test("a second call skips the same number of ids again, with the same effects", async () => {
  const first = await restored();
  const before = await admin.show(passes[0]?.id ?? 0);
  const second = await restored();
  expect(second).toBeGreaterThan(first + 1_000_000);
  expect(await admin.show(passes[0]?.id ?? 0)).toEqual(before);
  expect((await updates(device, PASS_TYPE, String(first)))?.serialNumbers).toEqual(serialNumbers());
});

test("in an empty database, ids also continue after the skipped ones", async () => {
  await env.DB.batch(TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  expect(await restored()).toBe(1_000_000);
  const { id } = await admin.makeTemplate(PASS_TYPE);
  expect((await templateRow(id)).tag).toBe(1_000_001);
});
