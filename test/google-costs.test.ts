/**
 * What Google Wallet costs, counted: the page of a pass, a click on its link, callbacks, and the progress of a change.
 */
import { beforeAll, expect, test } from "vitest";
import { googleClasses, googleIssuers, googleObjects, readers } from "../src/db/schema.ts";
import { classIdOf, classOf, objectOf } from "./admin/google-rows.ts";
import { adminCost, NOTHING, spent } from "./cost.ts";
import { costOf, watchTableScans } from "./counted-passes.ts";
import { makeIssuer } from "./google-wallet/accounts.ts";
import { admin, call, google } from "./harness.ts";
import { deleteRows, insertRows, rowOf } from "./rows.ts";

const PASS_TYPE = "pass.test.google-costs";
const findTableScans = watchTableScans();

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

test("the page of a pass is one read, and another one for an issuer of Google Wallet unless an iPhone asks; a click reads twice", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const { pathname } = new URL(pass.landingUrl);
  const page = async (system: string) =>
    (await costOf(pathname, { headers: { "User-Agent": `Mozilla/5.0 (${system}) Mobile Safari/604.1` } }))
      .answer;
  await page("iPhone"); // reads the images from R2
  expect(await page("iPhone")).toEqual(spent({ trips: 1, statements: 1, rowsRead: 7 }));
  expect(await page("Linux; Android 15")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));
  expect(await page("Macintosh")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));

  const { issuerId, key } = await google.makeIssuer();
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
  expect(await page("Linux; Android 15")).toEqual(spent({ trips: 2, statements: 2, rowsRead: 8 }));
  const click = async () => (await costOf(`${pathname}/google`, { redirect: "manual" })).answer;
  expect(await click()).toEqual(spent({ trips: 8, statements: 21, rowsRead: 37, rowsWritten: 15 }));
  expect(await click()).toEqual(spent({ trips: 2, statements: 5, rowsRead: 12 }));
});

test("a forged callback of Google costs nothing; a good one is one trip that writes the pass and the nonce", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  const { issuerId, key } = await google.makeIssuer();
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
  await costOf(`${new URL(pass.landingUrl).pathname}/google`, { redirect: "manual" });
  const { classId, resourceId: objectId } = await rowOf(googleObjects, { passId: pass.id });
  const report = async (flaw?: "signature") => {
    const event = { eventType: "save", classId, objectId, flaw } as const;
    const body = JSON.stringify(await google.signCallback(event));
    return costOf("/google/callback", { method: "POST", body });
  };
  await report(); // has the root keys after it
  expect(await report("signature")).toMatchObject({ status: 403, answer: NOTHING, after: NOTHING });
  const good = await report();
  expect([good.status, good.after]).toEqual([200, NOTHING]);
  expect(good.answer).toEqual(spent({ trips: 1, statements: 4, rowsRead: 6, rowsWritten: 4 }));
});

test("with an issuer, the progress of a change is one trip more, or two for estimates, and a pass is one trip", async () => {
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(templateId);
  await admin.changeTemplate(templateId, { pass: { logoText: "New" } });
  for (const table of [googleIssuers, readers]) await deleteRows(table);
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

test("no statement scans a table", async () => {
  const { tableScans, steps } = await findTableScans();
  expect([tableScans, steps.length > 0]).toEqual([[], true]);
});
