/**
 * What each request costs, counted: round trips to D1, rows read and written, reads and writes of R2. The figures
 * must be the same in a small database and in a full one. A change of one of them must be on purpose.
 *
 * D1 counts a written row once for the table and once for each index that it moves in.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { openDatabase } from "../src/db/client.ts";
import {
  deadLetters,
  devices,
  googleClasses,
  googleIssuers,
  googleObjects,
  joinCounts,
  passes,
  passTags,
  readers,
  registrations,
  scans,
} from "../src/db/schema.ts";
import { countPasses } from "../src/passes/count.ts";
import { authenticationToken } from "../src/passes/token.ts";
import { countByHour } from "../src/scans/by-hour.ts";
import { classIdOf, classOf, objectOf } from "./admin/google-rows.ts";
import { drawPng } from "./apple/png.ts";
import { adminCost, cost as costOf, counters, explain, NOTHING, spent } from "./cost.ts";
import { makeIssuer } from "./google-wallet/accounts.ts";
import { ADMIN_TOKEN, admin, call, google, ORIGIN, randomPushToken, storeCard } from "./harness.ts";
import {
  copyPass,
  deleteRows,
  deviceOf,
  insertRows,
  newestChangeId,
  registrationOf,
  rowOf,
  rowsOf,
} from "./rows.ts";

const PASS_TYPE = "pass.test.budgets";
const cost = (path: string, init: RequestInit = {}, settings: { KEEP_BUILT_PASSES?: string } = {}) =>
  costOf(new Request(ORIGIN + path, init), settings);

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

/** The cost of marking a change as queued in the outbox. The statement also looks for other readers of the log. */
const MARK = spent({ trips: 1, statements: 1, rowsRead: 4, rowsWritten: 1 });

interface Subject {
  id: number;
  path: string;
  registration: (device: string) => string;
  authorization: { Authorization: string };
}

async function issue(templateId: number): Promise<Subject> {
  const { id, serialNumber } = await admin.issue(templateId);
  const { secrets } = readConfig(env);
  const token = await authenticationToken(secrets, secrets.newestKeyId, PASS_TYPE, serialNumber);
  return {
    id,
    path: `/v1/passes/${PASS_TYPE}/${serialNumber}`,
    registration: (device) => `/v1/devices/${device}/registrations/${PASS_TYPE}/${serialNumber}`,
    authorization: { Authorization: `ApplePass ${token}` },
  };
}

const register = (pass: Subject, device: string) =>
  cost(pass.registration(device), {
    method: "POST",
    headers: pass.authorization,
    body: JSON.stringify({ pushToken: randomPushToken() }),
  });

/** Scans at both ends of each index, because SQLite counts the row at which a search ends. */
async function surroundScans(): Promise<void> {
  const end = { outcome: "shown" as const, isConflict: false, actor: "admin" };
  const rows = [0, Number.MAX_SAFE_INTEGER].map((at, n) => ({
    ...{ ...end, scanId: "!~".charAt(n) },
    ...{ passId: at, at, receivedAt: at },
  }));
  await deleteRows(scans);
  await insertRows(scans, rows);
}

/** 500 more passes of the template, and 100 devices with 100 passes each, some of them the device's own. */
async function fill(templateId: number): Promise<void> {
  const [pass] = await rowsOf(passes, { templateId });
  await copyPass(pass?.id ?? 0, 500, "filled-");
  const held = await rowsOf(passes, { templateId });
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const listening = numbers.flatMap((n) =>
    held
      .filter(({ id }) => id % 5 === n % 5)
      .map((pass) => ({
        ...registrationOf(pass, randomPushToken()),
        deviceLibraryIdentifier: `device-${n}`,
      })),
  );
  await insertRows(registrations, listening);
  const known = numbers.map((n) => ({
    ...deviceOf(PASS_TYPE, randomPushToken()),
    deviceLibraryIdentifier: `device-${n}`,
  }));
  await insertRows(devices, known);
}

