/**
 * Where src inserts rows by position: what `npm run columns` (move-columns.ts) changes. It reads the sources as text, because
 * the columns are moved and removed as text.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Path → text. */
export type Sources = ReadonlyMap<string, string>;

/** A part of a file. */
export interface Member {
  readonly file: string;
  readonly start: number;
  /** With the comments before it, and without the comma after it. */
  readonly text: string;
  /** Of the column; of a spread, what is spread. */
  readonly name: string;
  readonly isSpread: boolean;
}

/** A call of `selectInto`. */
export interface Insert {
  readonly file: string;
  readonly table: string;
  /** The members of the object with the values. */
  readonly values: readonly Member[];
}

const SELECT_INTO = /\bselectInto\(\s*(\w+),/g;

/** The sources below `src`. */
export function readSources(root: string): Sources {
  const files = globSync("src/**/*.ts", { cwd: root }).toSorted();
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** The tables that `selectInto` names. */
export function findTables(sources: Sources): string[] {
  const named = [...sources.values()].flatMap((text) => tablesOf(text, SELECT_INTO));
  return [...new Set(named)].toSorted();
}

/** The columns of a table, as the schema defines them. */
export function findColumns(sources: Sources, table: string): Member[] {
  for (const [file, text] of sources) {
    const definition = new RegExp(`^export const ${table} = sqliteTable\\(\\s*"\\w+",\\s*\\{`, "m").exec(
      text,
    );
    if (definition !== null) return membersAt(file, text, definition.index + definition[0].length);
  }
  throw new Error(`no table ${table}`);
}

/** All calls of `selectInto`, each with its values. */
export function findInserts(sources: Sources): Insert[] {
  return [...sources].flatMap(([file, text]) =>
    [...text.matchAll(/\bselectInto\(\s*(\w+),\s*(?=(\w+|\{))/g)].map((call) => {
      const [, table = "", value = ""] = call;
      const end = call.index + call[0].length;
      const values =
        value === "{"
          ? membersAt(file, text, end + 1)
          : membersOfVariable(sources, { file, text: text.slice(0, end) }, value);
      return { file, table, values };
    }),
  );
}

/** The files in which not every INSERT of a SELECT into a table is made by `selectInto`, with the tables. */
export function findOthers(sources: Sources): string[] {
  return [...sources].flatMap(([file, text]) => {
    const inserted = tablesOf(text, /\.insert\((\w+)\)\s*\.select\((?=\s*\w)/g);
    const made = tablesOf(text, SELECT_INTO);
    return inserted.join() === made.join() ? [] : [`${file}: inserts ${inserted}, selectInto ${made}`];
  });
}

/** The first group of each match, sorted. */
function tablesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, table = ""]) => table).toSorted();
}

/** The object of `const name = {`, or of the `return {` of a function in `const name = make(`. */
function membersOfVariable(sources: Sources, { file, text }: { file: string; text: string }, name: string) {
  const made = [...text.matchAll(new RegExp(`\\bconst ${name} = (?:await )?(\\{|\\w+\\()`, "g"))].at(-1);
  const [all = "", value = ""] = made ?? [];
  const end = (made?.index ?? 0) + all.length;
  if (value === "{") return membersAt(file, sources.get(file) ?? "", end);
  for (const [other, source] of sources) {
    const start = value === "" ? -1 : source.indexOf(`function ${value}`);
    if (start < 0) continue;
    const returned = "return {";
    return membersAt(other, source, source.indexOf(returned, start) + returned.length);
  }
  throw new Error(`${file}: cannot find the values ${name}`);
}

const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*/y;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };
const STRING = /"(?:[^"\\]|\\.)*"/y;

/** @param start behind the brace that opens the object */
function membersAt(file: string, text: string, start: number): Member[] {
  const members: Member[] = [];
  let from = start;
  let end = start;
  for (; text[end] !== "}"; end = skip(text, end)) {
    if (text[end] !== ",") continue;
    members.push(memberOf(file, from, text.slice(from, end)));
    from = end + 1;
  }
  const last = text.slice(from, end);
  return withoutComments(last).trim() === "" ? members : [...members, memberOf(file, from, last)];
}

/** @returns the position behind the character, or behind the comment, the string or the brackets that begin there */
function skip(text: string, at: number): number {
  for (const pattern of [COMMENT, STRING]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  if (text[at] === undefined) throw new Error("an object without an end");
  if (text[at] === "`") return skipTemplate(text, at + 1);
  // A space is before a "<" that compares.
  const closing = text[at] === "<" && /\w/.test(text[at - 1] ?? "") ? ">" : CLOSING[text[at]];
  if (closing === undefined) return at + 1;
  let end = at + 1;
  while (text[end] !== closing) end = skip(text, end);
  return end + 1;
}

/** Skips what is left of a template literal. */
function skipTemplate(text: string, start: number): number {
  let at = start;
  while (text[at] !== "`") {
    if (text[at] === "\\") at += 2;
    else at = text.startsWith("${", at) ? skip(text, at + 1) : at + 1;
  }
  return at + 1;
}

function memberOf(file: string, start: number, text: string): Member {
  const [, dots = "", name = ""] = /^\s*(\.\.\.)?(\w+)/.exec(withoutComments(text)) ?? [];
  return { file, start, text, name, isSpread: dots !== "" };
}

function withoutComments(text: string): string {
  return text.replaceAll(new RegExp(COMMENT, "g"), "");
}
