/**
 * The six connections that all messages of a batch share: never more are busy, none is idle while a push waits, and the
 * order is first come, first served. And a token that several messages of a batch have at once.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { connectionPool } from "../../src/connections.ts";
import { openDatabase } from "../../src/db/client.ts";
import { PAGE_LISTENERS } from "../../src/push/fan-out.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import { counted } from "../counting.ts";
import { admin, iphone, randomPushToken, storeCard, TEAM } from "../harness.ts";
import { newestChangeId } from "../rows.ts";
import { callWithQueue, consume, pushJob, spyQueue } from "./consume.ts";
import { DELIVERED, refusal, registerTokens, watchLog } from "./timeline.ts";

const PASS_TYPE = "pass.test.pool";

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
});

afterEach(() => {
  vi.restoreAllMocks();
});

const tokensOf = (count: number) => Array.from({ length: count }, randomPushToken);
const tokenIn = (url: string) => url.split("/").at(-1) ?? "";

/** An APNs that answers on request. */
function held() {
  const under: { token: string; answer: (response: Response) => void }[] = [];
  const fetch = (url: string) =>
    new Promise<Response>((answer) => under.push({ token: tokenIn(url), answer }));
  const tokens = () => under.map(({ token }) => token);
  const answerNext = (response = DELIVERED()) => under.shift()?.answer(response);
  return { fetch, tokens, answerNext };
}

test("no more tasks than connections run at the same time, in the order of arrival", async () => {
  const withConnection = connectionPool(3);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const work = Array.from({ length: 8 }, (_, n) =>
    withConnection(
      () =>
        new Promise<number>((end) => {
          started.push(n);
          ends.push(() => end(n));
        }),
    ),
  );
  for (let ended = 0; ended < 8; ended++) {
    await vi.waitFor(() => expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7].slice(0, ended + 3)), {
      interval: 1,
    });
    ends[ended]?.();
  }
  expect(await Promise.all(work)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a failing task returns its connection, and the task that has waited longest gets it", async () => {
  const withConnection = connectionPool(1);
  const order: string[] = [];
  const failing = withConnection(async () => {
    throw new Error("reset");
  }).catch((error: unknown) => {
    order.push("failed");
    late = withConnection(async () => void order.push("late"));
    return error;
  });
  let late: Promise<void> | undefined;
  const early = withConnection(async () => void order.push("early"));
  expect(await failing).toEqual(new Error("reset"));
  await Promise.all([early, late]);
  expect(order.indexOf("early")).toBeLessThan(order.indexOf("late"));
  expect(await withConnection(async () => "free")).toBe("free");
});

