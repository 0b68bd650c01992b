/**
 * The threat model names test files, and all of them exist. `npm run compatibility` checks the tables of src/dialects/README.md.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

const [threatModel = ""] = Object.values(
  import.meta.glob<string>("../.github/THREAT-MODEL.md", { query: "?raw", import: "default", eager: true }),
);

const tests = import.meta.glob("./**/*.test.ts");

test("every test file in the threat model exists", () => {
  const files = [...threatModel.matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !(`./${file}.test.ts` in tests))).toEqual([]);
});
