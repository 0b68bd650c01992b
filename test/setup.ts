/**
 * Runs before each test file: empties D1, R2 and the rate limits, then creates the tables.
 *
 * One workerd runs many files (isolate: false), so data of the previous file has to be removed. `reset` only empties
 * storage that is in memory, and storage that was idle for ten seconds is not. So each binding is used once before it.
 * A new binding with storage has to be added here.
 */
import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env as EdgepassEnv } from "../src/config.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import("../src/index.ts");
    }
    interface Env extends EdgepassEnv {
      MIGRATIONS: D1Migration[];
      APPLE_ORIGIN: string;
      GOOGLE_ORIGIN: string;
    }
  }
}

const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'";

await Promise.all([
  env.DB.prepare("SELECT 1").run(),
  env.BUCKET.head("nothing"),
  env.ANONYMOUS_LIMIT.limit({ key: "nothing" }),
  env.SHARED_LIMIT.limit({ key: "nothing" }),
  env.LOCATION_LIMIT.limit({ key: "nothing" }),
]);
/** Whether nothing is left of the previous file. A queue message of it may write while the storage is emptied. */
async function emptied(): Promise<boolean> {
  await reset();
  const [{ results }, { objects }] = await Promise.all([env.DB.prepare(TABLES).run(), env.BUCKET.list()]);
  return results.length + objects.length === 0;
}
if (!(await emptied()) && !(await emptied()))
  throw new Error("Data of the previous test file is still there");

/** A row that a migration adds to an empty database. Its other rows come from tables that are empty here. */
const FIRST_ROWS = /\bINSERT INTO `\w+` \([^)]*\) VALUES/;
const SCHEMA =
  "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' ORDER BY type DESC";
/** What the migrations have created for the first file of this workerd. The next files get it in a fifth of the time. */
const kept = globalThis as typeof globalThis & { schemaOfTests?: readonly string[] };
if (kept.schemaOfTests === undefined) {
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  kept.schemaOfTests = (await env.DB.prepare(SCHEMA).all<{ sql: string }>()).results.map(({ sql }) => sql);
} else {
  const rows = env.MIGRATIONS.flatMap(({ queries }) => queries.filter((query) => FIRST_ROWS.test(query)));
  const applied = env.DB.prepare("INSERT INTO d1_migrations (name) SELECT value FROM json_each(?)");
  await env.DB.batch([
    ...[...kept.schemaOfTests, ...rows].map((query) => env.DB.prepare(query)),
    applied.bind(JSON.stringify(env.MIGRATIONS.map(({ name }) => name))),
  ]);
}
