/**
 * `npm run deploy`: applies the migrations and then deploys the Worker. The order matters at an update: a new version
 * does not work with old tables, while most migrations only add what an old version does not need. If there is no
 * database yet, wrangler creates it while it deploys, and the migrations follow. The first deploy ends with the lifecycle
 * rule of the bucket. The Deploy to Cloudflare button runs this too.
 *
 * All arguments are those of `wrangler deploy`, such as `--env staging` and `--dry-run`. The database is found by the
 * name of its binding, because the button lets people choose another name for it.
 */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { repository } from "./local/repository.ts";

interface Outcome {
  readonly status: number;
  /** What wrangler wrote to stdout, if it was captured. */
  readonly output: string;
  /** What wrangler wrote to stderr. */
  readonly errors: string;
}

/** Runs wrangler with these arguments. `capture` keeps what it writes from the terminal. */
export type Wrangler = (args: readonly string[], capture?: "capture") => Promise<Outcome>;

/** wrangler's words for a database that wrangler.toml names and the account does not have. */
const NO_DATABASE = "Couldn't find a D1 DB named";
/** wrangler lists it while a database is empty. */
const FIRST_MIGRATION = "0000_first.sql";

/** @returns the exit status: 0, or that of the step that failed */
export async function deploy(args: readonly string[], wrangler: Wrangler): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      env: { type: "string", short: "e" },
      config: { type: "string", short: "c" },
      "dry-run": { type: "boolean" },
    },
  });
  // Without --env, wrangler warns that wrangler.toml has several environments. Empty means the one at its top.
  const env = String(values.env ?? process.env.CLOUDFLARE_ENV ?? "");
  const config = typeof values.config === "string" ? values.config : undefined;
  const target = [`--env=${env}`, ...(config === undefined ? [] : [`--config=${config}`])];
  const deployment = ["deploy", ...args, ...(values.env === undefined ? target.slice(0, 1) : [])];
  const migrations = (verb: "list" | "apply") => ["d1", "migrations", verb, "DB", "--remote", ...target];
  const rule = async () => [...(await lifecycleRule(env, config)), ...target];

  if (values["dry-run"] === true) {
    console.log(`Before this, it would run: wrangler ${migrations("apply").join(" ")}`);
    const { status } = await wrangler(deployment);
    if (status === 0)
      console.log(`After the first deploy, it would run: wrangler ${(await rule()).join(" ")}`);
    return status;
  }
  // If this fails for another reason, such as a choice between accounts, the next command asks or reports it.
  const listed = await wrangler(migrations("list"), "capture");
  let isFirst = listed.output.includes(FIRST_MIGRATION);
  let hasDatabase = !listed.errors.includes(NO_DATABASE);
  if (hasDatabase) {
    const { status, errors } = await wrangler(migrations("apply"));
    hasDatabase = !errors.includes(NO_DATABASE);
    if (hasDatabase && status !== 0) return status;
  }
  if (!hasDatabase) {
    isFirst = true;
    console.log("There is no database yet. The deploy creates it, and the migrations follow.");
  }
  const deployed = await wrangler(deployment);
  if (deployed.status !== 0) return deployed.status;
  if (!hasDatabase) {
    const { status } = await wrangler(migrations("apply"));
    if (status !== 0) return status;
  }
  if (isFirst) await addLifecycleRule(await rule(), wrangler);
  return 0;
}

/** Everything works without the rule, so the deploy does not fail if it cannot be added. */
async function addLifecycleRule(rule: readonly string[], wrangler: Wrangler): Promise<void> {
  const { status } = await wrangler(rule);
  if (status === 0) return;
  console.log(`The Worker is deployed. Only the rule that removes old built passes from the bucket is missing. Run:
npx wrangler ${rule.join(" ")}`);
}

/** The command that makes R2 remove built passes after a week; they are built again if a phone asks. */
async function lifecycleRule(env: string, config = "wrangler.toml"): Promise<string[]> {
  const { unstable_readConfig } = await import("wrangler"); // takes a second to load
  const read = unstable_readConfig({ env, config: resolve(repository, config) }, { hideWarnings: true });
  const buckets: { binding: string; bucket_name?: string; jurisdiction?: string }[] = read.r2_buckets;
  const { bucket_name, jurisdiction } = buckets.find(({ binding }) => binding === "BUCKET") ?? {};
  const where = jurisdiction ? ` --jurisdiction=${jurisdiction}` : "";
  const add = `r2 bucket lifecycle add ${bucket_name} built built/ --expire-days 7 --force${where}`;
  return add.split(" ");
}

/** Runs wrangler in the terminal, unless the output is captured, so that it can ask for an account and for consent. */
async function runWrangler(args: readonly string[], capture?: "capture"): Promise<Outcome> {
  const bin = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: repository,
    stdio: capture ? ["ignore", "pipe", "pipe"] : ["inherit", "inherit", "pipe"],
  });
  const { stdout, stderr } = child;
  if (!capture) stderr?.pipe(process.stderr, { end: false });
  const [output, errors, status] = await Promise.all([
    stdout === null ? "" : text(stdout),
    stderr === null ? "" : text(stderr),
    new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    }),
  ]);
  return { status, output, errors };
}

if (import.meta.main) process.exitCode = await deploy(process.argv.slice(2), runWrangler);
