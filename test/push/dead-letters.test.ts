/**
 * Dead letters that are sent to the push queue again: one, the oldest hundred, or automatically those that time heals. Each
 * is pushed, none is lost, and a phone that has been notified since is not pushed again.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deadLetters } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { replayHealedByTime, storeDeadLetter } from "../../src/push/dead-letters.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { markPushed } from "../../src/push/pace.ts";
import { forwarding } from "../counting.ts";
import { admin, call, iphone, randomPushToken, refused, TEAM } from "../harness.ts";
import { deleteRows, insertRows, rowOf } from "../rows.ts";
import { callWithQueue, consume, db, doubted, pushJob, spyQueue } from "./consume.ts";
import { refusal, registerTokens, timeline } from "./timeline.ts";

const PASS_TYPE = "pass.test.replay";
let letters = 0;

beforeEach(async () => {
  await deleteRows(deadLetters);
});

/** Stores a letter. @returns its id */
async function keep(message: PushMessage): Promise<number> {
  letters += 1;
  await storeDeadLetter(db, `letter ${letters}`, message, Date.now());
  return (await rowOf(deadLetters, { messageId: `letter ${letters}` })).id;
}

async function kept(): Promise<number[]> {
  const { body } = await call<{ items: { id: number }[] }>("GET", "/dead-letters?limit=100");
  return body.items.map(({ id }) => id);
}

const gaveUp = (tokens: readonly string[], throughId?: number): PushMessage => ({
  ...doubted(pushJob(PASS_TYPE, tokens, 9, throughId)),
  reason: "503 without a reason",
});

test("a letter is sent to the queue as a first attempt, without its reason and its doubt, and is removed from the list", async () => {
  const queue = spyQueue();
  const [id, other] = [await keep(gaveUp(["a", "b"], 7)), await keep(gaveUp(["c"]))];
  expect(await callWithQueue(queue, "POST", `/dead-letters/${id}/replay`)).toEqual({ status: 204, text: "" });
  expect(queue.sent).toEqual([{ message: pushJob(PASS_TYPE, ["a", "b"], 1, 7), delaySeconds: undefined }]);
  expect(await kept()).toEqual([other]);
});

test("a letter that was already sent, or that never existed, is not found", async () => {
  const id = await keep(gaveUp(["a"]));
  expect((await call("POST", `/dead-letters/${id}/replay`)).status).toBe(204);
  const gone = { status: 404, code: "dead_letter_not_found" };
  await refused(["POST", `/dead-letters/${id}/replay`], gone);
  await refused(["POST", "/dead-letters/999999/replay"], gone);
  await refused(["POST", "/dead-letters/x/replay"], {
    status: 400,
    code: "invalid_parameter",
    pointer: "/id",
  });
});

test("the job of a change is sent unchanged", async () => {
  const queue = spyQueue();
  const afterListener = { passTypeIdentifier: PASS_TYPE, pushToken: "a" };
  const job: PushMessage = { kind: "change", changeId: 5, afterListener, throughId: 6 };
  const id = await keep(job);
  await callWithQueue(queue, "POST", `/dead-letters/${id}/replay`);
  expect(queue.sent.map(({ message }) => message)).toEqual([job]);
});

test("if the queue accepts nothing, the letter stays", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const down = { ...spyQueue(), send: () => Promise.reject(new Error("the queue is down")) };
  const id = await keep(gaveUp(["a"]));
  for (const path of [`/dead-letters/${id}/replay`, "/dead-letters/replay"])
    expect((await callWithQueue(down, "POST", path)).status).toBe(500);
  expect(await kept()).toEqual([id]);
  vi.restoreAllMocks();
});

