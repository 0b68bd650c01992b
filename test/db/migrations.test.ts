/**
 * The migrations over a database that is in use: what was written with the old tables is still there with the new ones,
 * is served and changed as before, and no id is given out twice.
 *
 * D1 applies each migration once (https://developers.cloudflare.com/d1/reference/migrations/). An AUTOINCREMENT id is
 * never given out again, also after its row was deleted (https://www.sqlite.org/autoinc.html): tags have to rise.
 */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { IPhone } from "../apple/iphone.ts";
import { drawPng } from "../apple/png.ts";
import { admin, call, download, iphone, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, consume, spyQueue } from "../push/consume.ts";

const PASS_TYPE = "pass.test.migrations";
type Row = Record<string, unknown>;
type Rows = Record<string, Row[]>;

async function tableNames(): Promise<string[]> {
  const tables = await env.DB.prepare(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'",
  ).all<{ name: string }>();
  return tables.results.map(({ name }) => name).filter((name) => name !== "d1_migrations");
}

async function rowsOf(tables: string[]): Promise<Rows> {
  const results = await env.DB.batch<Row>(
    tables.map((name) => env.DB.prepare(`SELECT * FROM "${name}" ORDER BY rowid`)),
  );
  return Object.fromEntries(tables.map((name, at) => [name, results[at]?.results ?? []]));
}

async function sequences(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(
    "SELECT name, seq FROM sqlite_sequence WHERE name <> 'd1_migrations'",
  ).all<{ name: string; seq: number }>();
  return Object.fromEntries(results.map(({ name, seq }) => [name, seq]));
}

/** The tables of the first migration, empty. */
async function asBefore(): Promise<void> {
  const names = [...(await tableNames()), "d1_migrations"];
  await env.DB.batch(names.map((name) => env.DB.prepare(`DROP TABLE "${name}"`)));
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 1));
}

/** Puts rows back into the old tables, as far as these have their columns. */
async function restore(rows: Rows): Promise<void> {
  for (const table of await tableNames()) {
    const info = await env.DB.prepare(`PRAGMA table_info("${table}")`).all<{ name: string }>();
    const columns = info.results.map(({ name }) => name);
    for (const row of rows[table] ?? []) {
      const marks = columns.map(() => "?").join(", ");
      const insert = env.DB.prepare(`INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${marks})`);
      await insert.bind(...columns.map((column) => row[column] ?? null)).run();
    }
  }
}

/** A row under the column names of today: 0005 renamed one. */
function renamed({ bundle, ...row }: Row): Row {
  return bundle === undefined ? row : { ...row, built_etag: bundle };
}

/** The tables and indexes, and the only table with a row from the beginning. */
async function created() {
  const { results } = await env.DB.prepare(
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB '_cf_*' ORDER BY type, name",
  ).all();
  const { push_control: control = [] } = await rowsOf(["push_control"]);
  return { schema: results, control };
}

let given: Awaited<ReturnType<typeof created>>;
let phone: IPhone;
let before: Rows;
let sequencesBefore: Record<string, number>;
let ids: { installed: number; shared: number; never: number; template: number };
let installedAt: string;

beforeAll(async () => {
  given = await created();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
  const { id: template } = await admin.makeTemplate(PASS_TYPE, {
    externalId: "card",
    strings: { fr: { a: "b" } },
  });
  const [installed, shared, never] = [
    await admin.issue(template, { serialNumber: "installed", values: { points: "7" }, tags: ["a", "b"] }),
    await admin.issue(template, { serialNumber: "shared", externalId: "c-1", barcodeMessage: "scan" }),
    await admin.issue(template, { serialNumber: "never" }),
  ];
  ids = { installed: installed.id, shared: shared.id, never: never.id, template };
  phone = iphone();
  await phone.addFrom(installed.downloadUrl);
  await phone.addFrom(shared.downloadUrl);
  await iphone().addFrom(shared.downloadUrl);
  await admin.redeem(shared.id, { redemptionId: "till 3" });
  await admin.change(installed.id, { values: { points: "8" } });
  const first = await env.DB.prepare("SELECT min(registered_at) AS at FROM registrations WHERE pass_id = ?")
    .bind(shared.id)
    .first<number>("at");
  installedAt = new Date(first ?? 0).toISOString();
  const rows = await rowsOf(await tableNames());

  await asBefore();
  await restore(rows);
  // Ids that were given out once and whose rows are gone.
  await env.DB.batch([
    env.DB.prepare("INSERT INTO dead_letters VALUES (40, '', '', 0)"),
    env.DB.prepare("DELETE FROM dead_letters WHERE id = 40"),
  ]);
  await env.DB.batch([
    env.DB.prepare("INSERT INTO device_logs VALUES (7, 'passd/1', 'too old', 0)"),
    env.DB.prepare("INSERT INTO device_logs VALUES (1500, 'passd/1', 'a \"line\"', 5)"),
  ]);
  before = await rowsOf(await tableNames());
  sequencesBefore = await sequences();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
});

