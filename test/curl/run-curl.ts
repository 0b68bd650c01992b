/**
 * A small process that runs curl for a process of vitest (curl.ts). Linux copies the page tables of a process that starts
 * another one: from a process of vitest, a curl costs 10 ms of CPU more. It ends when its channel closes.
 */
import { execFile } from "node:child_process";

export interface CurlRequest {
  readonly id: number;
  readonly args: readonly string[];
  /** Where -O saves files. */
  readonly folder: string | undefined;
}

export interface CurlOutput {
  readonly id: number;
  readonly output: Uint8Array;
  /** Why curl failed. */
  readonly failure: string | undefined;
}

const MOST_BYTES = 50_000_000;
// Without the proxies in the environment, because the instance is on this machine.
const env = { PATH: process.env.PATH };

process.on("message", ({ id, args, folder }: CurlRequest) => {
  const options = { cwd: folder, encoding: "buffer", maxBuffer: MOST_BYTES, env } as const;
  const running = execFile("curl", args, options, (error, output) => {
    const answer: CurlOutput = { id, output, failure: error?.message };
    process.send?.(answer);
  });
  running.stdin?.end();
});
