/**
 * .github/RULES.md is up to date and complete.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";
import { fileRows } from "./file-codes.ts";
import { rulesPage } from "./rules-page.ts";

const [page = ""] = Object.values(
  import.meta.glob<string>("/.github/RULES.md", { query: "?raw", import: "default", eager: true }),
);
const sources = import.meta.glob<string>("/src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const tests = import.meta.glob<string>("/test/{pkpass,admin}/**/*.test.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("RULES.md is what `npm run rules` writes", () => {
  expect(page).toBe(rulesPage());
});

test("every code has a row with its severity", () => {
  const given = Object.values(sources).flatMap((source) => [
    ...source.matchAll(/\b(error|warning)\(\s*"([a-z_]+)"/g),
  ]);
  expect(given.length).toBeGreaterThan(80);
  const missing = given.filter(
    ([, severity, code]) => !new RegExp(`^\\| ${code} +\\| [^|]*${severity}`, "m").test(page),
  );
  expect(missing.map(([call]) => call)).toEqual([]);
});

test.each(Object.entries(fileRows))("the test for %s exists", (code, { file, test: name }) => {
  const source = tests[`/test/${file}.ts`] ?? "";
  expect(source.split("\n").filter((line) => line.includes(name))).not.toEqual([]);
  expect(source).toContain(code);
});