test("messages of one token each are pushed six at a time, and all of their connections are used", async () => {
  const tokens = tokensOf(10);
  const apns = held();
  const done = consume(
    tokens.map((token) => pushJob(PASS_TYPE, [token])),
    { fetch: apns.fetch },
  );
  for (let waiting = tokens.length; waiting > 0; waiting -= 1) {
    await vi.waitFor(() => expect(apns.tokens()).toHaveLength(Math.min(6, waiting)), { interval: 1 });
    apns.answerNext();
  }
  expect((await done).acked.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("the job of the next page is sent while pushes of the same batch are in flight", async () => {
  const tokens = tokensOf(PAGE_LISTENERS + 1);
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  await registerTokens(await admin.issue(templateId), tokens);
  const jobs = spyQueue();
  const pass = { ...storeCard, logoText: "new" };
  await callWithQueue(jobs, "PATCH", `/templates/${templateId}`, { pass });
  const apns = held();
  const queue = spyQueue();
  const messages: PushMessage[] = [
    pushJob(PASS_TYPE, tokensOf(2)),
    ...jobs.sent.map(({ message }) => message),
  ];
  const done = consume(messages, { fetch: apns.fetch, queue });
  await vi.waitFor(() => expect(queue.sent.some(({ message }) => message.kind === "change")).toBe(true));
  await vi.waitFor(() => expect(apns.tokens()).toHaveLength(2));
  apns.answerNext();
  apns.answerNext();
  expect((await done).acked.toSorted()).toEqual([0, 1]);
});

test("a token that another message is pushing waits for that push, and is not pushed again", async () => {
  const [shared = "", own = ""] = tokensOf(2);
  const apns = held();
  const done = consume([pushJob(PASS_TYPE, [shared]), pushJob(PASS_TYPE, [shared, own])], {
    fetch: apns.fetch,
  });
  await vi.waitFor(() => expect(apns.tokens().toSorted()).toEqual([shared, own].toSorted()));
  apns.answerNext();
  apns.answerNext();
  const { sent, acked } = await done;
  expect([sent, acked.toSorted()]).toEqual([[], [0, 1]]);
});

test.each([
  { name: "the first fails", statuses: [500, 200], retries: 1 },
  { name: "the first two fail", statuses: [500, 500, 200], retries: 2 },
  { name: "all fail", statuses: [500, 500, 500], retries: 3 },
])(
  "if $name, each failed push of three messages with one token is retried by its own message",
  async ({ statuses, retries }) => {
    const phone = iphone();
    await phone.addFrom((await admin.issue((await admin.makeTemplate(PASS_TYPE)).id)).downloadUrl);
    const { pushToken } = phone;
    const through = await newestChangeId();
    const asked: number[] = [];
    const { sent, acked } = await consume(
      [1, 2, 3].map(() => pushJob(PASS_TYPE, [pushToken], 1, through)),
      {
        fetch: async () => {
          const status = statuses[asked.length] ?? 200;
          asked.push(status);
          return status === 200 ? DELIVERED() : refusal("InternalServerError");
        },
      },
    );
    expect(asked).toEqual(statuses);
    expect(acked.toSorted()).toEqual([0, 1, 2]);
    expect(sent.map(({ message }) => message)).toEqual(
      Array(retries).fill(pushJob(PASS_TYPE, [pushToken], 2, through)),
    );
    // A retry finds the phone notified as soon as one push was delivered.
    let more = 0;
    for (const { message } of sent)
      await consume([message], {
        fetch: async () => {
          more += 1;
          return DELIVERED();
        },
      });
    expect(more).toBe(statuses.includes(200) ? 0 : 1);
  },
);

test("a failing message (the queue does not accept its retry) keeps no connection and does not delay the others", async () => {
  watchLog();
  const [failing = "", ...good] = tokensOf(9);
  const pushed: string[] = [];
  const { acked, retried } = await consume(
    [pushJob(PASS_TYPE, [failing]), ...good.map((token) => pushJob(PASS_TYPE, [token]))],
    {
      queue: {
        ...spyQueue(),
        send: () => Promise.reject(new Error("the queue is down")),
      },
      fetch: async (url) => {
        pushed.push(tokenIn(url));
        return tokenIn(url) === failing ? refusal("Shutdown") : DELIVERED();
      },
    },
  );
  expect([acked.toSorted(), retried]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], [0]]);
  expect(pushed.toSorted()).toEqual([failing, ...good].toSorted());
});

test("tokens that were not started within fifteen seconds are sent on in a new message for each old one, and nothing is lost", async () => {
  const lists = [tokensOf(9), tokensOf(9), tokensOf(9)];
  let now = Date.now();
  const pushed: string[] = [];
  const { sent, acked } = await consume(
    lists.map((tokens, n) => pushJob(PASS_TYPE, tokens, n + 1)),
    {
      now: () => now,
      fetch: async (url) => {
        pushed.push(tokenIn(url));
        now += 1000;
        return DELIVERED();
      },
    },
  );
  expect(acked.toSorted()).toEqual([0, 1, 2]);
  expect(pushed.length).toBeLessThan(27);
  const rest = sent.flatMap(({ message }) => (message.kind === "push" ? [message] : []));
  for (const { tokens, attempt } of rest)
    expect(lists[attempt - 1]).toEqual(expect.arrayContaining([...tokens]));
  expect([...pushed, ...rest.flatMap(({ tokens }) => tokens)].toSorted()).toEqual(lists.flat().toSorted());
});

// https://developers.cloudflare.com/workers/platform/limits/#subrequests
test("a batch of the largest messages stays below the 10,000 subrequests of an invocation, even if every push fails", async () => {
  watchLog();
  const { tokensPerMessage } = readConfig({ ...env, TOKENS_PER_MESSAGE: "900" });
  const counters = counted(env);
  const reasons = [
    "Shutdown",
    "Forbidden",
    "BadDeviceToken",
    "BadTopic",
    "IdleTimeout",
    "TooManyRequests",
  ] as const;
  let requests = 0;
  const { sent, dead, acked } = await consume(
    Array.from({ length: 10 }, () => pushJob(PASS_TYPE, tokensOf(tokensPerMessage))),
    {
      db: openDatabase(counters.env.DB),
      fetch: async () => refusal(reasons[requests++ % reasons.length] ?? "Shutdown"),
    },
  );
  expect([requests, acked.length]).toEqual([9000, 10]);
  const ownCalls = counters.spent().trips + sent.length + dead.length;
  expect(requests + ownCalls).toBeLessThan(10_000);
});
