/**
 * ReDoS: every regular expression of src takes linear time for long texts that are made to cause backtracking. All of
 * them are tested, including those that need a key to be reached, because an issuer passes on texts of strangers. The
 * expressions are extracted from the source text.
 *
 * Follows OWASP's "Regular expression Denial of Service".
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");
const sources = globSync("**/*.{ts,tsx}", { cwd: src }).map(
  (file) => [file, readFileSync(join(src, file), "utf8")] as const,
);
/** A literal at a position where an expression may begin. */
const LITERAL =
  /(?<=[(=,:!&|?[{;]\s*|return\s+|^\s*)\/(?![*/ ])((?:[^\\/\n[]|\\.|\[(?:[^\\\]\n]|\\.)*\])+)\/([dgimsuvy]*)/gm;

const expressions = sources.flatMap(([file, text]) =>
  [...text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm, "").matchAll(LITERAL)].map(
    ([, source = "", flags = ""]) => ({
      file,
      expression: new RegExp(source, flags),
    }),
  ),
);

const LENGTH = 10_000;
/** A linear search in 10,000 characters takes about a third of a millisecond here, a quadratic one takes a hundred. */
const MOMENT_MS = 30;
/** A pause of the machine is not a fault of the expression, so the fastest of several attempts counts. */
const ATTEMPTS = 3;
/**
 * All texts are tried with a fifth of the length first, where a search of MOMENT_MS in the whole length takes more than
 * a millisecond if it is quadratic. Only where that takes longer than this, the whole text is searched.
 */
const SHORT = 2000;
const SUSPECT_MS = 0.25;
/** Tried first, because an expression that takes exponential time would never end with a longer text. */
const TINY = 24;

/**
 * The repeated text; the text before it, so that a search reaches it; and the text at the end that makes the match
 * fail.
 */
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
    "%25",
    "api_token",
    "Basic+",
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

/** The time of a search in milliseconds: that of the fastest attempt, if the first one takes longer than `limit`. */
function timeOf(expression: RegExp, text: string, limit: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let attempt = 1; attempt <= ATTEMPTS && fastest > limit; attempt++) {
    const startedAt = performance.now();
    expression.lastIndex = 0;
    if (expression.global) text.replace(expression, "");
    else expression.test(text);
    fastest = Math.min(fastest, performance.now() - startedAt);
  }
  return fastest;
}

const repeatedTo = (length: number, repeated: string) => repeated.repeat(Math.ceil(length / repeated.length));

function slowOn(expression: RegExp): string | undefined {
  for (const repeated of REPEATED) {
    const tiny = repeatedTo(TINY, repeated);
    const short = repeatedTo(SHORT, repeated);
    for (const before of BEFORE) {
      for (const after of AFTER) {
        if (timeOf(expression, before + tiny + after, MOMENT_MS) > MOMENT_MS)
          return `exponential on ${JSON.stringify([before, repeated, after])}`;
        if (timeOf(expression, before + short + after, SUSPECT_MS) <= SUSPECT_MS) continue;
        const ms = timeOf(expression, before + repeatedTo(LENGTH, repeated) + after, MOMENT_MS);
        if (ms > MOMENT_MS) return `${Math.round(ms)} ms on ${JSON.stringify([before, repeated, after])}`;
      }
    }
  }
  return undefined;
}

test("the regular expressions in the sources are found", () => {
  const files = new Set(expressions.map(({ file }) => file));
  for (const file of [
    "wallet/authorization.ts",
    "keys/authenticate.ts",
    "dialects/passdock/body.ts",
    "mask.ts",
  ]) {
    expect(files).toContain(file);
  }
  expect(expressions.length).toBeGreaterThan(60);
});

/** The distinct expressions, each with the first file that has it. */
const distinct = new Map(
  expressions.toReversed().map(({ file, expression }) => [String(expression), [file, expression] as const]),
);

test.each([...distinct.values()])(
  "ReDoS: %s %s takes linear time",
  (_file, expression) => {
    expect(slowOn(expression)).toBeUndefined();
  },
  120_000,
);
