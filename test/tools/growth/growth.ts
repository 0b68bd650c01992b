/**
 * `npm run growth`: fills a local database with unused objects and old changes, and runs the hourly job until nothing is left
 * that it would remove. It prints what each run cost, and ends with status 0 only if no run exceeded D1's limit.
 *
 * Options: --objects N (300000) unused and as many used, --stored N (2000) of them also in R2, --folders N (2000) of deleted
 * passes, --changes N (1000000) old ones.
 */
import "../local/offline.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { unstable_startWorker } from "wrangler";
import { figure, heading, whole } from "../load/figures.ts";
import { migrate } from "../local/migrate.ts";
import { configPath } from "../local/repository.ts";
import type { Fill, Hour } from "./worker.ts";

/** D1's queries for one invocation (https://developers.cloudflare.com/d1/platform/limits/). */
const MAX_STATEMENTS = 1000;
const MAX_RUNS = 10;
const NEW_CHANGES = 20_000;

const { values } = parseArgs({
  options: {
    objects: { type: "string", default: "300000" },
    stored: { type: "string", default: "2000" },
    folders: { type: "string", default: "2000" },
    changes: { type: "string", default: "1000000" },
  },
});
const folder = mkdtempSync(join(tmpdir(), "edgepass-growth-"));
try {
  await migrate(folder);
  await using worker = await startWorker();
  await measure(await worker.url);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function startWorker() {
  const settings = {
    PUBLIC_ORIGIN: "http://127.0.0.1:1",
    ADMIN_TOKEN: "admin-token-of-the-growth-tool",
    MASTER_SECRET: "master-secret-of-the-growth-tool-0123456789",
  };
  const worker = await unstable_startWorker({
    config: configPath,
    entrypoint: join(import.meta.dirname, "worker.ts"),
    bindings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port: 0 },
      persist: folder,
      inspector: false,
      logLevel: "warn",
      remote: false,
      watch: false,
    },
  });
  return { url: worker.url, [Symbol.asyncDispose]: () => worker.dispose() };
}

async function measure(url: URL): Promise<void> {
  const number = (text: string) => Number.parseInt(text, 10);
  const [objects, stored] = [number(values.objects), number(values.stored)];
  const fill: Fill = {
    used: objects,
    unused: objects - stored,
    stored,
    folders: number(values.folders),
    oldChanges: number(values.changes),
    newChanges: NEW_CHANGES,
  };
  const ask = async (path: string, body: unknown = {}) => {
    const response = await fetch(new URL(path, url), { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await ask("/growth/fill", fill);
  heading(
    `${whole(objects)} unused objects (${whole(stored)} in R2), ${whole(objects)} used ones, ${whole(fill.folders)} folders of deleted passes, ${whole(fill.oldChanges)} old changes, ${whole(NEW_CHANGES)} new ones`,
  );
  for (let run = 1; run <= MAX_RUNS; run++) {
    const { milliseconds, spent, left } = (await ask("/growth/hour")) as Hour;
    heading(`  hourly job ${run}`);
    figure("D1 statements, round trips", `${whole(spent.statements)}, ${whole(spent.trips)}`);
    figure("D1 rows read, rows written", `${whole(spent.rowsRead)}, ${whole(spent.rowsWritten)}`);
    figure("R2 lists, deletions", `${whole(spent.gets)}, ${whole(spent.deletes)}`);
    figure("time", `${(milliseconds / 1000).toFixed(1)} s`);
    figure("objects and changes left", `${whole(left.objects)}, ${whole(left.changes)}`);
    if (spent.statements > MAX_STATEMENTS) throw new Error("D1 allows 1,000 queries for one invocation");
    if (left.objects === 0 && left.changes === NEW_CHANGES && left.stored === 0 && spent.rowsWritten === 0)
      return;
  }
  throw new Error(`Something is left after ${MAX_RUNS} runs`);
}