test("the tables that setup.ts gives each test file are those of the migrations", async () => {
  const startedAt = given.control[0]?.started_at;
  expect(startedAt).toBeGreaterThan(Date.now() - 600_000);
  const { schema, control } = await created();
  expect(given).toEqual({ schema, control: control.map((row) => ({ ...row, started_at: startedAt })) });
});

test("every row is still there with all its values, and there are no others", async () => {
  expect(Object.keys(before).length).toBeGreaterThan(10);
  for (const table of ["passes", "templates", "changes", "registrations", "devices"])
    expect(before[table]?.length).toBeGreaterThan(0);
  const after = await rowsOf(Object.keys(before));
  for (const [table, rows] of Object.entries(before)) {
    if (table === "device_logs") continue; // the next test
    expect(after[table], table).toEqual(rows.map((row) => expect.objectContaining(renamed(row))));
  }
  expect(await rowsOf(["projects", "events"])).toEqual({ projects: [], events: [] });
});

test("the newest 1,000 lines of devices are kept, each as a request, and ids rise", async () => {
  const { body } = await call<{ items: unknown[] }>("GET", "/device-logs");
  const receivedAt = new Date(5).toISOString();
  expect(body.items).toEqual([{ id: 1500, client: "passd/1", messages: ['a "line"'], receivedAt }]);
  const logged = env.DB.prepare(
    "INSERT INTO device_logs (client, messages, received_at) VALUES ('', '[]', 0)",
  );
  expect((await logged.run()).meta.last_row_id).toBe(1501);
});

test("changes keep their ids and their targets", async () => {
  const after = (await rowsOf(["changes"])).changes ?? [];
  expect(after).toEqual((before.changes ?? []).map((row) => ({ ...row, event_id: null })));
});

test("no temporary table is left, each table has its indexes, and web tokens are unique", async () => {
  const { results } = await env.DB.prepare("SELECT name FROM sqlite_schema ORDER BY name").all<{
    name: string;
  }>();
  const names = results.map(({ name }) => name);
  for (const name of ["changes_target", "changes_untold", "changes_undispatched", "registrations_event"])
    expect(names).toContain(name);
  expect(names.filter((name) => name.includes("__new"))).toEqual([]);
  const taken = before.passes?.[0]?.web_token;
  const double = env.DB.prepare("UPDATE passes SET web_token = ? WHERE id = ?").bind(taken, ids.never);
  await expect(double.run()).rejects.toThrow("UNIQUE");
});

test("only a pass with a registration is installed, since the time of that registration", async () => {
  const shown = async (id: number) => {
    const { installStatus, installedAt, uninstalledAt } = await admin.show(id);
    return { installStatus, installedAt, uninstalledAt };
  };
  expect(await shown(ids.shared)).toEqual({ installStatus: "installed", installedAt, uninstalledAt: null });
  expect((await shown(ids.installed)).installStatus).toBe("installed");
  expect(await shown(ids.never)).toEqual({
    installStatus: "not_been_installed",
    installedAt: null,
    uninstalledAt: null,
  });
});

test("new ids are greater than all earlier ones, including those of deleted rows", async () => {
  const { device_logs: _, ...kept } = sequencesBefore; // no longer AUTOINCREMENT
  expect(await sequences()).toMatchObject(kept);
  const newest = Math.max(...(before.changes ?? []).map(({ id }) => Number(id)));
  const pass = await admin.issue(ids.template);
  expect(pass.id).toBe((sequencesBefore.passes ?? 0) + 1);
  const tag = await env.DB.prepare("SELECT tag FROM passes WHERE id = ?").bind(pass.id).first("tag");
  expect(tag).toBe(newest + 1);
  const dead = env.DB.prepare(
    "INSERT INTO dead_letters (message_id, message, received_at) VALUES ('', '', 0)",
  );
  expect((await dead.run()).meta.last_row_id).toBe(41);
});

test("rows from before the migration are shown, served and found as before", async () => {
  const shared = await admin.show(ids.shared);
  expect(shared).toMatchObject({
    serialNumber: "shared",
    externalId: "c-1",
    eventId: null,
    status: "redeemed",
    redemptionId: "till 3",
    barcodeAltText: null,
    images: {},
    registrations: 2,
  });
  const { pass, strings } = await download(shared);
  expect(pass).toMatchObject({ voided: true, webServiceURL: "https://passes.example.com" });
  expect(strings).toEqual({ fr: { a: "b" } });
});

