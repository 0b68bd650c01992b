/**
 * ReDoS: no regular expression of src/ takes more than a moment over a long text that is made to send it back and forth.
 * All of them are tried, also those that only a key's holder can reach: what an issuer passes on, a stranger wrote.
 *
 * The expressions are read out of the sources as text. A moment is a hundred times what a linear search takes here, and
 * a tenth of what a quadratic one does. Follows OWASP's "Regular expression Denial of Service".
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

const sources = Object.entries(
  import.meta.glob<string>("../../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true }),
);
/** A literal, where an expression may begin. */
const LITERAL =
  /(?<=[(=,:!&|?[{;]\s*|return\s+|^\s*)\/(?![*/ ])((?:[^\\/\n[]|\\.|\[(?:[^\\\]\n]|\\.)*\])+)\/([dgimsuvy]*)/gm;

const expressions = sources.flatMap(([path, text]) =>
  [...text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm, "").matchAll(LITERAL)].map(
    ([, source = "", flags = ""]) => ({
      file: path.replace("../../src/", ""),
      expression: new RegExp(source, flags),
    }),
  ),
);

const LENGTH = 50_000;
const MOMENT_MS = 500;

/** What is repeated, what stands before it so that a search gets that far, and what makes it fail at the end. */
const REPEATED = [
  ..." \t\n0aAfz_-+./:;,=<>&%[]{}()\"'\\#é",
  ...[
    "1.",
    "a,",
    "a.",
    "aa-",
    "a[",
    "[a]",
    "<a ",
    "<a href=",
    " href=",
    "&#1",
    "Bearer ",
    "ep1_",
    "W/",
    "=A",
    "-----BEGIN A-----",
    "//",
    "/v1",
    "1:",
    "00:00:00",
    "ABC ",
    "\\n",
  ],
];
const BEFORE = [
  "",
  "1",
  "a",
  "en",
  "Bearer ",
  "ApplePass ",
  "Basic ",
  "Mon, ",
  "rgb(",
  "rgb(1,",
  "<a",
  "<a href",
  "-----BEGIN ",
  "application/",
  "2027-01-01T00:00",
  "data:",
  "/api",
  "ep1",
  "n",
  "-",
];
const AFTER = ["\u0000", "!", ""];

function slowOn(expression: RegExp): string | undefined {
  for (const repeated of REPEATED) {
    const long = repeated.repeat(Math.ceil(LENGTH / repeated.length));
    for (const before of BEFORE) {
      for (const after of AFTER) {
        const text = before + long + after;
        const began = performance.now();
        expression.lastIndex = 0;
        if (expression.global) text.replace(expression, "");
        else expression.test(text);
        const ms = performance.now() - began;
        if (ms > MOMENT_MS) return `${Math.round(ms)} ms on ${JSON.stringify([before, repeated, after])}`;
      }
    }
  }
  return undefined;
}

test("the expressions of the sources are found", () => {
  const files = new Set(expressions.map(({ file }) => file));
  for (const file of [
    "wallet/authorization.ts",
    "keys/bearer.ts",
    "dialects/passdock/body.ts",
    "devices/device-logs.ts",
  ]) {
    expect(files).toContain(file);
  }
  expect(expressions.length).toBeGreaterThan(60);
});

test.each(expressions.map(({ file, expression }) => [file, expression] as const))(
  "ReDoS: %s %s reads on, and does not go back and forth",
  (_file, expression) => {
    expect(slowOn(expression)).toBeUndefined();
  },
  120_000,
);
