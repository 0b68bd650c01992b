/**
 * What Google refused: its list, another try, and what the health report says about failures and delays.
 */
import { afterEach, beforeAll, expect, test } from "vitest";
import { googleClasses, googleIssuers, googleObjects, readers } from "../../src/db/schema.ts";
import { findGoogleDelays } from "../../src/google-wallet/delays.ts";
import type { Health } from "../../src/health/check.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, call } from "../harness.ts";
import { db, insertRows, rowOf, setRows } from "../rows.ts";
import { classOf, objectOf } from "./google-rows.ts";

const PASS_TYPE = "pass.test.google-refused";
const MINUTE_MS = 60_000;
const PROBLEM = { code: "refused", detail: "Invalid value." };
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(async () => {
  for (const table of [googleObjects, googleClasses, googleIssuers, readers]) await db.delete(table);
});

const list = async () => (await call<{ items: object[] }>("GET", "/google-failures")).body;
const codes = async () =>
  (await call<Health>("GET", "/health")).body.findings.flatMap(({ code }) =>
    code.startsWith("google_f") || code.startsWith("google_b") ? [code] : [],
  );

test("what Google refused is listed with its words, and leaves the list when it is tried again", async () => {
  const [first, second] = [await makeIssuer(), await makeIssuer()];
  const pass = await admin.issue(templateId);
  const at = Date.now() - 1000;
  const refused = { problem: PROBLEM, gaveUpAt: at };
  await insertRows(googleClasses, [classOf(first, templateId, 0, refused)]);
  await insertRows(googleObjects, [
    objectOf(second, pass.id, { ...refused, gaveUpAt: at + 1 }),
    objectOf(first, pass.id),
  ]);
  const refusedAt = new Date(at).toISOString();
  expect(await list()).toMatchObject({
    items: [
      { kind: "class", issuerId: first, templateId, eventId: null, passId: null, ...PROBLEM, refusedAt },
      { kind: "object", issuerId: second, templateId: null, passId: pass.id, ...PROBLEM },
    ],
    nextCursor: null,
  });
  expect(await codes()).toEqual(["google_failures"]);
  const { body } = await call<Health>("GET", "/health");
  expect(body.findings.find(({ code }) => code === "google_failures")?.message).toContain("refused: 2.");

  const headers = { "Idempotency-Key": "retry google 1" };
  const retry = () => call("POST", "/google-failures/retry", undefined, headers);
  expect((await retry()).body).toEqual({ retried: 2 });
  expect((await retry()).body).toEqual({ retried: 2 });
  expect(await list()).toEqual({ items: [], nextCursor: null });
  expect(await codes()).toEqual([]);
  const { sendAt, attempts } = await rowOf(googleObjects, { issuerId: second });
  expect([sendAt !== null && sendAt <= Date.now(), attempts]).toEqual([true, 0]);
  expect((await call("POST", "/google-failures/retry")).body).toEqual({ retried: 0 });
});

test("google_behind: changes wait for more than five minutes, and nothing is being sent", async () => {
  const issuerId = await makeIssuer();
  const now = Date.now();
  const late = now - 5 * MINUTE_MS;
  const behind = async () => (await findGoogleDelays(db, now)).isBehind;
  const ids = [101, 102, 103];
  await insertRows(
    googleObjects,
    ids.map((id) => objectOf(issuerId, id, { sendAt: late + 1, sentAt: late - 1 })),
  );
  expect(await behind()).toBe(false);
  await setRows(googleObjects, { issuerId }, { sendAt: late });
  expect(await findGoogleDelays(db, now)).toEqual({ failures: 0, isBehind: true, late: 3 });
  expect(await codes()).toEqual(["google_behind"]);

  // A run has a claim. Between two runs, the objects before the first one that waits were sent a moment ago.
  await setRows(googleObjects, { passId: 101 }, { claimedUntil: now + 1 });
  expect(await behind()).toBe(false);
  await setRows(googleObjects, { passId: 101 }, { claimedUntil: null, sendAt: null, sentAt: late + 1 });
  expect(await behind()).toBe(false);
  await setRows(googleObjects, { passId: 101 }, { sentAt: late });
  expect(await behind()).toBe(true);

  // What Google does not take is due later, again and again.
  await setRows(googleObjects, { issuerId }, { sendAt: now + 30 * MINUTE_MS, attempts: 4 });
  expect(await behind()).toBe(false);
  await setRows(googleObjects, { issuerId }, { attempts: 5 });
  expect(await behind()).toBe(true);
  // It expires later, and nothing is wrong with it.
  await setRows(googleObjects, { issuerId }, { attempts: 0 });
  expect(await behind()).toBe(false);
});

test("google_behind: a change that the reader did not read for five minutes", async () => {
  const issuerId = await makeIssuer();
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  const name = `google:${issuerId}`;
  const { cursor } = await rowOf(readers, { name });
  await setRows(readers, { name }, { cursor: cursor - 1 });
  const at = (minutes: number) => findGoogleDelays(db, Date.now() + minutes * MINUTE_MS);
  expect(await at(4)).toMatchObject({ isBehind: false });
  expect(await at(6)).toEqual({ failures: 0, isBehind: true, late: 0 });
});
