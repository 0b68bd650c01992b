/**
 * `npm run deploy`: applies the migrations and then deploys the Worker. The order matters at an update: a new version
 * does not work with old tables, while most migrations only add what an old version does not need. At the first deploy
 * there is no database yet: wrangler creates it while it deploys, and the migrations follow. The Deploy to Cloudflare
 * button runs this too.
 *
 * At the end it names the lifecycle rule of R2, which should be set once.
 *
 * All arguments are those of `wrangler deploy`, such as `--env staging` and `--dry-run`. The database is found by the
 * name of its binding, because the button lets people choose another name for it.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { repository } from "./local/repository.ts";

interface Outcome {
  readonly status: number;
  /** What wrangler wrote to stderr. */
  readonly errors: string;
}

/** Runs wrangler with these arguments. */
export type Wrangler = (args: readonly string[]) => Promise<Outcome>;

/** wrangler's words for a database that wrangler.toml names and the account does not have. */
const NO_DATABASE = "Couldn't find a D1 DB named";

/** Not run by itself, because it changes a bucket that may have other rules. */
const LIFECYCLE =
  "If you have not done so, let R2 delete old built passes: npx wrangler r2 bucket lifecycle add BUCKET built built/ --expire-days 7 (BUCKET is the bucket_name in wrangler.toml)";

/** @returns the exit status: 0, or that of the step that failed */
export async function deploy(args: readonly string[], wrangler: Wrangler): Promise<number> {
  const status = await runSteps(args, wrangler);
  if (status === 0) console.log(LIFECYCLE);
  return status;
}

async function runSteps(args: readonly string[], wrangler: Wrangler): Promise<number> {
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
  const target = [`--env=${values.env ?? process.env.CLOUDFLARE_ENV ?? ""}`];
  if (typeof values.config === "string") target.push(`--config=${values.config}`);
  const deployment = ["deploy", ...args, ...(values.env === undefined ? target.slice(0, 1) : [])];
  const migration = ["d1", "migrations", "apply", "DB", "--remote", ...target];

  if (values["dry-run"] === true) {
    console.log(`Before this, it would run: wrangler ${migration.join(" ")}`);
    return (await wrangler(deployment)).status;
  }
  const migrated = await wrangler(migration);
  if (migrated.status === 0) return (await wrangler(deployment)).status;
  if (!migrated.errors.includes(NO_DATABASE)) return migrated.status;
  console.log("There is no database yet. The deploy creates it, and the migrations follow.");
  const deployed = await wrangler(deployment);
  return deployed.status === 0 ? (await wrangler(migration)).status : deployed.status;
}

/** With the terminal, so that wrangler can ask for an account and for consent. */
async function runWrangler(args: readonly string[]): Promise<Outcome> {
  const bin = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: repository,
    stdio: ["inherit", "inherit", "pipe"],
  });
  child.stderr.pipe(process.stderr, { end: false });
  const [errors, status] = await Promise.all([
    text(child.stderr),
    new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve(code ?? 1));
    }),
  ]);
  return { status, errors };
}

if (import.meta.main) process.exitCode = await deploy(process.argv.slice(2), runWrangler);