test("replaying all sends the oldest hundred and returns how many are left, until there are none", async () => {
  const ids: number[] = [];
  for (let n = 0; n < 103; n++) ids.push(await keep(gaveUp([`token ${n}`])));
  const queue = spyQueue();
  const replay = async () => JSON.parse((await callWithQueue(queue, "POST", "/dead-letters/replay")).text);
  expect(await replay()).toEqual({ replayed: 100, left: 3 });
  expect(await kept()).toEqual(ids.slice(100).reverse());
  expect(await replay()).toEqual({ replayed: 3, left: 0 });
  expect(await replay()).toEqual({ replayed: 0, left: 0 });
  expect(queue.sent.map(({ message }) => message)).toEqual(
    ids.map((_, n) => pushJob(PASS_TYPE, [`token ${n}`])),
  );
});

test("if the queue fails in the middle, every letter that was not accepted stays", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  for (let n = 0; n < 5; n++) await keep(gaveUp([`token ${n}`]));
  const queue = spyQueue();
  const takesTwo = {
    ...queue,
    async send(message: PushMessage) {
      if (queue.sent.length === 2) throw new Error("the queue is down");
      await queue.send(message);
    },
  };
  expect((await callWithQueue(takesTwo, "POST", "/dead-letters/replay")).status).toBe(500);
  expect(await kept()).toHaveLength(3);
  await callWithQueue(queue, "POST", "/dead-letters/replay");
  const tokens = queue.sent.map(({ message }) => (message.kind === "push" ? message.tokens[0] : undefined));
  expect(tokens).toEqual([0, 1, 2, 3, 4].map((n) => `token ${n}`));
  vi.restoreAllMocks();
});

test("a letter that is replayed twice at the same moment is sent, and the phone is pushed once", async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const queue = spyQueue();
  const id = await keep(gaveUp([phone.pushToken], 1));
  const answers = await Promise.all(
    [1, 2].map(() => callWithQueue(queue, "POST", `/dead-letters/${id}/replay`)),
  );
  expect(answers.map(({ status }) => status)).toContain(204);
  expect(queue.sent.length).toBeGreaterThanOrEqual(1);
  let pushes = 0;
  const fetch = async () => {
    pushes += 1;
    return new Response(null);
  };
  for (const { message } of queue.sent) expect((await consume([message], { fetch })).sent).toEqual([]);
  expect(pushes).toBe(1);
});

test("a phone that was notified since then is not pushed again, but every other phone is", async () => {
  const type = "pass.test.replay.notified";
  await admin.makeApnsKey();
  await admin.makePassType(type, TEAM, "P-256");
  const { id: templateId } = await admin.makeTemplate(type);
  const [notified, outdated] = [iphone(), iphone()];
  for (const phone of [notified, outdated]) await phone.addFrom((await admin.issue(templateId)).downloadUrl);
  await markPushed(db, type, [notified.pushToken], 8, Date.now() - 60_000);
  await markPushed(db, type, [outdated.pushToken], 7, Date.now() - 60_000);
  const queue = spyQueue();
  const stranger = randomPushToken();
  const tokens = [notified.pushToken, outdated.pushToken, stranger];
  const id = await keep({ ...pushJob(type, tokens, 10, 8), reason: "Shutdown" });
  await callWithQueue(queue, "POST", `/dead-letters/${id}/replay`);
  const pushed: string[] = [];
  await consume(
    queue.sent.map(({ message }) => message),
    {
      fetch: async (url) => {
        pushed.push(url.split("/").at(-1) ?? "");
        return new Response(null);
      },
    },
  );
  expect(pushed.toSorted()).toEqual([outdated.pushToken, stranger].toSorted());
});

