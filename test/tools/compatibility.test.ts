/**
 * The command that writes the compatibility tables: how it finds tests, and what it reports as a fault.
 */
import { describe, expect, test } from "vitest";
import type { CompatibilityRow } from "../dialects/compatibility.ts";
import { findFaults, findTests, parseReport, replaceTables, toMarkdown } from "./compatibility.ts";

const row: CompatibilityRow = {
  endpoint: "`GET /a`",
  status: "200",
  when: "a | b",
  file: "test/a.test.ts",
  test: "fetch > %s is 200 (%d%%)",
};

const passed = {
  file: "test/a.test.ts",
  titles: ["a device", "fetch", "x is 200 (5%), always"],
  status: "passed",
};

describe("a row's test", () => {
  test.each([
    ["a test below its describe, with placeholders", "fetch > %s is 200 (%d%%)"],
    ["a test by the beginning of its title", "x is 200"],
    ["a describe by the beginning of its title", "a dev"],
  ])("is found: %s", (_what, title) => {
    expect(findTests({ ...row, test: title }, [passed])).toEqual([passed]);
  });

  test.each([
    ["the middle of a title", "is 200"],
    ["a title that differs in a character of a regular expression", "fetch > x.is"],
    ["a describe that is not the test's parent", "a device > x is"],
  ])("is not found by %s", (_what, title) => {
    expect(findTests({ ...row, test: title }, [passed])).toEqual([]);
  });

  test("is not found in another file", () => {
    expect(findTests({ ...row, file: "test/b.test.ts" }, [passed])).toEqual([]);
  });
});

describe("a fault is", () => {
  const sections = [{ title: "A", rows: [row] }];

  test("a row without a test", () => {
    expect(findFaults(sections, [passed])).toEqual([]);
    expect(findFaults(sections, [])).toEqual([expect.stringContaining("no test has this title")]);
  });

  test.each(["failed", "skipped", "pending", "todo"])(
    "a test that is %s, even if another one passed",
    (status) => {
      expect(findFaults(sections, [passed, { ...passed, status }])).toEqual([
        expect.stringContaining(`: ${status}: `),
      ]);
    },
  );
});

test("vitest's JSON report is read with paths from the root of the repository", () => {
  const report = {
    testResults: [
      {
        name: "/repository/test/a.test.ts",
        assertionResults: [{ ancestorTitles: ["fetch"], title: "x", status: "passed", duration: 1 }],
      },
    ],
  };
  expect(parseReport(JSON.stringify(report), "/repository")).toEqual([
    { file: "test/a.test.ts", titles: ["fetch", "x"], status: "passed" },
  ]);
});

test("the tables replace the text between the two marker comments, and print an endpoint once", () => {
  const tables = toMarkdown([{ title: "A", rows: [row, { ...row, status: "304", when: "" }] }]);
  expect(tables.split("\n")).toEqual([
    "### A",
    "",
    "| endpoint | status | when   | test                                             |",
    "| -------- | ------ | ------ | ------------------------------------------------ |",
    "| `GET /a` | 200    | a \\| b | [a](../../test/a.test.ts): fetch > … is 200 (…%) |",
    "|          | 304    |        | [a](../../test/a.test.ts): fetch > … is 200 (…%) |",
  ]);
  const start = "<!-- compatibility: written by npm run compatibility, do not edit -->";
  const text = `before\n${start}\nold\n<!-- /compatibility -->\nafter\n`;
  const replaced = replaceTables(text, tables);
  expect(replaced).toBe(`before\n${start}\n\n${tables}\n\n<!-- /compatibility -->\nafter\n`);
  expect(replaceTables(replaced, tables)).toBe(replaced);
  expect(() => replaceTables("before", tables)).toThrow("lacks the lines");
});
