/**
 * `npm run test:quick`: runs the tests of pure modules, and then the tests of the files that changed since the last
 * commit. It takes about 20 s. `npm test` runs all tests.
 *
 * Nearly every test imports the harness and with it the whole Worker, so vitest's `--changed` would run nearly all of
 * them. So tests are selected by name: for src/push/deliver.ts these are test/push/deliver.test.ts and
 * test/push/deliver-*.test.ts.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { resolve } from "node:path";
import { PURE_TESTS } from "../pure-tests.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** It tries every regular expression of src, which takes as long as all other pure tests together. */
const SLOW = "test/fuzz/regular-expressions.test.ts";

/** The patterns of the tests of a changed file. */
export function toTestPatterns(file: string): string[] {
  if (/^test\/.*\.test\.ts$/.test(file)) return [file];
  const [, path] = /^src\/(.+)\.tsx?$/.exec(file) ?? [];
  return path === undefined ? [] : [`test/${path}.test.ts`, `test/${path}-*.test.ts`];
}

/** The files that differ from the last commit, and the new ones. Git separates them by NUL. */
function changedFiles(): string[] {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).split("\0");
  return [
    ...git("diff", "HEAD", "--name-only", "--no-renames", "-z"),
    ...git("ls-files", "--others", "--exclude-standard", "-z"),
  ].filter((file) => file !== "");
}

function runVitest(...args: readonly string[]): boolean {
  const command = ["run", "--config", "test/vitest.config.ts", ...args];
  return spawnSync("vitest", command, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

if (import.meta.main) {
  const changed = changedFiles();
  const tests = [...new Set(changed.flatMap((file) => globSync(toTestPatterns(file), { cwd: ROOT })))];
  console.log(`${changed.length} changed files. Their tests: ${tests.join(", ") || "none"}`);
  const isPureGood = runVitest("--project", "node", "--exclude", SLOW);
  const others = tests.filter((test) => !PURE_TESTS.includes(test));
  const isChangedGood =
    others.length === 0 || runVitest("--project", "!node", "--passWithNoTests", ...others);
  process.exit(isPureGood && isChangedGood ? 0 : 1);
}
