/**
 * What a request costs, counted by the bindings of counting.ts: until the response, and after it.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env } from "../src/config.ts";
import worker from "../src/index.ts";
import type { PushMessage } from "../src/push/messages.ts";
import { counted, forwarding, type Tally } from "./counting.ts";
import { ADMIN_TOKEN, ORIGIN } from "./harness.ts";

export const counters = counted(env);

export const spent = (some: Partial<Tally>): Tally => ({
  trips: 0,
  statements: 0,
  rowsRead: 0,
  rowsWritten: 0,
  gets: 0,
  puts: 0,
  deletes: 0,
  ...some,
});
export const NOTHING = spent({});

/**
 * One request. Until it is answered, the queue accepts nothing, the bucket stores nothing and no change is marked as queued: a
 * response that still comes has not waited for them.
 * @returns what was spent until the response, and after it; and the messages that were sent to the queue
 */
export async function cost(request: Request, settings: Partial<Env> = {}) {
  const gate = Promise.withResolvers<void>();
  const bucket = counters.env.BUCKET;
  const jobs: PushMessage[] = [];
  const send = async (job: PushMessage) => {
    await gate.promise;
    jobs.push(job);
  };
  const sendBatch = async (batch: readonly { body: PushMessage }[]) => {
    await gate.promise;
    jobs.push(...batch.map(({ body }) => body));
  };
  const bindings = {
    ...counters.env,
    DB: markingAfter(gate.promise, counters.env.DB),
    ...settings,
    PUSH_QUEUE: forwarding(env.PUSH_QUEUE, { send, sendBatch }),
    BUCKET: forwarding(bucket, {
      put: (...stored: Parameters<R2Bucket["put"]>) => gate.promise.then(() => bucket.put(...stored)),
    }),
  };
  const context = createExecutionContext();
  counters.spent();
  const response = await worker.fetch(request, bindings, context);
  const answer = counters.spent();
  gate.resolve();
  await response.arrayBuffer();
  await waitOnExecutionContext(context);
  const { status, headers } = response;
  return { status, headers, answer, after: counters.spent(), jobs };
}

/** A database that marks a change as queued only then. */
function markingAfter(gate: Promise<void>, database: D1Database): D1Database {
  const marks = new WeakSet<D1PreparedStatement>();
  const prepare = (sql: string) => {
    const statement = database.prepare(sql);
    if (!sql.startsWith('update "changes" set "queued_at"')) return statement;
    const bind = (...values: unknown[]) => {
      const bound = statement.bind(...values);
      marks.add(bound);
      return bound;
    };
    return forwarding(statement, { bind });
  };
  const batch = async (statements: D1PreparedStatement[]) => {
    if (statements.some((statement) => marks.has(statement))) await gate;
    return database.batch(statements);
  };
  return forwarding(database, { prepare, batch });
}

/** The same for a call of the admin API. */
export function adminCost(method: string, path: string, body?: object, more: Record<string, string> = {}) {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json", ...more };
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return cost(new Request(`${ORIGIN}/admin/v1${path}`, { method, headers, ...json }));
}

/** The steps of the plans of these statements, each with a statement that takes it. */
export async function explain(
  statements: readonly { sql: string; values: readonly unknown[] }[],
): Promise<{ step: string; sql: string }[]> {
  const steps = new Map<string, string>();
  for (const { sql, values } of new Map(statements.map((asked) => [asked.sql, asked])).values()) {
    // If a condition has a constant 0, SQLite's plan has a scan that never runs.
    if (/\band 0\b/i.test(sql)) continue;
    const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
    for (const { detail } of (await plan.all<{ detail: string }>()).results) steps.set(detail, sql);
  }
  return Array.from(steps, ([step, sql]) => ({ step, sql }));
}
