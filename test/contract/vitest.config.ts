/**
 * `npm run test:contract`: the tests of the OpenAPI document with the tools of others. They have a lock file of their own in
 * this folder, because the generators of clients need TypeScript 5, and the linters bring 240 packages.
 */
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

export default defineConfig({
  root,
  test: {
    name: "contract",
    include: ["test/contract/**/*.test.ts"],
    globalSetup: [`${root}/test/contract/global-setup.ts`],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
