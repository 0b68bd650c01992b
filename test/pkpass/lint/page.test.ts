/**
 * .github/RULES.md is up to date and complete.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";
import { LINT_CODES } from "../../../src/pkpass/codes.ts";
import { fileRows } from "./file-codes.ts";
import { rulesPage } from "./rules-page.ts";

const [page = ""] = Object.values(
  import.meta.glob<string>("/.github/RULES.md", { query: "?raw", import: "default", eager: true }),
);
const tests = import.meta.glob<string>("/test/{pkpass,admin,identities,templates}/**/*.test.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("RULES.md is what `npm run rules` writes", () => {
  expect(page).toBe(rulesPage());
});

test("every code has a row with its severity", () => {
  const rows = [...page.matchAll(/^\| ([a-z_]+) +\|([^|]*)\|/gm)];
  const severitiesOf = (code: string) =>
    rows.flatMap(([, name, given = ""]) => (name === code ? (given.match(/error|warning/g) ?? []) : []));
  for (const [code, severity] of Object.entries(LINT_CODES)) {
    const expected = severity === "either" ? ["error", "warning"] : [severity];
    expect([code, ...new Set(severitiesOf(code).toSorted())]).toEqual([code, ...expected]);
  }
});

test.each(Object.entries(fileRows))("the test for %s exists", (code, { file, test: name }) => {
  const source = tests[`/test/${file}.ts`] ?? "";
  expect(source.split("\n").filter((line) => line.includes(name))).not.toEqual([]);
  expect(source).toContain(code);
});
