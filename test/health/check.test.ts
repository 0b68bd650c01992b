/**
 * The health report: each finding appears with its cause and ends with it, and its cure says what to do. Findings about failing
 * pushes are in push/failures.test.ts, those about certificates in identities/custody.test.ts.
 */
import { createExecutionContext, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ne } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { googleIssuers, passTypes, pushControl } from "../../src/db/schema.ts";
import type { Health } from "../../src/health/check.ts";
import worker from "../../src/index.ts";
import { counted, forwarding } from "../counting.ts";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { ADMIN_TOKEN, admin, call, iphone, ORIGIN, TEAM } from "../harness.ts";
import { db, deleteRows, rowOf, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.health";
const MINUTE_MS = 60_000;
const GB = 1_000_000_000;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
  await admin.makeTemplate(PASS_TYPE);
});

afterEach(async () => {
  await db.delete(passTypes).where(ne(passTypes.passTypeIdentifier, PASS_TYPE));
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An answer of the Worker with these bindings. */
async function answerWith(path: string, bindings: Partial<typeof env> = {}) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const request = new Request(ORIGIN + path, { headers });
  return worker.fetch(request, { ...env, ...bindings }, createExecutionContext());
}

async function healthWith(bindings: Partial<typeof env> = {}): Promise<Health> {
  const response = await answerWith("/admin/v1/health", bindings);
  expect(response.status).toBe(200);
  return response.json();
}

const findingsWith = async (bindings?: Partial<typeof env>) =>
  (await healthWith(bindings)).findings.map(({ severity, code }) => [severity, code]);

/** The status of /healthz in a new isolate. */
const monitored = async (bindings?: Partial<typeof env>) => (await answerWith("/healthz", bindings)).status;

test("a complete deployment has no findings", async () => {
  expect(await healthWith()).toMatchObject({ status: "ok", findings: [] });
  expect(await monitored()).toBe(200);
});

test("cron_silent: ten minutes after the start, if the minute trigger did not run for more than five minutes", async () => {
  const { startedAt } = await rowOf(pushControl, { id: 1 });
  const start = startedAt ?? 0;
  expect(Math.abs(Date.now() - start)).toBeLessThan(10 * MINUTE_MS);
  vi.useFakeTimers({ toFake: ["Date"], now: start + 10 * MINUTE_MS - 1 });
  expect(await findingsWith()).toEqual([]);
  vi.setSystemTime(start + 10 * MINUTE_MS);
  expect(await findingsWith()).toEqual([["error", "cron_silent"]]);
  expect((await healthWith()).findings[0]?.message).toContain("has never run");
  expect((await healthWith()).findings[0]?.cure).toContain("npx wrangler deploy");
  expect(await monitored()).toBe(503);

  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
  expect([await findingsWith(), await monitored()]).toEqual([[], 200]);
  vi.setSystemTime(start + 15 * MINUTE_MS);
  expect(await findingsWith()).toEqual([]);
  vi.setSystemTime(start + 15 * MINUTE_MS + 1);
  expect(await findingsWith()).toEqual([["error", "cron_silent"]]);
});

test.each([
  ["a table", "ALTER TABLE readers RENAME TO renamed", "ALTER TABLE renamed RENAME TO readers"],
  [
    "a column",
    "ALTER TABLE pass_types RENAME COLUMN push_failure TO renamed",
    "ALTER TABLE pass_types RENAME COLUMN renamed TO push_failure",
  ],
])("not_migrated: %s is missing, and the cure is the command", async (_what, remove, restore) => {
  await env.DB.exec(remove);
  try {
    const { status, findings, nextSteps } = await healthWith();
    expect([status, nextSteps]).toEqual(["error", []]);
    expect(findings).toEqual([
      expect.objectContaining({
        code: "not_migrated",
        cure: expect.stringContaining("run: npx wrangler d1 migrations apply DB --remote. If"),
      }),
    ]);
    expect(await monitored()).toBe(503);
  } finally {
    await env.DB.exec(restore);
  }
  expect(await findingsWith()).toEqual([]);
});

test("several_teams: a warning, because APNs accepts the keys of one team per connection", async () => {
  await call("POST", "/pass-types", {
    passTypeIdentifier: `${PASS_TYPE}.other`,
    teamIdentifier: "HEALTH0002",
    keyAlgorithm: "P-256",
  });
  const { findings } = await healthWith();
  const [several] = findings.filter(({ code }) => code === "several_teams");
  expect(several).toMatchObject({ severity: "warning", cure: "Deploy one Edgepass for each team." });
  expect(several?.message).toContain(`HEALTH0002, ${TEAM}`);
});

test("no_apns_key: part of the setup until a phone waits for pushes, then an error", async () => {
  const type = `${PASS_TYPE}.keyless`;
  await admin.makePassType(type, "HEALTH0003", "P-256");
  const template = await admin.makeTemplate(type);
  const finding = async () => (await findingsWith()).find(([, code]) => code === "no_apns_key");
  expect(await finding()).toEqual(["setup", "no_apns_key"]);
  expect(await monitored()).toBe(200);
  await iphone().addFrom((await admin.issue(template.id)).downloadUrl);
  expect(await finding()).toEqual(["error", "no_apns_key"]);
  expect(await monitored()).toBe(503);
  await admin.makeApnsKey("HEALTH0003");
  expect([await finding(), await monitored()]).toEqual([undefined, 200]);
});

/** D1, with another size. */
const withSize = (bytes: number) => ({
  DB: forwarding(env.DB, {
    async batch(statements: D1PreparedStatement[]) {
      const results = await env.DB.batch(statements);
      return results.map((result) => ({ ...result, meta: { ...result.meta, size_after: bytes } }));
    },
  }),
});

test.each([
  [5 * GB, [], 200],
  [5 * GB + 1, [["warning", "database_large"]], 200],
  [7 * GB, [["warning", "database_large"]], 200],
  [7 * GB + 1, [["error", "database_large"]], 503],
])("database_large: a database of %i bytes", async (bytes, findings, status) => {
  expect([await findingsWith(withSize(bytes)), await monitored(withSize(bytes))]).toEqual([findings, status]);
});

test("batches_unsound: D1 runs the statements of a batch apart, with writes of its own in between", async () => {
  const apart = forwarding(env.DB, {
    async batch(statements: D1PreparedStatement[]) {
      const results: D1Result[] = [];
      for (const statement of statements) {
        results.push(await statement.run());
        await env.DB.prepare("UPDATE push_control SET paused_at = NULL").run();
      }
      return results;
    },
  });
  expect(await findingsWith({ DB: apart })).toEqual([["error", "batches_unsound"]]);
  // /healthz does not find this: it takes a write, which a monitor without a key must not cause.
  expect(await monitored({ DB: apart })).toBe(200);
  expect(await findingsWith()).toEqual([]);
});

test("an issuer of Google Wallet: what its last check found, and a key that MASTER_SECRET no longer opens", async () => {
  const issuerId = await makeIssuer();
  const after = async (code: string | null, bindings?: Partial<typeof env>) => {
    const checkProblem = code === null ? null : JSON.stringify({ code, detail: "Google's words." });
    await setRows(
      googleIssuers,
      { issuerId },
      { checkedAt: Date.now(), checkProblem: checkProblem as never },
    );
    return findingsWith(bindings);
  };
  expect(await after(null)).toEqual([]);
  expect(await after("not_invited")).toEqual([["warning", "google_failing"]]);
  const { findings } = await healthWith();
  expect(findings).toMatchObject([
    {
      message: expect.stringContaining("Google's words."),
      cure: expect.stringContaining("invite edgepass@"),
    },
  ]);
  expect(await after("demo_mode")).toEqual([["warning", "google_demo_mode"]]);
  const other = { MASTER_SECRET: "another-secret-of-at-least-32-characters" };
  expect(await after(null, other)).toEqual([["warning", "google_key_unreadable"]]);
  await deleteRows(googleIssuers, { issuerId });
});

test("the canary writes one row, and changes nothing in it", async () => {
  await setRows(pushControl, {}, { pausedAt: 7, pushesPerSecond: 8, sweptAt: 9 });
  const before = await rowOf(pushControl, { id: 1 });
  const counters = counted(env);
  await healthWith(counters.env);
  expect(counters.spent().rowsWritten).toBe(1);
  expect(await rowOf(pushControl, { id: 1 })).toEqual(before);
  await setRows(pushControl, {}, { pausedAt: null, pushesPerSecond: null, sweptAt: null });
});

test("errors come first, then warnings, then what is left to set up; the status is the worst of them", async () => {
  await call("PUT", "/push", { paused: true });
  await call("POST", "/pass-types", { passTypeIdentifier: `${PASS_TYPE}.new`, keyAlgorithm: "P-256" });
  const found = await findingsWith(withSize(8 * GB));
  expect(found).toEqual([
    ["error", "database_large"],
    ["warning", "push_paused"],
    ["setup", "no_certificate"],
  ]);
  expect((await healthWith()).status).toBe("warning");
  await call("PUT", "/push", { paused: false });
  expect((await healthWith()).status).toBe("setup");
});
