/**
 * Four ways to run tests. Tests of pure modules run in plain Node. Tests in test/curl run in Node too, and call a whole
 * instance, as `npm start` runs it, with real curl (curl/global-setup.ts). Tests in test/model run the Worker itself in
 * Node, on a D1, R2 and queues that fail (model/run.ts). All others run inside workerd, against the Worker of
 * wrangler.toml with real D1, R2 and Queues, with the stand-ins for Apple and Google in a process of their own (global-setup.ts). No other host
 * can be reached.
 */
import { subscribe } from "node:diagnostics_channel";
import { accessSync, constants, statfsSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { Response } from "miniflare";
import { defineConfig, defineProject } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { BUNDLED, smallPackages } from "./packages.ts";
import { PURE_TESTS } from "./pure-tests.ts";

const root = `${resolve(import.meta.dirname, "..")}/`;
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

/**
 * Whether a folder exists and has space for the databases of all instances. A container may give /dev/shm no more than 64 MB.
 */
function hasSpace(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= 2 ** 30;
  } catch {
    return false;
  }
}
/** The local D1, R2 and rate limits are SQLite files in a temporary folder. In memory, no write waits for a disk. */
const MEMORY = "/dev/shm";
if (process.env.TMPDIR === undefined && hasSpace(MEMORY)) process.env.TMPDIR = MEMORY;

/**
 * Vitest sends the modules to workerd over a WebSocket on this machine, and gets the results over it. Miniflare's client offers
 * to compress all of it, which costs 4 % of the CPU time.
 */
subscribe("http.client.request.created", (message) => {
  (message as { request: ClientRequest }).request.removeHeader("Sec-WebSocket-Extensions");
});

/** Uint8Array.fromBase64 and its relatives need a flag in Node 24; workerd has them without one. */
const node = defineProject({
  root,
  test: {
    name: "node",
    include: [...PURE_TESTS],
    isolate: false,
    pool: "forks",
    execArgv: ["--js-base-64"],
    ...patience,
  },
});

const workerd = defineProject({
  root,
  plugins: [
    smallPackages(),
    cloudflareTest(async ({ inject }) => {
      const apple = inject("apple");
      return {
        main: `${root}src/index.ts`,
        wrangler: { configPath: `${root}wrangler.toml` },
        remoteBindings: false,
        miniflare: {
          bindings: {
            MIGRATIONS: await readD1Migrations(`${root}migrations`),
            APPLE_ORIGIN: apple.origin,
            GOOGLE_ORIGIN: inject("google").origin,
            PUBLIC_ORIGIN: "https://passes.example.com",
            ADMIN_TOKEN: "admin-token-of-the-tests",
            MASTER_SECRET: "1:secret-of-the-tests-with-32-characters",
            APNS_ORIGIN: apple.apnsOrigin,
            TRUSTED_ROOTS: apple.rootFingerprint,
            AIA_ORIGIN: apple.origin,
            GOOGLE_API_ORIGIN: inject("google").origin,
            GOOGLE_TOKEN_ORIGIN: inject("google").origin,
            GOOGLE_SAVE_ORIGIN: inject("google").origin,
            GOOGLE_KEYS_ORIGIN: inject("google").origin,
          },
          outboundService: (request) =>
            new URL(request.url).hostname === "127.0.0.1"
              ? fetch(new Request(request.url, request as RequestInit), { redirect: "manual" })
              : new Response("The tests reach nothing but 127.0.0.1", { status: 599 }),
        },
      };
    }),
  ],
  test: {
    name: "workerd",
    include: ["test/**/*.test.ts"],
    exclude: ["test/chromium/**", "test/contract/**", "test/curl/**", "test/model/**", ...PURE_TESTS],
    isolate: false, // starting a workerd for each file costs more than its tests; setup.ts empties the storage instead
    globalSetup: [`${root}test/global-setup.ts`],
    setupFiles: [`${root}test/setup.ts`],
    deps: { optimizer: { ssr: { enabled: true, include: [...BUNDLED] } } },
    ...patience,
  },
});

const curl = defineProject({
  root,
  test: {
    name: "curl",
    include: ["test/curl/**/*.test.ts"],
    isolate: false, // a process for each file costs 0.5 s of CPU, and no file changes what a module keeps
    globalSetup: [`${root}test/curl/global-setup.ts`],
    ...patience,
  },
});

/** Each file has a process of its own, because the simulation replaces the clock and the random numbers of its process. */
const model = defineProject({
  root,
  test: { name: "model", include: ["test/model/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 60_000 },
});

/**
 * The model first, because its two files take longest. Meanwhile the instance of test/curl starts (curl/global-setup.ts). The project
 * with the most files is last: they are short, so that all processes end at about the same time.
 */
const ORDER = ["model", "node", "curl", "workerd"];
class ProjectSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project }: TestSpecification) => ORDER.indexOf(project.name);
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

/** VITEST_REPORT=FILE also writes vitest's JSON report, which `npm run compatibility` reads. */
const report = process.env.VITEST_REPORT;

export default defineConfig({
  root,
  // One more than the cores, since curl and the instances wait for each other. Vitest's default is one fewer than the cores.
  test: {
    projects: [workerd, node, curl, model],
    maxWorkers: availableParallelism() + 1,
    silent: "passed-only",
    sequence: { sequencer: ProjectSequencer },
    ...(report === undefined ? {} : { reporters: ["default", ["json", { outputFile: report }]] }),
  },
});