test("a phone that registered before the migration is notified of changes of its pass and of the pass's new event", async () => {
  const held = () => phone.pass(PASS_TYPE, "installed").pass;
  await phone.receivePush(PASS_TYPE);
  expect(held().storeCard).toMatchObject({ primaryFields: [{ value: "8" }] });
  await admin.change(ids.installed, { values: { points: null } });
  const event = await admin.makeEvent();
  await admin.change(ids.installed, { eventId: event.id });
  await phone.receivePush(PASS_TYPE);
  const queue = spyQueue();
  const body = { values: { points: "of the event" } };
  await callWithQueue(queue, "PATCH", `/projects/${event.projectId}/events/${event.id}`, body);
  const { sent } = await consume(queue.sent.map(({ message }) => message));
  const tokens = sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
  expect(tokens).toEqual([phone.pushToken]);
  await phone.receivePush(PASS_TYPE);
  expect(held().storeCard).toMatchObject({ primaryFields: [{ value: "of the event" }] });
  await admin.changeTemplate(ids.template, { pass: { ...storeCard, logoText: "new" } });
  await phone.receivePush(PASS_TYPE);
  expect(held()).toMatchObject({ logoText: "new" });
  expect(phone.complaints).toEqual([]);
});

test("statements of the previous version still work, because both versions use one database during a rollout", async () => {
  const NOW = 1_800_000_000_000;
  const oldCode = [
    // issue.ts and log.ts, issuing a pass
    `insert into "passes" ("id", "pass_type_identifier", "serial_number", "template_id", "external_id", "web_token",
       "token_key_id", "field_values", "pass", "barcode_message", "tag", "modified_at", "push_at", "redeemed_at",
       "redemption_id", "built_etag", "lifecycle_state", "created_at", "updated_at", "deleted_at")
     SELECT NULL, "templates"."pass_type_identifier", 'of-old-code', "templates"."id", NULL, '${"ab".repeat(20)}', '1',
       '{"points":{"value":"3"}}', '{}', NULL, 0, 0, 0, NULL, NULL, NULL, NULL, ${NOW}, ${NOW}, NULL
     FROM "templates" WHERE "templates"."id" = ${ids.template} AND "templates"."deleted_at" IS NULL`,
    `insert into "changes" ("id", "pass_type_identifier", "kind", "pass_id", "template_id", "actor", "detail", "at",
       "push_at", "queued_at", "dispatched_at")
     SELECT NULL, "passes"."pass_type_identifier", 'issued', "passes"."id", NULL, 'admin', NULL,
       max(${NOW}, "templates"."modified_at"), ${NOW}, NULL, ${NOW}
     FROM "passes" JOIN "templates" ON "templates"."id" = "passes"."template_id"
     WHERE "passes"."id" = last_insert_rowid() AND changes() > 0`,
    `update "passes" set "tag" = last_insert_rowid(),
       "modified_at" = (SELECT "changes"."at" FROM "changes" WHERE "changes"."id" = last_insert_rowid())
     where "passes"."id" = (SELECT "changes"."pass_id" FROM "changes" WHERE "changes"."id" = last_insert_rowid())
       and changes() > 0`,
    // register.ts
    `insert into "registrations" ("pass_type_identifier", "device_library_identifier", "pass_id", "template_id",
       "push_token", "client", "registered_at")
     SELECT "passes"."pass_type_identifier", 'old-device', "passes"."id", "passes"."template_id", 'aa', 'other', ${NOW}
     FROM "passes" WHERE "passes"."serial_number" = 'of-old-code' on conflict do nothing`,
    `insert into "devices" ("pass_type_identifier", "device_library_identifier", "push_token", "client", "created_at",
       "updated_at") SELECT '${PASS_TYPE}', 'old-device', 'aa', 'other', ${NOW}, ${NOW} WHERE 1
     on conflict ("pass_type_identifier", "device_library_identifier")
       do update set "push_token" = 'aa', "client" = 'other', "updated_at" = ${NOW}`.replaceAll(
      '"devices".',
      "",
    ),
    // updates.ts and outbox.ts
    `select "passes"."serial_number", max("passes"."tag", "templates"."tag") from "registrations"
     inner join "passes" on "passes"."id" = "registrations"."pass_id"
     inner join "templates" on "templates"."id" = "passes"."template_id"
     where "registrations"."device_library_identifier" = 'old-device' and "passes"."deleted_at" is null`,
    `SELECT (SELECT max(later.id) FROM changes AS later INDEXED BY changes_untold
       WHERE later.pass_id IS changes.pass_id AND later.template_id IS changes.template_id
         AND later.dispatched_at IS NULL AND later.push_at = changes.push_at) FROM changes LIMIT 1`,
  ];
  const answers = await env.DB.batch<Row>(oldCode.map((statement) => env.DB.prepare(statement)));
  expect(answers.slice(0, 5).map(({ meta }) => meta.changes)).toEqual([1, 1, 1, 1, 1]);
  expect(answers[5]?.results).toMatchObject([{ serial_number: "of-old-code" }]);
  // And what it made is a pass like any other to the new code.
  const id = await env.DB.prepare("SELECT id FROM passes WHERE serial_number = 'of-old-code'").first<number>(
    "id",
  );
  const shown = await admin.show(id ?? 0);
  expect(shown).toMatchObject({
    values: { points: { value: "3" } },
    eventId: null,
    images: {},
    registrations: 1,
  });
  expect((await download(shown)).pass.storeCard).toMatchObject({ primaryFields: [{ value: "3" }] });
});

