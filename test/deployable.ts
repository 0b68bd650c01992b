/**
 * Checks that the Worker bundles as `wrangler deploy` would send it, and that it stays small: Cloudflare takes 3 MB
 * compressed on its free plan and 10 MB on the paid ones, and what starts on every edge should be far from that.
 *
 * It talks to nobody: a dry run bundles, and uploads nothing.
 */
import "./local/offline.ts";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { repository } from "./local/repository.ts";

/**
 * It was 400 KB, with 358 used, until the schema knew every key of pass.json, and the linter, the reader of foreign files
 * and the scaler of images came: 50 KB more. Two libraries are half of all: zod, and the one that draws barcodes.
 */
const MOST_BYTES = 450_000;

const folder = mkdtempSync(join(tmpdir(), "edgepass-bundle-"));
try {
  const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const deploy = [wrangler, "deploy", "--dry-run", "--outdir", folder];
  execFileSync(process.execPath, deploy, { cwd: repository, stdio: "pipe" });
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  if (files.length === 0) throw new Error("wrangler wrote no bundle");
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0);
  const size = `${(bytes / 1000).toFixed(1)} of ${MOST_BYTES / 1000} KB compressed`;
  if (bytes > MOST_BYTES) throw new Error(`The bundle is too large: ${size}.`);
  console.log(`The Worker can be deployed: ${size}.`);
} catch (error) {
  console.error(error instanceof Error && "stderr" in error ? `${error.stderr}` : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
