/**
 * What every door's handlers find in their context.
 */
import type { RecordedChange } from "./changes/log.ts";
import { announce, type SendJob, type SendJobs } from "./changes/outbox.ts";
import type { Config, Env } from "./config.ts";
import type { Database } from "./db/client.ts";

export interface DoorEnv {
  Bindings: Env;
  Variables: { config: Config; db: Database };
}

/** Sends the job of a change to the push queue. */
export function sendJob(queue: Queue): SendJob {
  return async (job, options) => {
    await queue.send({ kind: "change", ...job }, options);
  };
}

/** Sends the jobs of up to 100 changes to the push queue. */
export function sendJobs(queue: Queue): SendJobs {
  return async (jobs) => {
    await queue.sendBatch(jobs.map((job) => ({ body: { kind: "change", ...job } })));
  };
}

/**
 * After the answer: tells the queue of a change, if there was one. What is lost here, the sweep repeats.
 * @param executionCtx of the request that made the change
 */
export function announceLater(
  executionCtx: Pick<ExecutionContext, "waitUntil">,
  db: Database,
  queue: Queue,
  change: RecordedChange | undefined,
  now: number,
): void {
  if (change !== undefined) executionCtx.waitUntil(announce(db, sendJob(queue), change, now));
}