describe.each([
  { database: "a database of a few passes", isFull: false },
  { database: "a database of 500 passes and 10,000 registrations", isFull: true },
])("in $database", ({ isFull }) => {
  const device = `phone-${isFull}`;
  const list = `/v1/devices/${device}/registrations/${PASS_TYPE}`;
  let templateId: number;
  let mine: Subject[];
  let fresh: Subject;

  beforeAll(async () => {
    templateId = (await admin.makeTemplate(PASS_TYPE)).id;
    mine = await Promise.all(Array.from({ length: 4 }, () => issue(templateId)));
    for (const pass of mine) await register(pass, device);
    if (isFull) await fill(templateId);
    fresh = await issue(templateId);
  });

  test("a forged, malformed or foreign token costs nothing at all", async () => {
    const [foreign] = mine;
    const tokens = [
      {},
      { Authorization: "" },
      { Authorization: "ApplePass" },
      { Authorization: "ApplePass x" },
      { Authorization: `Bearer ${ADMIN_TOKEN}` },
      { Authorization: `ApplePass ep1_${"A".repeat(43)}` },
      { Authorization: `ApplePass ep7_${"A".repeat(43)}` },
      { Authorization: `ApplePass ${"ep1_".repeat(2000)}` },
      ...(foreign === undefined ? [] : [foreign.authorization]),
    ];
    for (const headers of tokens) {
      for (const [method, path] of [
        ["GET", fresh.path],
        ["POST", fresh.registration(device)],
        ["DELETE", fresh.registration(device)],
      ] as const) {
        const body = method === "POST" ? JSON.stringify({ pushToken: randomPushToken() }) : null;
        const { status, answer, after } = await cost(path, { method, headers, body });
        expect([method, headers, status]).toEqual([method, headers, 401]);
        expect([answer, after]).toEqual([NOTHING, NOTHING]);
      }
    }
  });

  test("a list is one trip, and reads three rows for each pass of the device, plus one", async () => {
    const all = await cost(list);
    expect(all.status).toBe(200);
    expect(all.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 3 * 4 + 1 }));
    expect(all.after).toEqual(NOTHING);
    const none = await cost(`${list}?passesUpdatedSince=${await newestChangeId()}`);
    expect([none.status, none.answer]).toEqual([
      204,
      spent({ trips: 1, statements: 1, rowsRead: 3 * 4 + 1 }),
    ]);
  });

  test("a first fetch is one trip and one read of R2, and the built pass is stored after the response", async () => {
    const { status, answer, after } = await cost(fresh.path, { headers: fresh.authorization });
    expect(status).toBe(200);
    expect(answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 6, gets: 1 }));
    expect(after).toEqual(spent({ trips: 1, statements: 2, rowsRead: 2, rowsWritten: 1, puts: 1 }));
  });

  test("a second fetch of the same version is one trip and one read of R2, and nothing after the response", async () => {
    const { status, answer, after } = await cost(fresh.path, { headers: fresh.authorization });
    expect(status).toBe(200);
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6, gets: 1 }), NOTHING]);
  });

  test("if built passes are not cached, a fetch from a warm isolate reads no R2 and writes nothing", async () => {
    const { status, answer, after } = await cost(
      fresh.path,
      { headers: fresh.authorization },
      { KEEP_BUILT_PASSES: "no" },
    );
    expect(status).toBe(200);
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6 }), NOTHING]);
  });

  test("a 304 is one trip, without R2", async () => {
    const { headers } = await cost(fresh.path, { headers: fresh.authorization });
    const conditions: Record<string, string>[] = [
      { "If-None-Match": headers.get("etag") ?? "" },
      { "If-Modified-Since": headers.get("last-modified") ?? "" },
    ];
    for (const condition of conditions) {
      const { status, answer, after } = await cost(fresh.path, {
        headers: { ...fresh.authorization, ...condition },
      });
      expect(status).toBe(304);
      expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6 }), NOTHING]);
    }
  });

  test("a registration is one batch, whether it is new or repeated", async () => {
    const first = await register(fresh, "newcomer");
    expect([first.status, first.after]).toEqual([201, NOTHING]);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 20, rowsWritten: 9 }));
    const again = await register(fresh, "newcomer");
    expect([again.status, again.after]).toEqual([200, NOTHING]);
    expect(again.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 22, rowsWritten: 6 }));
  });

  test("unregistering is one batch, and writes nothing if there was no registration", async () => {
    const request = { method: "DELETE", headers: fresh.authorization };
    const first = await cost(fresh.registration("newcomer"), request);
    expect([first.status, first.after]).toEqual([200, NOTHING]);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 4, rowsRead: 5, rowsWritten: 3 }));
    const again = await cost(fresh.registration("newcomer"), request);
    expect([again.status, again.after]).toEqual([200, NOTHING]);
    expect(again.answer).toEqual(spent({ trips: 1, statements: 4, rowsRead: 3 }));
  });

  test("a change of a pass is one batch before the response, and one write to mark it as queued after it", async () => {
    const { status, answer, after } = await adminCost("PATCH", `/passes/${fresh.id}`, {
      values: { points: "7" },
    });
    expect(status).toBe(200);
    expect(answer).toEqual(spent({ trips: 1, statements: 7, rowsRead: 23, rowsWritten: 10 }));
    expect(after).toEqual(MARK);
  });

  test("a change without an effect is one batch, which writes nothing, and marks nothing as queued", async () => {
    const { status, answer, after } = await adminCost("PATCH", `/passes/${fresh.id}`, {
      values: { points: "7" },
    });
    expect(status).toBe(200);
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 7, rowsRead: 13 }), NOTHING]);
  });

  test("a change that phones do not show is one batch, and one trip to mark it as dispatched instead of queued", async () => {
    const pass = { description: storeCard.description };
    const { status, answer, after, jobs } = await adminCost("PATCH", `/passes/${fresh.id}`, { pass });
    expect([status, jobs]).toEqual([200, []]);
    // Nothing holds the second trip back until the response, so it may be counted before it or after it.
    expect([answer.trips + after.trips, answer.statements + after.statements]).toEqual([2, 7 + 2]);
    expect(answer.rowsWritten + after.rowsWritten).toBe(12);
  });

  test("an addition to a number is one batch, which reads more rows the first time, from the template", async () => {
    const { id } = await admin.issue(templateId);
    const add = () => adminCost("PATCH", `/passes/${id}`, { values: { balance: { add: 1 } } });
    for (const rowsRead of [53, 43]) {
      const { status, answer, after } = await add();
      expect(status).toBe(200);
      expect(answer).toEqual(spent({ trips: 1, statements: 7, rowsRead, rowsWritten: 10 }));
      expect(after).toEqual(MARK);
    }
  });

  test("an Idempotency-Key costs one statement and two rows, and no trip; a repeat three trips, and it writes nothing", async () => {
    const serialNumber = () => `keyed-${isFull}-${crypto.randomUUID()}`;
    const writes: (() => Promise<readonly [string, string, object?]>)[] = [
      async () => ["PATCH", `/passes/${(await issue(templateId)).id}`, { values: { balance: { add: 1 } } }],
      async () => ["POST", `/passes/${(await issue(templateId)).id}/redeem`, {}],
      async () => ["POST", `/passes/${(await issue(templateId)).id}/void`, {}],
      async () => ["DELETE", `/passes/${(await issue(templateId)).id}`],
      async () => ["POST", `/templates/${templateId}/passes`, {}],
      async () => ["PUT", `/pass-types/${PASS_TYPE}/passes/${serialNumber()}`, { templateId }],
    ];
    for (const prepare of writes) {
      const [method, path, body] = await prepare();
      const { answer: bare } = await adminCost(method, path, body);
      const request = await prepare();
      const key = { "Idempotency-Key": crypto.randomUUID() };
      const first = await adminCost(request[0], request[1], request[2], key);
      expect(first.status, path).toBeLessThan(300);
      const { trips, statements, rowsWritten } = bare;
      expect(first.answer, path).toMatchObject({
        trips,
        statements: statements + 1,
        rowsWritten: rowsWritten + 2,
      });
      const repeat = await adminCost(request[0], request[1], request[2], key);
      expect([repeat.status, repeat.headers.get("idempotency-replayed")]).toEqual([first.status, "true"]);
      expect(repeat.after).toEqual(NOTHING);
      if (method === "PATCH") expect(repeat.answer).toMatchObject({ trips: 3, rowsWritten: 0 });
    }
  });

  test("the fetch of a pass after a change writes nothing if the pass has been registered", async () => {
    const { answer, after } = await cost(fresh.path, { headers: fresh.authorization });
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6 }), NOTHING]);
  });

  test("a redemption is one batch and one write to mark it as queued, and a second redemption writes nothing", async () => {
    const first = await adminCost("POST", `/passes/${fresh.id}/redeem`, {});
    expect(first.status).toBe(200);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 18, rowsWritten: 8 }));
    expect(first.after).toEqual(MARK);
    const second = await adminCost("POST", `/passes/${fresh.id}/redeem`, {});
    expect(second.status).toBe(409);
    expect([second.answer, second.after]).toEqual([
      spent({ trips: 1, statements: 6, rowsRead: 13 }),
      NOTHING,
    ]);
  });

  test("a void is one batch, and one write to mark it, and a second one writes nothing", async () => {
    const valid = await admin.issue(templateId);
    const first = await adminCost("POST", `/passes/${valid.id}/void`, {});
    expect([first.status, first.after]).toEqual([200, MARK]);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 16, rowsWritten: 8 }));
    const second = await adminCost("POST", `/passes/${valid.id}/void`, {});
    expect([second.answer, second.after]).toEqual([
      spent({ trips: 1, statements: 6, rowsRead: 12 }),
      NOTHING,
    ]);
  });

  test("a scan is a look-up and one batch, a repeated one is two reads, and a code that no pass has is looked up twice", async () => {
    const ticket = await issue(templateId);
    await surroundScans();
    const scan = (code: string, scanId = crypto.randomUUID()) =>
      adminCost("POST", "/scans", { scans: [{ code, scanId }] });
    const code = ticket.path.split("/").at(-1) ?? "";
    const scanId = crypto.randomUUID();
    const first = await scan(code, scanId);
    const again = await scan(code, scanId);
    const undo = await adminCost("POST", `/scans/${scanId}/undo`);
    expect([first.status, first.after, again.after, undo.after]).toEqual([200, MARK, NOTHING, MARK]);
    expect(first.answer).toEqual(spent({ trips: 2, statements: 12, rowsRead: 45, rowsWritten: 13 }));
    expect(again.answer).toEqual(spent({ trips: 2, statements: 5, rowsRead: 20 }));
    expect(undo.answer).toEqual(spent({ trips: 2, statements: 11, rowsRead: 23, rowsWritten: 9 }));
    const unknown = await scan("a code of nobody");
    expect(unknown.answer).toEqual(spent({ trips: 3, statements: 5, rowsRead: 10, rowsWritten: 4 }));
    const list = await adminCost("GET", `/scans?passId=${ticket.id}`);
    expect(list.answer).toEqual(spent({ trips: 1, statements: 2, rowsRead: 5 }));
    const hours = await adminCost("GET", `/scans/by-hour?passId=${ticket.id}`);
    expect(hours.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 4 }));
  });

  test("a page of the changes of a pass is one trip, and reads three times its limit at most", async () => {
    const { id: ownTemplateId } = await admin.makeTemplate(PASS_TYPE);
    const { id: eventId, projectId } = await admin.makeEvent();
    const { id } = await admin.issue(ownTemplateId, { eventId });
    for (let n = 1; n <= 8; n++) {
      await admin.change(id, { values: { points: `${n}` } });
      await admin.changeTemplate(ownTemplateId, { pass: { logoText: `${n}` } });
      await admin.changeEvent({ projectId, id: eventId }, { values: { balance: n } });
      if (n % 4 !== 0) continue;
      const page = await adminCost("GET", `/passes/${id}/changes?limit=2`);
      expect([page.status, page.after]).toEqual([200, NOTHING]);
      expect(page.answer).toEqual(spent({ trips: 1, statements: 2, rowsRead: 25 }));
    }
  });

  test("the phones of a pass are one trip: the newest changes, and at most a hundred dead letters, are looked through", async () => {
    const letter = { kind: "push", passTypeIdentifier: PASS_TYPE, tokens: ["a", "b"], reason: "BadTopic" };
    const letters = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        ...{ messageId: `letter-${n}`, message: JSON.stringify(letter), receivedAt: n },
      }));
    const held = await issue(templateId);
    await register(held, "holder");
    for (const [count, rowsRead] of [
      [0, 25],
      [100, 527],
      [150, 527],
    ] as const) {
      await deleteRows(deadLetters);
      await insertRows(deadLetters, letters(count));
      const page = await adminCost("GET", `/passes/${held.id}/phones`);
      expect([page.status, page.after]).toEqual([200, NOTHING]);
      expect(page.answer).toEqual(spent({ trips: 1, statements: 5, rowsRead }));
    }
    await deleteRows(deadLetters);
  });

  test("the content of a pass is one trip, and one of its images is one trip and one read of R2, or none for a 304", async () => {
    const png = drawPng(20, 20, () => [isFull ? 1 : 0, 2, 3, 255]).toBase64();
    const { id } = await admin.issue(templateId, { images: { "thumbnail.png": png } });
    const { images: ofPass } = await admin.show(id);
    const { images: ofTemplate } = await admin.makeTemplate(PASS_TYPE);
    const content = await adminCost("GET", `/passes/${id}/content`);
    expect([content.status, content.after]).toEqual([200, NOTHING]);
    expect(content.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 3 }));
    for (const [path, rowsRead] of [
      [`/passes/${id}/images/${ofPass["thumbnail.png"]?.sha256}`, 2],
      [`/passes/${id}/images/${ofTemplate["icon.png"]?.sha256}`, 2],
      [`/templates/${templateId}/images/${ofTemplate["icon.png"]?.sha256}`, 1],
    ] as const) {
      const image = await adminCost("GET", path);
      expect([image.status, image.after]).toEqual([200, NOTHING]);
      expect(image.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead, gets: 1 }));
      const condition = { "If-None-Match": image.headers.get("etag") ?? "" };
      const again = await adminCost("GET", path, undefined, condition);
      expect([again.status, again.answer]).toEqual([304, spent({ trips: 1, statements: 1, rowsRead })]);
    }
  });

  test("a move of passes to an event is one batch of five statements, and one write to mark all changes, for any number of passes", async () => {
    const { id: eventId } = await admin.makeEvent();
    for (const count of [2, 200]) {
      const { id } = await admin.issue(templateId);
      const passIds = [id, ...(await copyPass(id, count - 1, `moved-${isFull}-${count}-`))];
      const move = () => adminCost("POST", "/passes/move", { passIds, eventId });
      const { status, answer, after, jobs } = await move();
      expect([status, jobs.length]).toEqual([200, count]);
      const rows = { rowsRead: 22 * count + 5, rowsWritten: 8 * count + 1 };
      expect(answer).toEqual(spent({ trips: 1, statements: 5, ...rows }));
      const marks = { rowsRead: 6 * count + 2, rowsWritten: count };
      expect(after).toEqual(spent({ trips: 1, statements: 1, ...marks }));
      const again = await move();
      const read = spent({ trips: 1, statements: 5, rowsRead: 15 * count + 8 });
      expect([again.answer, again.after]).toEqual([read, NOTHING]);
    }
  });

  test("a change of a template's texts is one read, one batch, one look for where its passes are offered and one write to mark it as queued, whatever the number of its passes", async () => {
    const pass = { ...storeCard, logoText: "New" };
    const { status, answer, after } = await adminCost("PATCH", `/templates/${templateId}`, { pass });
    expect(status).toBe(200);
    expect(answer).toEqual(spent({ trips: 3, statements: 9, rowsRead: 19, rowsWritten: 8 }));
    expect(after).toEqual(MARK);
  });
});