describe("the automatic replay, once an hour", () => {
  const HOUR_MS = 60 * 60_000;
  const start = 1_800_000_000_000;

  afterEach(() => {
    vi.useRealTimers();
  });

  /** The hourly trigger at this time. @returns what it sends to the queue */
  async function hourly(at: number): Promise<PushMessage[]> {
    vi.useFakeTimers({ toFake: ["Date"], now: at });
    const queue = spyQueue();
    const controller = createScheduledController({ cron: "17 * * * *", scheduledTime: new Date(at) });
    await worker.scheduled(controller, { ...env, PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) });
    return queue.sent.map(({ message }) => message);
  }
  const keepAt = (message: PushMessage, at: number) => {
    letters += 1;
    return storeDeadLetter(db, `letter ${letters}`, message, at);
  };
  const because = (reason: string) => ({ ...pushJob(PASS_TYPE, ["a"], 10, 7), reason });

  test.each([
    "503 without a reason",
    "ServiceUnavailable",
    "InternalServerError",
    "TooManyRequests",
    "TooManyProviderTokenUpdates",
    "ExpiredProviderToken",
    "no connection",
    "no answer in time",
    "no APNs key for this pass type's team",
    undefined, // the queue itself gave up
  ])(
    "sends a letter with the reason %s again, as a first attempt with the time of its failure",
    async (reason) => {
      const letter = reason === undefined ? pushJob(PASS_TYPE, ["a"], 10, 7) : because(reason);
      await keepAt(letter, start);
      expect(await hourly(start + 1)).toEqual([{ ...pushJob(PASS_TYPE, ["a"], 1, 7), gaveUpAt: start }]);
      expect(await kept()).toEqual([]);
    },
  );

  test.each([
    ["a refusal", because("DeviceTokenNotForTopic")],
    ["a bad token that was kept", because("BadDeviceToken")],
    ["a key that APNs refuses", because("InvalidProviderToken")],
    ["the job of a change, which the outbox sends again,", { kind: "change", changeId: 1 } as const],
  ])("leaves %s to the operator", async (_, letter) => {
    await keepAt(letter, start);
    expect(await hourly(start + 1)).toEqual([]);
    expect(await kept()).toHaveLength(1);
  });

  test("retries a failing letter after as long as it has been failing, at least once a day, for a month", async () => {
    let waits = 0;
    let lastAt = start;
    let letter: PushMessage = because("Shutdown");
    await keepAt(letter, start);
    const sentAt: number[] = [];
    for (let at = start; at <= start + 40 * 24 * HOUR_MS; at += HOUR_MS) {
      const queue = spyQueue();
      await replayHealedByTime(db, queue, at);
      const again = queue.sent[0]?.message;
      if (again === undefined) continue;
      waits = Math.max(waits, at - lastAt);
      sentAt.push((at - start) / HOUR_MS);
      // It is tried for two hours, and gives up.
      lastAt = at + 2 * HOUR_MS;
      letter = { ...again, attempt: 10, reason: "Shutdown" } as PushMessage;
      await keepAt(letter, lastAt);
    }
    expect(sentAt.slice(0, 6)).toEqual([0, 4, 12, 28, 54, 80]);
    expect(waits).toBe(24 * HOUR_MS);
    expect(sentAt.at(-1)).toBeLessThanOrEqual(31 * 24);
  });

  test("pushes to all phones after an outage that lasts longer than all attempts, without the operator", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const type = "pass.test.replay.outage";
    await admin.makeApnsKey();
    await admin.makePassType(type, TEAM, "P-256");
    const tokens = [randomPushToken()];
    await registerTokens(await admin.issue((await admin.makeTemplate(type)).id), tokens);
    const ends = start + 5 * HOUR_MS;
    const line = timeline(start, ({ at }) =>
      at < ends ? refusal("ServiceUnavailable") : new Response(null),
    );
    await line.queue.send(pushJob(type, tokens));
    for (let hour = 1; hour < 12; hour++) {
      await line.runUntil(start + hour * HOUR_MS);
      for (const letter of line.dead.splice(0)) await keepAt(letter, line.now());
      for (const message of await hourly(line.now())) await line.queue.send(message);
    }
    expect(line.pushes.at(-1)?.status).toBe(200);
    expect(await kept()).toEqual([]);
  });

  test("sends at most five hundred letters, the oldest first", async () => {
    const message = JSON.stringify(because("Shutdown"));
    const many = Array.from({ length: 520 }, (_, n) => ({
      messageId: `many ${n}`,
      message,
      receivedAt: start,
    }));
    await insertRows(deadLetters, many);
    expect(await hourly(start)).toHaveLength(500);
    expect(await hourly(start)).toHaveLength(20);
    expect(await hourly(start)).toEqual([]);
  });
});
