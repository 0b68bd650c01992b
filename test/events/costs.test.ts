/**
 * The cost of events, counted: a change of an event is as cheap with 200 passes as with one, serving a pass of an event is still
 * one trip to D1, and no statement about events scans a table.
 *
 * D1 counts a written row once for the table and once for each index that changes. The figures of passes without an event are in
 * test/budgets.test.ts.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { registrations } from "../../src/db/schema.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { adminCost, cost as costOf, counters, explain } from "../cost.ts";
import { counted, type Tally } from "../counting.ts";
import { ADMIN_TOKEN, admin, apple, randomPushToken, storeCard } from "../harness.ts";
import { callWithQueue, consume, pushJob, spyQueue } from "../push/consume.ts";
import { copyPass, insertRows, registrationOf } from "../rows.ts";
import { ask, holderOf, listPath, randomDevice } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.events.costs";
const MANY = 200;
/** The outbox records that the job was sent. */
const MARK_ROWS = 1;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
});

/** An event with that many passes beside the one that is handed back, each of them on a phone. */
async function eventOf(others: number) {
  const event = await admin.makeEvent({ values: { points: "0" }, pass: { logoText: "before" } });
  const template = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(template.id, { eventId: event.id });
  const device = randomDevice();
  await (await holderOf(pass)).register(device);
  const copies = await copyPass(pass.id, others, `of-${event.id}-`);
  const listening = copies.map((id) => registrationOf({ ...pass, id }, randomPushToken()));
  await insertRows(registrations, listening);
  const path = `/projects/${event.projectId}/events/${event.id}`;
  return { event, path, template, pass, device };
}

/** One call of the admin API, with all that follows it. */
async function cost(method: string, path: string, body?: object) {
  const { status, answer, after, jobs } = await adminCost(method, path, body);
  expect(Math.floor(status / 100)).toBe(2);
  const total = (key: keyof Tally) => answer[key] + after[key];
  const [trips, statements] = [total("trips"), total("statements")];
  return {
    cost: { trips, statements, rowsRead: total("rowsRead"), rowsWritten: total("rowsWritten") },
    job: jobs[0],
  };
}

/** One request of a phone. */
async function asked(request: Request) {
  const { status, answer } = await costOf(request);
  return { status, trips: answer.trips, statements: answer.statements };
}

describe("costs the same with one pass and with 201", () => {
  test.each<[what: string, method: string, body: object | undefined, rowsWritten: number]>([
    ["a change of an event's values", "PATCH", { values: { points: "1" } }, 8],
    ["a change of an event's keys of pass.json", "PATCH", { pass: { logoText: "after" } }, 8],
    ["a change of both and of its name", "PATCH", { name: "New", values: { points: "2" }, pass: {} }, 10],
    ["the deletion of an event", "DELETE", undefined, 9],
  ])("%s", async (_what, method, body, rowsWritten) => {
    const [few, many] = [await eventOf(0), await eventOf(MANY)];
    const [small, large] = [await cost(method, few.path, body), await cost(method, many.path, body)];
    expect(large.cost).toEqual(small.cost);
    expect(large.cost).toMatchObject({ trips: 2, rowsWritten: rowsWritten + MARK_ROWS });
    expect(large.cost.rowsRead).toBeLessThan(24);
  });

  test("the move of a pass from one event to another", async () => {
    const [few, many] = [await eventOf(0), await eventOf(MANY)];
    const to = await eventOf(MANY);
    await admin.changeEvent(to.event, { values: { points: "moved" } });
    const small = await cost("PATCH", `/passes/${few.pass.id}`, { eventId: to.event.id });
    const large = await cost("PATCH", `/passes/${many.pass.id}`, { eventId: to.event.id });
    expect(large.cost).toEqual(small.cost);
    expect(large.cost).toMatchObject({ trips: 2, statements: 9 });
    expect(large.cost.rowsRead).toBeLessThan(45);
  });

  test("a change of a pass that only sets the event that it already has, which writes nothing", async () => {
    const { event, pass } = await eventOf(0);
    const { cost: spent, job } = await cost("PATCH", `/passes/${pass.id}`, { eventId: event.id });
    expect(job).toBeUndefined();
    expect(spent).toMatchObject({ trips: 1, rowsWritten: 0 });
  });

  test("a change of a template, however many events there are", async () => {
    const { template } = await eventOf(0);
    const change = (logoText: string) =>
      cost("PATCH", `/templates/${template.id}`, { pass: { ...storeCard, logoText } });
    const before = await change("a");
    const project = await admin.makeProject();
    for (let i = 0; i < 20; i++) await admin.makeEvent({}, project.id);
    expect((await change("b")).cost).toEqual(before.cost);
  });
});

test("a list and a fetch of a pass of an event are one statement each, for both 200 and 304", async () => {
  const { pass, device } = await eventOf(MANY);
  const { path, authorization } = await holderOf(pass);
  const one = { trips: 1, statements: 1 };
  expect(await asked(ask("GET", listPath(device, PASS_TYPE)))).toEqual({ status: 200, ...one });
  expect(await asked(ask("GET", path, authorization))).toEqual({ status: 200, ...one });
  const known = { ...authorization, "If-None-Match": "*" };
  expect(await asked(ask("GET", path, known))).toEqual({ status: 304, ...one });
});

