/**
 * Responses that are damaged on the way, do not come from APNs, or arrive out of order: none of them is a verdict on another
 * token, and no push counts as delivered that may not be. A hang, a reset before any response and pages with 5xx are in
 * deliver-retries.test.ts.
 *
 * Follows Apple's "Handling notification responses from APNs": a successful response has no body, any other is JSON
 * with a reason. The stand-in responds; the Worker's fetch then damages the response.
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { devices } from "../../src/db/schema.ts";
import type { Fetch } from "../../src/push/apns.ts";
import type { ApnsFault } from "../apple/apns-faults.ts";
import { admin, apple, randomPushToken, TEAM } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import { registerTokens, registrationsOf, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.transport";
let templateId: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Tokens of devices that have been registered for a pass since long ago. */
async function registered(count: number): Promise<string[]> {
  const tokens = Array.from({ length: count }, randomPushToken);
  await registerTokens(await admin.issue(templateId), tokens);
  return tokens;
}

/** Which of the devices were pushed, according to the rows that the Worker has written. */
async function pushed(tokens: readonly string[]): Promise<string[]> {
  const rows = await Promise.all(tokens.map((pushToken) => rowsOf(devices, { pushToken })));
  return rows.flatMap(([device]) => ((device?.pushedAt ?? 0) > 0 ? [device?.pushToken ?? ""] : []));
}

const attempts = async (token: string) => (await apple.history(token)).length;
const through: Fetch = (url, init) => fetch(url, init);

/** A connection that ends when half of this token's answer has come, or all of its headers if there is no more. */
function cut(struck: string): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!url.endsWith(struck)) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const halves = [bytes.subarray(0, bytes.length / 2)].filter(({ length }) => length > 0);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const half = halves.shift();
        if (half === undefined) controller.error(new TypeError("Network connection lost."));
        else controller.enqueue(half);
      },
    });
    return new Response(body, response);
  };
}

const CUT = "no connection";

test.each<{ name: string; fault: ApnsFault; reason: string }>([
  { name: "half of a 400", fault: { status: 400, reason: "BadDeviceToken" }, reason: CUT },
  { name: "half of a 410", fault: { status: 410, reason: "Unregistered" }, reason: CUT },
  { name: "half of a 403", fault: { status: 403, reason: "InvalidProviderToken" }, reason: CUT },
  { name: "half of a 503 in HTML", fault: { mode: "html", status: 503 }, reason: CUT },
  // APNs may have accepted it, or the 200 is not from APNs: only the body would show that.
  { name: "a 200 that breaks off after its headers", fault: { status: 200 }, reason: CUT },
  {
    name: "a page in HTML with 200",
    fault: { mode: "html", status: 200 },
    reason: "200 with a body that is not from APNs",
  },
  { name: "a page in HTML with 403", fault: { mode: "html", status: 403 }, reason: "403 without a reason" },
  { name: "a page in HTML with 410", fault: { mode: "html", status: 410 }, reason: "410 without a reason" },
])(
  "$name: its token is retried and keeps its registration, while others are delivered",
  async ({ fault, reason }) => {
    watchLog();
    const tokens = await registered(3);
    const [good = "", struck = "", alsoGood = ""] = tokens;
    const onItsWay = reason === CUT ? cut(struck) : through;
    await apple.fault(struck, { ...fault, times: 2 });
    const { sent, dead, acked } = await consume([pushJob(PASS_TYPE, tokens)], { fetch: onItsWay });
    expect(sent).toEqual([{ message: pushJob(PASS_TYPE, [struck], 2), delaySeconds: expect.any(Number) }]);
    expect(sent[0]?.delaySeconds).toBeLessThanOrEqual(19);
    expect([dead, acked]).toEqual([[], [0]]);
    expect(await registrationsOf(tokens)).toBe(3);
    expect((await pushed(tokens)).toSorted()).toEqual([good, alsoGood].toSorted());

    const last = await consume([pushJob(PASS_TYPE, [struck], 10)], { fetch: onItsWay });
    expect(last.dead).toEqual([{ ...pushJob(PASS_TYPE, [struck], 10), reason }]);
    expect((await consume(sent.map(({ message }) => message))).sent).toEqual([]);
    expect(await Promise.all([good, struck, alsoGood].map(attempts))).toEqual([1, 3, 1]);
    expect(await pushed([struck])).toEqual([struck]);
  },
);

test("a response whose body never ends times out after ten seconds, like a missing response", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const tokens = await registered(1);
  const [silent = ""] = tokens;
  await apple.fault(silent, { status: 410, reason: "Unregistered", times: 1 });
  const started = Promise.withResolvers<void>();
  const done = consume([pushJob(PASS_TYPE, tokens)], {
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      started.resolve();
      const untilAborted = new ReadableStream({
        start(controller) {
          init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
        },
      });
      return new Response(untilAborted, response);
    },
  });
  await started.promise;
  await vi.advanceTimersByTimeAsync(9999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect((await done).sent.map(({ message }) => message)).toEqual([pushJob(PASS_TYPE, tokens, 2)]);
  expect(vi.getTimerCount()).toBe(0);
  expect(await registrationsOf(tokens)).toBe(1);
});

test.each<{ name: string; fault: ApnsFault; left: number }>([
  { name: "410 Unregistered", fault: { status: 410, reason: "Unregistered" }, left: 5 },
  { name: "400 BadDeviceToken", fault: { status: 400, reason: "BadDeviceToken" }, left: 5 },
  { name: "503 Shutdown", fault: { status: 503, reason: "Shutdown" }, left: 6 },
])(
  "$name that arrives last, for the token that was pushed first, affects only that token",
  async ({ fault, left }) => {
    const tokens = await registered(6);
    const [slow = "", ...others] = tokens;
    await apple.fault(slow, { ...fault, times: 1 });
    const answered: string[] = [];
    const othersAnswered = Promise.withResolvers<void>();
    const { sent } = await consume([pushJob(PASS_TYPE, tokens)], {
      fetch: async (url, init) => {
        const token = url.split("/").at(-1) ?? "";
        const response = await fetch(url, init);
        if (token === slow) await othersAnswered.promise;
        answered.push(token);
        if (answered.length === others.length) othersAnswered.resolve();
        return response;
      },
    });
    expect(answered.at(-1)).toBe(slow);
    expect(await registrationsOf(tokens)).toBe(left);
    expect(await registrationsOf(others)).toBe(5);
    expect((await pushed(tokens)).toSorted()).toEqual(others.toSorted());
    expect(sent.map(({ message }) => message)).toEqual(left === 6 ? [pushJob(PASS_TYPE, [slow], 2)] : []);
  },
);
