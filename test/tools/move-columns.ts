/**
 * `npm run columns`: proves that rows which are inserted by position are written and read by column name
 * (src/db/select-into.ts). In a copy of the repository it moves the columns of all these tables within their schemas: no test
 * may change its outcome. Then it removes a column from each insert: the compiler must report that column. The migrations are
 * not changed, because only they determine the order of the columns in D1.
 *
 * By default the columns of all tables move at once, and the tests of everything that reads or writes these tables run, which
 * takes some minutes. `--each TABLE` moves the columns of one table, one after the other, and removes each column from each of
 * its inserts, which takes up to an hour. Paths of tests as arguments run instead of these tests.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  findColumns,
  findInserts,
  findTables,
  type Insert,
  type Member,
  readSources,
} from "./positional-inserts.ts";

const root = resolve(import.meta.dirname, "../..");
const TESTS = ["db", "passes", "changes", "events", "templates", "dialects", "devices", "join", "scans"];
const TESTS_FOR_EACH = ["passes/passes", "changes", "dialects/passdock-answers"];

/** Test → outcome. A test is identified by its file and its position in it, because some names contain a random seed. */
type Outcomes = ReadonlyMap<string, string>;
type Order = (columns: readonly string[]) => readonly string[];

interface VitestReport {
  testResults: { name: string; assertionResults: { status: string; failureMessages: string[] }[] }[];
}

const { values: options, positionals } = parseArgs({
  options: { each: { type: "string" } },
  allowPositionals: true,
});
const copy = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "edgepass-columns-")));
let steps = 0;
let failures = 0;

try {
  copyRepository();
  const sources = readSources(copy);
  const tables = findTables(sources).filter((table) => [table, undefined].includes(options.each));
  if (tables.length === 0) throw new Error(`no rows of ${options.each} are inserted by position`);
  const columns = tables.map((table) => findColumns(sources, table));
  const inserts = findInserts(sources).filter(({ table }) => tables.includes(table));
  if (options.each === undefined) {
    moveColumns(TESTS, [[`all columns of ${tables.length} tables`, columns, moveAll]]);
    removeMembers(inserts.map((insert) => [insert, requiredOf(insert).slice(-1)]));
  } else {
    const moves = columns.flat().map(({ name }, at) => [name, columns, moveOne(at)] as const);
    moveColumns(TESTS_FOR_EACH, moves);
    for (const insert of inserts)
      for (const member of requiredOf(insert)) removeMembers([[insert, [member]]]);
  }
} finally {
  fs.rmSync(copy, { recursive: true });
}
console.log(`${steps - failures} of ${steps} steps as expected`);
process.exitCode = failures === 0 ? 0 : 1;

function copyRepository(): void {
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = run("git", ["-C", root, ...listing]).split("\0");
  for (const file of files.filter((path) => path !== "" && fs.existsSync(join(root, path))))
    fs.cpSync(join(root, file), join(copy, file));
  fs.symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
}

type Move = readonly [name: string, tables: readonly (readonly Member[])[], order: Order];

function moveColumns(names: readonly string[], moves: readonly Move[]): void {
  const tests = positionals.length > 0 ? positionals : names.map((name) => `test/${name}`);
  const before = runTests(tests);
  console.log(`${before.size} tests before a move`);
  for (const [move, tables, order] of moves) {
    const edits = tables.flatMap((columns) => {
      const texts = order(columns.map(({ text }) => text));
      return columns.map((column, at) => ({ ...column, to: texts[at] ?? "" }));
    });
    withEdits(edits, () => {
      step(`${move} moved, it compiles`, compile());
      const after = runTests(tests);
      const all = [...new Set([...before.keys(), ...after.keys()])];
      const changed = all.filter((name) => before.get(name) !== after.get(name));
      const details = changed.map((name) => `${name}: ${before.get(name)} → ${after.get(name)}`);
      step(`${move} moved, ${after.size} tests have the same outcome`, details);
    });
  }
}

/** An order that is the same in each run, in which no column is at its old position. */
function moveAll(columns: readonly string[]): string[] {
  const hash = (column: string) => createHash("sha256").update(column).digest("hex");
  const cycle = columns.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
  return columns.map((column) => cycle[(cycle.indexOf(column) + 1) % cycle.length] ?? "");
}