test("a page of an event's fan-out costs four round trips and reads only the rows of its page", async () => {
  await eventOf(MANY);
  const { path } = await eventOf(9);
  const { job } = await cost("PATCH", path, { values: { points: "9" } });
  const own = counted(env);
  await consume(job === undefined ? [] : [job], { db: openDatabase(own.env.DB) });
  const { trips, rowsRead, rowsWritten } = own.spent();
  expect([trips, rowsWritten]).toEqual([4, 1]);
  expect(rowsRead).toBeLessThan(25);
});

test("no statement about events, their passes, their phones or links scans a table", async () => {
  const { event, path, template, pass } = await eventOf(3);
  const started = counters.asked.length;
  const bindings = { db: openDatabase(counters.env.DB) };
  const { job } = await cost("PATCH", path, { values: { points: "planned" } });
  const afterListener = { passTypeIdentifier: PASS_TYPE, pushToken: "0" };
  const pages: PushMessage[] =
    job?.kind === "change" ? [{ ...job, afterListener, throughId: job.changeId }] : [];
  await consume(pages, bindings);
  const holder = await holderOf(pass);
  const [device, pushToken] = [randomDevice(), randomPushToken()];
  const link = new URL(pass.downloadUrl).pathname;
  await apple.fault(pushToken, { status: 410, reason: "Unregistered" });
  const requests = [
    ask("POST", holder.registration(device), holder.authorization, { pushToken }),
    ask("GET", listPath(device, PASS_TYPE, "1")),
    ask("GET", holder.path, holder.authorization),
    ask("GET", link),
  ];
  for (const request of requests) expect([request.url, (await asked(request)).status]).not.toContain(404);
  await consume([pushJob(PASS_TYPE, [pushToken])], bindings);
  await asked(ask("DELETE", holder.registration(device), holder.authorization));
  const events = `/projects/${event.projectId}/events`;
  const other = await admin.makeEvent();
  for (const [method, address, body] of [
    ["POST", events, { name: "x", externalId: "x" }],
    ["GET", `${events}?cursor=99`],
    ["GET", events],
    ["GET", path],
    ["POST", `/templates/${template.id}/passes`, { eventId: event.id }],
    ["PATCH", `/passes/${pass.id}`, { eventId: other.id }],
    ["GET", `/passes?eventId=${event.id}`],
    ["GET", `/passes?eventId=${event.id}&cursor=99`],
    ["GET", `/templates?projectId=${event.projectId}`],
    ["PATCH", `/templates/${template.id}`, { webService: "/api" }],
    ["POST", `/passes/${pass.id}/redeem`],
    ["POST", `/passes/${pass.id}/unredeem`],
    ["POST", `/passes/${pass.id}/void`],
    ["POST", `/passes/${pass.id}/unvoid`],
    ["GET", `/passes?eventId=${event.id}&status=expired`],
    ["DELETE", path],
  ] as const) {
    await cost(method, address, body);
  }
  await callWithQueue(spyQueue(), "DELETE", `/projects/${event.projectId}`, undefined, counters.env);
  const listed = `/v1/events/project/${other.projectId}/${other.id}/passes?status=installed`;
  expect((await asked(ask("GET", listed, { Authorization: `Bearer ${ADMIN_TOKEN}` }))).status).toBe(200);

  const steps = new Map((await explain(counters.asked.slice(started))).map(({ step, sql }) => [step, sql]));
  const found = [...steps.keys()].join("\n");
  for (const index of [
    /SEARCH registrations USING (COVERING )?INDEX registrations_event \(event_id=\? AND client=\?/,
    /SEARCH registrations USING (COVERING )?INDEX registrations_event .*\(event_id=\? AND client=\? AND \(pass_type_identifier,push_token\)>/,
    /SEARCH passes USING COVERING INDEX passes_event_modified \(event_id=\?\)/,
    /SEARCH templates USING COVERING INDEX templates_modified/,
    /SEARCH events USING COVERING INDEX events_modified/,
    /SEARCH stale USING (COVERING )?INDEX registrations_push_token \(pass_type_identifier=\? AND push_token=\?\)/,
    /SEARCH live USING (COVERING )?INDEX registrations_pass \(pass_id=\?\)/,
    /SEARCH passes USING INDEX passes_web_token \(web_token=\?\)/,
    /SEARCH later USING (COVERING )?INDEX changes_\w+ \(pass_id=\? AND template_id=\? AND event_id=\?\)/,
  ]) {
    expect(found).toMatch(index);
  }
  const walks = [...steps].filter(
    // apns_keys has one row for each team. The others are the rows of one page.
    ([step]) =>
      /^SCAN /.test(step) &&
      !/VIRTUAL TABLE|CONSTANT ROW|\(subquery|SCAN (apns_keys|candidates|placed|page|examined)$/.test(step),
  );
  expect(walks).toEqual([]);
});
