/**
 * `npm run deploy`: what it runs, in which order, and that wrangler still says what it looks for.
 */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { listen } from "../apple/listen.ts";
import { deploy } from "./deploy.ts";
import { repository } from "./local/repository.ts";

const MIGRATE = "d1 migrations apply DB --remote --env=";
const NO_DATABASE = "Couldn't find a D1 DB named 'edgepass' (bound as 'DB') in the API.";

/** Runs it with a wrangler whose runs end like this, and returns what that was called with. */
async function run(args: string[], outcomes: [status: number, errors?: string][]) {
  const calls: string[] = [];
  const left = [...outcomes];
  const status = await deploy(args, async (given) => {
    calls.push(given.join(" "));
    const [ended = 0, errors = ""] = left.shift() ?? [];
    return { status: ended, errors };
  });
  return { status, calls };
}

test("the migrations are applied before the deploy", async () => {
  expect(await run([], [[0], [0]])).toEqual({ status: 0, calls: [MIGRATE, "deploy --env="] });
});

test("at the first deploy there is no database: the deploy creates it, and the migrations follow", async () => {
  expect(await run([], [[1, NO_DATABASE], [0], [0]])).toEqual({
    status: 0,
    calls: [MIGRATE, "deploy --env=", MIGRATE],
  });
});

test("nothing is deployed if the migrations fail, and no migration is applied if the first deploy fails", async () => {
  expect(await run([], [[7, "Authentication error"]])).toEqual({ status: 7, calls: [MIGRATE] });
  expect(await run([], [[1, NO_DATABASE], [9]])).toEqual({ status: 9, calls: [MIGRATE, "deploy --env="] });
});

test.each<[args: string[], migrate: string, deploy: string]>([
  [["--env", "staging"], `${MIGRATE}staging`, "deploy --env staging"],
  [["-e", "staging", "--keep-vars"], `${MIGRATE}staging`, "deploy -e staging --keep-vars"],
  [["--env=", "-c", "mine.toml"], `${MIGRATE} --config=mine.toml`, "deploy --env= -c mine.toml"],
  [["--message", "one two"], MIGRATE, "deploy --message one two --env="],
])("%j is for the database too where it has to be", async (args, ...calls) => {
  expect((await run(args, [[0], [0]])).calls).toEqual(calls);
});

test("a deploy that succeeds names the lifecycle rule for built passes, and one that fails does not", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  await run([], [[7, "Authentication error"]]);
  expect(log).not.toHaveBeenCalled();
  await run([], [[0], [0]]);
  expect(log.mock.calls.join()).toMatch(/r2 bucket lifecycle add .* built built\/ --expire-days 7/);
  log.mockRestore();
});

test("a dry run applies no migration", async () => {
  expect((await run(["--dry-run", "--env", "staging"], [[0]])).calls).toEqual([
    "deploy --dry-run --env staging",
  ]);
});

describe("wrangler", () => {
  test("finds the database by its name, and reports one that does not exist in the words that are looked for", async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(404, { "Content-Type": "application/json" });
      response.end(
        JSON.stringify({ success: false, errors: [{ code: 7404, message: "not found" }], messages: [] }),
      );
    });
    try {
      const port = await listen(server, 0);
      const env = {
        PATH: process.env.PATH,
        CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
        CLOUDFLARE_API_TOKEN: "a-token",
        CLOUDFLARE_ACCOUNT_ID: "an-account",
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_WRITE_LOGS: "false",
      };
      const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
      const node = join(repository, "node_modules/.bin/node");
      const args = [wrangler, ...`${MIGRATE}staging`.split(" ")];
      const errors = await new Promise<string>((resolve) => {
        execFile(node, args, { cwd: repository, env }, (_, __, stderr) => resolve(stderr));
      });
      expect(errors).toContain(NO_DATABASE.replace("'edgepass'", "'edgepass-staging'"));
      expect(asked[0]).toMatch(/^GET \/accounts\/an-account\/d1\/database\/edgepass-staging\?/);
    } finally {
      server.close();
    }
  });
});
