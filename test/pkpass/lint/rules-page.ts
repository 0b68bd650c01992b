/**
 * The page of the rules: every code of the linter, with what it says of the sample that is broken for it, and the test
 * that breaks it. Made of the tests' own rows, so that it cannot tell of others.
 */
import type { Finding, LintCode } from "../../../src/pkpass/finding.ts";
import { lint } from "../../../src/pkpass/lint/lint.ts";
import type { Case } from "./case.ts";
import { type FileRow, fileRows } from "./file-codes.ts";
import { subjectOf } from "./subjects.ts";
import { topics } from "./topics.ts";

const OPENING = `# What the linter finds

An error makes Wallet refuse the pass; a warning makes it look wrong, stay silent or fall back. The codes are stable. Each
finding also has a pointer to the place (RFC 6901) and a cure.

Each row names the test under \`test/\` that breaks a pass so that the code comes out; "what is wrong" is what the linter
says then. This page is written by \`node test/pkpass/lint/table.ts --write\`, and \`pkpass/lint/page\` compares it.
`;

/** All of the file, as Markdown. */
export function rulesPage(): string {
  const parts = Object.entries(topics).flatMap(([topic, cases]) => [
    `## ${topic[0]?.toUpperCase()}${topic.slice(1)}`,
    table(
      `test in \`pkpass/lint/rules\`, ${topic}`,
      [...byCode(cases)].map(([code, of]) => [code, ...told(code, of)]),
    ),
  ]);
  const files = Object.entries<FileRow>(fileRows).map(([code, { severity, what, file, test }]) => [
    ...[code, severity, what, `\`${file.replace(/\.test$/, "")}\`: ${test}`],
  ]);
  return [OPENING, ...parts, "## Files, manifest and signature", table("test", files)].join("\n");
}

/** The codes of a topic in their order, with their rows. */
function byCode(cases: readonly Case[]): Map<LintCode, Case[]> {
  const codes = [...new Set(cases.map(({ code }) => code))].sort();
  return new Map(codes.map((code) => [code, cases.filter((row) => row.code === code)]));
}

function told(code: LintCode, cases: readonly Case[]): string[] {
  const [first] = cases;
  if (first === undefined) return [];
  const { severity, pointer, of } = first;
  const found = lint(subjectOf(of, first.kind ?? "file", first.changes));
  const finding = found.find((one) => one.code === code && one.pointer === pointer);
  const test = `${severity} ${code} at ${pointer} of a broken ${of.name}`;
  return [severityOf(cases), finding?.message ?? "", test];
}

/** What Edgepass mends when it makes the pass is an error only in a finished file. */
function severityOf(cases: readonly Case[]): string {
  const said = new Map<Finding["severity"], string>();
  for (const { severity, kind } of cases) {
    if (said.has(severity)) continue;
    said.set(severity, said.size === 0 ? severity : `${severity} in a ${kind ?? "file"}`);
  }
  return [...said.values()].join(", ");
}

/** With its columns one below the other, as the formatter has it. */
function table(lastHeading: string, rows: readonly (readonly string[])[]): string {
  const cells = [["code", "severity", "what is wrong", lastHeading], ...rows.map((row) => row.map(escaped))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], filler: string) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width, filler)).join(" | ")} |`;
  const [heading = [], ...others] = cells;
  return `\n${[line(heading, " "), line([], "-"), ...others.map((row) => line(row, " "))].join("\n")}\n`;
}

/** As text in a cell: no new cell, no tag. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
