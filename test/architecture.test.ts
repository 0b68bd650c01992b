/**
 * The shape of src: imports run downwards only, what is pure stays pure, HTTP stays in the doors, and files stay small.
 * It reads the sources as text.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

const sources = Object.entries(
  import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true }),
).map(([path, text]) => ({ file: path.replace("../src/", ""), text }));

/** From the top down. A room may import its own tier and those below it. */
const TIERS = [
  ["index.ts"],
  ["app.ts"],
  ["dialects"],
  ["wallet", "admin", "pages", "door.ts", "answer.ts"],
  ["passes"],
  ["templates", "events", "push", "keys", "identities"],
  ["devices", "changes", "pkpass"],
  ["db"],
  ["config.ts", "errors.ts", "secrets.ts", "body.ts"],
];
const DOORS = ["dialects", "wallet", "admin", "pages", "door.ts"];
const FROM_ANYWHERE = ["config.ts", "errors.ts", "secrets.ts", "body.ts"];
const MAX_LINES = 300;

const room = (file: string) => file.split("/")[0] ?? file;
const tier = (file: string) => TIERS.findIndex((rooms) => rooms.includes(room(file)));
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const imports = sources.flatMap(({ file, text }) =>
  [...code(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) => ({
    from: file,
    to: target.startsWith(".") ? new URL(target, `file:///${file}`).pathname.slice(1) : target,
    inside: target.startsWith("."),
  })),
);
const inside = imports.filter((edge) => edge.inside);
const told = (edges: typeof imports) => edges.map(({ from, to }) => `${from} imports ${to}`);

/** The names that lie on a cycle, or lead to one. */
function cyclic(edges: readonly { from: string; to: string }[]): string[] {
  let left = [...edges];
  for (;;) {
    const next = left.filter(({ to }) => left.some(({ from }) => from === to));
    if (next.length === left.length) return left.map(({ from, to }) => `${from} → ${to}`);
    left = next;
  }
}

test("every file belongs to a room of the map", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ file }) => tier(file) < 0).map(({ file }) => file)).toEqual([]);
  expect(inside.filter(({ to }) => !sources.some(({ file }) => file === to))).toEqual([]);
});

test("imports run downwards only", () => {
  const upward = inside.filter(({ from, to }) => tier(to) < tier(from) && !FROM_ANYWHERE.includes(to));
  expect(told(upward)).toEqual([]);
});

test("door.ts is for doors and index.ts only", () => {
  const users = inside.filter(({ to }) => to === "door.ts");
  expect(told(users.filter(({ from }) => ![...DOORS, "app.ts", "index.ts"].includes(room(from))))).toEqual(
    [],
  );
});

test("no files and no rooms import each other in a circle", () => {
  expect(cyclic(inside)).toEqual([]);
  const rooms = inside.map(({ from, to }) => ({ from: room(from), to: room(to) }));
  expect(cyclic(rooms.filter(({ from, to }) => from !== to && !FROM_ANYWHERE.includes(to)))).toEqual([]);
});

test("pkpass imports nothing of the house, reads no clock and does no I/O", () => {
  const pure = sources.filter(({ file }) => room(file) === "pkpass");
  expect(told(inside.filter(({ from, to }) => room(from) === "pkpass" && room(to) !== "pkpass"))).toEqual([]);
  const impure = /Date\.now|new Date\(\)|performance\.now|Math\.random|\bfetch\(|setTimeout|getRandomValues/;
  expect(pure.filter(({ text }) => impure.test(code(text))).map(({ file }) => file)).toEqual([]);
});

test("Hono is known in the doors only", () => {
  const hono = imports.filter(({ to, inside }) => !inside && /^(hono|@hono)\b/.test(to));
  expect(told(hono.filter(({ from }) => ![...DOORS, "app.ts"].includes(room(from))))).toEqual([]);
});

test("only config.ts reads settings, and nothing imports Node's modules", () => {
  const names = /\b(ADMIN_TOKEN|MASTER_SECRET|APNS_ORIGIN|PUBLIC_ORIGIN)\b/;
  const reads = sources.filter(
    ({ file, text }) => file !== "config.ts" && new RegExp(`env\\.${names.source}`).test(text),
  );
  expect(reads.map(({ file }) => file)).toEqual([]);
  expect(told(imports.filter(({ to }) => /^(node|cloudflare):/.test(to)))).toEqual([]);
});

test("every file opens with a comment, and none is longer than 300 lines", () => {
  expect(sources.filter(({ text }) => !text.startsWith("/**\n")).map(({ file }) => file)).toEqual([]);
  expect(
    sources.filter(({ text }) => text.split("\n").length > MAX_LINES + 1).map(({ file }) => file),
  ).toEqual([]);
});
