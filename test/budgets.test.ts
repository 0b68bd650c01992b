/**
 * What requests of phones and changes of one pass cost, counted: round trips to D1, rows read and written, reads and writes of R2. The
 * figures must be the same in a small database and in a full one. A change of one of them must be on purpose.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { adminCost, NOTHING, spent } from "./cost.ts";
import {
  type CountedPass,
  costOf,
  DATABASES,
  fillDatabase,
  issueCountedPass,
  MARK,
  registerDevice,
  surroundScans,
  watchTableScans,
} from "./counted-passes.ts";
import { ADMIN_TOKEN, admin, randomPushToken, storeCard } from "./harness.ts";
import { newestChangeId } from "./rows.ts";

const PASS_TYPE = "pass.test.budgets";
const findTableScans = watchTableScans();

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

describe.each(DATABASES)("in $database", ({ isFull }) => {
  const device = `phone-${isFull}`;
  const list = `/v1/devices/${device}/registrations/${PASS_TYPE}`;
  let templateId: number;
  let mine: CountedPass[];
  let fresh: CountedPass;

  beforeAll(async () => {
    templateId = (await admin.makeTemplate(PASS_TYPE)).id;
    mine = await Promise.all(Array.from({ length: 4 }, () => issueCountedPass(templateId)));
    for (const pass of mine) await registerDevice(pass, device);
    if (isFull) await fillDatabase(templateId);
    fresh = await issueCountedPass(templateId);
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
        const { status, answer, after } = await costOf(path, { method, headers, body });
        expect([method, headers, status]).toEqual([method, headers, 401]);
        expect([answer, after]).toEqual([NOTHING, NOTHING]);
      }
    }
  });

  test("a list is one trip, and reads three rows for each pass of the device, plus one", async () => {
    const all = await costOf(list);
    expect(all.status).toBe(200);
    expect(all.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 3 * 4 + 1 }));
    expect(all.after).toEqual(NOTHING);
    const none = await costOf(`${list}?passesUpdatedSince=${await newestChangeId()}`);
    expect([none.status, none.answer]).toEqual([
      204,
      spent({ trips: 1, statements: 1, rowsRead: 3 * 4 + 1 }),
    ]);
  });

  test("a first fetch is one trip and one read of R2, and the built pass is stored after the response", async () => {
    const { status, answer, after } = await costOf(fresh.path, { headers: fresh.authorization });
    expect(status).toBe(200);
    expect(answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 6, gets: 1 }));
    expect(after).toEqual(spent({ trips: 1, statements: 2, rowsRead: 2, rowsWritten: 1, puts: 1 }));
  });

  test("a second fetch of the same version is one trip and one read of R2, and nothing after the response", async () => {
    const { status, answer, after } = await costOf(fresh.path, { headers: fresh.authorization });
    expect(status).toBe(200);
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6, gets: 1 }), NOTHING]);
  });

  test("if built passes are not cached, a fetch from a warm isolate reads no R2 and writes nothing", async () => {
    const { status, answer, after } = await costOf(
      fresh.path,
      { headers: fresh.authorization },
      { KEEP_BUILT_PASSES: "no" },
    );
    expect(status).toBe(200);
    expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6 }), NOTHING]);
  });

  test("a 304 is one trip, without R2", async () => {
    const { headers } = await costOf(fresh.path, { headers: fresh.authorization });
    const conditions: Record<string, string>[] = [
      { "If-None-Match": headers.get("etag") ?? "" },
      { "If-Modified-Since": headers.get("last-modified") ?? "" },
    ];
    for (const condition of conditions) {
      const { status, answer, after } = await costOf(fresh.path, {
        headers: { ...fresh.authorization, ...condition },
      });
      expect(status).toBe(304);
      expect([answer, after]).toEqual([spent({ trips: 1, statements: 1, rowsRead: 6 }), NOTHING]);
    }
  });

  test("a registration is one batch, whether it is new or repeated", async () => {
    const first = await registerDevice(fresh, "newcomer");
    expect([first.status, first.after]).toEqual([201, NOTHING]);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 20, rowsWritten: 9 }));
    const again = await registerDevice(fresh, "newcomer");
    expect([again.status, again.after]).toEqual([200, NOTHING]);
    expect(again.answer).toEqual(spent({ trips: 1, statements: 6, rowsRead: 22, rowsWritten: 6 }));
  });

  test("unregistering is one batch, and writes nothing if there was no registration", async () => {
    const request = { method: "DELETE", headers: fresh.authorization };
    const first = await costOf(fresh.registration("newcomer"), request);
    expect([first.status, first.after]).toEqual([200, NOTHING]);
    expect(first.answer).toEqual(spent({ trips: 1, statements: 4, rowsRead: 5, rowsWritten: 3 }));
    const again = await costOf(fresh.registration("newcomer"), request);
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
      async () => [
        "PATCH",
        `/passes/${(await issueCountedPass(templateId)).id}`,
        { values: { balance: { add: 1 } } },
      ],
      async () => ["POST", `/passes/${(await issueCountedPass(templateId)).id}/redeem`, {}],
      async () => ["POST", `/passes/${(await issueCountedPass(templateId)).id}/void`, {}],
      async () => ["DELETE", `/passes/${(await issueCountedPass(templateId)).id}`],
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
    const { answer, after } = await costOf(fresh.path, { headers: fresh.authorization });
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
    const ticket = await issueCountedPass(templateId);
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
});

test("no statement scans a table", async () => {
  const { tableScans, steps } = await findTableScans();
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH registrations USING INDEX/));
  expect(tableScans).toEqual([]);
});
