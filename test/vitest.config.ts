/**
 * The tests run inside workerd, against the Worker of wrangler.toml with real D1, R2 and Queues. The stand-in Apple runs
 * beside them in Node (global-setup.ts); nothing else can be reached.
 */
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { Response } from "miniflare";
import { defineConfig } from "vitest/config";

const root = `${resolve(import.meta.dirname, "..")}/`;

export default defineConfig(async () => ({
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
    include: ["test/**/*.test.ts"],
    globalSetup: [`${root}test/global-setup.ts`],
    setupFiles: [`${root}test/setup.ts`],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    silent: "passed-only" as const,
  },
}));
