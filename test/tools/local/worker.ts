/**
 * Runs the Worker of src/, or the one that would be deployed, in workerd, with the database, bucket, queues and rate limits of wrangler.toml on this
 * machine, and calls its cron triggers, which the local runtime does not do. Follows Cloudflare's
 * `unstable_startWorker`.
 *
 * Only warnings are logged: wrangler would print the address of every request, and some of our addresses contain a
 * secret.
 */
import "./offline.ts";
import "./redacted.ts";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { unstable_readConfig, unstable_startWorker } from "wrangler";
import { configPath, repository } from "./repository.ts";

export interface RunningWorker {
  /** http://127.0.0.1:port */
  origin: string;
  close(): Promise<void>;
}

/** wrangler must not bundle it once more, nor upload its neighbours as modules. */
const BUILT = { bundle: false, findAdditionalModules: false, minify: false };
/** The folder in which wrangler runs the build command of wrangler.toml. */
const BROWSER_PART = { workingDirectory: repository };
const READY_WITHIN_MS = 60_000;
const REAPED_WITHIN_MS = 100;

/**
 * Starts the Worker and waits until it answers.
 * @param settings the variables and secrets that wrangler.toml leaves to the deployment, by name
 * @param built the path of a built Worker, which is run as it is, instead of src/
 */
export async function runWorker(
  port: number,
  folder: string,
  settings: Readonly<Record<string, string>>,
  built?: string,
): Promise<RunningWorker> {
  const bindings = Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }]);
  const worker = await unstable_startWorker({
    config: configPath,
    ...(built === undefined ? {} : { entrypoint: built }),
    build: { ...(built === undefined ? {} : BUILT), custom: BROWSER_PART },
    bindings: Object.fromEntries(bindings),
    dev: {
      server: { hostname: "127.0.0.1", port },
      persist: folder,
      inspector: false,
      logLevel: "warn",
      remote: false,
      // A Worker that is built stays as it is, whatever changes in src/.
      watch: built === undefined,
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
 * wrangler does not stop esbuild, which ends only after this process: as an orphan or, if process 1 does not reap
 * orphans, as a zombie.
 */
async function stopBundler(): Promise<void> {
  const esbuild: { stop(): Promise<void> } = createRequire(import.meta.resolve("wrangler"))("esbuild");
  await esbuild.stop();
  await pause(REAPED_WITHIN_MS);
}

/** wrangler reports a Worker as ready shortly before its port answers. */
async function answers(origin: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(50)) {
    const response = await fetch(`${origin}/healthz?live`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
  throw new Error(`The Worker did not answer within ${READY_WITHIN_MS / 1000} seconds.`);
}

/**
 * Calls the triggers of wrangler.toml. The minute is the only field of them that is not a star.
 * @returns a function that stops it
 */
function callCrons(origin: string): () => void {
  const crons: string[] = unstable_readConfig({ config: configPath }).triggers.crons ?? [];
  const callDue = async () => {
    const minute = `${new Date().getUTCMinutes()}`;
    for (const cron of crons.filter((text) => ["*", minute].includes(text.split(" ")[0] ?? ""))) {
      // A call that fails is a failure of the Worker, which has logged it, or the instance is ending.
      await fetch(`${origin}/cdn-cgi/local/scheduled?${new URLSearchParams({ cron })}`).catch(() => {});
    }
  };
  // At once, because health reports a trigger that has not run for minutes, as in a state folder of yesterday.
  void callDue();
  const everyMinute = setInterval(callDue, 60_000);
  return () => clearInterval(everyMinute);
}