/** Moves a column down by one position; the last column becomes the first. */
function moveOne(at: number): Order {
  return (columns) =>
    columns.toSpliced(at, 1).toSpliced((at + 1) % columns.length, 0, ...columns.slice(at, at + 1));
}

/** The members without which the compiler misses a column: a spread may have the others too. */
function requiredOf({ values }: Insert): readonly Member[] {
  const spreads = values.filter(({ isSpread }) => isSpread);
  return spreads.length > 0 ? spreads : values;
}

/** Removes all these members at once. The compiler must miss each of them, in the file of its insert. */
function removeMembers(removed: readonly (readonly [Insert, readonly Member[]])[]): void {
  const edits = removed.flatMap(([, members]) => members.map((member) => ({ ...member, to: "" })));
  withEdits(edits, () => {
    const errors = compile();
    for (const [{ file, table }, members] of removed) {
      for (const { name, isSpread } of members) {
        const at = errors.findIndex((error) => error.startsWith(`${file}(`) && misses(error, name, isSpread));
        const [error] = at < 0 ? [] : errors.splice(at, 1);
        const inFile = errors.filter((one) => one.startsWith(`${file}(`));
        step(
          `${file}: without ${name}, an insert into ${table} does not compile`,
          error === undefined ? ["the compiler does not miss it", ...inFile] : [],
        );
      }
    }
  });
}

function misses(error: string, name: string, isSpread: boolean): boolean {
  const missing = /Property '\w+' is missing|missing the following properties.*/.exec(error)?.[0] ?? "";
  return isSpread ? missing !== "" : new RegExp(`\\b${name}\\b`).test(missing);
}

function runTests(tests: readonly string[]): Outcomes {
  const report = join(copy, "report.json");
  // A slow machine must not change an outcome.
  const config = ["run", "--config", "test/vitest.config.ts", "--testTimeout=300000"];
  const output = run("vitest", [...config, "--reporter=json", `--outputFile=${report}`, ...tests]);
  if (!fs.existsSync(report)) throw new Error(`vitest wrote no report:\n${output}`);
  const { testResults }: VitestReport = JSON.parse(fs.readFileSync(report, "utf8"));
  fs.rmSync(report);
  const outcomes = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, failureMessages: [message = ""] }, at) => {
      return [`${relative(copy, name)} #${at + 1}`, `${status} ${message.split("\n")[0]}`.trim()] as const;
    }),
  );
  return new Map(outcomes);
}

/** @returns the compiler's errors, each with its explanation */
function compile(): string[] {
  const output = run("tsc", ["--pretty", "false"]);
  return output.split(/^(?=\S+\(\d+,\d+\): error)/m).filter((part) => part.includes(": error"));
}

/**
 * Runs a program in the copy, preferably from node_modules.
 * @returns its output
 */
function run(program: string, args: readonly string[]): string {
  const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
  const options = { cwd: copy, env: { ...process.env, PATH: path }, maxBuffer: 2 ** 28 };
  const { stdout, stderr, error } = spawnSync(program, args, { ...options, encoding: "utf8" });
  if (error !== undefined) throw error;
  return stdout + stderr;
}

/** Runs a function while members have other texts in the copy; one that is "" is removed with its comma. */
function withEdits(edits: readonly (Member & { readonly to: string })[], work: () => void): void {
  const before = new Map<string, string>();
  // From the end, because an edit moves what is behind it.
  for (const { file, start, text, to } of edits.toSorted((a, b) => b.start - a.start)) {
    const source = fs.readFileSync(join(copy, file), "utf8");
    if (!before.has(file)) before.set(file, source);
    const rest = source.slice(start + text.length);
    fs.writeFileSync(
      join(copy, file),
      source.slice(0, start) + to + (to === "" ? rest.replace(/^,/, "") : rest),
    );
  }
  try {
    work();
  } finally {
    for (const [file, source] of before) fs.writeFileSync(join(copy, file), source);
  }
}

/** @param faults empty if everything is as expected */
function step(name: string, faults: readonly string[]): void {
  steps++;
  if (faults.length > 0) failures++;
  console.log([`${faults.length > 0 ? "FAIL" : "ok  "} ${name}`, ...faults.slice(0, 10)].join("\n     "));
}
