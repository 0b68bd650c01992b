/**
 * What a deployment says while a piece of it is missing: a binding, a certificate, the APNs key, the tables, the newest
 * migration. Each is named to the clients of every API, with its cure. Nothing is answered 500, and neither the queues nor
 * the cron triggers lose anything. test/config.test.ts has the same for settings.
 */
import {
  applyD1Migrations,
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  getQueueResult,
  reset,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Env, readConfig } from "../src/config.ts";
import type { GoogleMessage } from "../src/google-sync/messages.ts";
import worker from "../src/index.ts";
import { authenticationToken } from "../src/passes/token.ts";
import type { PushMessage } from "../src/push/messages.ts";
import { ADMIN_TOKEN, admin, call, ORIGIN, type Problem } from "./harness.ts";
import { pushJob } from "./push/consume.ts";
import { watchLog } from "./push/timeline.ts";

const MIGRATE = "npx wrangler d1 migrations apply DB --remote";
const PASS_TYPE = "pass.test.missing";
const SERIAL = "missing-1";
const PASSDOCK = `/api/v1/templates/1/passes?api_token=${ADMIN_TOKEN}&errors=true`;

afterEach(() => {
  vi.restoreAllMocks();
});

const BROWSER: RequestInit = { headers: { Accept: "text/html" } };
/** How the refusal of this request is identified: by its code, or "page" in a browser. */
const codeAt = (init: RequestInit, code: string) => (init === BROWSER ? "page" : code);

/** The code and the detail of a refusal. A page is for people in a browser, and has no code. */
async function refusalIn(response: Response): Promise<{ code: string; detail: string }> {
  if (response.headers.get("content-type") === "application/problem+json") return response.json<Problem>();
  expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
  const [, title, detail = ""] = /<h1>(.*)<\/h1><p>(.*?)<\/p>/.exec(await response.text()) ?? [];
  expect(title).toBe("Edgepass is not set up yet");
  return { code: "page", detail };
}

/** No other test reads Google's keys from it, so none is in memory. */
const GOOGLE_KEYS_ORIGIN = "https://keys.missing.example";

async function answer(path: string, init: RequestInit = {}, settings: Partial<Env> = {}) {
  return worker.fetch(
    new Request(ORIGIN + path, init),
    { ...env, GOOGLE_KEYS_ORIGIN, ...settings },
    createExecutionContext(),
  );
}

const JSON_TYPE = { "Content-Type": "application/json" };
/** It has the form of a callback. Nothing is signed. */
const CALLBACK = JSON.stringify({
  ...{ signature: "", protocolVersion: "ECv2SigningOnly", signedMessage: "{}" },
  intermediateSigningKey: { signedKey: "{}", signatures: ["AA=="] },
});

/** A request of each API that needs the database. Passdock's clients get another body. */
async function requests(): Promise<[path: string, init: RequestInit][]> {
  const token = await authenticationToken(readConfig(env).secrets, "1", PASS_TYPE, SERIAL);
  const pass = { headers: { Authorization: `ApplePass ${token}` } };
  const key = { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } };
  const registrations = `/v1/devices/d/registrations/${PASS_TYPE}`;
  return [
    [registrations, {}],
    [`${registrations}/${SERIAL}`, { ...pass, method: "POST", body: '{"pushToken":"aabb"}' }],
    [`${registrations}/${SERIAL}`, { ...pass, method: "DELETE" }],
    [`/v1/passes/${PASS_TYPE}/${SERIAL}`, pass],
    ["/admin/v1/passes", key],
    ["/admin/v1/templates", key],
    ["/admin/v1/apns-keys", key],
    [`/p/1/${"a".repeat(40)}`, BROWSER],
    [`/passes/1/${"a".repeat(40)}.pkpass`, {}],
    [`/api/v1/passes/${PASS_TYPE}/${SERIAL}`, pass],
    ["/v1/events/project/1/1/passes", key],
    ["/join/missing", BROWSER],
    ["/join/missing", { method: "POST", body: new URLSearchParams({ nonce: "a" }) }],
    [`/g/${"a".repeat(64)}.png`, {}],
    ["/google/callback", { method: "POST", headers: JSON_TYPE, body: CALLBACK }],
  ];
}

