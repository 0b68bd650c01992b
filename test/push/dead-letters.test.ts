/**
 * Dead letters that are sent to the push queue again: one, the oldest thousand, or automatically those that time heals. Each
 * is pushed, none is lost, and a phone that has been notified since is not pushed again.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { deadLetters } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { setPushControl } from "../../src/push/control.ts";
import { replayHealedByTime, storeDeadLetter } from "../../src/push/dead-letters.ts";
import type { PushMessage, SendMessages } from "../../src/push/messages.ts";
import { markPushed } from "../../src/push/pace.ts";
import { readHeld } from "../../src/push/stored-messages.ts";
import { explain } from "../cost.ts";
import { counted, forwarding } from "../counting.ts";
import { admin, call, iphone, randomPushToken, refused, TEAM } from "../harness.ts";
import { countRows, deleteRows, insertRows, rowOf } from "../rows.ts";
import { callWithQueue, consume, db, doubted, pushJob, spyQueue } from "./consume.ts";
import { refusal, registerTokens, timeline } from "./timeline.ts";

const PASS_TYPE = "pass.test.replay";
const TOKENS_PER_MESSAGE = 300;
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

/** Stores many letters like this one at once, each with the number of the letter in its first token. */
async function fillLetters(count: number, message: PushMessage, receivedAt = Date.now()): Promise<void> {
  await db.run(sql`WITH RECURSIVE n(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT ${count})
    INSERT INTO dead_letters (message_id, message, received_at)
    SELECT 'many ' || value, json_set(${JSON.stringify(message)}, '$.tokens[0]', 'token ' || value), ${receivedAt} FROM n`);
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
  const refuse = () => Promise.reject(new Error("the queue is down"));
  const down = { ...spyQueue(), send: refuse, sendBatch: refuse };
  const id = await keep(gaveUp(["a"]));
  for (const path of [`/dead-letters/${id}/replay`, "/dead-letters/replay"])
    expect((await callWithQueue(down, "POST", path)).status).toBe(500);
  expect(await kept()).toEqual([id]);
  vi.restoreAllMocks();
});

const replayAll = async (queue: SendMessages) =>
  JSON.parse((await callWithQueue(queue, "POST", "/dead-letters/replay")).text);

test("replaying all sends the oldest thousand and returns how many are left, until there are none", async () => {
  await fillLetters(1003, gaveUp([""]));
  const queue = spyQueue();
  expect(await replayAll(queue)).toEqual({ replayed: 1000, left: 3 });
  expect(await replayAll(queue)).toEqual({ replayed: 3, left: 0 });
  expect(await replayAll(queue)).toEqual({ replayed: 0, left: 0 });
  const tokens = queue.sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
  expect(tokens).toEqual(Array.from({ length: 1003 }, (_, n) => `token ${n}`));
});

