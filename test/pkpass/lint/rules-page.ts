/**
 * Writes .github/RULES.md: every code of the linter, with its message for a broken sample and the test with that sample.
 * It is generated from the rows of the tests, so that it is always complete.
 */
import { findGoogleFaults } from "../../../src/google/faults.ts";
import type { LintCode } from "../../../src/pkpass/codes.ts";
import type { Finding } from "../../../src/pkpass/finding.ts";
import { lint } from "../../../src/pkpass/lint/lint.ts";
import { type GoogleCase, googleCases, googleSubject } from "../../google/fault-cases.ts";
import type { Case } from "./case.ts";
import { type FileRow, fileRows } from "./file-codes.ts";
import { subjectOf } from "./subjects.ts";
import { topics } from "./topics.ts";

const OPENING = `# Findings of the linter

Errors make Wallet refuse the pass. Warnings make it look wrong, stay silent or fall back to an older layout. The codes are
stable. Each finding also has a pointer (RFC 6901) to the value and a cure. One finding has all places with the same fault and
the same cure.

The last column is the test in \`test/\` that produces the code, and "message" is the message in that test. This page is
written by \`npm run rules\`, and the test \`pkpass/lint/page\` compares it.
`;

/** The complete file, as Markdown. */
export function rulesPage(): string {
  const parts = Object.entries(topics).flatMap(([topic, cases]) => [
    `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
    table(
      `test in \`pkpass/lint/rules\`, ${topic}`,
      [...byCode(cases)].map(([code, of]) => [code, ...describeCode(code, of)]),
    ),
  ]);
  const files = Object.entries<FileRow>(fileRows).map(([code, { severity, what, file, test }]) => [
    ...[code, severity, what, `\`${file.replace(/\.test$/, "")}\`: ${test}`],
  ]);
  const google = [...byCode(googleCases)].map(([code, [first]]) => [code, ...describeGoogle(code, first)]);
  return [
    OPENING,
    ...parts,
    "## Files, manifest and signature",
    table("test", files),
    "## Google Wallet",
    "\nOf what Google Wallet refuses, does not show, or shows differently. Edgepass never writes what Google refuses.",
    table("test in `google/faults`", google),
  ].join("\n");
}

function describeGoogle(code: LintCode, first: GoogleCase | undefined): string[] {
  if (first === undefined) return [];
  const { pointer, of } = first;
  const finding = findGoogleFaults(googleSubject(first)).find((one) => {
    return one.code === code && one.pointer === pointer;
  });
  return [finding?.severity ?? "", finding?.message ?? "", `${code} at ${pointer} of a broken ${of.name}`];
}

/** The codes of a topic in alphabetical order, with their cases. */
function byCode<Row extends Pick<Case, "code">>(cases: readonly Row[]): Map<LintCode, Row[]> {
  const codes = [...new Set(cases.map(({ code }) => code))].sort();
  return new Map(codes.map((code) => [code, cases.filter((row) => row.code === code)]));
}

function describeCode(code: LintCode, cases: readonly Case[]): string[] {
  const [first] = cases;
  if (first === undefined) return [];
  const { severity, pointer, of } = first;
  const found = lint(subjectOf(of, first.kind ?? "file", first.changes));
  const finding = found.find((one) => one.code === code && one.pointer === pointer);
  const test = `${severity} ${code} at ${pointer} of a broken ${of.name}`;
  return [severityOf(cases), finding?.message ?? "", test];
}

/** Some errors are only warnings in a template, since Edgepass fixes them when it builds the pass. */
function severityOf(cases: readonly Case[]): string {
  const said = new Map<Finding["severity"], string>();
  for (const { severity, kind } of cases) {
    if (said.has(severity)) continue;
    said.set(severity, said.size === 0 ? severity : `${severity} in a ${kind ?? "file"}`);
  }
  return [...said.values()].join(", ");
}

/** A Markdown table with aligned columns. */
function table(lastHeading: string, rows: readonly (readonly string[])[]): string {
  const cells = [["code", "severity", "message", lastHeading], ...rows.map((row) => row.map(escapeCell))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], filler: string) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width, filler)).join(" | ")} |`;
  const [heading = [], ...others] = cells;
  return `\n${[line(heading, " "), line([], "-"), ...others.map((row) => line(row, " "))].join("\n")}\n`;
}

/** Escapes text for a table cell. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
