/**
 * Three ways to run tests, chosen by the folder. Those of test/curl run in Node: they ask a whole instance, as `npm start`
 * runs it, with real curl (curl/global-setup.ts). Those of test/model run the Worker itself in Node, on a D1, R2 and
 * queues that fail (model/run.ts). All others run inside workerd, against the Worker of wrangler.toml
 * with real D1, R2 and Queues, with the stand-in Apple beside them in Node (global-setup.ts). Nothing else can be
 * reached.
 */
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { Response } from "miniflare";
import { defineConfig, defineProject } from "vitest/config";

const root = `${resolve(import.meta.dirname, "..")}/`;
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

const workerd = defineProject({
  root,
  plugins: [
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
            PUBLIC_ORIGIN: "https://passes.example.com",
            ADMIN_TOKEN: "admin-token-of-the-tests",
            MASTER_SECRET: "1:secret-of-the-tests-with-32-characters",
            APNS_ORIGIN: apple.apnsOrigin,
            TRUSTED_ROOTS: apple.rootFingerprint,
            AIA_ORIGIN: apple.origin,
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
    exclude: ["test/curl/**", "test/model/**"],
    globalSetup: [`${root}test/global-setup.ts`],
    setupFiles: [`${root}test/setup.ts`],
    ...patience,
  },
});

const curl = defineProject({
  root,
  test: {
    name: "curl",
    include: ["test/curl/**/*.test.ts"],
    globalSetup: [`${root}test/curl/global-setup.ts`],
    ...patience,
  },
});

/** One file, one process: the simulation takes over its clock and its chance. */
const model = defineProject({
  root,
  test: { name: "model", include: ["test/model/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 60_000 },
});

export default defineConfig({
  root,
  test: { projects: [workerd, curl, model], silent: "passed-only" },
});
