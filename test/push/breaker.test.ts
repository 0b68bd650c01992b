/**
 * A batch while APNs does not answer: it ends early, no phone is forgotten, and one answer is enough to continue.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Fetch } from "../../src/push/apns.ts";
import { admin, randomPushToken, TEAM } from "../harness.ts";
import { consume, pushJob } from "./consume.ts";
import { refusal, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.breaker";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  await admin.makeApnsKey();
});

beforeEach(() => {
  watchLog();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);

/** Lets D1 work, without a timer. */
async function until(isDone: () => boolean): Promise<void> {
  for (let tries = 0; !isDone(); tries++) {
    if (tries === 1000) throw new Error("it does not happen");
    await env.DB.prepare("SELECT 1").run();
  }
}

test("if APNs answers nothing, the batch ends after 12 pushes and 20 seconds, and the other tokens are retried with a pause", async () => {
  const start = Date.now();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: start });
  let started = 0;
  const blackHole: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      started++;
      signal?.addEventListener("abort", () => reject(new Error("The operation was aborted")));
    });
  const lists = Array.from({ length: 10 }, () => tokensOf(30));
  let isDone = false;
  const done = consume(
    lists.map((tokens) => pushJob(PASS_TYPE, tokens)),
    { fetch: blackHole },
  ).finally(() => {
    isDone = true;
  });
  for (const busy of [6, 12]) {
    await until(() => started === busy);
    await vi.advanceTimersByTimeAsync(10_000);
  }
  await until(() => isDone);
  const { sent, dead, acked } = await done;
  expect([started, dead, acked.length, Date.now() - start]).toEqual([12, [], 10, 20_000]);
  expect(sent).toHaveLength(10);
  for (const { message, delaySeconds } of sent) {
    expect(message).toMatchObject({ attempt: 2 });
    expect(delaySeconds).toBeGreaterThanOrEqual(15);
  }
  const tokens = sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
  expect(tokens.toSorted()).toEqual(lists.flat().toSorted());
});

test("connections that all fail end the batch as well", async () => {
  let started = 0;
  const { sent } = await consume([pushJob(PASS_TYPE, tokensOf(100))], {
    fetch: async () => {
      started++;
      throw new Error("Network connection lost.");
    },
  });
  expect(started).toBeGreaterThanOrEqual(12);
  expect(started).toBeLessThan(12 + 6);
  expect(sent).toHaveLength(1);
});

test("one answer, whatever it says, starts the count again", async () => {
  let started = 0;
  const tokens = tokensOf(60);
  await consume([pushJob(PASS_TYPE, tokens)], {
    fetch: async () => {
      if (++started % 2 === 0) return refusal("InternalServerError");
      throw new Error("Network connection lost.");
    },
  });
  expect(started).toBe(60);
});
