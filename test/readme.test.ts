/**
 * The README's table of what answers what names tests, and so does the threat model. They are there.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

const [readme = ""] = Object.values(
  import.meta.glob<string>("../README.md", { query: "?raw", import: "default", eager: true }),
);

const [security = ""] = Object.values(
  import.meta.glob<string>("../.github/THREAT-MODEL.md", { query: "?raw", import: "default", eager: true }),
);

const sources = import.meta.glob<string>("./**/*.test.ts", { query: "?raw", import: "default", eager: true });

/** Rows whose last cell is "`file`: the test's name, or its beginning". */
const named = [...readme.matchAll(/\| `([\w/-]+)`: (.+?) *\|$/gm)].map(([, file = "", name = ""]) => ({
  file,
  name,
}));

/** Whether a line of the source that is no comment has these words. */
function names(source: string, words: string): boolean {
  return source.split("\n").some((line) => line.includes(words) && !/^\s*(\/[/*]|\*)/.test(line));
}

test("every test that the README names is there", () => {
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter(({ file, name }) => !names(sources[`./${file}.test.ts`] ?? "", name));
  expect(missing).toEqual([]);
});

test("every test file that the threat model names is there", () => {
  const files = [...security.matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !(`./${file}.test.ts` in sources))).toEqual([]);
});
