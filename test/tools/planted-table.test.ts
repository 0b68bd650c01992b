/**
 * The table in test/README.md of what `npm run soak -- --planted` printed: it has a line for each planted bug, in the same order, and no
 * other line.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./local/repository.ts";
import { planted } from "./model/planted.ts";
import { harmlessInGoogle } from "./model/planted-google.ts";

/** A name, and how many seeds it took. A bug that was planted since the last run has none. */
const LINE = /^(.+?) +(?:\d+ seeds {2}\S.*|not run yet)$/;

test("each planted bug has a line in the README, and each line names a bug", () => {
  const readme = readFileSync(join(repository, "test/README.md"), "utf8");
  const [, behind = ""] = readme.split("`npm run soak -- --planted` shows");
  const [, table = ""] = behind.split("\n```\n");
  const named = table.split("\n").map((line) => LINE.exec(line)?.[1] ?? `no line of the table: ${line}`);
  expect(named).toEqual([...planted, ...harmlessInGoogle].map(({ name }) => name));
});
