/**
 * The patterns of join pages mean what they mean in HTML, and no answer takes long to match.
 */
import { expect, test } from "vitest";
import { compilePattern } from "../../src/templates/pattern.ts";

const PATTERNS = [
  ...[
    "",
    "a",
    "a|b|",
    "ab*",
    "a+b?",
    "(a|b){2}",
    "a{2,}",
    "a{1,2}b",
    "a*?b",
    "(?:ab)+",
    "(?<first>a)1",
    "((a*)*|b)*",
  ],
  ...[
    "[a-c]+",
    "[^a]+",
    "[[a-z]--b]+",
    "[\\]a]",
    "\\d{1,2}",
    "\\w+",
    "\\p{Lu}\\p{L}*",
    "\\P{L}",
    ".",
    "\\.",
    "-+",
  ],
  ...[
    "^a$",
    "a^",
    "a\\b.*",
    "a\\Ba",
    "\\u0061",
    "\\u{1f600}",
    "\\uD83D\\uDE00",
    "\\x61",
    "😀?a",
    "(?:){9999}",
    "a{0}",
  ],
];
const ANSWERS = [
  "",
  "a",
  "b",
  "ab",
  "aa",
  "aab",
  "abab",
  "a1",
  "12",
  "É",
  "Éa",
  "-",
  "--",
  ".",
  "]",
  "a a",
  "😀",
  "😀a",
];

test("a pattern matches as a browser's does", () => {
  for (const pattern of PATTERNS) {
    const browsers = new RegExp(`^(?:${pattern})$`, "v");
    const isMatch = compilePattern(pattern);
    for (const answer of ANSWERS) {
      expect(isMatch(answer), `${pattern} for "${answer}"`).toBe(browsers.test(answer));
    }
  }
});

/** The engine of JavaScript takes years for each of these. */
test("no answer takes exponential time", () => {
  const slow = ["(a+)+", "(\\w+\\s?)*", "(a|a)*b", ".*.*.*.*.*.*.*.*.*x", "(a?){99}a{99}"];
  for (const pattern of slow) expect(compilePattern(pattern)(`${"a".repeat(499)}!`), pattern).toBe(false);
});

test("what takes more than linear time, or has too many repetitions, is refused", () => {
  const refused = [
    "(?=a)b",
    "(?<!a)b",
    "(a)\\1",
    "(?<x>a)\\k<x>",
    "(?i:a)",
    "\\p{RGI_Emoji}",
    "[\\q{ab}]",
    "a)(b",
    "(",
  ];
  const large = ["a{9999}", "((a{99}){99}){99}", "a{0,99999999999}"];
  for (const pattern of [...refused, ...large])
    expect(() => compilePattern(pattern), pattern).toThrow(SyntaxError);
});