/** Requests that some deployments answer without the database. */
const OTHERS: [path: string, init: RequestInit][] = [
  [PASSDOCK, {}],
  ["/", BROWSER],
  [
    "/admin/mcp",
    {
      method: "POST",
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, ...JSON_TYPE },
      body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    },
  ],
];

const QUEUES = [
  ["edgepass-push", pushJob(PASS_TYPE, ["aa"])],
  ["edgepass-push-dead", pushJob(PASS_TYPE, ["aa"])],
  ["edgepass-google", { kind: "google", issuerId: "3388000000000000001" }],
] as const;

/** Two messages of each queue, with the delays of their retries, and the errors of both cron triggers. */
async function runInBackground(settings: Partial<Env> = {}) {
  const delays: Record<string, unknown[]> = {};
  const acked: string[] = [];
  for (const [queue, body] of QUEUES) {
    const messages = [1, 2].map((id) => ({ id: String(id), timestamp: new Date(), attempts: 1, body }));
    const batch = createMessageBatch<PushMessage | GoogleMessage>(queue, messages);
    const retryAll = vi.spyOn(batch, "retryAll");
    const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
    await worker.queue(batch, { ...env, ...settings });
    delays[queue] = [retryAll, ...retries].flatMap(({ mock }) =>
      mock.calls.map(([options]) => options?.delaySeconds),
    );
    acked.push(...(await getQueueResult(batch, createExecutionContext())).explicitAcks);
  }
  const crons = [];
  for (const cron of ["* * * * *", "17 * * * *"]) {
    const run = worker.scheduled(createScheduledController({ cron }), { ...env, ...settings });
    crons.push(
      await run.then(
        () => "done",
        (error) => String(error),
      ),
    );
  }
  return { delays, acked, crons };
}

describe("a binding that is missing", () => {
  test.each<[name: keyof Env, section: string]>([
    ["DB", "[[d1_databases]]"],
    ["BUCKET", "[[r2_buckets]]"],
    ["PUSH_QUEUE", "[[queues.producers]]"],
    ["DEAD_LETTERS", "[[queues.producers]]"],
    ["GOOGLE_QUEUE", "[[queues.producers]]"],
    ["ANONYMOUS_LIMIT", "[[ratelimits]]"],
    ["SHARED_LIMIT", "[[ratelimits]]"],
    ["LOCATION_LIMIT", "[[ratelimits]]"],
  ])("%s is named on every path, with its section of wrangler.toml", async (name, section) => {
    for (const [path, init] of [...(await requests()), ...OTHERS]) {
      const response = await answer(path, init, { [name]: undefined });
      const { code, detail } = await refusalIn(response);
      expect([path, response.status, code]).toEqual([path, 503, codeAt(init, "not_configured")]);
      expect(detail).toContain(`${name} is missing (see the binding in ${section}`);
    }
  });

  test("makes the queues wait and the cron triggers fail, with its name in the log", async () => {
    const log = watchLog();
    const { delays, acked, crons } = await runInBackground({ DB: undefined as never });
    const all = { "edgepass-push": [3600], "edgepass-push-dead": [3600], "edgepass-google": [3600] };
    expect({ delays, acked }).toEqual({ delays: all, acked: [] });
    for (const cron of crons) expect(cron).toContain("not_configured: DB is missing");
    expect(log()).toHaveLength(5);
    for (const line of log()) expect(line).toMatchObject({ event: "server_error", code: "not_configured" });
  });
});