test("the page of a pass is one read, and another one for an issuer of Google Wallet unless an iPhone asks; a click reads twice", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const { pathname } = new URL(pass.landingUrl);
  const page = async (system: string) =>
    (await cost(pathname, { headers: { "User-Agent": `Mozilla/5.0 (${system}) Mobile Safari/604.1` } }))
      .answer;
  await page("iPhone"); // reads the images from R2
  expect(await page("iPhone")).toEqual(spent({ trips: 1, statements: 1, rowsRead: 7 }));
  expect(await page("Linux; Android 15")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));
  expect(await page("Macintosh")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));

  const { issuerId, key } = await google.makeIssuer();
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
  expect(await page("Linux; Android 15")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));
  const click = async () => (await cost(`${pathname}/google`, { redirect: "manual" })).answer;
  expect(await click()).toEqual(spent({ trips: 8, statements: 21, rowsRead: 37, rowsWritten: 15 }));
  expect(await click()).toEqual(spent({ trips: 2, statements: 5, rowsRead: 12 }));
});

test("a forged callback of Google costs nothing; a good one is one trip that writes the pass and the nonce", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const { issuerId, key } = await google.makeIssuer();
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
  await cost(`${new URL(pass.landingUrl).pathname}/google`, { redirect: "manual" });
  const { classId, resourceId: objectId } = await rowOf(googleObjects, { passId: pass.id });
  const report = async (flaw?: "signature") => {
    const event = { eventType: "save", classId, objectId, flaw } as const;
    const body = JSON.stringify(await google.signCallback(event));
    return cost("/google/callback", { method: "POST", body });
  };
  await report(); // has the root keys after it
  expect(await report("signature")).toMatchObject({ status: 403, answer: NOTHING, after: NOTHING });
  const good = await report();
  expect([good.status, good.after]).toEqual([200, NOTHING]);
  expect(good.answer).toEqual(spent({ trips: 1, statements: 4, rowsRead: 6, rowsWritten: 4 }));
});

