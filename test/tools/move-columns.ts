/**
 * `npm run columns`: proves that rows of `passes` and `changes` are written and read by column name
 * (src/db/select-into.ts). In a copy of the repository it moves columns within src/db/schema.ts: no test may change its
 * outcome. Then it removes a column from each insert: the compiler must report that column. The migrations are not
 * changed, because only they determine the order of the columns in D1.
 *
 * By default all columns of a table move at once, and the tests of everything that reads or writes these tables run,
 * which takes some minutes. `--each` moves one column after the other, with fewer tests, and removes each column from
 * each insert, which takes about half an hour.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const SCHEMA = "src/db/schema.ts";
const TABLES = ["passes", "changes"];
const TESTS = ["db", "passes", "changes", "events", "dialects", "devices"].map((name) => `test/${name}`);
const TESTS_FOR_EACH = ["test/passes/passes", "test/changes", "test/dialects/passdock-answers"];

/** Test → outcome. A test is identified by its file and its position in it, because some names contain a random seed. */
type Outcomes = ReadonlyMap<string, string>;
type Order = (columns: readonly string[]) => readonly string[];

interface VitestReport {
  testResults: { name: string; assertionResults: { status: string; failureMessages: string[] }[] }[];
}

const { values: options } = parseArgs({ options: { each: { type: "boolean" } } });
const copy = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "edgepass-columns-")));
let steps = 0;
let failures = 0;

try {
  copyRepository();
  moveColumns(options.each ? TESTS_FOR_EACH : TESTS);
  for (const table of TABLES) removeColumns(table);
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

function moveColumns(tests: readonly string[]): void {
  const before = runTests(tests);
  console.log(`${before.size} tests before a move`);
  const text = read(SCHEMA);
  for (const table of TABLES) {
    const columns = findColumns(text, table);
    for (const [move, order] of options.each ? columns.map(moveOne) : [["all columns", moveAll] as const]) {
      const moved = text.replace(columns.join(""), () => order(columns).join(""));
      withText(SCHEMA, moved, () => {
        const errors = compile();
        step(`${table}: ${move} moved, it compiles`, errors);
        const after = runTests(tests);
        const names = [...new Set([...before.keys(), ...after.keys()])];
        const changed = names.filter((name) => before.get(name) !== after.get(name));
        const details = changed.map((name) => `${name}: ${before.get(name)} → ${after.get(name)}`);
        step(`${table}: ${move} moved, ${after.size} tests have the same outcome`, details);
      });
    }
  }
}

/** An order that is the same in each run, in which no column is at its old position. */
function moveAll(columns: readonly string[]): string[] {
  const hash = (column: string) => createHash("sha256").update(column).digest("hex");
  const cycle = columns.toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
  return columns.map((column) => cycle[(cycle.indexOf(column) + 1) % cycle.length] ?? "");
}

/** Moves each column down by one position; the last column becomes the first. */
function moveOne(column: string): readonly [name: string, Order] {
  const order: Order = (columns) => {
    const at = columns.indexOf(column);
    return columns.toSpliced(at, 1).toSpliced((at + 1) % columns.length, 0, column);
  };
  return [nameOf(column), order];
}

/** The definitions of a table's columns as text, each with the comment before it. */
function findColumns(text: string, table: string): string[] {
  const body = text.split(`sqliteTable(\n  "${table}",\n  {\n`)[1]?.split(/^ {2}\}/m)[0] ?? "";
  const columns = splitMembers(body, 4);
  if (columns.length < 5 || columns.join("") !== body) throw new Error(`cannot read the columns of ${table}`);
  return columns;
}

/**
 * The members of an object, each from its comment to its comma.
 * @param indent the indentation of each member, in spaces
 */
function splitMembers(body: string, indent: number): string[] {
  const at = (next: string) => `(?: {${indent}}${next}.*\n)`;
  return body.match(new RegExp(`${at("(?:/\\*| \\*)")}*${at("[\\w.]")}(?:${at("[ )}\\]]")})*`, "g")) ?? [];
}

function nameOf(member: string): string {
  return /^ *((\.\.\.)?\w+)\b(?!\/)/m.exec(member)?.[1] ?? "";
}

function removeColumns(table: string): void {
  let positional = 0;
  for (const file of fs.globSync("src/**/*.ts", { cwd: copy })) {
    const text = read(file);
    positional += text.split(`.insert(${table})`).length - 1;
    for (const call of text.matchAll(new RegExp(`selectInto\\(\\s*${table},\\s*\\{\\n`, "g"))) {
      positional--;
      const start = call.index + call[0].length;
      const indent = /^ */.exec(text.slice(text.lastIndexOf("\n", start - 2) + 1))?.[0] ?? "";
      const body = `${text.slice(start).split(`\n${indent}}`)[0]}\n`;
      const place = `${file}(${text.slice(0, start).split("\n").length - 1},`;
      const members = splitMembers(body, indent.length + 2);
      for (const member of options.each ? members : members.slice(-1))
        removeMember(file, start, member, place);
    }
  }
  step(`${table}: every insert uses selectInto`, positional === 0 ? [] : [`${positional} do not`]);
}

/** @param place the beginning of the compiler's error, which is reported for the object that contains the member */
function removeMember(file: string, start: number, member: string, place: string): void {
  const text = read(file);
  const at = text.indexOf(member, start);
  withText(file, text.slice(0, at) + member.replaceAll(/\S/g, " ") + text.slice(at + member.length), () => {
    const error = compile().find((one) => one.startsWith(place)) ?? "it compiles";
    const missing = /Property '\w+' is missing|missing the following properties.*/.exec(error)?.[0] ?? "";
    const name = nameOf(member);
    const isNamed = name.startsWith("...") ? missing !== "" : new RegExp(`\\b${name}\\b`).test(missing);
    step(`${place}…): without ${name} it does not compile`, isNamed ? [] : [error]);
  });
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

function read(file: string): string {
  return fs.readFileSync(join(copy, file), "utf8");
}

/** Runs a function while a file of the copy has a different text. */
function withText(file: string, text: string, work: () => void): void {
  const before = read(file);
  fs.writeFileSync(join(copy, file), text);
  work();
  fs.writeFileSync(join(copy, file), before);
}

/** @param faults empty if everything is as expected */
function step(name: string, faults: readonly string[]): void {
  steps++;
  if (faults.length > 0) failures++;
  console.log([`${faults.length > 0 ? "FAIL" : "ok  "} ${name}`, ...faults.slice(0, 10)].join("\n     "));
}