test("a certificate and an APNs key that are missing are named by health with their cure, and the certificate to phones", async () => {
  await call("POST", "/pass-types", { passTypeIdentifier: PASS_TYPE, keyAlgorithm: "P-256" });
  const health = async () => {
    const { body } = await call<{ findings: { code: string; message: string; cure: string }[] }>(
      "GET",
      "/health",
    );
    return body.findings.filter(({ message }) => message.includes(PASS_TYPE));
  };
  expect(await health()).toMatchObject([
    { code: "no_certificate", cure: expect.stringContaining("and install it (PUT /admin/v1/pass-types/") },
  ]);
  const { id } = await admin.makeTemplate(PASS_TYPE);
  await admin.issue(id, { serialNumber: SERIAL });
  const token = await authenticationToken(readConfig(env).secrets, "1", PASS_TYPE, SERIAL);
  const fetched = await answer(`/v1/passes/${PASS_TYPE}/${SERIAL}`, {
    headers: { Authorization: `ApplePass ${token}` },
  });
  expect([fetched.status, await fetched.json()]).toMatchObject([503, { code: "no_certificate" }]);

  await admin.makePassType("pass.test.missing.key", "TEAMNOKEY0", "P-256");
  const { body } = await call<{ findings: unknown[] }>("GET", "/health");
  expect(body.findings).toContainEqual(
    expect.objectContaining({
      code: "no_apns_key",
      cure: expect.stringContaining("POST /admin/v1/apns-keys"),
    }),
  );
});

/** setup.ts says why the database is used before it is emptied. */
async function migrateTo(count: number): Promise<void> {
  await env.DB.prepare("SELECT 1").run();
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, count));
}

describe("a database without tables", () => {
  beforeAll(() => migrateTo(0));

  test("is named on every path that needs it, and on the home page, with the command that creates the tables", async () => {
    for (const [path, init] of [...(await requests()), ["/", BROWSER]] as const) {
      const response = await answer(path, init);
      const { code, detail } = await refusalIn(response);
      expect([path, response.status, code]).toEqual([path, 503, codeAt(init, "not_migrated")]);
      expect(detail).toMatch(/\(no such table: \w+\)/);
      expect(detail).toContain(`run: ${MIGRATE}. If`);
    }
  });

  test("is named to Passdock's clients in the shape of their errors", async () => {
    const response = await answer(PASSDOCK);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ code: 503, errors: [expect.stringContaining(MIGRATE)] });
  });

  test.each<[what: string, settings: Partial<Env>, command: string]>([
    ["staging", { ENVIRONMENT: "staging" }, `${MIGRATE} --env staging`],
    [
      "wrangler dev",
      { PUBLIC_ORIGIN: "http://127.0.0.1:8787" },
      "npx wrangler d1 migrations apply DB --local",
    ],
  ])("is cured by another command in %s", async (_, settings, command) => {
    const response = await answer("/v1/devices/d/registrations/p", {}, settings);
    const { detail } = await response.json<Problem>();
    expect(detail).toContain(`run: ${command}. If`);
  });

  test("makes pushes wait an hour, messages for Google some seconds, and cron triggers fail, with one line of the log each", async () => {
    const log = watchLog();
    const { delays, acked, crons } = await runInBackground();
    // Only three retries follow for Google. The minute trigger sends a new message for what the tables say.
    const soon = expect.toSatisfy((seconds: number) => seconds >= 15 && seconds < 20);
    const all = {
      "edgepass-push": [3600, 3600],
      "edgepass-push-dead": [3600, 3600],
      "edgepass-google": [soon, soon],
    };
    expect({ delays, acked }).toEqual({ delays: all, acked: [] });
    for (const cron of crons) expect(cron).toContain(MIGRATE);
    expect(log()).toHaveLength(5);
    for (const line of log()) expect(line).toMatchObject({ event: "server_error", code: "not_migrated" });
  });
});

describe("a database that lacks the newest migrations", () => {
  // The first migration that is missing adds columns that lists and fetches read.
  beforeAll(() => migrateTo(env.MIGRATIONS.findIndex(({ name }) => name.includes("first_registration"))));

  test("is named by what needs it, and nothing is answered 500", async () => {
    const details: string[] = [];
    for (const [path, init] of await requests()) {
      const response = await answer(path, init);
      expect([path, response.status]).not.toEqual([path, 500]);
      if (response.status === 503) details.push((await refusalIn(response)).detail);
    }
    expect(details.length).toBeGreaterThan(0);
    for (const detail of details) {
      expect(detail).toMatch(/\((no such (column|table): [\w.]+|table \w+ has no column named \w+)\)/);
      expect(detail).toContain(`run: ${MIGRATE}. If`);
    }
  });
});