describe("letters that are replayed together", () => {
  test("are packed if they are of one pass type and one reason: each token once, for the newest change", async () => {
    await keep(gaveUp(["a", "b"], 7));
    await keep(gaveUp(["b", "c"], 9));
    await keep({ ...gaveUp(["d"], 8), reason: "Shutdown" } as PushMessage);
    await keep({ ...gaveUp(["e"], 8), passTypeIdentifier: "pass.test.other" } as PushMessage);
    const job: PushMessage = { kind: "change", changeId: 5 };
    await keep(job);
    const queue = spyQueue();
    expect(await replayAll(queue)).toEqual({ replayed: 5, left: 0 });
    expect(queue.sent.map(({ message }) => message)).toEqual([
      job,
      pushJob(PASS_TYPE, ["a", "b", "c"], 1, 9),
      pushJob(PASS_TYPE, ["d"], 1, 8),
      pushJob("pass.test.other", ["e"], 1, 8),
    ]);
  });

  test("push every phone if one of them does not say for which change", async () => {
    await keep(gaveUp(["a"], 7));
    await keep(gaveUp(["b"]));
    const queue = spyQueue();
    await replayAll(queue);
    expect(queue.sent.map(({ message }) => message)).toEqual([pushJob(PASS_TYPE, ["a", "b"])]);
  });

  test("make messages of at most TOKENS_PER_MESSAGE tokens", async () => {
    for (let n = 0; n < 7; n++) await keep(gaveUp(Array.from({ length: 100 }, (_, at) => `${n} ${at}`)));
    const queue = spyQueue();
    await replayAll(queue);
    const sizes = queue.sent.map(({ message }) => (message.kind === "push" ? message.tokens.length : 0));
    expect(sizes).toEqual([300, 300, 100]);
  });

  test("stay, all of them, if the queue fails in the middle, so that none is lost", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    for (let n = 0; n < 5; n++) await keep({ ...gaveUp([`${n}`]), reason: `${n}` } as PushMessage);
    const down = { ...spyQueue(), sendBatch: () => Promise.reject(new Error("the queue is down")) };
    expect((await callWithQueue(down, "POST", "/dead-letters/replay")).status).toBe(500);
    expect(await kept()).toHaveLength(5);
    vi.restoreAllMocks();
  });
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
      if (waits === 24 * HOUR_MS && at > lastAt && at < lastAt + 22 * HOUR_MS) continue; // one run each hour is 960 of them
      const queue = spyQueue();
      await replayHealedByTime(db, queue, TOKENS_PER_MESSAGE, at);
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

  test("replays 100,000 letters of one token in one run, as a few hundred messages and queries", async () => {
    await fillLetters(100_000, because("Shutdown"), start);
    const counters = counted(env);
    const queue = spyQueue();
    const run = () => replayHealedByTime(openDatabase(counters.env.DB), queue, TOKENS_PER_MESSAGE, start);
    expect(await run()).toBe(100_000);
    const { statements, rowsRead } = counters.spent();
    expect([statements <= 202, rowsRead < 10 * 100_000, queue.sent.length]).toEqual([true, true, 400]);
    const tokens = queue.sent.flatMap(({ message }) => (message.kind === "push" ? message.tokens : []));
    expect(new Set(tokens).size).toBe(100_000);
    expect(await countRows(deadLetters)).toBe(0);
  });

  test("reads no more than two megabytes at once, however large the letters are", async () => {
    const tokens = Array.from({ length: 1500 }, randomPushToken);
    const letters = Array.from({ length: 45 }, (_, n) => ({
      messageId: `large ${n}`,
      message: JSON.stringify({ ...pushJob(PASS_TYPE, tokens), reason: "Shutdown" }),
      receivedAt: start,
    }));
    for (const letter of letters) await insertRows(deadLetters, [letter]);
    const counters = counted(env);
    await replayHealedByTime(openDatabase(counters.env.DB), spyQueue(), TOKENS_PER_MESSAGE, start);
    expect(await countRows(deadLetters)).toBe(0);
    expect(counters.spent().statements).toBe(3 * 2 + 1);
  });

  test("packs letters that gave up within the same hour, with the time of the oldest", async () => {
    const letter = (token: string, gaveUpAt: number) => ({
      ...because("Shutdown"),
      tokens: [token],
      gaveUpAt,
    });
    const hour = Math.floor(start / HOUR_MS) * HOUR_MS;
    await keepAt(letter("a", hour + 2), start);
    await keepAt(letter("b", hour + 1), start);
    await keepAt(letter("c", hour - 1), start);
    const at = start + 30 * 24 * HOUR_MS;
    const first = (tokens: string[], gaveUpAt: number) => ({ ...pushJob(PASS_TYPE, tokens, 1, 7), gaveUpAt });
    expect(await hourly(at)).toEqual([first(["a", "b"], hour + 1), first(["c"], hour - 1)]);
  });

  test("does not run during a pause", async () => {
    await keepAt(because("Shutdown"), start);
    await setPushControl({ db, actor: "admin", now: start }, { paused: true });
    expect(await hourly(start)).toEqual([]);
    await setPushControl({ db, actor: "admin", now: start }, { paused: false });
    expect(await hourly(start)).toHaveLength(1);
  });

  test("finds what a pause holds by the index of the ids, however many dead letters there are", async () => {
    const counters = counted(env);
    await readHeld(openDatabase(counters.env.DB), 500);
    const steps = (await explain(counters.asked)).map(({ step }) => step);
    const ofTable = steps.filter((step) => step.includes("dead_letters"));
    expect(ofTable).toEqual([
      expect.stringMatching(
        /^SEARCH dead_letters USING INDEX .*message_id.*\(message_id>\? AND message_id<\?\)/,
      ),
    ]);
  });
});
