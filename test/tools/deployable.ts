/**
 * Checks that wrangler can build the Worker for `wrangler deploy`, and that it stays small. Cloudflare accepts 3 MB
 * compressed on its free plan and 10 MB on the paid ones; a Worker that starts at every location should be much
 * smaller. It also measures how much memory the Worker holds without a request, which is a part of the sum in src/memory.ts. It uses no
 * network: a dry run builds the Worker and uploads nothing.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { WORKER_BYTES } from "../../src/memory.ts";
import { buildWorker } from "./local/built-worker.ts";
import { heldBytes } from "./worker-memory.ts";

/**
 * The limit for the size of all .js files that wrangler would upload, each compressed with gzip, in bytes. It is just
 * above the current size, so that a large new dependency is noticed. Three libraries are most of it: zod, the one
 * that draws barcodes, and the one of MCP (60 KB), which is not started before its first request. It was raised
 * for Google Wallet: seven types, their linter, the calls, and what keeps Google up to date.
 */
const MAX_BYTES = 640_000;
const MB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), "edgepass-worker-"));
try {
  const worker = await buildWorker(folder);
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  if (files.length === 0) throw new Error("wrangler wrote no .js file");
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  const size = `${(bytes / 1000).toFixed(1)} of ${MAX_BYTES / 1000} KB compressed`;
  if (bytes > MAX_BYTES) throw new Error(`The Worker is too large: ${size}.`);
  const held = await heldBytes(worker);
  const memory = `${(held / MB).toFixed(1)} of ${WORKER_BYTES / MB} MB of memory without a request`;
  if (held > WORKER_BYTES)
    throw new Error(`The Worker holds too much: ${memory}. The sum is in src/memory.ts.`);
  console.log(`The Worker can be deployed: ${size}, ${memory}.`);
} catch (error) {
  console.error(error instanceof Error && "stderr" in error ? `${error.stderr}` : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
