/**
 * A small process that runs curl for the processes of vitest (curl.ts). Linux copies the page tables of a process that starts
 * another one: if a process of vitest starts curl, that takes 10 ms of CPU more. It sends its address over its IPC channel, and ends when
 * that closes.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { closeHttp, listen } from "../apple/listen.ts";

export interface CurlRequest {
  readonly args: readonly string[];
  /** Where -O saves files. */
  readonly folder: string | undefined;
}

const MOST_BYTES = 50_000_000;
// Without the proxies in the environment, because the instance is on this machine.
const env = { PATH: process.env.PATH };

/** Answers the output of curl, or 502 and why it failed. */
const server = createServer(async (request, response) => {
  const { args, folder } = (await json(request)) as CurlRequest;
  const options = { cwd: folder, encoding: "buffer", maxBuffer: MOST_BYTES, env } as const;
  const running = execFile("curl", args, options, (error, output) => {
    response.writeHead(error === null ? 200 : 502).end(error === null ? output : error.message);
  });
  running.stdin?.end();
});
process.once("disconnect", () => closeHttp(server));
process.send?.(`http://127.0.0.1:${await listen(server, 0)}`);