test("the progress of a change is three or four trips, and reads three rows for each of its phones, at most 34,000", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  for (const table of [googleIssuers, readers]) await deleteRows(table);
  const progress = () => adminCost("GET", `/templates/${templateId}/progress`);
  const register = async (count: number) => {
    const tokens = Array.from({ length: count }, randomPushToken);
    await insertRows(
      registrations,
      tokens.map((token) => registrationOf(pass, token)),
    );
    await insertRows(
      devices,
      tokens.map((token) => deviceOf(PASS_TYPE, token)),
    );
  };
  await register(100);
  const few = await progress();
  expect([few.status, few.after]).toEqual([200, NOTHING]);
  expect(few.answer).toEqual(spent({ trips: 3, statements: 6, rowsRead: 313 }));
  await register(10_000);
  const many = await progress();
  expect(many.answer).toMatchObject({ trips: 4, statements: 8, rowsWritten: 0 });
  expect(many.answer.rowsRead).toBeGreaterThan(3 * 10_000);
  expect(many.answer.rowsRead).toBeLessThan(34_000);
});

test("with an issuer, the progress of a change is one trip more, or two for estimates, and a pass is one trip", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  const issuerId = await makeIssuer();
  await insertRows(googleClasses, [classOf(issuerId, templateId)]);
  const classId = classIdOf(issuerId, templateId);
  const save = (first: number, count: number) =>
    insertRows(
      googleObjects,
      Array.from({ length: count }, (_, n) => objectOf(issuerId, first + n, { classId })),
    );
  const progress = async () => (await adminCost("GET", `/templates/${templateId}/progress`)).answer;
  await save(pass.id, 100);
  expect(await progress()).toMatchObject({ trips: 4, statements: 8 });
  const shown = await adminCost("GET", `/passes/${pass.id}`);
  expect(shown.answer).toMatchObject({ trips: 1, statements: 1 });
  await save(pass.id + 100, 20_000);
  const { trips, statements, rowsRead } = await progress();
  expect([trips, statements]).toEqual([5, 9]);
  expect(rowsRead).toBeGreaterThan(20_000);
  expect(rowsRead).toBeLessThan(31_500);
});