test("the objects that rows name are used after the migration, and those of deleted rows are not", async () => {
  const png = (red: number) => drawPng(29, 29, () => [red, 0, 0, 255]).toBase64();
  const images = { images: { "icon.png": png(1), "logo.png": png(2) } };
  const { id } = await admin.makeTemplate(PASS_TYPE, images);
  const gone = await admin.makeTemplate(PASS_TYPE, { images: { "icon.png": png(1), "logo.png": png(3) } });
  const deleted = await admin.issue(gone.id);
  await admin.delete(deleted.id);
  await admin.issue(id, { images: { "strip.png": png(4) } });
  await call("DELETE", `/templates/${gone.id}`);
  const tables = ["object_uses", "objects"];
  const { object_uses: uses = [], objects = [] } = await rowsOf(tables);
  const named = (rows: Row[] = []) => rows.map(({ key, owner }) => `${key} ${owner}`).toSorted();
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
  const fill = env.MIGRATIONS.find(({ name }) => name.includes("object_uses"))?.queries ?? [];
  for (const query of fill.filter((query) => query.includes("INSERT INTO")))
    await env.DB.prepare(query).run();
  const after = await rowsOf(tables);
  expect(named(after.object_uses)).toEqual(named(uses));
  const keys = (rows: Row[] = []) => rows.map(({ key }) => String(key)).toSorted();
  expect(keys(after.objects)).toEqual(keys(objects));
  expect(keys(objects)).toHaveLength(3); // the pack, the logo that nobody shares, and the folder of the pass
});

test("a null that a pass or an event stored takes away the same keys after the migration, and numbers keep their digits", async () => {
  const { id: template } = await admin.makeTemplate(PASS_TYPE);
  const nested = '"n":12345678901234567890,"f":1.0,"userInfo":{"a":null,"b":[null]}';
  const barcode = '"barcode":{"format":"PKBarcodeFormatQR"}';
  const cases = [
    [`{"locations":null,${nested}}`, `{${nested}}`, ["locations"]],
    ['{"barcode":null,"newKey":null,"barcodes":null}', "{}", ["barcodes", "newKey"]],
    [`{"barcodes":null,${barcode}}`, `{${barcode}}`, []],
    ['{"logoText":"a:null"}', '{"logoText":"a:null"}', []],
  ] as const;
  const rows = [];
  for (const [stored, ...expected] of cases) {
    const event = await admin.makeEvent();
    const pass = await admin.issue(template);
    for (const [table, id] of [
      ["passes", pass.id],
      ["events", event.id],
    ] as const) {
      await env.DB.prepare(`UPDATE ${table} SET pass = ? WHERE id = ?`).bind(stored, id).run();
      rows.push({ table, id, expected });
    }
  }
  const queries = env.MIGRATIONS.find(({ name }) => name.includes("without"))?.queries ?? [];
  const moves = queries.filter((query) => query.includes("UPDATE "));
  expect(moves).toHaveLength(2);
  for (const query of moves) await env.DB.prepare(query).run();
  for (const { table, id, expected } of rows) {
    const read = env.DB.prepare(`SELECT pass, without FROM ${table} WHERE id = ?`).bind(id);
    const [pass, without] = (await read.raw<[string, string]>())[0] ?? ["", "[]"];
    expect([pass, (JSON.parse(without) as string[]).toSorted()]).toEqual(expected);
  }
});
