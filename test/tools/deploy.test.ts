/**
 * `npm run deploy`: what it runs, in which order, and that wrangler still says what it looks for.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listen } from "../apple/listen.ts";
import { deploy } from "./deploy.ts";
import { repository } from "./local/repository.ts";

const LIST = "d1 migrations list DB --remote --env=";
const MIGRATE = "d1 migrations apply DB --remote --env=";
const RULE = "r2 bucket lifecycle add edgepass built built/ --expire-days 7 --force --env=";
const NO_DATABASE = "Couldn't find a D1 DB named 'edgepass' (bound as 'DB') in the API.";
const EMPTY = "Migrations to be applied:\n│ 0000_first.sql │\n│ 0001_events.sql │";

/** Runs it with a wrangler that gives these answers and succeeds at all other calls, and returns the calls. */
async function run(args: string[], answers: Record<string, Answer | Answer[]> = {}) {
  const calls: string[] = [];
  const status = await deploy(args, async (given) => {
    const call = given.join(" ");
    const nth = calls.filter((earlier) => earlier === call).length;
    calls.push(call);
    const answer = [answers[call] ?? []].flat()[nth];
    return { status: 0, output: "", errors: "", ...answer };
  });
  return { status, calls };
}
interface Answer {
  status?: number;
  output?: string;
  errors?: string;
}

const printed = vi.spyOn(console, "log");
beforeEach(() => void printed.mockImplementation(() => {}));
afterEach(() => void printed.mockReset());

test("the migrations are applied before the deploy", async () => {
  const answers = { [LIST]: { output: "│ 0009_object_uses.sql │" } };
  expect(await run([], answers)).toEqual({ status: 0, calls: [LIST, MIGRATE, "deploy --env="] });
});

test("if there is no database, the deploy creates it, and the migrations and the rule of the bucket follow", async () => {
  const answers = { [LIST]: { status: 1, errors: NO_DATABASE } };
  expect(await run([], answers)).toEqual({ status: 0, calls: [LIST, "deploy --env=", MIGRATE, RULE] });
});

test("a database that somebody has created and is empty gets its tables before the deploy, and the bucket its rule", async () => {
  const answers = { [LIST]: { output: EMPTY } };
  expect(await run([], answers)).toEqual({ status: 0, calls: [LIST, MIGRATE, "deploy --env=", RULE] });
});

test("if the migrations cannot be listed without the terminal, applying them asks or says what is wrong", async () => {
  const answers = { [LIST]: { status: 1, errors: "More than one account" } };
  expect((await run([], answers)).calls).toEqual([LIST, MIGRATE, "deploy --env="]);
  const noDatabase = { ...answers, [MIGRATE]: [{ status: 1, errors: NO_DATABASE }, {}] };
  expect(await run([], noDatabase)).toEqual({
    status: 0,
    calls: [LIST, MIGRATE, "deploy --env=", MIGRATE, RULE],
  });
});

test("nothing follows a step that fails", async () => {
  expect(await run([], { [MIGRATE]: { status: 7 } })).toEqual({ status: 7, calls: [LIST, MIGRATE] });
  const noDatabase = { [LIST]: { status: 1, errors: NO_DATABASE } };
  expect(await run([], { ...noDatabase, "deploy --env=": { status: 9 } })).toEqual({
    status: 9,
    calls: [LIST, "deploy --env="],
  });
  expect(await run([], { ...noDatabase, [MIGRATE]: { status: 8 } })).toEqual({
    status: 8,
    calls: [LIST, "deploy --env=", MIGRATE],
  });
});

test("a rule that cannot be added does not fail the deploy: its command is printed", async () => {
  const { status } = await run([], { [LIST]: { output: EMPTY }, [RULE]: { status: 1 } });
  expect(status).toBe(0);
  expect(printed.mock.lastCall?.[0]).toContain(`Run:\nnpx wrangler ${RULE}`);
});