test("the counts of a join page are one trip, and read a row for each network of the day once", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const today = Math.floor(Date.now() / (24 * 60 * 60_000));
  const networks = Array.from({ length: 100 }, (_, n) => ({
    templateId,
    day: today,
    network: `${n}`,
    count: 1,
  }));
  await insertRows(joinCounts, [{ templateId, day: 0, network: "", count: 100 }, ...networks]);
  const page = await adminCost("GET", `/templates/${templateId}/join`);
  expect([page.status, page.after]).toEqual([200, NOTHING]);
  expect(page.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 103 }));
});

test("no statement scans a table", async () => {
  const steps = (await explain(counters.asked)).map(({ step }) => step);
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH registrations USING INDEX/));
  const tables =
    /^SCAN (passes|pass_tags|templates|events|changes|registrations|devices|certificates|signing_keys|scans)\b/;
  expect(steps.filter((step) => tables.test(step))).toEqual([]);
});

// These walk the newest rows, which SQLite calls a scan.
test("a page of the names of templates is one trip, and reads as many rows as the list of templates", async () => {
  const names = await adminCost("GET", "/template-summaries?limit=2");
  const whole = await adminCost("GET", "/templates?limit=2");
  expect([names.status, names.after]).toEqual([200, NOTHING]);
  expect(names.answer).toEqual(spent({ trips: 1, statements: 2, rowsRead: whole.answer.rowsRead }));
});

