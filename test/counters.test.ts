/**
 * The counters: what is counted, what a data point has, and that neither a missing nor a failing binding changes anything.
 *
 * Follows Cloudflare's "Workers Analytics Engine" (limits: 250 data points in an invocation, one index of 96 bytes).
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { app } from "../src/app.ts";
import { type COUNTERS, count, writeCounts } from "../src/counters.ts";
import worker from "../src/index.ts";
import type { PushMessage } from "../src/push/messages.ts";
import { ADMIN_TOKEN, admin, apple, iphone, ORIGIN, randomPushToken, TEAM } from "./harness.ts";
import { pushJob } from "./push/consume.ts";
import { untouchable } from "./wallet/web-service.ts";

const [wranglerToml = ""] = Object.values(
  import.meta.glob<string>("../wrangler.toml", { query: "?raw", import: "default", eager: true }),
);
const PASS_TYPE = "pass.test.counters";
let templateId: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** An Analytics Engine dataset that keeps its data points. */
function dataset() {
  const points: AnalyticsEngineDataPoint[] = [];
  const binding: AnalyticsEngineDataset = { writeDataPoint: (point = {}) => void points.push(point) };
  /** The data points of one counter, without its name: label, method, count, status. */
  const of = (counter: (typeof COUNTERS)[number]) =>
    points
      .filter(({ indexes }) => indexes?.[0] === counter)
      .map(({ blobs = [], doubles = [] }) => [...blobs.slice(1), ...doubles]);
  return { points, binding, of };
}

async function ask(request: Request, bindings: Partial<typeof env> = {}): Promise<Response> {
  const context = createExecutionContext();
  const response = await worker.fetch(request, { ...env, ...bindings }, context);
  const body = await response.arrayBuffer();
  await waitOnExecutionContext(context);
  return new Response([204, 304].includes(response.status) ? null : body, response);
}

/** Delivers these messages of a queue. */
function deliver(queue: string, bodies: readonly PushMessage[], bindings: Partial<typeof env>) {
  const messages = bodies.map((body, n) => ({ id: String(n), timestamp: new Date(), attempts: 1, body }));
  return worker.queue(createMessageBatch(queue, messages), { ...env, ...bindings });
}

test("every answer is counted by route pattern, method and status, and no data point has an id, a secret or a URL", async () => {
  const { points, binding, of } = dataset();
  const send = (request: Request) => ask(request, { COUNTERS: binding });
  const pass = await admin.issue(templateId, { serialNumber: "SERIAL/4711" });
  const phone = iphone({ fetch: send });
  await phone.addFrom(pass.downloadUrl);
  const key = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const at = `${ORIGIN}/admin/v1/passes/${pass.id}`;
  await send(new Request(at, { headers: key }));
  await send(new Request(at, { headers: { Authorization: "Bearer wrong" } }));
  await send(new Request(`${at}0000?api_token=${ADMIN_TOKEN}`, { headers: key }));
  await send(new Request(pass.downloadUrl, { method: "HEAD" }));
  await send(new Request(`${ORIGIN}/nowhere/${pass.webToken}`));
  await send(new Request(`${ORIGIN}/healthz`));

  expect(of("answer")).toEqual([
    ["/passes/:id/:file{.+\\.pkpass}", "GET", 1, 200],
    [expect.stringMatching(/^\/v1\/devices\/:\w+\/registrations\/:\w+\/:serialNumber/), "POST", 1, 201],
    ["/v1/devices/:deviceLibraryIdentifier/registrations/:passTypeIdentifier", "GET", 1, 200],
    [expect.stringMatching(/^\/v1\/passes\/:passTypeIdentifier\/:serialNumber/), "GET", 1, 200],
    ["/admin/v1/passes/:id", "GET", 1, 200],
    ["/admin/v1/*", "GET", 1, 401],
    ["/admin/v1/passes/:id", "GET", 1, 404],
    ["/passes/:id/:file{.+\\.pkpass}", "HEAD", 1, 200],
    ["/*", "GET", 1, 404],
    ["/healthz", "GET", 1, 200],
  ]);
  const patterns = new Set(app.routes.map(({ path }) => path));
  expect(of("answer").filter(([label]) => !patterns.has(String(label)))).toEqual([]);
  const text = JSON.stringify(points);
  const secrets = [String(pass.webToken), "4711", ADMIN_TOKEN, phone.pushToken, PASS_TYPE, ORIGIN];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  for (const { indexes, blobs, doubles } of points)
    expect([indexes?.length, blobs?.length, doubles?.length]).toEqual([1, 3, 2]);
});

