/**
 * The shape of src: imports run downwards only, the pure core stays pure, HTTP stays in the routes, and files stay small.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";

const sources = Object.entries(
  import.meta.glob<string>("../src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true }),
).map(([path, text]) => ({ file: path.replace("../src/", ""), text }));

/** From the top down. A module may import its own tier and those below it. */
const TIERS = [
  ["browser"],
  ["index.ts"],
  ["app.ts"],
  ["scheduled.ts"],
  ["dialects"],
  ["wallet", "google-callback", "admin", "pages"],
  ["http"],
  ["google-sync"],
  ["scans", "join"],
  ["passes", "health"],
  ["templates", "events", "push", "identities", "google-wallet"],
  ["devices", "changes", "objects"],
  ["context.ts"],
  ["keys"],
  ["config.ts"],
  ["secrets"],
  ["db", "barcodes"],
  ["google"],
  ["pkpass"],
  [
    "breakable.tsx",
    "errors.ts",
    "json.ts",
    "bytes.ts",
    "connections.ts",
    "counters.ts",
    "durations.ts",
    "limits.ts",
    "log-events.ts",
    "mask.ts",
    "merge.ts",
    "memory.ts",
    "setting-kinds.ts",
    "turns.ts",
  ],
];
/** The only modules that may import Hono. */
const HTTP = ["app.ts", "dialects", "wallet", "google-callback", "admin", "pages", "http"];
const MAX_LINES = 300;
/** What a pure module does not do. */
const IMPURE = /Date\.now|new Date\(\)|performance\.now|Math\.random|\bfetch\(|setTimeout|getRandomValues/;

const moduleOf = (file: string) => file.split("/")[0] ?? file;
const tier = (file: string) => TIERS.findIndex((modules) => modules.includes(moduleOf(file)));
const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
const imports = sources.flatMap(({ file, text }) =>
  [...code(text).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) => ({
    from: file,
    to: target.startsWith(".") ? new URL(target, `file:///${file}`).pathname.slice(1) : target,
    isOwn: target.startsWith("."),
    isType: [...code(text).matchAll(/^import type [^;"]*"([^"]+)";/gm)].some(([, each]) => each === target),
  })),
);
const ownImports = imports.filter((edge) => edge.isOwn);
const describeEdges = (edges: typeof imports) => edges.map(({ from, to }) => `${from} imports ${to}`);

/** The edges that are part of a cycle, or on a path from one cycle to another. */
function cyclic(edges: readonly { from: string; to: string }[]): string[] {
  let left = [...edges];
  for (;;) {
    const importing = new Set(left.map(({ from }) => from));
    const imported = new Set(left.map(({ to }) => to));
    const next = left.filter(({ from, to }) => importing.has(to) && imported.has(from));
    if (next.length === left.length) return [...new Set(left.map(({ from, to }) => `${from} → ${to}`))];
    left = next;
  }
}

function foldersOf(edges: readonly { from: string; to: string }[], folderOf: (file: string) => string) {
  const folders = edges.map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }));
  return folders.filter(({ from, to }) => from !== to);
}

test("every file belongs to a module of the table", () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ file }) => tier(file) < 0).map(({ file }) => file)).toEqual([]);
  const scripts = ownImports.filter(({ to }) => !to.endsWith(".css"));
  expect(scripts.filter(({ to }) => !sources.some(({ file }) => file === to))).toEqual([]);
});

test("imports run downwards only", () => {
  const upward = ownImports.filter(({ from, to }) => tier(to) < tier(from));
  expect(describeEdges(upward)).toEqual([]);
});

test("the APIs do not import each other, except that VoltMX serves Apple's routes", () => {
  const apis = ["dialects", "wallet", "admin", "pages"];
  const apiOf = (file: string) => (file.startsWith("dialects/") ? file.split("/")[1] : moduleOf(file));
  const shared = /^dialects\/[^/]+$/;
  const between = ownImports.filter(
    ({ from, to }) =>
      apis.includes(moduleOf(from)) &&
      apis.includes(moduleOf(to)) &&
      apiOf(from) !== apiOf(to) &&
      !shared.test(to),
  );
  const allowed = ({ from, to }: { from: string; to: string }) =>
    from.startsWith("dialects/voltmx/") && to.startsWith("wallet/");
  expect(describeEdges(between.filter((edge) => !allowed(edge)))).toEqual([]);
});