test("a scope's counts of scans are two trips if others have made many, and read its passes and their scans", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id } = await admin.issue(templateId);
  const own = [id, ...(await copyPass(id, 4, "own-"))];
  const other = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  await surroundScans();
  const scan = (passId: number, at: number) => ({
    ...{ scanId: `${passId}-${at}`, passId, at, receivedAt: at, place: "Gate" },
    ...{ outcome: "shown" as const, isConflict: false, actor: "admin" },
  });
  const foreign = Array.from({ length: 100 }, (_, n) => scan(other.id, 1000 + n));
  await insertRows(scans, [...own.map((passId) => scan(passId, 1)), ...foreign]);
  const scope = { projects: [], events: [], templates: [templateId] };
  for (const [filter, rows] of [
    [{}, 110],
    [{ place: "Gate" }, 109],
  ] as const) {
    counters.spent();
    const counts = await countByHour(openDatabase(counters.env.DB), { scope, ...filter }, 0, 20);
    expect([counts.items.length, counts.isExact]).toEqual([1, true]);
    expect(counters.spent()).toEqual(spent({ trips: 2, statements: 3, rowsRead: rows }));
  }
});

/** 2,500 passes of one template, event, code and tag, and one pass with its own. */
async function fillLists() {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: eventId } = await admin.makeEvent();
  const { id } = await admin.issue(templateId, { eventId, barcodeMessage: "many" });
  const ids = [id, ...(await copyPass(id, 2499, "listed-"))];
  await insertRows(
    passTags,
    ids.map((passId) => ({ passId, tag: "many" })),
  );
  const own = { serialNumber: "one", externalId: "of/one", barcodeMessage: "one", tags: ["one"] };
  await admin.issue(templateId, own);
  return { templateId, eventId };
}

