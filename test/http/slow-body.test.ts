/**
 * A body that takes a minute to arrive: what it changes has the time at which it was written, not at which the request
 * began. Otherwise a client that sends the time of its last download as If-Modified-Since would be answered 304, and would
 * never get the change.
 *
 * Follows RFC 9110 §8.8.2.1: Last-Modified is when the change was made.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { ADMIN_TOKEN, admin, randomPushToken } from "../harness.ts";
import { rewards, signUp } from "../passes/rewards.ts";
import { ask, askWith, type Holder, holderOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.slow-body";
const UPLOAD_MS = 60_000;
const HOUR_MS = 3_600_000;
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const JSON_TYPE = { "Content-Type": "application/json" };
const FORM_TYPE = { "Content-Type": "application/x-www-form-urlencoded" };
/** Whole seconds, as those of a change. */
let clock = Math.floor(Date.now() / 1000) * 1000;
let templateId: number;
let pass: Pass;
let holder: Holder;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});

beforeEach(async () => {
  pass = await admin.issue(templateId);
  holder = await holderOf(pass);
});

afterEach(() => {
  vi.useRealTimers();
});

/** A body that has arrived a minute after it was first read. */
function slow(content: string | Uint8Array): ReadableStream<Uint8Array> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const source: UnderlyingSource<Uint8Array> = {
    pull(controller) {
      vi.setSystemTime(Date.now() + UPLOAD_MS);
      controller.enqueue(bytes);
      controller.close();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** Sends a request with a slow body. @returns when the body has arrived */
async function sendSlowly(
  method: string,
  path: string,
  headers: Record<string, string>,
  content: string | Uint8Array,
): Promise<number> {
  clock += HOUR_MS; // later than every change before
  const beganAt = clock;
  vi.useFakeTimers({ toFake: ["Date"], now: beganAt });
  const response = await askWith({}, ask(method, path, headers, slow(content)));
  expect(response.status, await response.text()).toBeLessThan(300);
  expect(Date.now()).toBe(beganAt + UPLOAD_MS);
  return beganAt + UPLOAD_MS;
}

const newestChange = () =>
  env.DB.prepare("SELECT kind, actor, at, push_at AS pushAt FROM changes ORDER BY id DESC LIMIT 1").first();

test.each<
  [string, string, () => [method: string, path: string, headers: Record<string, string>, body: string]]
>([
  [
    "a changed pass",
    "changed",
    () => ["PATCH", `/admin/v1/passes/${pass.id}`, { ...KEY, ...JSON_TYPE }, '{"values": {"points": "7"}}'],
  ],
  [
    "an issued pass",
    "issued",
    () => ["POST", `/admin/v1/templates/${templateId}/passes`, { ...KEY, ...JSON_TYPE }, "{}"],
  ],
  [
    "a redeemed pass",
    "redeemed",
    () => ["POST", `/admin/v1/passes/${pass.id}/redeem`, { ...KEY, ...JSON_TYPE }, "{}"],
  ],
  [
    "a changed template",
    "changed",
    () => [
      "PATCH",
      `/admin/v1/templates/${templateId}`,
      { ...KEY, ...JSON_TYPE },
      `{"strings": {"de": {"${crypto.randomUUID()}": "x"}}}`,
    ],
  ],
  [
    "Passdock's update with the key in the query",
    "changed",
    () => [
      "PUT",
      `/api/v1/templates/${templateId}/passes/${pass.id}?api_token=${ADMIN_TOKEN}`,
      FORM_TYPE,
      "pass[points]=8",
    ],
  ],
  [
    "Passdock's update with the key in the body",
    "changed",
    () => [
      "PUT",
      `/api/v1/templates/${templateId}/passes/${pass.id}`,
      FORM_TYPE,
      `api_token=${ADMIN_TOKEN}&pass[points]=9`,
    ],
  ],
  [
    "a sign-up",
    "personalized",
    () => ["POST", `${holder.path}/personalize`, holder.authorization, JSON.stringify(signUp())],
  ],
])("%s is dated when its body has arrived", async (_what, kind, request) => {
  const arrivedAt = await sendSlowly(...request());
  const actor = kind === "personalized" ? "holder" : "admin";
  expect(await newestChange()).toEqual({ kind, actor, at: arrivedAt, pushAt: arrivedAt });
});

test("a client with the time of its last download gets what was uploaded meanwhile", async () => {
  const path = `/admin/v1/passes/${pass.id}`;
  const arrivedAt = await sendSlowly("PATCH", path, { ...KEY, ...JSON_TYPE }, '{"values": {"points": "10"}}');
  const downloadedAt = new Date(arrivedAt - 1000).toUTCString();
  expect((await holder.fetch({ "If-Modified-Since": downloadedAt })).status).toBe(200);
});

test("a registration is dated when its body has arrived", async () => {
  const body = JSON.stringify({ pushToken: randomPushToken() });
  const arrivedAt = await sendSlowly("POST", holder.registration("slow"), holder.authorization, body);
  expect((await admin.show(pass.id)).installedAt).toBe(new Date(arrivedAt).toISOString());
});

test("an import is dated when its file has arrived", async () => {
  const file = new Uint8Array(await (await holder.fetch()).arrayBuffer());
  const headers = { ...KEY, "Content-Type": "application/vnd.apple.pkpass" };
  const arrivedAt = await sendSlowly("POST", "/admin/v1/templates/import", headers, file);
  expect(await newestChange()).toMatchObject({ kind: "made", at: arrivedAt });
});
