/**
 * What the writes of strangers cost in D1, counted by its own meta: /v1/log at the bound of its table, and lifecycle states
 * of passes that exist and that do not.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { deviceLogs } from "../../src/db/schema.ts";
import { STORED_REQUESTS } from "../../src/devices/device-logs.ts";
import { writeJson } from "../../src/json.ts";
import { cost, NOTHING, spent } from "../cost.ts";
import { admin } from "../harness.ts";
import { limitOf, REACHED } from "../http/rate-limits.ts";
import { countRows, insertRows, rowsOf } from "../rows.ts";
import { ask, untouchable } from "./web-service.ts";

const PASS_TYPE = "pass.test.stranger-costs";
const logs = Array.from({ length: 200 }, (_, n) => `line ${n}`);
const log = () => ask("POST", "/v1/log", { "CF-Connecting-IP": "203.0.113.7" }, { logs });
const state = (serialNumber: string, passState: string) =>
  ask(
    "POST",
    `/v1/passes/${PASS_TYPE}/${serialNumber}/passLifecycleUpdate`,
    { "CF-Connecting-IP": "203.0.113.8" },
    { passState },
  );

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

test("a log of 200 lines writes one row, and two rows when the table is full: one is added and one removed", async () => {
  const { answer, after } = await cost(log());
  expect([answer.trips, answer.statements, answer.rowsWritten, after]).toEqual([1, 2, 1, NOTHING]);
  const [first] = await rowsOf(deviceLogs);
  const id = first?.id ?? 0;
  const filled = Array.from({ length: STORED_REQUESTS - 1 }, (_, n) => ({
    id: id + n + 1,
    client: "old",
    messages: writeJson(["old"]),
    receivedAt: 0,
  }));
  await insertRows(deviceLogs, filled);
  for (let round = 1; round <= 3; round++) {
    expect((await cost(log())).answer).toMatchObject({ trips: 1, statements: 2, rowsWritten: 2 });
    expect(await countRows(deviceLogs)).toBe(STORED_REQUESTS);
  }
  expect((await rowsOf(deviceLogs))[0]?.id).toBe(id + 3);
});

test("a log above a limit makes no query", async () => {
  for (const limits of [{ ANONYMOUS_LIMIT: limitOf(0) }, { SHARED_LIMIT: limitOf(0) }])
    expect((await cost(log(), { ...limits, DB: untouchable(env.DB) })).status).toBe(200);
});

test("300 lifecycle states with made-up paths make at most as many queries as the limit of their network, and write no row", async () => {
  const limits = { SHARED_LIMIT: limitOf(20) };
  let [statements, rowsWritten] = [0, 0];
  for (let n = 0; n < 300; n++) {
    const { status, answer } = await cost(state(`made-up-${n}`, "added"), limits);
    expect(status).toBe(200);
    statements += answer.statements;
    rowsWritten += answer.rowsWritten;
  }
  expect([statements, rowsWritten]).toEqual([20, 0]);
});

test("a lifecycle state writes one row, and none if it is stored already", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const { serialNumber } = await admin.issue(template.id);
  const write = async (passState: string) => (await cost(state(serialNumber, passState))).answer;
  expect(await write("added")).toMatchObject({ statements: 1, rowsWritten: 1 });
  expect(await write("added")).toMatchObject({ statements: 1, rowsWritten: 0 });
  expect(await write("removed")).toMatchObject({ statements: 1, rowsWritten: 1 });
  expect((await cost(state(serialNumber, "added"), REACHED)).answer).toEqual(spent({}));
});
