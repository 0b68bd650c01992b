/**
 * Runs the Worker of src/ in workerd, with the database, bucket, queues and rate limits of wrangler.toml on this
 * machine, and calls its cron triggers, which the local runtime leaves to others.
 *
 * Follows Cloudflare's `unstable_startWorker`. Only warnings are logged: wrangler would print the address of every
 * request, and some of ours are opened by a secret in them.
 */
import "./offline.ts";
import "./redacted.ts";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { unstable_readConfig, unstable_startWorker } from "wrangler";
import { configPath } from "./repository.ts";

export interface RunningWorker {
  /** http://127.0.0.1:port */
  origin: string;
  close(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const REAPED_WITHIN_MS = 100;

/**
 * Starts it and waits until it answers.
 * @param settings what wrangler.toml leaves to the deployment: variables and secrets, by name
 */
export async function runWorker(
  port: number,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<RunningWorker> {
  const bindings = Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }]);
  const worker = await unstable_startWorker({
    config: configPath,
    bindings: Object.fromEntries(bindings),
    dev: {
      server: { hostname: "127.0.0.1", port },
      persist: folder,
      inspector: false,
      logLevel: "warn",
      remote: false,
    },
  });
  const origin = `http://127.0.0.1:${port}`;
  try {
    const failure = Promise.withResolvers<never>();
    const fail = (event: unknown) => failure.reject(new Error("The Worker did not start.", { cause: event }));
    worker.raw.once("error", fail);
    worker.raw.once("buildFailed", fail);
    await Promise.race([failure.promise, answers(origin)]);
  } catch (error) {
    await worker.dispose();
    throw error;
  }
  const stopCrons = callCrons(origin);
  return {
    origin,
    async close() {
      stopCrons();
      await worker.dispose();
      await stopBundler();
    },
  };
}

/**
 * wrangler leaves esbuild running, which ends only after this process: as an orphan, and where process 1 does not reap
 * orphans, as a zombie.
 */
async function stopBundler(): Promise<void> {
  const esbuild: { stop(): Promise<void> } = createRequire(import.meta.resolve("wrangler"))("esbuild");
  await esbuild.stop();
  await pause(REAPED_WITHIN_MS);
}

/** wrangler calls a Worker ready a moment before its port answers. */
async function answers(origin: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(50)) {
    const response = await fetch(`${origin}/healthz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
  throw new Error(`The Worker did not answer within ${READY_WITHIN_MS / 1000} seconds.`);
}

/** Calls the triggers of wrangler.toml, whose only field beside stars is the minute. @returns what stops it */
function callCrons(origin: string): () => void {
  const crons: string[] = unstable_readConfig({ config: configPath }).triggers.crons ?? [];
  const everyMinute = setInterval(async () => {
    const minute = `${new Date().getUTCMinutes()}`;
    for (const cron of crons.filter((text) => ["*", minute].includes(text.split(" ")[0] ?? ""))) {
      // A call that fails was the Worker's own failure, which it has logged, or this is the end.
      await fetch(`${origin}/cdn-cgi/local/scheduled?${new URLSearchParams({ cron })}`).catch(() => {});
    }
  }, 60_000);
  return () => clearInterval(everyMinute);
}