/**
 * A page examines at most 2,000 passes, whether one matches or none, and a count 10,000. To examine a pass costs two rows; with a
 * status up to six, because event and template are read. A page that is not full examines twice: for its items, and for its cursor.
 */
test("each filter of passes reads the rows that its index finds, and no more than one page examines", async () => {
  const { templateId, eventId } = await fillLists();
  const rowsRead = async (path: string) => {
    const { status, answer, after } = await adminCost("GET", path);
    expect([path, status, after]).toEqual([path, 200, NOTHING]);
    if (!path.startsWith("/passes/count?code")) expect([path, answer.trips]).toEqual([path, 1]);
    return answer.rowsRead;
  };
  const table: [filter: string, page: number, count?: number][] = [
    ["serialNumber=one", 27, 4],
    ["externalId=of/one", 27, 4],
    [`externalId=of/one&passTypeIdentifier=${PASS_TYPE}`, 21, 2],
    ["tag=one", 26, 4],
    ["code=one", 69, 65],
    [`templateId=${templateId}`, 451, 2 * 2501 + 1],
    [`eventId=${eventId}`, 498, 2 * 2500 + 2],
    ["tag=many", 498, 3 * 2500],
    ["code=many", 12_658, 115_941],
    ["", 451],
    ["status=active", 615],
    [`passTypeIdentifier=${PASS_TYPE}`, 451],
    // No pass matches, and 2,000 are examined.
    ["status=expired", 13 * 2000 + 1],
    ["text=of-nobody", 5 * 2000 + 5],
    ["installStatus=installed", 5 * 2000 + 5],
    ["passTypeIdentifier=pass.test.of-nobody", 5 * 2000 + 5],
    [`eventId=${eventId}&status=expired`, 13 * 2000 + 5, 6 * 2500 + 2],
    [`eventId=${eventId}&installStatus=installed`, 5 * 2000 + 5, 2 * 2500 + 1],
    [`eventId=${eventId}&text=of-nobody`, 7 * 2000 + 5, 2 * 2500 + 2],
    [`eventId=${eventId}&tag=of-nobody`, 7 * 2000 + 5, 2 * 2500 + 2],
  ];
  const read: typeof table = [];
  for (const [filter, , count] of table) {
    const page = await rowsRead(`/passes?limit=20&${filter}`);
    read.push(
      count === undefined ? [filter, page] : [filter, page, await rowsRead(`/passes/count?${filter}`)],
    );
  }
  expect(read).toEqual(table);
  expect(await rowsRead("/passes/by-external-id?externalId=of/one")).toBe(7);

  const database = openDatabase(counters.env.DB);
  for (const [filter, rows] of [
    [{}, 2 * 1001],
    [{ status: "expired" }, 6 * 1000 + 4],
  ] as const) {
    counters.spent();
    expect(await countPasses(database, { ...filter, scope: undefined }, Date.now(), 1000)).toMatchObject({
      isExact: false,
    });
    expect(counters.spent()).toEqual(spent({ trips: 1, statements: 1, rowsRead: rows }));
  }
});
