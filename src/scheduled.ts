/**
 * The two tables of scheduled work: what the cron triggers of wrangler.toml run, and which readers the change log has.
 */
import { pruneChanges } from "./changes/prune.ts";
import { type HandlePage, runReaders } from "./changes/readers.ts";
import { type Env, readConfig } from "./config.ts";
import type { Database } from "./db/client.ts";
import { missingPart } from "./db/missing-tables.ts";
import { sweepRequests } from "./db/requests.ts";
import { findIssuersWithWork } from "./google-sync/due.ts";
import { wakeIssuer } from "./google-sync/messages.ts";
import { pruneNonces } from "./google-wallet/installs.ts";
import { issuerOfReader, markStaleRows } from "./google-wallet/reader.ts";
import { pruneJoinCounts } from "./join/prune.ts";
import { logEvent } from "./log-events.ts";
import { deleteUnusedObjects } from "./objects/delete-unused.ts";
import { readPushControl, recordHeartbeat } from "./push/control.ts";
import { replayHealedByTime, sweepDeadLetters } from "./push/dead-letters.ts";
import { sendWaiting } from "./push/held.ts";
import { pruneScans } from "./scans/prune.ts";
import { reseal } from "./secrets/reseal.ts";

interface Run {
  readonly db: Database;
  readonly env: Env;
  readonly now: number;
  /** Milliseconds. For work that takes long. */
  readonly clock: () => number;
}

/** Cron expression → what it runs. test/scheduled.test.ts compares the expressions with wrangler.toml. */
export const CRON_TRIGGERS: Readonly<Record<string, (run: Run) => Promise<void>>> = {
  "* * * * *": everyMinute,
  "17 * * * *": everyHour,
};

/** @throws Error for an expression that is not in the table: wrangler.toml and the program differ */
export async function runCronTrigger(cron: string, run: Run): Promise<void> {
  const trigger = Object.hasOwn(CRON_TRIGGERS, cron) ? CRON_TRIGGERS[cron] : undefined;
  if (trigger === undefined) {
    const known = Object.keys(CRON_TRIGGERS).map((expression) => `"${expression}"`);
    throw new Error(
      `No work is defined for the cron trigger "${cron}"; wrangler.toml must have ${known.join(", ")}.`,
    );
  }
  await trigger(run);
}

/**
 * How a reader of the change log records what it has handled: in the row of the change, or as a cursor in the table
 * `readers`.
 */
type ChangeLogReader =
  | { readonly progress: "dispatchedAt"; readonly sweep: (run: Run) => Promise<unknown> }
  | { readonly progress: "cursor"; readonly handle: HandlePage };

/**
 * All readers of the change log, by kind. To add a kind of reader with a cursor, add it here, and add its rows with
 * `addReader`: one for each webhook endpoint or Google issuer. Nothing else has to change. A kind without rows costs
 * nothing: the heartbeat returns the names of the rows.
 */
const CHANGE_LOG_READERS: Readonly<Record<string, ChangeLogReader>> = {
  /** The request that made a change sends its job. This step sends jobs that were lost, and messages that a pause has held. */
  apns: {
    progress: "dispatchedAt",
    async sweep({ db, env, now }) {
      await sendWaiting(db, env.PUSH_QUEUE, await readPushControl(db), now);
    },
  },
  /** One row for each issuer of Google Wallet. A message of the queue runs it too. */
  google: { progress: "cursor", handle: markStaleRows },
};

async function everyMinute(run: Run): Promise<void> {
  const handlers: Record<string, HandlePage> = {};
  let names: readonly string[] = [];
  const steps: Record<string, () => Promise<unknown>> = {
    async heartbeat() {
      names = await recordHeartbeat(run.db, run.now);
    },
  };
  for (const [kind, reader] of Object.entries(CHANGE_LOG_READERS)) {
    if (reader.progress === "cursor") handlers[kind] = reader.handle;
    else steps[kind] = () => reader.sweep(run);
  }
  await runAll("minute_step_failed", {
    ...steps,
    readers: () => runReaders(run.db, names, handlers, run.now),
    google: () => wakeGoogle(run, names),
  });
}

/** Sends a message for each issuer with work: the message of the change may have been lost, or a row has become due. */
async function wakeGoogle({ db, env, now }: Run, readers: readonly string[]): Promise<void> {
  if (!readers.some((name) => issuerOfReader(name) !== undefined)) return;
  for (const issuerId of await findIssuersWithWork(db, now)) await wakeIssuer(env.GOOGLE_QUEUE, issuerId);
}

async function everyHour(run: Run): Promise<void> {
  const { db, env, now, clock } = run;
  await runAll("hourly_step_failed", {
    replayHealedByTime: () => replayIfNotPaused(run),
    sweepDeadLetters: () => sweepDeadLetters(db, now),
    deleteUnusedObjects: () => deleteUnusedObjects(db, env.BUCKET, clock),
    pruneChanges: () => pruneChanges(db, readConfig(env).auditDays, now),
    sweepRequests: () => sweepRequests(db, now),
    pruneJoinCounts: () => pruneJoinCounts(db, now),
    pruneScans: () => pruneScans(db, now),
    pruneNonces: () => pruneNonces(db, now),
    reseal: () => reseal(db, readConfig(env).secrets),
  });
}

async function replayIfNotPaused({ db, env, now }: Run): Promise<void> {
  const { pausedAt } = await readPushControl(db);
  if (pausedAt === null) await replayHealedByTime(db, env.PUSH_QUEUE, readConfig(env).tokensPerMessage, now);
}

/**
 * Runs every step, even if an earlier one fails.
 * @throws after all steps: the failure of a step that lacks a table, which index.ts logs once; or else an Error with the names
 * of the failed steps. The platform logs it, and a failed query has its parameters
 */
async function runAll(
  event: "minute_step_failed" | "hourly_step_failed",
  steps: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const failed: string[] = [];
  let missing: unknown;
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
    } catch (error) {
      if (missingPart(error) === undefined) {
        failed.push(step);
        logEvent(event, { step, error });
      } else missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
  if (failed.length > 0) throw new Error(`failed: ${failed.join(", ")}; see ${event} in the log`);
}
