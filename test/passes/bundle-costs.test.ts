/**
 * The cost of a bundle, counted in a database with 500 other passes: one round trip to D1 however many passes it has, and of R2
 * the cost of each single pass. The figures are a promise, as in budgets.test.ts.
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { cost, NOTHING, spent } from "../cost.ts";
import { ADMIN_TOKEN, admin } from "../harness.ts";
import { copyPass } from "../rows.ts";
import { ask } from "../wallet/web-service.ts";
import { idsOf, linkTo, makeThree, pathOf } from "./bundle-client.ts";

const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
let three: Pass[];
let path: string;

beforeAll(async () => {
  const { templateId, three: others } = await makeThree("pass.test.several-costs");
  three = [...others.slice(0, 2), await admin.issue(templateId)];
  path = pathOf(await linkTo(three));
  await copyPass(three[0]?.id ?? 0, 500, "filled-");
});

/** One query, which reads eight rows for each pass (one of them in the list of ids) and one more. */
const LOOKED_UP = { trips: 1, statements: 1, rowsRead: 8 * 3 + 1 };

test("the first download is one trip and one read of R2 for each template, one HEAD for the size of the second, and each built pass is stored in the background", async () => {
  const { status, answer, after } = await cost(ask("GET", path));
  expect([status, answer]).toEqual([200, spent({ ...LOOKED_UP, gets: 2 })]);
  expect(after).toEqual(spent({ trips: 3, statements: 6, rowsRead: 6, rowsWritten: 3, gets: 1, puts: 3 }));
});

test("the next download is one trip and one read of R2 for each pass, one of them before the first byte", async () => {
  for (const request of [
    ask("GET", path),
    ask("GET", `/admin/v1/bundles/download?passIds=${idsOf(three)}`, KEY),
  ]) {
    const { status, answer, after } = await cost(request);
    expect([status, answer]).toEqual([200, spent({ ...LOOKED_UP, gets: 1 })]);
    expect(after).toEqual(spent({ gets: 2 }));
  }
});

test("a 304 is one trip, without R2", async () => {
  const { headers } = await cost(ask("GET", path));
  const { status, answer, after } = await cost(
    ask("GET", path, { "If-None-Match": headers.get("etag") ?? "" }),
  );
  expect([status, answer, after]).toEqual([304, spent(LOOKED_UP), NOTHING]);
});

test("a forged link costs nothing at all", async () => {
  const { status, answer, after } = await cost(ask("GET", path.replace("_", "_A")));
  expect([status, answer, after]).toEqual([404, NOTHING, NOTHING]);
});

test("creating the link is one trip, which reads four rows for each pass and its certificates, and writes none", async () => {
  const request = ask("POST", "/admin/v1/bundles", KEY, { passIds: idsOf(three) });
  const { status, answer, after } = await cost(request);
  expect([status, answer, after]).toEqual([
    200,
    spent({ trips: 1, statements: 1, rowsRead: 4 * 3 + 8 }),
    NOTHING,
  ]);
});
