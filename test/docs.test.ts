/**
 * The documents: their links resolve, and the files that they name exist. `npm run compatibility` checks the tables of
 * src/dialects/README.md.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { getTableName, isTable } from "drizzle-orm";
import { expect, test } from "vitest";
import { COUNTERS } from "../src/counters.ts";
import * as schema from "../src/db/schema.ts";

const root = resolve(import.meta.dirname, "..");
/** test/contract has packages of its own. */
const ours = { cwd: root, exclude: ["**/node_modules"] };
const documents = new Map(
  globSync(["README.md", ".github/*.md", "src/**/*.md", "test/**/*.md"], ours).map((file) => [
    file,
    readFileSync(join(root, file), "utf8"),
  ]),
);
const textOf = (file: string) => documents.get(file) ?? "";
const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");

/** The anchors of a document, as GitHub makes them from its headings. */
function anchorsOf(file: string): string[] {
  const headings = [
    ...textOf(file)
      .replaceAll(/^```.*?^```/gms, "")
      .matchAll(/^#+ +(.+)$/gm),
  ];
  return headings.map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
      .replaceAll(" ", "-"),
  );
}

test("every link within the repository leads to a file and a heading that exist", () => {
  const links = [...documents].flatMap(([file, text]) =>
    [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({ file, target })),
  );
  const broken = links.filter(({ file, target }) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const linked = path === "" ? file : join(dirname(file), path);
    return !existsSync(join(root, linked)) || (anchor !== undefined && !anchorsOf(linked).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test("every file that src/README.md and CONTRIBUTING.md name exists", () => {
  const named = ["src/README.md", ".github/CONTRIBUTING.md"].flatMap((file) =>
    [...textOf(file).matchAll(/`([\w./-]+\.(?:tsx?|md|toml))`/g)].map(([, path = ""]) => path),
  );
  const exists = (path: string) =>
    existsSync(join(root, path)) || existsSync(join(root, "src", path)) || basenames.has(path);
  const basenames = new Set(globSync("{src,test}/**/*.ts", ours).map((path) => path.split("/").at(-1)));
  expect(named.length).toBeGreaterThan(80);
  // pages/NAME.tsx is a pattern, in which NAME stands for any name.
  expect(named.filter((path) => !path.includes("NAME") && !exists(path))).toEqual([]);
});

test("every test file that the threat model names exists", () => {
  const files = [...textOf(".github/THREAT-MODEL.md").matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(
    ([, file = ""]) => file,
  );
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !existsSync(join(root, `test/${file}.test.ts`)))).toEqual([]);
});

test("OPERATIONS.md describes every counter, and its queries ask for each of them and for no other", () => {
  const [, behind = ""] = textOf(".github/OPERATIONS.md").split("\n## Counters\n");
  const [section = ""] = behind.split("\n## ");
  const described = [...section.matchAll(/^\| `(\w+)` +\| (?!counts)/gm)].map(([, name]) => name);
  expect(described).toEqual([...COUNTERS]);
  const conditions = [...section.matchAll(/blob1 (?:=|IN) (.*?) AND/g)].map(([, names = ""]) => names);
  const asked = conditions.flatMap((names) => [...names.matchAll(/'(\w+)'/g)].map(([, name]) => name));
  expect(new Set(asked)).toEqual(new Set(COUNTERS));
});

test("OPERATIONS.md says of every table what makes it grow and what removes its rows", () => {
  const [, behind = ""] = textOf(".github/OPERATIONS.md").split("\n## What grows");
  const rows = (behind.split("\n## ")[0] ?? "").split("\n");
  const described = rows.flatMap((row) =>
    row.startsWith("| `") ? [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name) : [],
  );
  const tables = Object.values(schema).filter((table) => isTable(table));
  expect(described.toSorted()).toEqual(tables.map((table) => getTableName(table)).toSorted());
});