test("the rule is for the bucket of this environment, in its jurisdiction", async () => {
  const answers = { [`${LIST}staging`]: { output: EMPTY } };
  const { calls } = await run(["--env", "staging"], answers);
  expect(calls.at(-1)).toBe(`${RULE.replace("edgepass", "edgepass-staging")}staging`);

  const folder = await mkdtemp(join(tmpdir(), "edgepass-deploy-"));
  try {
    const config = join(folder, "wrangler.toml");
    const bucket = 'binding = "BUCKET"\nbucket_name = "mine"\njurisdiction = "eu"';
    await writeFile(config, `name = "mine"\n[[r2_buckets]]\n${bucket}\n`);
    const elsewhere = await run(["-c", config], { [`${LIST} --config=${config}`]: { output: EMPTY } });
    expect(elsewhere.calls.at(-1)).toBe(
      `r2 bucket lifecycle add mine built built/ --expire-days 7 --force --jurisdiction=eu --env= --config=${config}`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each<[args: string[], target: string, deploy: string]>([
  [["--env", "staging"], "staging", "deploy --env staging"],
  [["-e", "staging", "--keep-vars"], "staging", "deploy -e staging --keep-vars"],
  [["--env=", "-c", "mine.toml"], " --config=mine.toml", "deploy --env= -c mine.toml"],
  [["--message", "one two"], "", "deploy --message one two --env="],
])("%j is for the database too where it has to be", async (args, target, deployment) => {
  expect((await run(args)).calls).toEqual([LIST + target, MIGRATE + target, deployment]);
});

test("a dry run applies nothing, and prints what a deploy would run", async () => {
  expect((await run(["--dry-run", "--env", "staging"])).calls).toEqual(["deploy --dry-run --env staging"]);
  expect(printed.mock.calls.map(([line]) => line)).toEqual([
    `Before this, it would run: wrangler ${MIGRATE}staging`,
    `After the first deploy, it would run: wrangler ${RULE.replace("edgepass", "edgepass-staging")}staging`,
  ]);
});

/** Runs the real wrangler against a server that answers each request like this. */
async function wranglerAgainst(answer: (request: string, body: string) => unknown, command: string) {
  const server = createServer(async (request, response) => {
    const result = answer(`${request.method} ${request.url}`, await text(request));
    const errors = result === undefined ? [{ code: 7404, message: "not found" }] : [];
    response.writeHead(result === undefined ? 404 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ success: result !== undefined, result, errors, messages: [] }));
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
    return await new Promise<{ stdout: string; stderr: string; failed: boolean }>((resolve) => {
      execFile(node, [wrangler, ...command.split(" ")], { cwd: repository, env }, (error, stdout, stderr) =>
        resolve({ stdout, stderr, failed: error !== null }),
      );
    });
  } finally {
    server.close();
  }
}

describe("wrangler", () => {
  test("finds the database by its name, and reports one that does not exist in the words that are looked for", async () => {
    const asked: string[] = [];
    const { stderr } = await wranglerAgainst((request) => void asked.push(request), `${LIST}staging`);
    expect(stderr).toContain(NO_DATABASE.replace("'edgepass'", "'edgepass-staging'"));
    expect(asked[0]).toMatch(/^GET \/accounts\/an-account\/d1\/database\/edgepass-staging\?/);
  });

  test("lists the first migration of an empty database by its name", async () => {
    const { stdout } = await wranglerAgainst(
      (request) => (request.startsWith("GET") ? { uuid: crypto.randomUUID(), name: "edgepass" } : D1_EMPTY),
      LIST,
    );
    expect(stdout).toContain("0000_first.sql");
  });

  test("adds the rule to those that the bucket has", async () => {
    const old = { id: "Default Multipart Abort Rule", enabled: true, conditions: {} };
    const puts: unknown[] = [];
    const { failed } = await wranglerAgainst((request, body) => {
      if (!request.includes("/accounts/an-account/r2/buckets/edgepass/lifecycle")) return undefined;
      if (request.startsWith("PUT")) puts.push(JSON.parse(body));
      return { rules: [old] };
    }, RULE);
    expect(failed).toBe(false);
    const built = {
      id: "built",
      enabled: true,
      conditions: { prefix: "built/" },
      deleteObjectsTransition: { condition: { maxAge: 7 * 86_400, type: "Age" } },
    };
    expect(puts).toEqual([{ rules: [old, built] }]);
  });
});

/** The results of a query that finds nothing. */
const D1_EMPTY = [{ results: [], success: true, meta: { duration: 0 } }];