test("no files, no modules and no folders of pkpass import each other in a cycle", () => {
  expect(cyclic(ownImports)).toEqual([]);
  expect(cyclic(foldersOf(ownImports, moduleOf))).toEqual([]);
  const inPkpass = ownImports.filter(
    ({ from, to }) => moduleOf(from) === "pkpass" && moduleOf(to) === "pkpass",
  );
  const folderOf = (file: string) => file.split("/").slice(0, -1).join("/");
  expect(
    cyclic(foldersOf(inPkpass, folderOf).filter(({ from, to }) => from !== "pkpass" && to !== "pkpass")),
  ).toEqual([]);
});

test("pkpass imports no module but bytes.ts, durations.ts, json.ts, limits.ts, memory.ts and merge.ts, reads no clock and does no I/O", () => {
  const allowed = ["pkpass", "bytes.ts", "durations.ts", "json.ts", "limits.ts", "memory.ts", "merge.ts"];
  const outside = ownImports.filter(
    ({ from, to }) => moduleOf(from) === "pkpass" && !allowed.includes(moduleOf(to)),
  );
  expect(describeEdges(outside)).toEqual([]);
  const pure = sources.filter(({ file }) => moduleOf(file) === "pkpass");
  expect(pure.filter(({ text }) => IMPURE.test(code(text))).map(({ file }) => file)).toEqual([]);
});

test("google imports no module but pkpass, json.ts, limits.ts and merge.ts, reads no clock and does no I/O", () => {
  const allowed = ["google", "pkpass", "json.ts", "limits.ts", "merge.ts"];
  const outside = ownImports.filter(
    ({ from, to }) => moduleOf(from) === "google" && !allowed.includes(moduleOf(to)),
  );
  expect(describeEdges(outside)).toEqual([]);
  const libraries = imports.filter(
    ({ from, to, isOwn, isType }) => !isOwn && !isType && moduleOf(from) === "google" && to !== "zod",
  );
  expect(describeEdges(libraries)).toEqual([]);
  const pure = sources.filter(({ file }) => moduleOf(file) === "google");
  expect(pure.length).toBeGreaterThan(20);
  expect(pure.filter(({ text }) => IMPURE.test(code(text))).map(({ file }) => file)).toEqual([]);
});

test("the core does not depend on a dialect", () => {
  const core = sources.filter(({ file }) => tier(file) > TIERS.findIndex((names) => names.includes("http")));
  const named = core.filter(({ file, text }) => {
    return file !== "config.ts" && /passdock|airship|voltmx/i.test(code(text));
  });
  expect(named.map(({ file }) => file)).toEqual([]);
});

test("only routes and http import Hono, and route files are called routes", () => {
  const hono = imports.filter(({ to, isOwn }) => !isOwn && /^(hono|@hono)\b/.test(to));
  expect(describeEdges(hono.filter(({ from }) => !HTTP.includes(moduleOf(from))))).toEqual([]);
  const routers = sources.filter(({ text }) => /new Hono\b/.test(code(text))).map(({ file }) => file);
  expect(routers.filter((file) => !/(^app\.ts|\/routes\.tsx?)$/.test(file))).toEqual([]);
});

test("only config.ts reads settings, and of Node's modules only zlib's CRC-32 is imported", () => {
  const names = /\benv\.(ADMIN_TOKEN|MASTER_SECRET|APNS_ORIGIN|PUBLIC_ORIGIN)\b/;
  const reads = sources.filter(({ file, text }) => file !== "config.ts" && names.test(text));
  expect(reads.map(({ file }) => file)).toEqual([]);
  const node = imports.filter(
    ({ from, to }) => /^(node|cloudflare):/.test(to) && !(from === "pkpass/crc32.ts" && to === "node:zlib"),
  );
  expect(describeEdges(node)).toEqual([]);
});

