/**
 * What a sign-up costs, counted: one query and one batch before the answer, and one mark of the outbox after it. The
 * figures are a promise, as those of budgets.test.ts; what a forged token costs is personalize-refusals.test.ts.
 */
import { beforeAll, expect, test } from "vitest";
import { personalizations } from "../../src/db/schema.ts";
import type { Sealed } from "../../src/db/sealed.ts";
import type { Pass } from "../../src/passes/show.ts";
import { cost, NOTHING, spent } from "../cost.ts";
import { ADMIN_TOKEN, admin } from "../harness.ts";
import { insertRows } from "../rows.ts";
import { ask, holderOf } from "../wallet/web-service.ts";
import { rewards, signUp } from "./rewards.ts";

const PASS_TYPE = "pass.test.personalize-costs";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
let pass: Pass;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  pass = await admin.issue((await admin.makeTemplate(PASS_TYPE, rewards)).id);
  const info = "1.a.b" as Sealed<"personalizations.info">;
  await insertRows(
    personalizations,
    Array.from({ length: 500 }, (_, n) => ({ passId: 1000 + n, info, receivedAt: 0 })),
  );
});

test("a sign-up is one query and one batch, and one update after the response, and a repeated one only writes the data", async () => {
  const { path, authorization } = await holderOf(pass);
  const request = () => ask("POST", `${path}/personalize`, authorization, signUp());
  const first = await cost(request());
  expect(first.status).toBe(200);
  expect(first.answer).toEqual(spent({ trips: 2, statements: 6, rowsRead: 20, rowsWritten: 9 }));
  expect(first.after).toEqual(spent({ trips: 1, statements: 1, rowsRead: 4, rowsWritten: 1 }));
  const again = await cost(request());
  expect(again.answer).toEqual(spent({ trips: 2, statements: 6, rowsRead: 17, rowsWritten: 1 }));
  expect([again.status, again.after]).toEqual([200, NOTHING]);
});

test("taking the data is one query and one deletion, keeping it is one query, and neither scans the data of other passes", async () => {
  const path = `/admin/v1/passes/${pass.id}/personalization/take`;
  const json = { ...KEY, "Content-Type": "application/json" };
  const kept = await cost(ask("POST", path, json, { keep: true }));
  expect(kept.answer).toEqual(spent({ trips: 1, statements: 1, rowsRead: 1 }));
  const taken = await cost(ask("POST", path, KEY));
  expect(taken.answer).toEqual(spent({ trips: 2, statements: 2, rowsRead: 2, rowsWritten: 1 }));
  const none = await cost(ask("POST", path, KEY));
  expect([none.status, none.answer]).toEqual([404, spent({ trips: 1, statements: 1, rowsRead: 1 })]);
});