test("answers of errors are counted too: 503 without settings, 500 without a database", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { binding, of } = dataset();
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const request = () => new Request(`${ORIGIN}/admin/v1/passes/1`, { headers });
  await ask(request(), { COUNTERS: binding, ADMIN_TOKEN: "" });
  await ask(request(), { COUNTERS: binding, DB: untouchable(env.DB) });
  expect(of("answer")).toEqual([
    ["/*", "GET", 1, 503],
    ["/admin/v1/passes/:id", "GET", 1, 500],
  ]);
});

// Repeated, because the queue of the test runtime has no dataset, and drops what it finds if it runs at the same time.
test("pushes are counted by verdict, and summed over a batch", { retry: 2 }, async () => {
  const { binding, of } = dataset();
  const tokens = Array.from({ length: 5 }, randomPushToken);
  await apple.fault(tokens[0] ?? "", { status: 500, reason: "InternalServerError", times: 1 });
  const jobs = [pushJob(PASS_TYPE, tokens.slice(0, 3)), pushJob(PASS_TYPE, tokens.slice(3))];
  await deliver("edgepass-push", jobs, { COUNTERS: binding });
  expect(of("push").toSorted()).toEqual([
    ["retry", "", 1, 0],
    ["sent", "", 4, 0],
  ]);
});

test("repeats of queue messages and dead letters are counted by the kind of the message", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { binding, of } = dataset();
  const jobs = [pushJob(PASS_TYPE, ["a"]), pushJob(PASS_TYPE, ["b"])];
  await deliver("edgepass-push", jobs, { COUNTERS: binding, DB: untouchable(env.DB) });
  await deliver("edgepass-push-dead", jobs, { COUNTERS: binding });
  expect(of("queue_retry")).toEqual([["push", "", 2, 0]]);
  expect(of("dead_letter")).toEqual([["push", "", 2, 0]]);
});

test("a method that HTTP does not know is refused by the platform, so that methods are few", () => {
  expect(() => new Request(ORIGIN, { method: "SECRET" })).toThrow();
});

test("the binding is in wrangler.toml, commented out", () => {
  expect(wranglerToml).toMatch(
    /\n# \[\[analytics_engine_datasets\]\]\n# binding = "COUNTERS"\n# dataset = "edgepass"\n/,
  );
  expect(env.COUNTERS).toBeUndefined();
});

test("without the binding nothing is counted for later", async () => {
  await ask(new Request(`${ORIGIN}/healthz`));
  const { points, binding } = dataset();
  writeCounts(binding);
  expect(points).toEqual([]);
});

test("a binding that fails changes no answer, and is logged once for each invocation", async () => {
  const log = vi.spyOn(console, "warn").mockImplementation(() => {});
  const fails: AnalyticsEngineDataset = {
    writeDataPoint() {
      throw new Error("the dataset is down");
    },
  };
  const answer = await ask(new Request(`${ORIGIN}/healthz`), { COUNTERS: fails });
  expect(answer.status).toBe(200);
  expect(log.mock.calls).toEqual([['{"event":"counters_failed","error":"Error: the dataset is down"}']]);
});

test("one invocation writes at most 250 data points, and the next one writes the others", () => {
  for (let status = 1; status <= 300; status++) {
    count("answer", "/", { method: "GET", status });
    count("answer", "/", { method: "GET", status });
  }
  count("d1_repeat");
  const [first, second] = [dataset(), dataset()];
  writeCounts(first.binding);
  writeCounts(second.binding);
  expect([first.points.length, second.points.length]).toEqual([250, 51]);
  expect(first.of("answer")[0]).toEqual(["/", "GET", 2, 1]);
  expect(second.points.at(-1)).toEqual({
    indexes: ["d1_repeat"],
    blobs: ["d1_repeat", "", ""],
    doubles: [1, 0],
  });
});
