/**
 * `npm run compatibility -- --report FILE --write|--check`: writes the compatibility tables of src/dialects/README.md
 * from test/dialects/compatibility.ts, or compares them. Every row contains the title of a test, and the report has to
 * show that it passed.
 *
 * The report is vitest's: `VITEST_REPORT=FILE npm test` writes it (test/vitest.config.ts). It has to be a report of the
 * whole test suite. Follows vitest's "JSON reporter".
 */
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import {
  COMPATIBILITY,
  type CompatibilityRow,
  type CompatibilitySection,
} from "../dialects/compatibility.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const README = "src/dialects/README.md";
const START = "<!-- compatibility: written by npm run compatibility, do not edit -->";
const END = "<!-- /compatibility -->";

const reportShape = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

export interface ReportedTest {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** The titles of its `describe` blocks, outermost first, and its own title. */
  readonly titles: readonly string[];
  /** "passed", or another status of vitest. */
  readonly status: string;
}

/** @throws SyntaxError or ZodError if the text is not a report of vitest */
export function parseReport(text: string, root: string): ReportedTest[] {
  return reportShape.parse(JSON.parse(text)).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: relative(root, name),
      titles: [...ancestorTitles, title],
      status,
    })),
  );
}

/**
 * The tests of a row: those in its file in which a title, or several consecutive titles joined by " > ", begin with the
 * row's text.
 */
export function findTests(row: CompatibilityRow, tests: readonly ReportedTest[]): ReportedTest[] {
  const pattern = new RegExp(` > ${toPattern(row.test)}`, "s");
  return tests.filter(({ file, titles }) => file === row.file && pattern.test(` > ${titles.join(" > ")}`));
}

/**
 * Escapes a title for a regular expression. Vitest's placeholders (%s, %j, $name …) match any text; %% matches a per
 * cent sign.
 */
function toPattern(title: string): string {
  return title
    .split(/(%[sdifjoOc#$%]|\$[\w.]+)/)
    .map((part, index) =>
      index % 2 === 0 ? part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : part === "%%" ? "%" : ".+?",
    )
    .join("");
}

/** The faults of the rows: tests that are not in the report, or that did not pass. */
export function findFaults(
  sections: readonly CompatibilitySection[],
  tests: readonly ReportedTest[],
): string[] {
  return sections.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const place = `${row.endpoint} ${row.status}: ${row.file}: "${row.test}"`;
      const found = findTests(row, tests);
      if (found.length === 0) return [`${place}: no test has this title`];
      const failed = found.filter(({ status }) => status !== "passed");
      return failed.map(({ titles, status }) => `${place}: ${status}: ${titles.join(" > ")}`);
    }),
  );
}

/** The tables as Markdown. An endpoint is printed only in its first row. */
export function toMarkdown(sections: readonly CompatibilitySection[]): string {
  return sections.map(({ title, rows }) => `### ${title}\n\n${toTable(rows)}`).join("\n\n");
}

/** The columns are aligned in the same way as by `npm run format`. */
function toTable(rows: readonly CompatibilityRow[]): string {
  const cells = rows.map((row, index) => {
    const endpoint = row.endpoint === rows[index - 1]?.endpoint ? "" : row.endpoint;
    const file = `[${row.file.replace(/^test\/|\.test\.ts$/g, "")}](../../${row.file})`;
    return [endpoint, row.status, row.when, `${file}: ${toReadable(row.test)}`].map((cell) =>
      cell.replaceAll("|", "\\|"),
    );
  });
  const table = [["endpoint", "status", "when", "test"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const [head = "", ...body] = table.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`,
  );
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body].join("\n");
}

function toReadable(title: string): string {
  return title.replace(/%[sdifjoOc#$]|\$[\w.]+/g, "…").replaceAll("%%", "%");
}

/** @throws Error if the text lacks the marker comments */
export function replaceTables(text: string, tables: string): string {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${README} lacks the lines "${START}" and "${END}"`);
  return `${text.slice(0, start + START.length)}\n\n${tables}\n\n${text.slice(end)}`;
}

/** @returns the faults, one line each */
function run(reportFile: string, write: boolean): string[] {
  let tests: ReportedTest[];
  try {
    tests = parseReport(readFileSync(reportFile, "utf8"), ROOT);
  } catch (error) {
    return [
      `${reportFile} is not a JSON report of vitest. VITEST_REPORT=${reportFile} npm test writes it. ${error}`,
    ];
  }
  const faults = findFaults(COMPATIBILITY, tests);
  const readme = readFileSync(resolve(ROOT, README), "utf8");
  const expected = replaceTables(readme, toMarkdown(COMPATIBILITY));
  if (readme === expected) return faults;
  if (!write)
    return [...faults, `${README} differs from test/dialects/compatibility.ts: run this with --write`];
  if (faults.length === 0) writeFileSync(resolve(ROOT, README), expected);
  return faults;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { report: { type: "string" }, write: { type: "boolean" }, check: { type: "boolean" } },
  });
  if (values.report === undefined || values.write === values.check) {
    console.error("Usage: npm run compatibility -- --report FILE --write|--check");
    process.exit(2);
  }
  const faults = run(values.report, values.write === true);
  for (const fault of faults) console.error(fault);
  const rows = COMPATIBILITY.flatMap((section) => section.rows).length;
  console.log(
    faults.length === 0
      ? `${rows} rows of ${README}: every test passed`
      : `${faults.length} faults in ${rows} rows of ${README}`,
  );
  process.exit(faults.length === 0 ? 0 : 1);
}