test("the card of a pass also runs in browsers: it reaches neither the schema's library nor Hono nor the drawer of barcodes", () => {
  const runtime = new Map(
    sources.map(({ file, text }) => [
      file,
      [...code(text).matchAll(/^(?:import|export [{*])(?! type\b)[^;"]*"([^"]+)";/gm)].map(
        ([, target = ""]) =>
          target.startsWith(".") ? new URL(target, `file:///${file}`).pathname.slice(1) : target,
      ),
    ]),
  );
  const reached = new Set([...runtime.keys()].filter((file) => /^pages\/(google-)?card\//.test(file)));
  expect(reached.size).toBeGreaterThan(10);
  for (const file of reached) for (const target of runtime.get(file) ?? []) reached.add(target);
  const libraries = [...reached].filter((file) => !runtime.has(file));
  expect(libraries).toEqual([]);
  const hooks = sources.filter(
    ({ file, text }) =>
      /^pages\/(google-)?card\//.test(file) && /\bclassName\b|\buse[A-Z]\w*\(|hono\/jsx/.test(code(text)),
  );
  expect(hooks.map(({ file }) => file)).toEqual([]);
});

test("what runs in browsers imports pure modules and the drawing of passes and barcodes, and of libraries only preact, zod/mini, the decoder and the drawer", () => {
  // These reach zod, or are for the linter.
  const folders =
    /^(browser|pages\/(google-)?card|pkpass|barcodes)\/|^google\/(?!(render|faults|google-part)\.ts)/;
  const files =
    /^(breakable|bytes|durations|json|limits|memory|merge|push\/(cures|verdict)|pages\/(attributed-value|character-references|html-tags|language|own-words))\.tsx?$/;
  const modules = new RegExp(`${folders.source}|${files.source}`);
  const libraries =
    /^(preact(\/hooks)?|zod\/mini|bwip-js\/generic|zxing-wasm\/reader(\/zxing_reader\.wasm)?)$/;
  const reached = new Set(sources.map(({ file }) => file).filter((file) => moduleOf(file) === "browser"));
  expect(reached.size).toBeGreaterThan(3);
  const wrong: typeof imports = [];
  for (const file of reached) {
    for (const edge of imports.filter(({ from, isType }) => from === file && !isType)) {
      if (edge.isOwn) reached.add(edge.to);
      if (!(edge.isOwn ? modules : libraries).test(edge.to)) wrong.push(edge);
    }
  }
  expect(describeEdges(wrong)).toEqual([]);
});

test("only json.ts parses JSON", () => {
  const parsers = sources.filter(({ text }) => /JSON\.parse|\.json\(\)/.test(code(text)));
  expect(parsers.map(({ file }) => file)).toEqual(["json.ts"]);
});

test("only log-events.ts writes to the console", () => {
  // An address of Google's consoles is no write.
  const withoutAddresses = (text: string) => code(text).replaceAll(/"https:\/\/[^"\s]*"/g, '""');
  const writers = sources.filter(({ text }) => /\bconsole\b/.test(withoutAddresses(text)));
  expect(writers.map(({ file }) => file)).toEqual(["log-events.ts"]);
});

test("rows are inserted by column name, and batches are read by name", () => {
  const positional = sources.filter(({ file, text }) => {
    if (file === "db/select-into.ts" || file === "db/batch.ts") return false;
    return /\.select\(\s*sql`|\bdb\.batch\(/.test(code(text));
  });
  expect(positional.map(({ file }) => file)).toEqual([]);
});

test("only a chain depends on changes(), the row count of the statement before", () => {
  const users = sources.filter(({ text }) => /\bchanges\(\)/.test(code(text)));
  expect(users.map(({ file }) => file)).toEqual(["db/chain.ts"]);
});

/** The same thing in two places: the schemas of the core, with their names in the OpenAPI document; the example of a schema. */
const SAME_NAMES = {
  fieldOverride: ["admin/schemas.ts", "pkpass/schema/values.ts"],
  fieldPatch: ["admin/schemas.ts", "pkpass/schema/values.ts"],
  templatePass: ["admin/templates/schemas.ts", "pkpass/schema/pass.ts"],
  // An example has the name of its schema, and a view of the scanner that of what it shows.
  Scan: ["admin/openapi/example-resources.ts", "browser/scanner/views/scan.tsx"],
};

test("no two exported functions or constants have the same name", () => {
  const exported = sources.flatMap(({ file, text }) =>
    [...code(text).matchAll(/^export (?:(?:async )?function\*?|const|class) (\w+)/gm)].map(
      ([, name = ""]) => ({
        name,
        file,
      }),
    ),
  );
  const byName = Map.groupBy(exported, ({ name }) => name);
  const files = [...byName].map(
    ([name, uses]) => [name, [...new Set(uses.map(({ file }) => file))]] as const,
  );
  const repeated = files.filter(([, inFiles]) => inFiles.length > 1);
  expect(Object.fromEntries(repeated)).toEqual(SAME_NAMES);
});

test("every file opens with a comment, and none is longer than 300 lines", () => {
  expect(sources.filter(({ text }) => !text.startsWith("/**\n")).map(({ file }) => file)).toEqual([]);
  const long = sources.filter(({ text }) => text.split("\n").length > MAX_LINES + 1);
  expect(long.map(({ file }) => file)).toEqual([]);
});
