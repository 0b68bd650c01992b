/**
 * Builds the Worker as `wrangler deploy` would upload it: bundled and minified. A dry run uses no network and uploads
 * nothing.
 */
import "./offline.ts";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./repository.ts";

/**
 * @param folder is created, and contains the Worker and its source map afterwards
 * @returns the path of the Worker
 * @throws Error with wrangler's output in `stderr`
 */
export async function buildWorker(folder: string): Promise<string> {
  const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const deploy = [wrangler, "deploy", "--dry-run", "--env=", "--outdir", folder];
  await promisify(execFile)(process.execPath, deploy, { cwd: repository });
  return join(folder, "index.js");
}
