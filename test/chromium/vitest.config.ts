/**
 * `npm run test:browser`: the pages in Debian's Chromium, against the instance of test/curl. It is no part of `npm test`, since
 * not every machine has Chromium.
 */
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");

export default defineConfig({
  root,
  test: {
    name: "browser",
    include: ["test/chromium/**/*.test.ts"],
    globalSetup: [`${root}/test/chromium/global-setup.ts`],
    // Two contexts draw at the same time. More would only wait for the same Chromium.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As long as playwright waits: a machine that does other work answers late.
    expect: { poll: { timeout: 30_000 } },
  },
});
