/**
 * The Worker that `npm run load` measures: the whole of src/ with bindings that count. In addition to the routes of the
 * service it has two routes to fill the database and to return the counts. It is never deployed.
 *
 * Consumers of the push queue run one at a time here, whatever the local queue does, so that a run can be compared with
 * the maximum of six connections. On Cloudflare, max_concurrency in wrangler.toml multiplies that.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { Env } from "../../../src/config.ts";
import edgepass from "../../../src/index.ts";
import type { PushMessage } from "../../../src/push/messages.ts";
import { counted, forwarding, type Tally } from "../../counting.ts";
import { countTrips } from "./count-trips.ts";
import { type Seed, seed } from "./seed.ts";

/** The costs since the last request for them. */
export interface Spent {
  /** Caused by the change and its consequences: admin API and queue consumers. */
  readonly change: Tally;
  /** Caused by the cron trigger that looks for lost jobs. */
  readonly sweeps: Tally;
  /** Messages sent to the push queue. */
  readonly jobs: number;
  readonly pushMessages: number;
  /** Messages that the queue delivered more than once. */
  readonly redelivered: number;
  readonly pushes: number;
  /** Milliseconds from a push to its response, as the Worker measures them, summed over all pushes. */
  readonly pushMs: number;
  /** RSA signatures. */
  readonly signatures: number;
  /**
   * Requests of Apple's web service: `GET list 200` → D1 round trips until the response → how many requests had that
   * number.
   */
  readonly requests: Readonly<Record<string, Readonly<Record<number, number>>>>;
  /** D1 round trips of these requests after their responses. */
  readonly tripsAfterAnswers: number;
}

const GATE_MS = 2;

const fresh = () => ({
  jobs: 0,
  pushMessages: 0,
  redelivered: 0,
  pushes: 0,
  pushMs: 0,
  signatures: 0,
  requests: {} as Record<string, Record<number, number>>,
  tripsAfterAnswers: 0,
});
let spent = fresh();

/** One request of a phone. */
interface Visit {
  trips: number;
  answered: boolean;
}
const visits = new AsyncLocalStorage<Visit>();

let bindings: ReturnType<typeof countBindings> | undefined;
/** Read once: src/ caches values that it derives from an environment by the identity of the object. */
function bindingsOf(env: Env) {
  bindings ??= countBindings(env);
  return bindings;
}

function countBindings(env: Env) {
  const onTrip = () => {
    const visit = visits.getStore();
    if (visit === undefined || visit.answered) spent.tripsAfterAnswers += 1;
    else visit.trips += 1;
  };
  return {
    change: counted({ ...env, PUSH_QUEUE: countQueue(env.PUSH_QUEUE) }),
    sweeps: counted({ ...env, PUSH_QUEUE: countQueue(env.PUSH_QUEUE) }),
    phones: { ...env, DB: countTrips(env.DB, onTrip) },
  };
}

function countQueue(queue: Queue): Queue {
  const count = (message: PushMessage) => {
    if (message.kind === "change") spent.jobs += 1;
    else spent.pushMessages += 1;
  };
  return forwarding(queue, {
    send(message: PushMessage, options?: QueueSendOptions) {
      count(message);
      return queue.send(message, options);
    },
    sendBatch(messages: { body: PushMessage }[]) {
      for (const { body } of messages) count(body);
      return queue.sendBatch(messages);
    },
  });
}

const { fetch: realFetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const startedAt = performance.now();
  const response = await realFetch(input, init);
  spent.pushes += 1;
  spent.pushMs += performance.now() - startedAt;
  return response;
};

const { sign } = SubtleCrypto.prototype;
SubtleCrypto.prototype.sign = function (algorithm, key, data) {
  if (key.algorithm.name === "RSASSA-PKCS1-v1_5") spent.signatures += 1;
  return sign.call(this, algorithm, key, data);
};

let consuming = false;

export default {
  async fetch(request, env, ctx): Promise<Response> {
    const { pathname } = new URL(request.url);
    const { change, sweeps, phones } = bindingsOf(env);
    if (pathname === "/load/seed") return Response.json(await seed(env.DB, await request.json<Seed>()));
    if (pathname === "/load/spent") {
      const answer: Spent = { ...spent, change: change.spent(), sweeps: sweeps.spent() };
      spent = fresh();
      return Response.json(answer);
    }
    if (!pathname.startsWith("/v1/")) return edgepass.fetch(request, change.env, ctx);
    const visit: Visit = { trips: 0, answered: false };
    const response = await visits.run(visit, () => edgepass.fetch(request, phones, ctx));
    visit.answered = true;
    const what = `${pathname.startsWith("/v1/devices/") ? "list" : "fetch"} ${response.status}`;
    const counts = spent.requests[what] ?? {};
    counts[visit.trips] = (counts[visit.trips] ?? 0) + 1;
    spent.requests[what] = counts;
    return response;
  },

  async queue(batch, env): Promise<void> {
    while (consuming) await pause(GATE_MS);
    consuming = true;
    try {
      spent.redelivered += batch.messages.filter(({ attempts }) => attempts > 1).length;
      await edgepass.queue(batch, bindingsOf(env).change.env);
    } finally {
      consuming = false;
    }
  },

  async scheduled(controller, env): Promise<void> {
    await edgepass.scheduled(controller, bindingsOf(env).sweeps.env);
  },
} satisfies ExportedHandler<Env, PushMessage>;
